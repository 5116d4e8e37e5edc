"""What a told visit leaves open: the one question to ask next, its buttons, and what a pressed one means."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.messages import Button, Reply
from bot.service import Turn, payload
from bot.team.draft import GROUPS, Draft
from bot.team.draft_places import MOST_ALIKE, alike
from bot.team.places import by_full_name, full_name, own_hamlets
from bot.team.receipt import describe, say_day, say_time
from db.outreach import hamlets, households, sessions
from db.outreach.models import SupportSession
from db.outreach.sessions import ImpossibleError

NAME = "nk"
"""The service's name in payloads (nhật ký)."""
MOST_HAMLETS = 24
PEOPLE = (1, 2, 3, 4, 5, 6)
BUTTONS_A_ROW = 3


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about a draft. `wants` says what a typed answer is taken for.

    `again` asks the same in a line, for when it was asked in full before; `key` tells what was asked.
    """

    wants: str
    reply: Reply
    again: Reply
    key: str


async def first_open(turn: Turn, draft: Draft) -> Question | None:
    """The most important thing that is open; None when the visit can be stored."""
    texts = turn.library.texts.log_text
    if draft.hamlet_id is None:
        return await _ask_hamlet(turn, draft)
    if draft.occurred_on > turn.today:
        days = (("today", texts.today_button), ("yesterday", texts.yesterday_button))
        return await _ask(turn, draft, "day", turn.say(texts.future, day=say_day(turn, draft.occurred_on)), days)
    if draft.kind == "house_visit" and not draft.no_household and draft.household_id is None:
        if draft.household is None:
            return await _ask_household(turn, draft)
        if draft.is_name_doubtful:
            answers = [("name", texts.is_name_button), ("noname", texts.is_no_name_button)]
            question = turn.say(texts.ask_is_name, name=draft.household)
            return await _ask(turn, draft, "household", question, answers, short="is_name")
        if not draft.is_new and (known_ones := await alike(turn, draft)):
            question = turn.say(texts.ask_same_household, name=draft.household)
            known = [(f"h{one.id}", turn.say(texts.same_household_button, name=one.name)) for one in known_ones]
            new = ("new", texts.new_household_button)
            return await _ask(turn, draft, "household", question, [*known, new], a_row=1, short="same_household")
    if draft.people is None:
        counts = [(f"p{count}", turn.say(texts.people_button, count=count)) for count in PEOPLE]
        return await _ask(turn, draft, "people", texts.ask_people, counts)
    if draft.outcomes is None:
        names = turn.library.texts.log.outcomes
        codes = [(f"o{number}", name) for number, name in enumerate(names.values())]
        none = ("none", texts.no_outcome_button)
        return await _ask(turn, draft, "outcomes", texts.ask_outcomes, [*codes, none], a_row=2)
    try:
        draft.to_content().check()
    except ImpossibleError as error:
        reason = texts.reasons[error.reason]
        most = max([draft.people, *draft.outcomes.values(), *(getattr(draft, group) or 0 for group in GROUPS)])
        fits = error.reason in {"group_over_people", "outcome_over_people"} and most <= sessions.MOST_PEOPLE
        more = [(f"p{most}", turn.say(texts.raise_people_button, count=most))] if fits else []
        return await _ask(turn, draft, "people", turn.say(texts.impossible, reason=reason), more, short="impossible")
    if draft.doubts and not draft.is_confirmed:
        question = "\n".join([*draft.doubts, "", texts.confirm])
        return await _ask(turn, draft, "confirm", question, [("ok", texts.save_button)])
    if not draft.is_second and (others := await _same_day(turn, draft)):
        question = turn.say(texts.same_day, what=describe(turn, others[0]), time=say_time(turn, others[0].logged_at))
        answers = [("second", texts.second_button), ("drop", texts.same_button)]
        return await _ask(turn, draft, "same_day", question, answers, a_row=1)
    return None


async def pressed(turn: Turn, draft: Draft, answer: str) -> Draft:
    """The draft with a pressed answer; one that means nothing leaves it as it is."""
    sort, number = answer[:1], answer[1:]
    if answer in {"today", "yesterday"}:
        return replace(draft, occurred_on=turn.today - timedelta(days=int(answer == "yesterday")))
    if answer == "new":
        return replace(draft, is_new=True)
    if answer == "name":
        return replace(draft, is_name_doubtful=False)
    if answer == "noname":
        return replace(draft, household=None, is_name_doubtful=False)
    if answer == "nohome":
        return replace(draft, no_household=True, household=None, is_name_doubtful=False)
    if answer == "none":
        return replace(draft, outcomes={})
    if answer == "ok":
        return replace(draft, is_confirmed=True)
    if answer == "second":
        return replace(draft, is_second=True)
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return draft
    if sort == "m":
        hamlet = await hamlets.by_id(turn.session, turn.commune.slug, int(number))
        if hamlet and turn.may_see(hamlet):
            return replace(draft, hamlet=full_name(turn, hamlet), hamlet_id=hamlet.id, household_id=None)
    if sort == "h":
        home = await households.by_id(turn.session, turn.commune.slug, int(number))
        if home and home.hamlet_id == draft.hamlet_id:
            return replace(draft, household_id=home.id, household=None, is_name_doubtful=False)
    if sort == "p" and int(number) <= sessions.MOST_PEOPLE:
        return draft.with_figures(int(number))
    if sort == "o":
        codes = list(turn.library.texts.log.outcomes)
        if int(number) < len(codes):
            return replace(draft, outcomes={codes[int(number)]: draft.people or 1})
    return draft


def token(draft: Draft) -> str:
    """Names a draft in buttons, so that an old question's button answers nothing else."""
    return _digest(draft.origin)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:6]


