"""What a pressed or typed answer makes of the open form for a visit.

Stores nothing. Counts that can't be are told, never taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot.masking import HIDDEN
from bot.service import Turn
from bot.team.draft import GROUPS, LONGEST_NOTE, Draft, corrected
from bot.team.draft_places import placed
from bot.team.ids import read_id
from bot.team.log_answers import means_something_else
from bot.team.log_form_households import Look, like, name_of_new
from bot.team.log_form_steps import ADULTS, Opened, Step, first_step
from bot.team.places import by_full_name, full_name, known_places
from bot.team.quick_log import read_visits
from bot.team.quick_log.numbers import number_at
from bot.team.quick_log.words import tokens
from db.outreach import hamlets, households, sessions
from db.outreach.names import key
from db.outreach.sessions import ImpossibleError

LONGEST_NAME = 60
LONGEST_ANSWER_WORDS = 4
"""A longer text that surely is a question is none of a household's names."""
_COUNTED = re.compile(r"(\d{1,3})-(\d{1,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answered:
    """The form after an answer, and what is to be told before the next question."""

    opened: Opened
    told: str = ""


async def checked(turn: Turn, opened: Opened) -> Answered:
    """The form with hamlet and household as they are now: merged ones are followed, lost ones asked about again."""
    texts = turn.library.texts.log_form
    draft = opened.draft
    if draft.hamlet_id is None:
        return Answered(opened)
    hamlet = await hamlets.by_id(turn.session, turn.commune.slug, draft.hamlet_id)
    if hamlet is None or not turn.may_see(hamlet):
        draft = replace(draft, hamlet=None, hamlet_id=None, household_id=None)
        return Answered(opened.with_draft(draft).at(Step.HAMLET), texts.gone_hamlet)
    draft = replace(draft, hamlet=full_name(turn, hamlet), hamlet_id=hamlet.id)
    if draft.household_id is None:
        return Answered(opened.with_draft(draft))
    home = await households.by_id(turn.session, turn.commune.slug, draft.household_id)
    if home is None or home.hamlet_id != hamlet.id:
        draft = replace(draft, household_id=None)
        return Answered(opened.with_draft(draft).looking(Look.RECENT), texts.gone_choice)
    return Answered(opened.with_draft(replace(draft, household_id=home.id)))


async def before(turn: Turn, opened: Opened) -> Opened:
    """One step back; from a list of households to the last ones first. The beginning stays."""
    first = await first_step(turn)
    if opened.step is Step.NOTE:
        return opened.at(Step.SUMMARY)
    if opened.page or opened.look is not Look.RECENT:
        return opened.at(opened.step)
    order = list(Step)
    return opened.at(order[max(order.index(first), order.index(opened.step) - 1)])


async def pressed(turn: Turn, opened: Opened, answer: str) -> Opened:
    """After a pressed answer of this step; one that means nothing changes nothing."""
    draft, sort, number = opened.draft, answer[:1], read_id(answer[1:])
    match opened.step, answer:
        case Step.HAMLET | Step.HOUSEHOLD, _ if answer.startswith("page"):
            return replace(opened, page=read_id(answer.removeprefix("page")) or 0)
        case Step.HAMLET, _ if sort == "m" and number is not None:
            return await _hamlet_chosen(turn, opened, number)
        case Step.HOUSEHOLD, "none":
            return _after_household(opened, replace(draft, household_id=None, household=None, no_household=True))
        case Step.HOUSEHOLD, "new":
            return _after_household(opened, _new(draft, opened.words)) if opened.words else opened.looking(Look.NAME)
        case Step.HOUSEHOLD, _ if sort == "h" and number is not None:
            home = await households.by_id(turn.session, turn.commune.slug, number)
            if home and home.hamlet_id == draft.hamlet_id:
                chosen = replace(draft, household_id=home.id, household=None, is_new=False, no_household=False)
                return _after_household(opened, chosen)
        case Step.PEOPLE, _ if sort == "p" and number and number <= sessions.MOST_PEOPLE:
            return opened.with_draft(_with_people(draft, number)).at(Step.GROUPS)
        case Step.GROUPS, "next":
            return opened.at(Step.OUTCOMES)
        case Step.OUTCOMES, "next":
            return opened.at(Step.SUMMARY)
        case Step.GROUPS, _ if sort == "g" and (counted := _COUNTED.fullmatch(answer[1:])):
            return opened.with_draft(_with_group(draft, int(counted[1]), int(counted[2])))
        case Step.OUTCOMES, _ if sort == "o" and (counted := _COUNTED.fullmatch(answer[1:])):
            return opened.with_draft(_with_outcome(turn, draft, int(counted[1]), int(counted[2])))
        case Step.SUMMARY, "note":
            return opened.at(Step.NOTE)
        case Step.SUMMARY, "today":
            return opened.with_draft(replace(draft, occurred_on=turn.today))
        case Step.SUMMARY, "yesterday":
            return opened.with_draft(replace(draft, occurred_on=turn.today - timedelta(days=1)))
        case Step.SUMMARY, "second":
            return opened.with_draft(replace(draft, is_second=True))
    return opened


async def typed(turn: Turn, opened: Opened, text: str) -> Answered | None:
    """After a typed answer; None when the text is none: a question, or a whole visit told at once."""
    texts = turn.library.texts.log_form
    words = " ".join(text.split())
    if opened.step is Step.NOTE:
        noted = opened.with_draft(replace(opened.draft, note=words[:LONGEST_NOTE])).at(Step.SUMMARY)
        told = [texts.masked] if HIDDEN in words else []
        return Answered(noted, " ".join([*told, *([texts.note_cut] if len(words) > LONGEST_NOTE else [])]))
    if opened.step is Step.HOUSEHOLD:
        return await _household_typed(turn, opened, words)
    if opened.step is Step.HAMLET:
        hamlet = await hamlets.by_name(turn.session, turn.commune.slug, words)
        if hamlet and turn.may_see(hamlet):
            return Answered(await _hamlet_chosen(turn, opened, hamlet.id))
    if opened.step is Step.PEOPLE and (people := _number(words)) is not None:
        if not 1 <= people <= sessions.MOST_PEOPLE:
            return Answered(opened, texts.bad_number)
        return Answered(opened.with_draft(_with_people(opened.draft, people)).at(Step.GROUPS))
    return await _corrected(turn, opened, text)


async def _household_typed(turn: Turn, opened: Opened, words: str) -> Answered | None:
    """A name or number to look for, or that of a new household."""
    texts = turn.library.texts.log_form
    hamlet_id = opened.draft.hamlet_id
    assert hamlet_id is not None, "the hamlet is asked for first"
    if await _is_whole_visit(turn, words):
        return None
    if len(words.split()) > LONGEST_ANSWER_WORDS and (words.endswith("?") or means_something_else(turn)):
        return None
    if HIDDEN in words:
        return Answered(opened, f"{texts.masked} {texts.bad_name}")
    if not key(words) or len(words) > LONGEST_NAME:
        return Answered(opened, texts.bad_name)
    if opened.look is not Look.NAME:
        return Answered(opened.looking(Look.FOUND, words))
    if await like(turn.session, hamlet_id, words):
        return Answered(opened.looking(Look.ALIKE, words))
    return Answered(_after_household(opened, _new(opened.draft, words)))


async def _is_whole_visit(turn: Turn, text: str) -> bool:
    """Whether a text tells of visits from beginning to end: that is logged as a sentence, and the form waits."""
    visits = read_visits(text, turn.today, await known_places(turn))
    return bool(visits) and all(one.household and one.people is not None and one.outcomes for one in visits)


async def _corrected(turn: Turn, opened: Opened, text: str) -> Answered | None:
    """The form with what a text says in place of what was said before: "4 người", "hôm qua", "nhà bác Tư"."""
    texts = turn.library.texts
    changed = corrected(opened.draft, text, turn.today, await known_places(turn))
    if changed is None:
        is_question = text.rstrip().endswith("?") or means_something_else(turn)
        return None if is_question else Answered(opened, texts.log_form.not_understood)
    if changed.occurred_on > turn.today:
        return Answered(opened, texts.log.future)
    if changed.hamlet and changed.hamlet_id is None:
        hamlet = await by_full_name(turn, changed.hamlet)
        if hamlet is None or not turn.may_see(hamlet):
            return Answered(opened, turn.say(texts.log.not_your_hamlet, hamlet=changed.hamlet))
        changed = replace(changed, hamlet_id=hamlet.id)
    if changed.hamlet_id is None:
        return Answered(opened.with_draft(changed))
    if changed.people is not None:
        if changed.adults is None:
            changed = replace(changed, adults=changed.people)
        try:
            replace(changed, household_id=None).to_content().check()
        except ImpossibleError as error:
            return Answered(opened, getattr(texts.log.impossible, error.reason))
    told = texts.log_form.masked if HIDDEN in changed.note and HIDDEN not in opened.draft.note else ""
    return Answered(await _settled(turn, opened, changed), told)


async def _settled(turn: Turn, opened: Opened, changed: Draft) -> Opened:
    """The form after a correction, at the step where it goes on: a household that is not certain is asked about."""
    is_moved = opened.draft.hamlet_id is not None and changed.hamlet_id != opened.draft.hamlet_id
    draft = await placed(turn, replace(changed, is_new=changed.is_new and not is_moved))
    following = {Step.HAMLET: Step.HOUSEHOLD, Step.PEOPLE: Step.GROUPS if draft.people else Step.PEOPLE}
    settled = opened.with_draft(draft).at(following.get(opened.step, opened.step))
    if draft.household_id is not None or draft.no_household or settled.step is Step.HOUSEHOLD:
        return settled
    if draft.household is None:
        old = opened.draft.household_id
        home = await households.by_id(turn.session, turn.commune.slug, old) if old else None
        return settled.looking(Look.FOUND, home.name) if home else settled.looking(Look.RECENT)
    assert draft.hamlet_id is not None, "the caller has seen to it"
    if not draft.is_new and await like(turn.session, draft.hamlet_id, draft.household):
        return settled.looking(Look.ALIKE, draft.household)
    return settled.with_draft(_new(draft, draft.household))


async def _hamlet_chosen(turn: Turn, opened: Opened, hamlet_id: int) -> Opened:
    hamlet = await hamlets.by_id(turn.session, turn.commune.slug, hamlet_id)
    if hamlet is None or not turn.may_see(hamlet):
        return opened
    draft = replace(opened.draft, hamlet=full_name(turn, hamlet), hamlet_id=hamlet.id)
    if hamlet.id != opened.draft.hamlet_id:
        draft = replace(draft, household_id=None, household=None, is_new=False, no_household=False)
    return opened.with_draft(draft).at(Step.HOUSEHOLD)


def _after_household(opened: Opened, draft: Draft) -> Opened:
    is_told = opened.is_reviewed and draft.people is not None
    return opened.with_draft(draft).at(Step.SUMMARY if is_told else Step.PEOPLE)


def _new(draft: Draft, words: str) -> Draft:
    return replace(draft, household_id=None, household=name_of_new(words), is_new=True, no_household=False)


def _with_people(draft: Draft, people: int) -> Draft:
    """With that many people; what was counted of them before is never more than they are."""
    groups: dict[str, Any] = {group: min(getattr(draft, group) or 0, people) for group in GROUPS}
    if draft.adults is None or draft.adults == draft.people:
        groups[ADULTS] = people
    outcomes = {code: min(count, people) for code, count in (draft.outcomes or {}).items()}
    return replace(draft, people=people, outcomes=outcomes, **groups)


def _with_group(draft: Draft, place: int, count: int) -> Draft:
    if place >= len(GROUPS) or count > (draft.people or 0):
        return draft
    group = GROUPS[place]
    draft = draft.with_group(group, count)
    if group == "elderly" and count > (draft.adults or 0):
        return replace(draft, adults=count)
    return replace(draft, elderly=min(draft.elderly or 0, count)) if group == ADULTS else draft


def _with_outcome(turn: Turn, draft: Draft, place: int, count: int) -> Draft:
    codes = list(turn.library.texts.log.outcomes)
    if place >= len(codes) or count > (draft.people or 0):
        return draft
    achieved = {**(draft.outcomes or {}), codes[place]: count}
    return replace(draft, outcomes={code: achieved[code] for code in codes if achieved.get(code)})


def _number(words: str) -> int | None:
    """The number that is all of a text, in digits or words; "12 người" is none, but a correction."""
    if re.fullmatch(r"-?\d+", words, re.ASCII):
        return int(words[:LONGEST_ANSWER_WORDS])
    line = tokens(words)
    found = number_at(line, 0) if line else None
    return found.value if found and found.length == len(line) else None
