"""The steps of the form for a visit: what each asks, with which buttons, and what is kept between them.

A button carries its form, its step and what is to be so after it ("people of this group: 2"), never "one more": pressed
twice on a phone with bad coverage it does what it says, once; pressed late it is known for a button of another step.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.messages import Button, Reply
from bot.service import Form, Turn, payload
from bot.team.draft import GROUPS, Draft
from bot.team.log_form_households import Look, Shown, shown
from bot.team.places import full_name, own_hamlets
from bot.team.receipt import describe, say_day, say_time
from db.outreach import households
from db.outreach.models import Hamlet, Household, Pillar, SupportSession

NAME = "ghi"
SURVEY = "ks"
"""The service that surveys a household (bot/team/survey_form.py)."""
PEOPLE = (1, 2, 3, 4, 5, 6)
ADULTS = GROUPS[0]
PRIORITY = GROUPS[1:]
HAMLET_ROWS = 6
"""Rows of hamlets at once: with "more" and "cancel" a screen full."""
SHORT_LABEL = 8
"""Characters up to which three names stand in a row on a small phone; longer ones stand in twos."""

Rows = Sequence[Sequence[tuple[str, str]]]
"""Rows of buttons, each with its answer and its label."""


class Step(StrEnum):
    """In their order; the note is asked only when somebody wants to give one."""

    HAMLET = "hamlet"
    HOUSEHOLD = "household"
    PEOPLE = "people"
    GROUPS = "groups"
    OUTCOMES = "outcomes"
    SUMMARY = "summary"
    NOTE = "note"

    @property
    def code(self) -> str:
        """Names the step in buttons."""
        return str(list(Step).index(self))


@dataclass(frozen=True, slots=True)
class Opened:
    """An open form. `words` were typed to find or name a household, `page` is which part of a list is shown.

    `is_reviewed`: the summary was reached, so that a household chosen anew leads back to it.
    """

    draft: Draft
    step: Step
    look: Look = Look.RECENT
    words: str = ""
    page: int = 0
    is_reviewed: bool = False

    @property
    def token(self) -> str:
        """Names the form in its buttons: those of another form answer nothing here."""
        return token_of(self.draft.origin)

    def at(self, step: Step) -> Opened:
        """The form at another step."""
        is_reviewed = self.is_reviewed or step is Step.SUMMARY
        return replace(self, step=step, look=Look.RECENT, words="", page=0, is_reviewed=is_reviewed)

    def looking(self, look: Look, words: str = "", page: int = 0) -> Opened:
        """The form at the step of the household, with another list of them."""
        return replace(self, step=Step.HOUSEHOLD, look=look, words=words, page=page)

    def with_draft(self, draft: Draft) -> Opened:
        """The form with another draft."""
        return replace(self, draft=draft)

    def to_form(self) -> Form:
        """For the conversation's state."""
        return {
            "draft": self.draft.to_json(), "step": self.step.value, "look": self.look.value, "words": self.words,
            "page": self.page, "is_reviewed": self.is_reviewed,
        }  # fmt: skip

    @classmethod
    def from_form(cls, form: Form) -> Opened | None:
        """Reads what `to_form` wrote; None when no form is open."""
        if not form.get("draft"):
            return None
        return cls(
            Draft.from_json(form["draft"]), Step(form["step"]), Look(form.get("look", Look.RECENT)),
            form.get("words", ""), form.get("page", 0), form.get("is_reviewed", False),
        )  # fmt: skip


def token_of(origin: str) -> str:
    """Names the form whose visit is stored under that origin."""
    return hashlib.sha256(origin.encode()).hexdigest()[:6]


async def places(turn: Turn) -> list[Hamlet]:
    """The hamlets to choose from: those that the member serves come first."""
    served = {hamlet.id for hamlet in turn.own_hamlets}
    return sorted(await own_hamlets(turn), key=lambda one: one.id not in served)


async def first_step(turn: Turn) -> Step:
    """Where there is one hamlet it is not asked about."""
    return Step.HAMLET if len(await own_hamlets(turn)) > 1 else Step.HOUSEHOLD


async def question(turn: Turn, opened: Opened) -> Reply:
    """What a step asks."""
    texts, words = turn.library.texts.log_form, turn.library.texts.log
    draft = opened.draft
    people = draft.people or 1
    match opened.step:
        case Step.HAMLET:
            return await _ask_hamlet(turn, opened)
        case Step.HOUSEHOLD:
            return await _ask_household(turn, opened)
        case Step.PEOPLE:
            counts = [(f"p{count}", turn.say(texts.people_button, count=count)) for count in PEOPLE]
            return await _reply(turn, opened, f"{texts.ask_people} {texts.people_typed}", _in_rows(counts, 3))
        case Step.GROUPS:
            adults = draft.adults or 0
            fewer = (f"g0-{(adults - 1) % (people + 1)}", f"{words.groups[ADULTS]}: {adults}")
            groups = [
                (f"g{place}-{(count + 1) % (people + 1)}", _counted(words.groups[group], count))
                for place, group in enumerate(GROUPS)
                if group != ADULTS
                for count in [getattr(draft, group) or 0]
            ]
            rows = [[fewer], *_in_rows(groups, 2), [("next", texts.next_button)]]
            return await _reply(turn, opened, turn.say(texts.ask_groups, people=people), rows)
        case Step.OUTCOMES:
            achieved = draft.outcomes or {}
            codes = [
                (f"o{place}-{(achieved.get(code, 0) - 1) % (people + 1)}", _counted(name, achieved.get(code, 0)))
                for place, (code, name) in enumerate(words.outcomes.items())
            ]
            rows = [*_in_rows(codes, 2), [("next", texts.next_button)]]
            ask = texts.ask_outcomes_of_one if people == 1 else turn.say(texts.ask_outcomes, people=people)
            return await _reply(turn, opened, ask, rows)
        case Step.NOTE:
            return await _reply(turn, opened, texts.ask_note, [])
        case Step.SUMMARY:
            return await _summary(turn, opened)


