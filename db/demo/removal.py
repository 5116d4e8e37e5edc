"""Takes a commune's demo data out again: the database is as it was before, and what is real stays.

What real sessions refer to was really visited, or held: such a household or class stays and becomes real, without what
the demo claimed about it. Everything else that people did to demo rows - edits, decisions, check-ins, surveys - goes
with them, and so do reports begun or issued since the filling: their figures hold made-up ones.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from db.broadcasts.models import Broadcast
from db.demo.mark import CHANNEL, PERSON, DemoError, DemoFill
from db.indicators.models import OfficialFigure
from db.models import Base, Conversation, UnansweredQuestion
from db.outreach import audit
from db.outreach.audit import OPERATOR
from db.outreach.households import Survey
from db.outreach.models import (
    AuditEntry,
    ClassAttendance,
    HelpRequest,
    Household,
    Invitation,
    LearningClass,
    Member,
    SupportSession,
)
from db.reach.models import Poster
from db.reports import StoredReport

_MARKED: dict[str, Any] = {
    "session": SupportSession, "request": HelpRequest, "class": LearningClass, "household": Household,
    "official_figure": OfficialFigure, "member": Member,
}  # fmt: skip
"""Subject of the audit log -> its rows, which say themselves whether they are demo data."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What went, and what stays of it because real sessions refer to it."""

    sessions: int
    households: int
    members: int
    reports: int
    kept_households: int
    kept_classes: int


async def remove(session: AsyncSession, commune: str, now: datetime) -> Removed:
    """Removes the commune's demo data.

    Raises:
        DemoError: there is none.
    """
    filled = await session.get(DemoFill, commune, with_for_update=True)
    if filled is None:
        raise DemoError("nothing")
    await _forget_log(session, commune, filled.filled_at)
    await _delete(session, Broadcast, Broadcast.id.in_(_broadcasts(commune)))
    kept_households = await _keep_households(session, commune, filled.filled_at, now)
    kept_classes = await _keep_classes(session, commune, now)
    await _open_requests_again(session, commune)
    reports = await _delete_reports(session, commune, filled.filled_at)
    await _delete(session, Poster, Poster.id.in_(_posters(commune)))
    await _delete(session, HelpRequest, _demo(HelpRequest, commune))
    sessions = await _delete(session, SupportSession, _demo(SupportSession, commune))
    await _delete(session, LearningClass, _demo(LearningClass, commune))
    await _detach(session, commune, Household, Household.merged_into_id)
    households = await _delete(session, Household, _demo(Household, commune))
    await _delete(session, OfficialFigure, _demo(OfficialFigure, commune))
    for column in (
        Household.created_by_id, LearningClass.created_by_id, SupportSession.member_id, HelpRequest.taken_by_id,
        Invitation.used_by_id,
    ):  # fmt: skip
        await _detach(session, commune, Member, column)
    members = await _delete(session, Member, _demo(Member, commune))
    for model in (UnansweredQuestion, Conversation):
        await _delete(session, model, (model.commune == commune) & (model.channel == CHANNEL))
    await session.delete(filled)
    await session.flush()
    session.expire_all()
    return Removed(sessions, households, members, reports, len(kept_households), len(kept_classes))


async def _keep_households(session: AsyncSession, commune: str, filled_at: datetime, now: datetime) -> list[int]:
    """Makes those real that real sessions or real households refer to; a survey made since the filling is real too."""
    other = aliased(Household)
    referred = or_(
        exists().where(SupportSession.household_id == Household.id, ~SupportSession.is_demo),
        exists().where(other.merged_into_id == Household.id, ~other.is_demo),
    )
    kept = list(await session.scalars(select(Household).where(_demo(Household, commune), referred)))
    for home in kept:
        home.is_demo, home.merged_into_id = False, None
        if home.surveyed_at is None or home.surveyed_at <= filled_at:
            unknown = asdict(Survey(None, 0, 0, 0, 0, 0)) | {"adults": None, "surveyed_at": None}
            for name, value in unknown.items():
                setattr(home, name, value)
        _note_kept(session, commune, "household", home.id, now)
    await session.flush()
    return [home.id for home in kept]


async def _keep_classes(session: AsyncSession, commune: str, now: datetime) -> list[int]:
    """Makes those real that became a real session, without the made-up people who checked in."""
    referred = exists().where(SupportSession.class_id == LearningClass.id, ~SupportSession.is_demo)
    kept = list(await session.scalars(select(LearningClass).where(_demo(LearningClass, commune), referred)))
    for held in kept:
        held.is_demo = False
        _note_kept(session, commune, "class", held.id, now)
        made_up = (ClassAttendance.class_id == held.id) & ClassAttendance.person.startswith(PERSON, autoescape=True)
        await session.execute(delete(ClassAttendance).where(made_up))
    await session.flush()
    return [held.id for held in kept]


