"""Who stands behind a chat account that is kept as a keyed hash: one person for several linked accounts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, select

from db.models import Conversation


def person_behind(account: Any, commune: Any) -> ColumnElement[str]:
    """In a query: the same for all accounts that their owner has linked (db/persons.py), else the account itself."""
    linked = (
        select(cast(func.min(Conversation.person_id), String))
        .where(Conversation.commune == commune, Conversation.account_hash == account)
        .scalar_subquery()
    )
    return func.coalesce(linked, account)
