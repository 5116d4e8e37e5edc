"""/sukien: a public event. Its name, where it is held, who was reached, a look at it, saved.

Every session belongs to a hamlet: an event for the whole commune is stored for the one in which it is held, and its
note says that it was for all. At the end any correction may be typed ("10/10", "150 người, 30 cụ").
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.messages import Button, Reply
from bot.service import Form, Result, Service, Turn, payload
from bot.team.draft import GROUPS, LONGEST_NOTE, Draft, corrected
from bot.team.head_count import read_head_count
from bot.team.ids import read_id
from bot.team.places import by_full_name, full_name, known_places, own_hamlets
from bot.team.receipt import receipt, say_day
from db.outreach import sessions
from db.outreach.models import Hamlet, Role, SessionKind
from db.outreach.sessions import ImpossibleError

NAME = "sk"
LONGEST_TITLE = 120
A_ROW = 3


@dataclass(frozen=True, slots=True)
class Event:
    """An open form. `token` names it in its buttons; the draft's note is what stands beside the event's title."""

    token: str
    draft: Draft
    title: str = ""
    is_for_all: bool = False
    asks_note: bool = False

    @property
    def step(self) -> str:
        """What is to be asked next: title, hamlet, people, note or summary."""
        if not self.title:
            return "title"
        if self.draft.hamlet_id is None:
            return "hamlet"
        if self.draft.people is None:
            return "people"
        return "note" if self.asks_note else "summary"

    def to_form(self) -> Form:
        """For the conversation's state."""
        return {
            "token": self.token, "draft": self.draft.to_json(), "title": self.title, "is_for_all": self.is_for_all,
            "asks_note": self.asks_note,
        }  # fmt: skip

    @classmethod
    def from_form(cls, form: Form) -> Event:
        """Reads what `to_form` wrote."""
        return cls(form["token"], Draft.from_json(form["draft"]), form["title"], form["is_for_all"], form["asks_note"])


async def press(turn: Turn, words: str) -> Result | None:
    """The command opens a form; a button answers the open one: "<which form>:<answer>"."""
    texts = turn.library.texts.events
    if not words:
        return await _begin(turn)
    token, _, answer = words.partition(":")
    if turn.form.get("token") != token:
        return await _of_another_time(turn, token)
    event = Event.from_form(turn.form)
    if answer == "stop":
        return Result((Reply(texts.stopped),), {})
    if answer == "save":
        return await _save(turn, event)
    if answer == "back":
        return await _show(turn, await _back(turn, event))
    return await _show(turn, await _answered(turn, event, answer))


async def say(turn: Turn, text: str) -> Result | None:
    """A typed answer: the event's name, how many came, a note, or a correction at the end."""
    if not turn.form:
        return None
    event, texts = Event.from_form(turn.form), turn.library.texts.events
    words = " ".join(text.split())
    match event.step:
        case "title":
            return await _show(turn, replace(event, title=words[:LONGEST_TITLE]))
        case "hamlet":
            hamlet = await by_full_name(turn, words)
            if hamlet is None or not turn.may_see(hamlet):
                return None
            return await _show(turn, _at(turn, event, hamlet))
        case "people":
            counted = read_head_count(turn, text)
            if counted is None:
                return await _show(turn, event, texts.bad_people)
            figures = {name: getattr(counted, name) for name in ("people", *GROUPS)}
            return await _show_if_possible(turn, event, replace(event.draft, **figures))
        case "note":
            noted = replace(event.draft, note=words[:LONGEST_NOTE])
            return await _show(turn, replace(event, draft=noted, asks_note=False))
    changed = corrected(event.draft, text, turn.today, await known_places(turn))
    if changed is None:
        return await _show(turn, event, texts.not_understood)
    if changed.occurred_on > turn.today:
        return await _show(turn, event, turn.library.texts.log.future)
    if changed.hamlet_id is None:
        hamlet = await by_full_name(turn, changed.hamlet or "")
        if hamlet is None or not turn.may_see(hamlet):
            refused = turn.say(turn.library.texts.log.not_your_hamlet, hamlet=changed.hamlet)
            return await _show(turn, event, refused)
        changed = replace(changed, hamlet_id=hamlet.id, hamlet=full_name(turn, hamlet))
    return await _show_if_possible(turn, event, replace(changed, household=None, household_id=None))


async def _begin(turn: Turn) -> Result:
    own = await own_hamlets(turn)
    if not own:
        return Result((Reply(turn.library.texts.log_text.no_own_hamlet),))
    token = hashlib.sha256(turn.origin.encode()).hexdigest()[:12]
    draft = Draft(turn.today, kind=SessionKind.PUBLIC_EVENT.value, no_household=True)
    event = Event(token, draft)
    return await _show(turn, _at(turn, event, own[0]) if len(own) == 1 else event)


async def _answered(turn: Turn, event: Event, answer: str) -> Event:
    """After a pressed answer; one that does not fit changes nothing."""
    sort, value = answer[:1], answer[1:]
    match event.step:
        case "title" if sort == "e" and value in turn.library.texts.events.events:
            return replace(event, title=turn.library.texts.events.events[value])
        case "hamlet" if sort == "m":
            hamlet = next((one for one in await own_hamlets(turn) if one.id == read_id(value)), None)
            return _at(turn, event, hamlet) if hamlet else event
        case "summary" if answer in {"today", "yesterday"}:
            day = turn.today - timedelta(days=int(answer == "yesterday"))
            return replace(event, draft=replace(event.draft, occurred_on=day))
        case "summary" if answer in {"all", "one"}:
            return replace(event, is_for_all=answer == "all")
        case "summary" if answer == "note":
            return replace(event, asks_note=True)
    return event


