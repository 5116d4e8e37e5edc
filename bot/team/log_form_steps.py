"""The steps of the form for a visit: what each asks, with which buttons, and what is kept between them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.messages import Button, Reply
from bot.service import Form, Turn, payload
from bot.team.draft import GROUPS, Draft
from bot.team.places import full_name, own_hamlets
from bot.team.receipt import describe, say_day, say_time
from db.outreach import households
from db.outreach.models import Household, Pillar, SupportSession

NAME = "ghi"
SURVEY = "ks"
"""The service that surveys a household (bot/team/survey_form.py)."""
MOST_HAMLETS = 24
RECENT = 5
FOUND = 6
PEOPLE = (1, 2, 3, 4, 5, 6)
PRIORITY = GROUPS[1:]
"""The groups that are asked about: all but the adults, which follow from the people."""


class Step(StrEnum):
    """In their order; the note is asked only when somebody wants to give one."""

    HAMLET = "hamlet"
    HOUSEHOLD = "household"
    PEOPLE = "people"
    GROUPS = "groups"
    OUTCOMES = "outcomes"
    SUMMARY = "summary"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Opened:
    """An open form. `words`: what was typed to find a household; `asks_name`: a new one's name is asked for."""

    draft: Draft
    step: Step
    words: str = ""
    asks_name: bool = False

    @property
    def token(self) -> str:
        """Names the form in its buttons: those of another form answer nothing here."""
        return hashlib.sha256(self.draft.origin.encode()).hexdigest()[:6]

    def at(self, step: Step) -> Opened:
        """The form at another step."""
        return replace(self, step=step, words="", asks_name=False)

    def with_draft(self, draft: Draft) -> Opened:
        """The form with another draft."""
        return replace(self, draft=draft)

    def to_form(self) -> Form:
        """For the conversation's state."""
        return {
            "draft": self.draft.to_json(), "step": self.step.value, "words": self.words, "asks_name": self.asks_name,
        }  # fmt: skip

    @classmethod
    def from_form(cls, form: Form) -> Opened:
        """Reads what `to_form` wrote."""
        return cls(Draft.from_json(form["draft"]), Step(form["step"]), form["words"], form["asks_name"])


def day_of(turn: Turn, answer: str) -> date:
    """The day that a button means."""
    return turn.today - timedelta(days=int(answer == "yesterday"))


async def question(turn: Turn, opened: Opened) -> Reply:
    """What a step asks."""
    texts = turn.library.texts.log_form
    draft = opened.draft
    match opened.step:
        case Step.HAMLET:
            own = await own_hamlets(turn)
            return _reply(
                turn, opened, texts.ask_hamlet, ((f"m{one.id}", full_name(turn, one)) for one in own[:MOST_HAMLETS])
            )
        case Step.HOUSEHOLD:
            return await _ask_household(turn, opened)
        case Step.PEOPLE:
            counts = ((f"p{count}", turn.say(texts.people_button, count=count)) for count in PEOPLE)
            return _reply(turn, opened, f"{texts.ask_people} {texts.people_typed}", counts)
        case Step.GROUPS:
            names = turn.library.texts.log.groups
            groups = ((f"g{GROUPS.index(group)}", _counted(names[group], getattr(draft, group))) for group in PRIORITY)
            ask = turn.say(texts.ask_groups, people=draft.people)
            return _reply(turn, opened, ask, groups, a_row=2, forward=texts.next_button)
        case Step.OUTCOMES:
            achieved = draft.outcomes or {}
            names = turn.library.texts.log.outcomes
            codes = (
                (f"o{place}", _counted(name, achieved.get(code))) for place, (code, name) in enumerate(names.items())
            )
            ask = turn.say(texts.ask_outcomes, people=draft.people)
            return _reply(turn, opened, ask, codes, a_row=2, forward=texts.next_button)
        case Step.NOTE:
            return _reply(turn, opened, texts.ask_note, ())
        case Step.SUMMARY:
            return await _summary(turn, opened)


def same_day(turn: Turn, opened: Opened, other: SupportSession) -> Reply:
    """Asks whether the household was visited twice that day, when a visit is there already."""
    texts = turn.library.texts
    second = Button(texts.log_text.second_button, payload(NAME, opened.token, "second"))
    same = Button(texts.log_text.same_button, payload(NAME, opened.token, "x"))
    return Reply(
        turn.say(texts.log_text.same_day, what=describe(turn, other), time=say_time(turn, other.logged_at)),
        ((second,), (same,)),
    )


