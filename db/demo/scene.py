"""What every part of the filling works with: one random source, one clock, the words, the log that is written last."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Base
from db.outreach.households import TIME_ZONE
from db.outreach.models import AuditEntry

FEWEST_HOUSEHOLDS = 3


class Request(Protocol):
    """What a citizen asks a person for."""

    @property
    def kind(self) -> str: ...

    @property
    def topic(self) -> str | None: ...

    @property
    def text(self) -> str: ...


class Question(Protocol):
    """A question that got no good answer, in several wordings."""

    @property
    def topic(self) -> str | None: ...

    @property
    def wordings(self) -> tuple[str, ...]: ...


class Notice(Protocol):
    """An alert or notice: its sort, how it ends (done, stopped, rejected) and for which reason."""

    @property
    def sort(self) -> str: ...

    @property
    def topic(self) -> str | None: ...

    @property
    def text(self) -> str: ...

    @property
    def ends(self) -> str: ...

    @property
    def reason(self) -> str: ...


class Texts(Protocol):
    """The words; content.demo.DemoTexts has that shape."""

    @property
    def surnames(self) -> tuple[str, ...]: ...

    @property
    def middle_names(self) -> tuple[str, ...]: ...

    @property
    def given_names(self) -> tuple[str, ...]: ...

    @property
    def notes(self) -> tuple[str, ...]: ...

    @property
    def edit_notes(self) -> tuple[str, ...]: ...

    @property
    def void_reasons(self) -> tuple[str, ...]: ...

    @property
    def desk_note(self) -> str: ...

    @property
    def event_notes(self) -> tuple[str, ...]: ...

    @property
    def class_titles(self) -> tuple[str, ...]: ...

    @property
    def class_places(self) -> tuple[str, ...]: ...

    @property
    def poster_places(self) -> tuple[str, ...]: ...

    @property
    def official_source(self) -> str: ...

    @property
    def withdraw_reason(self) -> str: ...

    @property
    def requests(self) -> Sequence[Request]: ...

    @property
    def questions(self) -> Sequence[Question]: ...

    @property
    def broadcasts(self) -> Sequence[Notice]: ...

    @property
    def feedback_topics(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Size:
    """How much is filled in."""

    households: int = 1500
    sessions: int = 6000
    """Visits, desk and events; classes come on top."""
    classes: int = 110
    requests: int = 70
    questions: int = 240
    conversations: int = 150


@dataclass(slots=True)
class Scene:
    """One filling on its way."""

    session: AsyncSession
    commune: str
    texts: Texts
    now: datetime
    size: Size
    rng: random.Random
    log: list[dict[str, Any]] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day in Vietnam."""
        return self.now.astimezone(TIME_ZONE).date()

    def name(self) -> str:
        """A made-up person's name."""
        parts = (self.texts.surnames, self.texts.middle_names, self.texts.given_names)
        return " ".join(self.rng.choice(part) for part in parts)

    def at(self, day: date, hour: int) -> datetime:
        """That hour of that day in Vietnam, some minutes off; never after now."""
        return min(self.planned(day, hour) + timedelta(minutes=self.rng.randrange(60)), self.now)

    def planned(self, day: date, hour: int) -> datetime:
        """That hour of that day in Vietnam, which may be ahead."""
        return datetime.combine(day, time(hour), TIME_ZONE).astimezone(UTC)

    def record(
        self, at: datetime, actor: str, action: str, subject_id: int, before: dict[str, Any] | None, after: Any
    ) -> None:
        """Notes an entry of the audit log, as db.outreach.audit.record writes it; for what is stored in bulk."""
        self.log.append(
            {
                "commune": self.commune, "at": at, "actor": actor, "action": action,
                "subject": action.partition(".")[0], "subject_id": subject_id, "before": before, "after": after,
            }
        )  # fmt: skip

    async def store(self, model: type[Base], rows: list[dict[str, Any]]) -> list[int]:
        """Stores many rows of one kind at once; their ids, in the same order."""
        if not rows:
            return []
        stored = insert(model).returning(model.__table__.c.id, sort_by_parameter_order=True)
        return list(await self.session.scalars(stored, rows))

    async def write_log(self) -> None:
        """Stores the noted entries in the order of their time."""
        await self.store(AuditEntry, sorted(self.log, key=lambda entry: entry["at"]))
        self.log.clear()