def same_day(turn: Turn, opened: Opened, other: SupportSession) -> Reply:
    """Asks whether the household was visited twice that day, when a visit is there already."""
    texts = turn.library.texts
    answers = (("second", texts.log_text.second_button), ("x", texts.log_text.same_button),
               ("show", texts.log_form.back_button))  # fmt: skip
    rows = tuple((_button(opened, answer, label),) for answer, label in answers)
    ask = turn.say(texts.log_text.same_day, what=describe(turn, other), time=say_time(turn, other.logged_at))
    return Reply(ask, rows)


async def _ask_hamlet(turn: Turn, opened: Opened) -> Reply:
    texts = turn.library.texts.log_form
    names = [(f"m{one.id}", full_name(turn, one)) for one in await places(turn)]
    a_row = 3 if max((len(label) for _, label in names), default=0) <= SHORT_LABEL else 2
    at_once = a_row * HAMLET_ROWS
    pages = max(1, -(-len(names) // at_once))
    page = opened.page % pages
    rows = _in_rows(names[page * at_once : (page + 1) * at_once], a_row)
    if pages > 1:
        rows.append([(f"page{(page + 1) % pages}", texts.more_button)])
    return await _reply(turn, opened, texts.ask_hamlet, rows)


async def _ask_household(turn: Turn, opened: Opened) -> Reply:
    texts = turn.library.texts.log_form
    hamlet_id, hamlet = opened.draft.hamlet_id, opened.draft.hamlet
    if opened.look is Look.NAME:
        return await _reply(turn, opened, texts.ask_new_name, [])
    assert hamlet_id is not None, "the hamlet is asked for first"
    seen: Shown = await shown(turn.session, turn.commune.slug, hamlet_id, opened.look, opened.words, opened.page)
    asks = {Look.FOUND: texts.found_households, Look.ALIKE: texts.ask_alike}
    ask = asks.get(opened.look, texts.ask_household)
    if opened.look is Look.FOUND and not seen.homes:
        ask = texts.none_found
    new = ("new", turn.say(texts.new_household_button, name=opened.words) if opened.words else texts.no_name_button)
    none = ("none", texts.no_household_button)
    more = [(f"page{seen.next_page}", texts.more_button)] if seen.next_page is not None else []
    rows = [*([(f"h{home.id}", named(home))] for home in seen.homes), [*more, none], [new]]
    return await _reply(turn, opened, turn.say(ask, hamlet=hamlet, words=opened.words), rows)


async def _summary(turn: Turn, opened: Opened) -> Reply:
    texts, words = turn.library.texts.log_form, turn.library.texts.log
    draft = opened.draft
    home = None
    if draft.household_id is not None:
        home = await households.by_id(turn.session, turn.commune.slug, draft.household_id)
    name = named(home) if home else words.kinds[draft.kind]
    if home is None and draft.household:
        name = turn.say(texts.new_household, name=draft.household)
    groups = [f"{getattr(draft, group)} {words.groups[group]}" for group in GROUPS if getattr(draft, group)]
    achieved = [f"{words.outcomes[code]}: {count}" for code, count in (draft.outcomes or {}).items()]
    lines = [
        f"{draft.hamlet} · {name} · {say_day(turn, draft.occurred_on)}",
        f"{draft.people} {words.groups['people']}" + (f" ({', '.join(groups)})" if groups else ""),
        " · ".join(achieved),
        turn.say(words.note, note=draft.note) if draft.note else "",
        await pillars_line(turn, home) if home else "",
    ]
    text = "\n".join(line for line in lines if line) + "\n\n" + texts.summary
    is_today = draft.occurred_on == turn.today
    other_day = ("yesterday", texts.yesterday_button) if is_today else ("today", texts.today_button)
    return await _reply(turn, opened, text, [[("save", texts.save_button)], [("note", texts.note_button), other_day]])


async def pillars_line(turn: Turn, home: Household) -> str:
    """A household's adults on the four pillars: "định danh 2/4, ..."."""
    texts = turn.library.texts.log_form
    if home.adults is None:
        return texts.pillars_unknown
    counts = (await households.pillars(turn.session, [home]))[home.id]
    counted = {pillar.value: f"{counts[pillar]}/{home.adults}" for pillar in Pillar}
    return turn.say(texts.pillars, adults=home.adults, **counted)


def named(home: Household) -> str:
    """A household's name, with its number in the hamlet's list where the name does not hold it."""
    return f"{home.name} (hộ {home.number})" if home.number and home.number not in home.name else home.name


def _counted(name: str, count: int) -> str:
    return f"✔️ {name}: {count}" if count else name


def _in_rows(answers: Sequence[tuple[str, str]], a_row: int) -> list[Sequence[tuple[str, str]]]:
    return [answers[start : start + a_row] for start in range(0, len(answers), a_row)]


def _button(opened: Opened, answer: str, label: str) -> Button:
    return Button(label, payload(NAME, opened.token, opened.step.code, answer))


async def _reply(turn: Turn, opened: Opened, text: str, rows: Rows) -> Reply:
    """What a step asks, with its buttons and the ways out: back, but at the beginning, and cancel."""
    texts = turn.library.texts.log_form
    is_begin = opened.look is Look.RECENT and not opened.page and opened.step is await first_step(turn)
    ways_out = [] if is_begin else [("back", texts.back_button)]
    every = [*rows, [*ways_out, ("x", texts.cancel_button)]]
    return Reply(text, tuple(tuple(_button(opened, answer, label) for answer, label in row) for row in every if row))