async def _ask_household(turn: Turn, opened: Opened) -> Reply:
    texts = turn.library.texts.log_form
    draft = opened.draft
    assert draft.hamlet_id is not None
    if opened.asks_name:
        return _reply(turn, opened, texts.ask_new_name, ())
    if opened.words:
        found: list[Household] = await households.search(turn.session, draft.hamlet_id, opened.words, FOUND)
        ask = turn.say(texts.found_households, words=opened.words, hamlet=draft.hamlet)
        new = ("new", turn.say(texts.new_household_button, name=opened.words))
    else:
        found = await households.recent(turn.session, draft.hamlet_id, RECENT)
        ask = turn.say(texts.ask_household, hamlet=draft.hamlet)
        new = ("new", texts.no_name_button)
    answers = [(f"h{one.id}", _named(one)) for one in found]
    return _reply(turn, opened, ask, [*answers, new, ("none", texts.no_household_button)], a_row=1)


async def _summary(turn: Turn, opened: Opened) -> Reply:
    texts, words = turn.library.texts.log_form, turn.library.texts.log
    draft = opened.draft
    home = None
    if draft.household_id is not None:
        home = await households.by_id(turn.session, turn.commune.slug, draft.household_id)
    name = _named(home) if home else (draft.household or words.kinds[draft.kind])
    groups = [f"{getattr(draft, group)} {words.groups[group]}" for group in PRIORITY if getattr(draft, group)]
    achieved = [f"{words.outcomes[code]}: {count}" for code, count in (draft.outcomes or {}).items()]
    lines = [
        f"{draft.hamlet} · {name} · {say_day(turn, draft.occurred_on)}",
        f"{draft.people} {words.groups['people']}" + (f" ({', '.join(groups)})" if groups else ""),
        " · ".join(achieved),
        turn.say(words.note, note=draft.note) if draft.note else "",
        await _pillars(turn, home) if home else "",
        "",
        texts.summary,
    ]
    text = "\n".join(line for line in lines[:-2] if line) + "\n\n" + texts.summary
    other_day = (
        ("yesterday", texts.yesterday_button) if draft.occurred_on == turn.today else ("today", texts.today_button)
    )
    token = opened.token
    save = (Button(texts.save_button, payload(NAME, token, "save")),)
    more = tuple(
        Button(label, payload(NAME, token, answer)) for answer, label in (("note", texts.note_button), other_day)
    )
    return Reply(text, (save, more, _ways_out(turn, opened)))


async def _pillars(turn: Turn, home: Household) -> str:
    texts = turn.library.texts.log_form
    if home.adults is None:
        return texts.pillars_unknown
    counts = (await households.pillars(turn.session, [home]))[home.id]
    shown = {pillar.value: f"{counts[pillar]}/{home.adults}" for pillar in Pillar}
    return turn.say(texts.pillars, adults=home.adults, **shown)


def _named(home: Household) -> str:
    return f"{home.name} (hộ {home.number})" if home.number and home.number not in home.name else home.name


def _counted(name: str, count: int | None) -> str:
    return f"{name}: {count}" if count else name


def _reply(
    turn: Turn, opened: Opened, text: str, answers: Iterable[tuple[str, str]], a_row: int = 3, forward: str = ""
) -> Reply:
    choices = [Button(label, payload(NAME, opened.token, answer)) for answer, label in answers]
    rows = [tuple(choices[start : start + a_row]) for start in range(0, len(choices), a_row)]
    if forward:
        rows.append((Button(forward, payload(NAME, opened.token, "next")),))
    return Reply(text, (*rows, _ways_out(turn, opened)))


def _ways_out(turn: Turn, opened: Opened) -> tuple[Button, ...]:
    texts = turn.library.texts.log_form
    cancel = Button(texts.cancel_button, payload(NAME, opened.token, "x"))
    is_first = opened.step is Step.HAMLET or (opened.step is Step.HOUSEHOLD and len(turn.own_hamlets) == 1)
    return (cancel,) if is_first else (Button(texts.back_button, payload(NAME, opened.token, "back")), cancel)
