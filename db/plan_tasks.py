"""How far the tasks of a commune's plan are (content/communes/): state and note, changed by the office, with audit."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from db.engine import insert_if_new
from db.models import NO_ID_TWICE, Base, BigId
from db.outreach import audit

LONGEST_NOTE = 500


class TaskState(StrEnum):
    """How far a task is."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"


class PlanTaskState(Base):
    """The state of one task of a commune's plan, by the task's id in the profile. Without a row nothing was begun."""

    __tablename__ = "plan_task_state"
    __table_args__ = (UniqueConstraint("commune", "task"), NO_ID_TWICE)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    commune: Mapped[str] = mapped_column(String(64))
    task: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    changed_by: Mapped[str] = mapped_column(String(128))
    changed_at: Mapped[datetime]


async def states(session: AsyncSession, commune: str) -> dict[str, PlanTaskState]:
    """What is known of a commune's tasks, by their ids."""
    query = select(PlanTaskState).where(PlanTaskState.commune == commune)
    return {one.task: one for one in await session.scalars(query)}


async def change(
    session: AsyncSession, commune: str, task: str, state: TaskState, note: str, *, actor: str, now: datetime
) -> bool:
    """Notes how far a task is; False when that was so already."""
    note = note.strip()[:LONGEST_NOTE]
    await session.execute(
        insert_if_new(
            session, PlanTaskState, commune=commune, task=task, state=TaskState.TODO.value, note="", changed_by=actor,
            changed_at=now,
        )
    )  # fmt: skip
    query = select(PlanTaskState).where(PlanTaskState.commune == commune, PlanTaskState.task == task)
    locked = query.with_for_update().execution_options(populate_existing=True)
    stored = (await session.scalars(locked)).one()
    before = {"task": task, "state": stored.state, "note": stored.note}
    after = {"task": task, "state": state.value, "note": note}
    if before == after:
        return False
    stored.state, stored.note, stored.changed_by, stored.changed_at = state.value, note, actor, now
    audit.record(
        session, commune=commune, actor=actor, action="plan_task.changed", subject_id=stored.id, before=before,
        after=after, now=now,
    )  # fmt: skip
    return True