async def _back(turn: Turn, event: Event) -> Event:
    """The step before."""
    has_choice = len(await own_hamlets(turn)) > 1
    match event.step:
        case "note":
            return replace(event, asks_note=False)
        case "summary":
            blank = Draft(turn.today)
            nobody = {name: getattr(blank, name) for name in ("people", *GROUPS)}
            return replace(event, draft=replace(event.draft, **nobody))
        case "people" if has_choice:
            return replace(event, draft=replace(event.draft, hamlet=None, hamlet_id=None))
        case _:
            return replace(event, title="")


async def _show_if_possible(turn: Turn, event: Event, draft: Draft) -> Result:
    """Goes on with a draft, or says why it can't be and keeps what was there."""
    try:
        draft.to_content().check()
    except ImpossibleError as error:
        return await _show(turn, event, getattr(turn.library.texts.log.impossible, error.reason))
    return await _show(turn, replace(event, draft=draft))


async def _show(turn: Turn, event: Event, head: str = "") -> Result:
    """Asks what comes next, or only `head` over the same buttons."""
    texts = turn.library.texts.events
    answers: Sequence[tuple[str, str]] = ()
    a_row = 1
    match event.step:
        case "title":
            ask, answers = texts.ask_title, [(f"e{code}", name) for code, name in texts.events.items()]
        case "hamlet":
            ask, a_row = texts.ask_hamlet, A_ROW
            answers = [(f"m{one.id}", full_name(turn, one)) for one in await own_hamlets(turn)]
        case "people":
            ask = texts.ask_people
        case "note":
            ask = texts.ask_note
        case _:
            ask, answers, a_row = _summary(turn, event), _choices(turn, event), A_ROW
    buttons = [Button(label, payload(NAME, event.token, answer)) for answer, label in answers]
    rows = [tuple(buttons[start : start + a_row]) for start in range(0, len(buttons), a_row)]
    if event.step == "summary":
        rows = [(Button(texts.save_button, payload(NAME, event.token, "save")),), *rows]
    back = Button(texts.back_button, payload(NAME, event.token, "back"))
    stop = Button(texts.stop_button, payload(NAME, event.token, "stop"))
    rows.append((stop,) if event.step == "title" else (back, stop))
    if head and event.step == "summary":
        head = f"{head}\n\n{ask}"
    return Result((Reply(head or ask, tuple(rows)),), event.to_form())


def _summary(turn: Turn, event: Event) -> str:
    draft, words = event.draft, turn.library.texts.log
    groups = [f"{getattr(draft, name)} {words.groups[name]}" for name in GROUPS[1:] if getattr(draft, name)]
    achieved = [f"{words.outcomes[code]}: {count}" for code, count in (draft.outcomes or {}).items()]
    lines = [
        f"**{_note(turn, event)}**",
        f"{draft.hamlet} · {say_day(turn, draft.occurred_on)}",
        f"{draft.people} {words.groups['people']}" + (f" ({', '.join(groups)})" if groups else ""),
        " · ".join(achieved),
    ]
    return "\n".join(filter(None, lines)) + f"\n\n{turn.library.texts.events.summary}"


def _choices(turn: Turn, event: Event) -> list[tuple[str, str]]:
    texts = turn.library.texts.events
    is_today = event.draft.occurred_on == turn.today
    day = ("yesterday", texts.yesterday_button) if is_today else ("today", texts.today_button)
    one = turn.say(texts.one_hamlet_button, hamlet=event.draft.hamlet)
    scope = ("one", one) if event.is_for_all else ("all", texts.whole_commune_button)
    return [scope, day, ("note", texts.note_button)]


def _note(turn: Turn, event: Event) -> str:
    """What is stored as the session's note: the event, whether it was for all, and what was noted."""
    title = f"{event.title} ({turn.library.texts.events.whole_commune})" if event.is_for_all else event.title
    return " - ".join(filter(None, (title, event.draft.note)))[:LONGEST_NOTE]


async def _save(turn: Turn, event: Event) -> Result:
    if event.step in {"title", "hamlet", "people"}:
        return await _show(turn, event)
    content = replace(event.draft, note=_note(turn, event)).to_content()
    if not any(one.id == content.hamlet_id for one in await own_hamlets(turn)):
        refused = turn.say(turn.library.texts.log.not_your_hamlet, hamlet=event.draft.hamlet)
        return await _show(turn, event, refused)
    logged = await sessions.log(
        turn.session, content, commune=turn.commune.slug, origin=_origin(turn, event.token), source="event",
        member_id=turn.staff.id, actor=turn.actor, written_at=turn.incoming.sent_at, now=turn.now,
    )  # fmt: skip
    return Result((receipt(turn, [logged.session]),), {})


async def _of_another_time(turn: Turn, token: str) -> Result:
    """For buttons of a form that is over: the receipt again when it was saved."""
    texts = turn.library.texts.events
    stored = await sessions.of_origin(turn.session, turn.commune.slug, _origin(turn, token))
    return Result((receipt(turn, stored[:1], head=texts.already) if stored else Reply(texts.old),))


def _origin(turn: Turn, token: str) -> str:
    return f"event:{turn.conversation.id}:{token}:"


def _at(turn: Turn, event: Event, hamlet: Hamlet) -> Event:
    return replace(event, draft=replace(event.draft, hamlet=full_name(turn, hamlet), hamlet_id=hamlet.id))


SERVICE = Service(NAME, Role.MEMBER, press, say=say, commands=("/sukien",))