def _note_kept(session: AsyncSession, commune: str, subject: str, number: int, now: datetime) -> None:
    audit.record(
        session, commune=commune, actor=OPERATOR, action=f"{subject}.kept_from_demo", subject_id=number,
        before={"is_demo": True}, after={"is_demo": False}, now=now,
    )  # fmt: skip


async def _open_requests_again(session: AsyncSession, commune: str) -> None:
    """Real requests that somebody gave to a made-up member: nobody cares for them any more."""
    theirs = HelpRequest.taken_by_id.in_(_ids(Member, commune)) & ~HelpRequest.is_demo & (HelpRequest.state == "taken")
    await session.execute(
        update(HelpRequest)
        .where(theirs)
        .values(state="open", taken_by_id=None, taken_at=None, reminded_at=None, reminders=0)
    )


async def _delete_reports(session: AsyncSession, commune: str, filled_at: datetime) -> int:
    """A draft that was begun before the filling stays, with its edited texts: it counts anew when it is opened."""
    begun_before = exists().where(
        AuditEntry.subject == "report", AuditEntry.subject_id == StoredReport.id, AuditEntry.at < filled_at
    )
    since = (StoredReport.commune == commune) & or_(
        StoredReport.issued_at >= filled_at,
        (StoredReport.drafted_at >= filled_at) & StoredReport.issued_at.is_(None) & ~begun_before,
    )
    numbers = list(await session.scalars(select(StoredReport.id).where(since)))
    await session.execute(delete(AuditEntry).where(AuditEntry.subject == "report", AuditEntry.subject_id.in_(numbers)))
    return await _delete(session, StoredReport, since)


async def _forget_log(session: AsyncSession, commune: str, filled_at: datetime) -> None:
    """What the log tells of demo rows, and what made-up members did: also of sessions that have left the trash since.

    Of what stays as real, the log keeps what happened since the filling.
    """
    made_up = select("member:" + cast(Member.id, String)).where(_demo(Member, commune))
    ours = AuditEntry.commune == commune
    await session.execute(delete(AuditEntry).where(ours, AuditEntry.actor.in_(made_up)))
    for subject, written in (("broadcast", _broadcasts(commune)), ("poster", _posters(commune))):
        theirs = (AuditEntry.subject == subject) & AuditEntry.subject_id.in_(written)
        await session.execute(delete(AuditEntry).where(ours, theirs))
    for subject, model in _MARKED.items():
        there = ours & (AuditEntry.subject == subject) & AuditEntry.subject_id.in_(_ids(model, commune))
        if model in (Household, LearningClass):
            column = SupportSession.household_id if model is Household else SupportSession.class_id
            real = exists().where(column == AuditEntry.subject_id, ~SupportSession.is_demo)
            there &= ~real | (AuditEntry.at <= filled_at)
        await session.execute(delete(AuditEntry).where(there))


def _broadcasts(commune: str) -> Select[Any]:
    """Those that made-up members wrote; a draft that somebody real has edited is theirs."""
    made_up = select("member:" + cast(Member.id, String)).where(_demo(Member, commune))
    return select(Broadcast.id).where(Broadcast.commune == commune, Broadcast.created_by.in_(made_up))


def _posters(commune: str) -> Select[Any]:
    """Those that made-up members hung, with whoever scanned them."""
    made_up = select("member:" + cast(Member.id, String)).where(_demo(Member, commune))
    return select(Poster.id).where(Poster.commune == commune, Poster.created_by.in_(made_up))


async def _detach(session: AsyncSession, commune: str, model: Any, column: InstrumentedAttribute[Any]) -> None:
    """Makes what stays refer to no demo row."""
    await session.execute(update(column.class_).where(column.in_(_ids(model, commune))).values({column: None}))


async def _delete(session: AsyncSession, model: type[Base], where: ColumnElement[bool]) -> int:
    gone = await session.execute(delete(model).where(where))
    return int(getattr(gone, "rowcount", 0))


def _ids(model: Any, commune: str) -> Select[Any]:
    return select(model.id).where(_demo(model, commune))


def _demo(model: Any, commune: str) -> ColumnElement[bool]:
    where: ColumnElement[bool] = (model.commune == commune) & model.is_demo
    return where
