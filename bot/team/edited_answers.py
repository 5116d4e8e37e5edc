"""A message that only answered a question about a visit, and is edited: the answer is corrected, open or stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.service import Turn
from bot.team.draft import Answer, Draft
from bot.team.log_answers import typed
from bot.team.places import full_name
from db.outreach import answers, sessions
from db.outreach.models import Role, SupportSession
from db.outreach.sessions import content_of


@dataclass(frozen=True, slots=True)
class Answered:
    """The visit that a message answered a question about; `stored` when it is open no more."""

    draft: Draft
    answer: Answer
    stored: SupportSession | None = None

    def is_newer_than(self, turn: Turn) -> bool:
        """Whether what this turn's message says was written before the present answer."""
        return turn.incoming.sent_at < datetime.fromisoformat(self.answer.written_at)


async def answered_by(turn: Turn, waiting: Sequence[Draft]) -> Answered | None:
    """What this turn's message answered before, if it did."""
    for draft in waiting:
        if answer := draft.answered_by(turn.origin):
            return Answered(draft, answer)
    noted = await answers.of_origin(turn.session, turn.commune.slug, turn.origin)
    stored = await sessions.by_id(turn.session, turn.commune.slug, noted.session_id) if noted else None
    if noted is None or stored is None or (stored.member_id != turn.staff.id and not turn.may(Role.OFFICE)):
        return None
    return Answered(_as_draft(turn, stored), Answer(turn.origin, noted.wants, noted.written_at.isoformat()), stored)


async def amended(turn: Turn, answered: Answered, text: str) -> Draft | None:
    """The visit with what the new text says in place of the old answer; None when it is no answer to that question."""
    draft, wants = answered.draft, answered.answer.wants
    now = await typed(turn, _without(turn, draft, wants, answered.stored), wants, text)
    if now is None or now.is_name_doubtful or (wants == "people" and now.people is None):
        return None
    if now.outcomes is None:
        now = replace(now, outcomes=draft.outcomes)
    answer = replace(answered.answer, written_at=turn.incoming.sent_at.isoformat())
    return replace(now, written_at=answer.written_at if answered.stored else draft.written_at).with_answer(answer)


def _as_draft(turn: Turn, stored: SupportSession) -> Draft:
    """A stored session, to be stored again under its own origin."""
    message, _, line = stored.origin.rpartition(":")
    return replace(
        Draft.from_content(content_of(stored)), message=f"{message}:", line=int(line), is_second=True,
        hamlet=full_name(turn, stored.hamlet),
    )  # fmt: skip


def _without(turn: Turn, draft: Draft, wants: str, stored: SupportSession | None) -> Draft:
    """The visit as it was before the answer, as far as that is known."""
    match wants:
        case "people":
            return replace(draft, people=None, adults=None)
        case "outcomes":
            return replace(draft, outcomes=None)
        case "household":
            return replace(draft, no_household=False, is_new=False)
        case "hamlet" if stored and stored.household:  # the household of the same name over there
            return replace(draft, household=stored.household.name, no_household=False)
    return draft
