"""Logging visits by plain sentences: what is clear is stored at once, what is open is asked about one thing at a time.

A message may tell of several visits. Each is stored under the message and its line, so that a message that comes twice
stores nothing twice and an edited message corrects what it told. Visits with something open wait in the service's form,
in their order; the first one's question is the one that is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.citizen.decision import is_topic
from bot.messages import Reply
from bot.service import SURE, Form, Result, Service, Turn
from bot.team import log_questions
from bot.team.draft import Draft, corrected
from bot.team.log_questions import NAME, Question
from bot.team.places import by_full_name, known_places
from bot.team.quick_log import read_visits
from bot.team.receipt import receipt
from db.outreach import households, sessions
from db.outreach.models import Hamlet, Household, Role, SessionKind
from db.outreach.names import person_key
from db.outreach.sessions import Logged

MOST_WAITING = 10
"""So many visits of one member may wait for an answer: more would not fit into a conversation's state."""
LONGEST_NAME = 60
LONGEST_NAME_WORDS = 8
REMARKS = frozenset({"personal_number", "left_out"})
"""Of the reader's problems those that leave nothing open."""
ASKED_ELSEWHERE = frozenset({
    "unknown_hamlet", "ambiguous_household", "more_than_people", "group_more_than_people", "too_many_people",
    "future_date",
})  # fmt: skip
"""Those that have a question of their own."""


async def say(turn: Turn, text: str) -> Result | None:
    """A sentence about visits, or an answer to the open question."""
    drafts = _waiting(turn.form)
    new = await _read(turn, text)
    question = await _question(turn, drafts[0]) if drafts else None
    if question and not any(_stands_alone(draft, question) for draft in new):
        answered = await _answered(turn, drafts[0], question, text)
        if answered is not None:
            return await _go_on(turn, [answered, *drafts[1:]])
        if not new:
            return None
    if not new:
        return None
    return await _go_on(turn, [*drafts, *new])


async def hear(turn: Turn, text: str) -> Result | None:
    """A sentence that Rasa has not taken for a visit, but which tells of one beyond doubt: place, house and figures."""
    new = await _read(turn, text)
    clear = [draft for draft in new if draft.household and (draft.people is not None or draft.outcomes is not None)]
    return await say(turn, text) if clear else None


async def edit(turn: Turn, text: str) -> Result | None:
    """The new text of a message: what it told before is corrected, lines that are gone go into the trash."""
    stored = await sessions.of_origin(turn.session, turn.commune.slug, turn.origin)
    waiting = _waiting(turn.form)
    others = [draft for draft in waiting if draft.message != turn.origin]
    new = await _read(turn, text)
    if not stored and len(others) == len(waiting) and not new:
        return None
    lines = {draft.origin for draft in new}
    gone = [one for one in stored if one.origin not in lines]
    texts = turn.library.texts.log_text
    voided = 0
    for one in gone:
        voided += await sessions.void(
            turn.session, one, reason="dòng này không còn trong tin nhắn", actor=turn.actor,
            written_at=turn.incoming.sent_at, now=turn.now,
        )  # fmt: skip
    told = (Reply(turn.say(texts.lines_removed, count=voided)),) if voided else ()
    result = await _go_on(turn, [*others, *new])
    return Result((*told, *result.replies), result.form)


async def press(turn: Turn, words: str) -> Result | None:
    """The answer to the open question by a button: "<of which question>:<answer>"."""
    texts = turn.library.texts.log_text
    drafts = _waiting(turn.form)
    token, _, answer = words.partition(":")
    if not drafts:
        return Result((Reply(texts.nothing_open),))
    if token != log_questions.token(drafts[0]):
        question = await _question(turn, drafts[0])
        return Result((Reply(texts.old_question), *((question.reply,) if question else ())))
    if answer == "drop":
        result = await _go_on(turn, drafts[1:])
        return Result((Reply(texts.dropped), *result.replies), result.form)
    answered = await log_questions.pressed(turn, drafts[0], answer)
    return await _go_on(turn, [answered, *drafts[1:]])


async def _read(turn: Turn, text: str) -> list[Draft]:
    """The visits of a message, with what is known already of their places."""
    places = await known_places(turn)
    own = turn.own_hamlets
    own_hamlet = f"{turn.commune.hamlet_word} {own[0].name}" if len(own) == 1 else None
    drafts = []
    for line, visit in enumerate(read_visits(text, turn.today, places, own_hamlet)):
        doubts = tuple(one.text for one in visit.problems if one.code not in REMARKS | ASKED_ELSEWHERE)
        remarks = tuple(one.text for one in visit.problems if one.code in REMARKS)
        draft = replace(
            Draft.from_visit(visit), message=turn.origin, line=line, doubts=doubts, remarks=remarks,
            written_at=turn.incoming.sent_at.isoformat(),
        )  # fmt: skip
        drafts.append(draft)
    return drafts


