"""Files that replies bring: kept for some days, so that every sending and every download gets the same bytes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from db.models import Conversation, OutgoingDocument

KEPT_FOR = timedelta(days=7)
"""Files are made from what is in the database: whoever needs one later asks for a newer one."""

_KEY_BYTES = 24


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent: its name, its media type, its bytes."""

    name: str
    media_type: str
    content: bytes


async def keep(session: AsyncSession, conversation: Conversation, file: File, now: datetime) -> str:
    """Keeps a file for the replies of a conversation; returns the key by which it is fetched."""
    key = secrets.token_urlsafe(_KEY_BYTES)
    session.add(
        OutgoingDocument(
            commune=conversation.commune, conversation_id=conversation.id, key=key, name=file.name,
            media_type=file.media_type, content=file.content, created_at=now,
        )
    )  # fmt: skip
    await session.flush()
    return key


async def fetch(session: AsyncSession, key: str, since: datetime | None = None) -> File | None:
    """The file of a key; None when there is none, none any more, or none that was kept `since` then."""
    query = select(OutgoingDocument).where(OutgoingDocument.key == key).options(undefer(OutgoingDocument.content))
    if since is not None:
        query = query.where(OutgoingDocument.created_at >= since)
    found = (await session.scalars(query)).one_or_none()
    return File(found.name, found.media_type, found.content) if found else None


async def delete_old(session: AsyncSession, now: datetime) -> None:
    """Deletes the files whose time is over."""
    await session.execute(delete(OutgoingDocument).where(OutgoingDocument.created_at < now - KEPT_FOR))
