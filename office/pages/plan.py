"""The plan (/ke-hoach): its tasks, late ones first, its targets, and how hamlets and members did in a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.exceptions import HTTPException

from content.indicators import PlanTask, Way
from db import plan_tasks
from db.indicators.values import values_by_hamlet
from db.outreach import activity, hamlets, households, members
from db.outreach.activity import Activity
from db.outreach.models import Hamlet, Member
from db.plan_tasks import PlanTaskState, TaskState
from office.actors import actors_of
from office.fields import LongText
from office.guard import Editor, Viewer
from office.period_choice import chosen_period, offered_periods
from office.render import page, redirect
from office.site import Site


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task of the plan with its state."""

    task: PlanTask
    stored: PlanTaskState | None
    today: date

    @property
    def state(self) -> TaskState:
        """How far it is."""
        return TaskState(self.stored.state) if self.stored else TaskState.TODO

    @property
    def is_late(self) -> bool:
        """Whether its day has passed without its being done."""
        return self.state is not TaskState.DONE and self.task.deadline is not None and self.task.deadline < self.today

    @property
    def order(self) -> tuple[bool, bool, date]:
        """Late ones first, then what has a deadline by its day, done ones last."""
        return self.state is TaskState.DONE, not self.is_late, self.task.deadline or date.max


@dataclass(frozen=True, slots=True)
class HamletScore:
    """A hamlet's period: its place in the table is the share of its households visited; the rest stands beside it."""

    hamlet: Hamlet
    figures: dict[str, int]
    households: int

    @property
    def share(self) -> float | None:
        """Percent of its households on record that were visited; None without any on record."""
        return 100 * self.figures["households_visited"] / self.households if self.households else None


@dataclass(frozen=True, slots=True)
class MemberScore:
    """A member's period: the place in the table is that of the households visited; the rest stands beside it."""

    member: Member
    activity: Activity


def router(site: Site) -> APIRouter:
    """/ke-hoach and its tasks."""
    routes = APIRouter(prefix="/ke-hoach")

    @routes.get("")
    async def show(request: Request, visitor: Viewer) -> Response:
        period, plan, today = chosen_period(request, site), site.profile.plan, site.today()
        measures = [one for one in site.library().indicators.values() if one.way is Way.OUTREACH]
        async with site.database.snapshot() as session:
            stored = await plan_tasks.states(session, site.commune)
            actors = await actors_of(session, site)
            homes = await households.count_by_hamlet(session, site.commune)
            until = min(today, period.last)
            figures = await values_by_hamlet(session, site.commune, measures, period=period, as_of=until)
            done = await activity.of_members(session, site.commune, period.first, until)
            scores = [
                HamletScore(
                    one, {name: it.numerator or 0 for name, it in figures[one.id].items()}, homes.get(one.id, 0)
                )
                for one in await hamlets.all_of(session, site.commune)
            ]
            people = [
                MemberScore(one, done[one.id]) for one in await members.all_of(session, site.commune) if one.id in done
            ]
        tasks = [TaskRow(one, stored.get(one.id), today) for one in (plan.tasks if plan else ())]
        return page(
            request, visitor, "plan.html", plan=plan, tasks=sorted(tasks, key=lambda one: one.order), actors=actors,
            targets=sorted(plan.targets, key=lambda one: one.by) if plan else (),
            indicators=site.library().indicators, period=period, periods=offered_periods(site, period),
            hamlets=sorted(scores, key=lambda one: (-(one.share or 0), -one.figures["people_reached"])),
            members=sorted(people, key=lambda one: (-one.activity.households, -one.activity.attendances)),
        )  # fmt: skip

    @routes.post("/{task}")
    async def change(
        visitor: Editor, task: str, state: Annotated[TaskState, Form()] = TaskState.TODO, note: LongText = ""
    ) -> Response:
        plan = site.profile.plan
        if plan is None or task not in {one.id for one in plan.tasks}:
            raise HTTPException(404)
        async with site.database.transaction() as session:
            changed = await plan_tasks.change(
                session, site.commune, task, state, note, actor=visitor.actor, now=site.now()
            )  # fmt: skip
        return redirect("/ke-hoach", "plan.changed" if changed else "plan.same")

    return routes
