"""What a broadcast says, to whom and when: as it is written, previewed and chosen by, before and after it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db.broadcasts.models import Broadcast, BroadcastSort
from db.outreach.models import Role

CITIZEN = "citizen"
ROLES = (CITIZEN, *(role.value for role in Role))
"""Whom a broadcast may be for: everybody who is no member, or members by role."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a broadcast says, to whom and when. Nothing in `hamlet_ids` or `roles` narrows nothing."""

    sort: BroadcastSort
    text: str
    topic: str | None = None
    hamlet_ids: tuple[int, ...] = ()
    roles: tuple[str, ...] = ()
    scheduled_for: datetime | None = None


def letter_of(broadcast: Broadcast) -> Letter:
    """What a broadcast says, to whom and when."""
    return Letter(
        BroadcastSort(broadcast.sort), broadcast.text, broadcast.topic, tuple(broadcast.hamlet_ids),
        tuple(broadcast.roles), broadcast.scheduled_for,
    )  # fmt: skip