async def _ask_hamlet(turn: Turn, draft: Draft) -> Question:
    texts = turn.library.texts.log_text
    own = await own_hamlets(turn)
    if not own:
        return await _ask(turn, draft, "nothing", texts.no_own_hamlet, [])
    question = texts.ask_hamlet
    if draft.hamlet:
        known = await by_full_name(turn, draft.hamlet)
        question = turn.say(texts.foreign_hamlet if known else texts.unknown_hamlet, name=draft.hamlet)
    names = [(f"m{one.id}", full_name(turn, one)) for one in own[:MOST_HAMLETS]]
    return await _ask(turn, draft, "hamlet", question, names)


async def _ask_household(turn: Turn, draft: Draft) -> Question:
    texts = turn.library.texts.log_text
    assert draft.hamlet_id is not None
    recent = await households.recent(turn.session, draft.hamlet_id, MOST_ALIKE)
    names = [(f"h{one.id}", one.name) for one in recent]
    answers = [*names, ("nohome", texts.no_household_button)]
    return await _ask(turn, draft, "household", texts.ask_household, answers, a_row=1)


async def _same_day(turn: Turn, draft: Draft) -> list[SupportSession]:
    found = await sessions.same_day(turn.session, draft.to_content())
    return [one for one in found if one.origin != draft.origin]


async def _ask(
    turn: Turn,
    draft: Draft,
    wants: str,
    question: str,
    answers: Iterable[tuple[str, str]],
    a_row: int = BUTTONS_A_ROW,
    short: str = "",
) -> Question:
    texts = turn.library.texts.log_text
    buttons = [Button(label, payload(NAME, token(draft), answer)) for answer, label in answers]
    rows = [tuple(buttons[start : start + a_row]) for start in range(0, len(buttons), a_row)]
    if not any(button.payload.endswith(":drop") for button in buttons):
        rows.append((Button(texts.drop_button, payload(NAME, token(draft), "drop")),))
    known = await in_words(turn, draft)
    whole = Reply(f"{turn.say(texts.draft, what=known)}\n\n{question}", tuple(rows))
    again = turn.say(texts.again, what=known, question=texts.short[short or wants])
    return Question(wants, whole, whole.with_text(again), _digest(question))


async def in_words(turn: Turn, draft: Draft) -> str:
    """What is known of a draft, in a line."""
    texts = turn.library.texts.log
    home = None
    if draft.household_id is not None:
        home = await households.by_id(turn.session, turn.commune.slug, draft.household_id)
    groups = [
        f"{getattr(draft, group)} {texts.groups[group]}"
        for group in GROUPS
        if getattr(draft, group) and group != "adults"
    ]
    achieved = [f"{texts.outcomes[code]}: {count}" for code, count in (draft.outcomes or {}).items()]
    parts = [
        draft.hamlet or "",
        home.name if home else (draft.household or ""),
        say_day(turn, draft.occurred_on),
        f"{draft.people} {texts.groups['people']}" if draft.people is not None and draft.people >= 0 else "",
        *groups,
        *achieved,
    ]
    return " · ".join(part for part in parts if part)
