"""The form of a broadcast: what was typed, read into a letter, and filled in beforehand from a class or an article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Form, Request
from sqlalchemy.ext.asyncio import AsyncSession

from content import numbers
from content.numbers import TIME_ZONE
from db.broadcasts.broadcasts import Letter
from db.broadcasts.models import Broadcast, BroadcastSort
from db.outreach import classes
from office.fields import Line, LongText
from office.messages import message
from office.site import Site

Chosen = Annotated[list[str], Form()]
LONGEST_ID = 15


class FormError(Exception):
    """The form can't be taken; `reason` is a key of templates/messages/broadcasts.yml."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields as they were typed, shown again when something is refused."""

    sort: str = BroadcastSort.SCAM_ALERT.value
    text: str = ""
    topic: str = ""
    hamlet_ids: tuple[int, ...] = ()
    roles: tuple[str, ...] = ()
    send_at: str = ""

    @classmethod
    def of(cls, broadcast: Broadcast) -> Typed:
        """A draft's fields."""
        at = broadcast.scheduled_for
        return cls(
            broadcast.sort, broadcast.text, broadcast.topic or "", tuple(broadcast.hamlet_ids), tuple(broadcast.roles),
            at.astimezone(TIME_ZONE).strftime("%Y-%m-%dT%H:%M") if at else "",
        )  # fmt: skip

    def letter(self, site: Site) -> Letter:
        """What the form says.

        Raises:
            FormError: no_sort, no_article, bad_time, past.
        """
        if self.sort not in set(BroadcastSort):
            raise FormError("no_sort")
        if self.topic and self.topic not in site.library().articles:
            raise FormError("no_article")
        at = moment(self.send_at) if self.send_at else None
        if self.send_at and at is None:
            raise FormError("bad_time")
        if at is not None and at <= site.now():
            raise FormError("past")
        return Letter(BroadcastSort(self.sort), self.text, self.topic or None, self.hamlet_ids, self.roles, at)


def typed_form(
    sort: Line = "",
    text: LongText = "",
    topic: Line = "",
    send_at: Line = "",
    hamlet: Chosen = [],  # noqa: B006 - fastapi copies it
    role: Chosen = [],  # noqa: B006
) -> Typed:
    """The fields that a browser sends; ids that are no numbers are none of ours."""
    known = tuple(int(one) for one in hamlet if one.isascii() and one.isdigit() and len(one) <= LONGEST_ID)
    return Typed(sort, text, topic, known, tuple(role), send_at)


async def beginning(request: Request, session: AsyncSession, site: Site) -> Typed:
    """A new form: empty, or about a class (?lop=12) or an article (?bai=scam.prize)."""
    wanted = request.query_params.get("lop", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= LONGEST_ID:
        planned = await classes.by_id(session, site.commune, int(wanted))
        if planned is not None:
            place = f"{site.profile.hamlet_word} {planned.hamlet.name}"
            text = message(
                "broadcasts.class_text", title=planned.title, when=numbers.moment(planned.starts_at),
                place=f"{planned.place}, {place}" if planned.place else place,
            )  # fmt: skip
            return Typed(BroadcastSort.CLASS_NOTICE.value, text, hamlet_ids=(planned.hamlet_id,))
    article = site.library().articles.get(request.query_params.get("bai", ""))
    if article is not None:
        sort = BroadcastSort.SCAM_ALERT if article.area == "scam" else BroadcastSort.OTHER
        return Typed(sort.value, f"**{article.title}**\n\n{site.profile.fill(article.summary)}", article.id)
    return Typed()


def moment(typed: str) -> datetime | None:
    """What a field for day and time sends, by the clock of Vietnam."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=TIME_ZONE)
    except ValueError:
        return None