async def _answered(turn: Turn, draft: Draft, question: Question, text: str) -> Draft | None:
    """The draft with an answer that was typed; None when the text is none."""
    if _is_a_question(turn) and not any(letter.isdigit() for letter in text):
        return None
    if question.wants == "household":
        name = " ".join(text.split())
        if 0 < len(name) <= LONGEST_NAME and len(name.split()) <= LONGEST_NAME_WORDS and not name.endswith("?"):
            return replace(draft, household=name, household_id=None, is_new=False)
    if question.wants == "people" and text.strip().isdecimal() and len(text.strip()) < 6:
        return draft.with_figures(int(text.strip()))
    changed = corrected(draft, text, turn.today, await known_places(turn))
    return replace(changed, doubts=(), is_confirmed=False) if changed is not None and changed != draft else None


async def _go_on(turn: Turn, drafts: Sequence[Draft]) -> Result:
    """Stores what leaves nothing open, and asks about the first of the rest."""
    saved: list[Logged] = []
    remarks: list[str] = []
    open_ones: list[tuple[Draft, Question]] = []
    for draft in drafts:
        placed = await _placed(turn, draft)
        question = await _question(turn, placed)
        if question is None:
            saved.append(await _store(turn, placed))
            remarks += placed.remarks
        else:
            open_ones.append((placed, question))
    replies: list[Reply] = []
    if saved:
        replies.append(receipt(turn, [one.session for one in saved], head=_head(turn, saved), remarks=remarks))
    kept = [draft for draft, _ in open_ones][:MOST_WAITING]
    if open_ones:
        first = open_ones[0][1].reply
        more = turn.say(turn.library.texts.log_text.more_waiting, count=len(kept) - 1)
        replies.append(first.with_text(f"{first.text}\n\n{more}") if len(kept) > 1 else first)
    return Result(tuple(replies), {"waiting": [draft.to_json() for draft in kept]} if kept else {})


async def _placed(turn: Turn, draft: Draft) -> Draft:
    """With the ids of hamlet and household as far as they are certain."""
    if draft.hamlet and draft.hamlet_id is None:
        hamlet = await by_full_name(turn, draft.hamlet)
        if hamlet is not None and turn.may_see(hamlet):
            draft = replace(draft, hamlet_id=hamlet.id)
    if draft.household_id is not None:
        home = await households.by_id(turn.session, turn.commune.slug, draft.household_id)
        if (
            home is None
            or (draft.hamlet_id is not None and home.hamlet_id != draft.hamlet_id)
            or not _is_named(home, draft.household)
        ):
            draft = replace(draft, household_id=None)
        elif draft.hamlet_id is None and turn.may_see(await turn.session.get_one(Hamlet, home.hamlet_id)):
            draft = replace(draft, hamlet_id=home.hamlet_id, household_id=home.id)
    return draft


def _is_named(home: Household, words: str | None) -> bool:
    """Whether a household was named as it is on record, or by a part of that: anything else is asked about."""
    if words is None or words.startswith("hộ "):
        return True
    return set(person_key(words).split()) <= set(person_key(home.name).split())


async def _question(turn: Turn, draft: Draft) -> Question | None:
    return await log_questions.first_open(turn, draft)


def _head(turn: Turn, saved: Sequence[Logged]) -> str:
    """What the receipt begins with, when it is not "Đã ghi"."""
    texts = turn.library.texts.log
    if any(one.is_new for one in saved):
        return ""
    return texts.changed if any(one.is_changed for one in saved) else texts.edit_older


async def _store(turn: Turn, draft: Draft) -> Logged:
    assert draft.hamlet_id is not None
    if draft.household and draft.household_id is None and not draft.no_household:
        number = draft.household.removeprefix("hộ ") if draft.household.startswith("hộ ") else None
        home = await households.add(
            turn.session, commune=turn.commune.slug, hamlet_id=draft.hamlet_id,
            name=draft.household[:1].upper() + draft.household[1:],
            number=number if number and number[:1].isdecimal() else None, created_by_id=turn.staff.id,
            actor=turn.actor, now=turn.now,
        )  # fmt: skip
        draft = replace(draft, household_id=home.id)
    return await sessions.log(
        turn.session, draft.to_content(), commune=turn.commune.slug, origin=draft.origin, source="sentence",
        member_id=turn.staff.id, actor=turn.actor, written_at=datetime.fromisoformat(draft.written_at), now=turn.now,
    )  # fmt: skip


def _stands_alone(draft: Draft, question: Question) -> bool:
    """Whether it tells of another visit, and is not the answer to a question about one."""
    is_told = draft.people is not None or draft.outcomes is not None
    is_answer = question.wants in {"household", "same_day"} and not is_told
    return draft.kind != SessionKind.HOUSE_VISIT or (draft.household is not None and not is_answer)


def _waiting(form: Form) -> list[Draft]:
    return [Draft.from_json(kept) for kept in form.get("waiting", ())]


def _is_a_question(turn: Turn) -> bool:
    best = turn.understanding.ranking[0] if turn.understanding and turn.understanding.ranking else None
    return best is not None and best.confidence >= SURE and is_topic(best.intent)


SERVICE = Service(NAME, Role.MEMBER, press, say=say, hear=hear, edit=edit, intents=("team.log_visit",))
