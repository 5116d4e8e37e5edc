"""Logging visits by plain sentences: what is clear is stored at once, what is open is asked about one thing at a time.

A message may tell of several visits. Each is stored under the message and its line, so that a message that comes twice
stores nothing twice and an edited message corrects what it told. Visits with something open wait in the service's form,
in their order; the first one's question is the one that is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.messages import MAX_TEXT, Reply
from bot.service import Form, Result, Service, Turn
from bot.team import log_questions
from bot.team.draft import Answer, Draft
from bot.team.draft_places import placed, with_household
from bot.team.edited_answers import Answered, amended, answered_by
from bot.team.edited_lines import as_stored
from bot.team.log_answers import means_something_else, typed
from bot.team.log_questions import NAME, Question, first_open
from bot.team.places import known_places
from bot.team.quick_log import read_visits
from bot.team.receipt import receipt
from db.outreach import answers, sessions
from db.outreach.models import Role, SessionKind
from db.outreach.names import key
from db.outreach.sessions import Content, Logged, content_of

MOST_WAITING = 40
"""So many visits of one member may wait for an answer: the conversation's state is read and written at every turn."""
KEPT_FOR = timedelta(days=7)
"""A question about a visit may be answered days later: the member was where no message arrives."""
LONGEST_QUOTE = 40
LONGEST_ANSWER_WORDS = 4
"""A longer text that answers nothing is a question of its own."""
PLACES_IN = 200
"""Characters of a long message within which a visit would name its hamlet."""
REMARKS = frozenset({"personal_number", "left_out"})
"""Of the reader's problems those that leave nothing open."""
ASKED_ELSEWHERE = frozenset({
    "unknown_hamlet", "ambiguous_household", "more_than_people", "group_more_than_people", "too_many_people",
    "future_date", "negative_count",
})  # fmt: skip
"""Those that have a question of their own."""
LINE_IS_GONE = "dòng này không còn trong tin nhắn"


@dataclass(frozen=True, slots=True)
class _Saved:
    """What became of a draft, and what it told: that differs when something newer was told before."""

    logged: Logged
    told: Content


async def say(turn: Turn, text: str) -> Result | None:
    """A sentence about visits, or an answer to the open question."""
    drafts = _waiting(turn.form)
    if before := await answered_by(turn, drafts):  # an edit of it has come first
        return await _amend(turn, drafts, before, text)
    new = await _read(turn, text)
    question = await first_open(turn, drafts[0]) if drafts else None
    if question and not any(_stands_alone(draft, question) for draft in new):
        answered = await _answered(turn, drafts[0], question, text)
        if answered is not None:
            return await _go_on(turn, [answered, *drafts[1:]])
    if new:
        return await _go_on(turn, [*drafts, *new], _cut_off(turn, text))
    if question and len(text.split()) <= LONGEST_ANSWER_WORDS and not means_something_else(turn):
        told = turn.library.texts.log_text.answer_not_understood
        return Result((question.reply.with_text(f"{told}\n\n{question.reply.text}"),))
    return await _too_long(turn, text)


async def hear(turn: Turn, text: str) -> Result | None:
    """A sentence that Rasa has not taken for a visit, but which tells of one beyond doubt."""
    clear = [draft for draft in await _read(turn, text) if _is_clear(draft)]
    return await say(turn, text) if clear else await _too_long(turn, text)


async def resume(turn: Turn, _words: str) -> Result | None:
    """Asks again what is open, after the member did something else."""
    return await _go_on(turn, _waiting(turn.form))


async def edit(turn: Turn, text: str) -> Result | None:
    """The new text of a message: what it told before is corrected, lines that are gone go into the trash.

    What was undone before the edit was written counts again, for that is what the message now says. Where it had only
    answered a question, the answer is corrected.
    """
    waiting = _waiting(turn.form)
    if before := await answered_by(turn, waiting):
        return await _amend(turn, waiting, before, text)
    stored = await sessions.of_origin(turn.session, turn.commune.slug, turn.origin)
    others = [draft for draft in waiting if draft.message != turn.origin]
    new = as_stored([await placed(turn, draft) for draft in await _read(turn, text)], stored)
    if not stored and len(others) == len(waiting) and not new:
        return await _answered_by_edit(turn, waiting, text)
    lines = {draft.origin for draft in new}
    gone = [one for one in stored if one.origin not in lines]
    voided = 0
    for one in gone:
        voided += await sessions.void(
            turn.session, one, reason=LINE_IS_GONE, actor=turn.actor, written_at=turn.incoming.sent_at, now=turn.now
        )
    for one in stored:
        if one.origin in lines:
            await sessions.restore(turn.session, one, actor=turn.actor, written_at=turn.incoming.sent_at, now=turn.now)
    told = turn.say(turn.library.texts.log_text.lines_removed, count=voided) if voided else ""
    result = await _go_on(turn, [*others, *new], told)
    if result.replies:
        return result
    if not gone:  # it had only been asked about
        return Result((Reply(turn.library.texts.log_text.dropped),), result.form)
    return Result((receipt(turn, gone, head=told or turn.library.texts.log.already_voided),), result.form)


async def _answered(turn: Turn, draft: Draft, question: Question, text: str) -> Draft | None:
    """The draft with a typed answer to its open question; None when the text is none."""
    answered = await typed(turn, draft, question.wants, text)
    answer = Answer(turn.origin, question.wants, turn.incoming.sent_at.isoformat())
    return answered.with_answer(answer) if answered is not None else None


async def _answered_by_edit(turn: Turn, waiting: Sequence[Draft], text: str) -> Result | None:
    """An edit of a message that told of no visit: what it says now may answer the open question."""
    question = await first_open(turn, waiting[0]) if waiting else None
    if question is None or means_something_else(turn):
        return None
    answered = await _answered(turn, waiting[0], question, text)
    if answered is None or answered.is_name_doubtful:
        return None
    return await _go_on(turn, [answered, *waiting[1:]])


async def _amend(turn: Turn, waiting: Sequence[Draft], before: Answered, text: str) -> Result:
    """Corrects an answer by the new text of its message; one written before the present one changes nothing."""
    texts = turn.library.texts.log_text
    if before.stored and before.is_newer_than(turn):
        return Result((receipt(turn, [before.stored], head=turn.library.texts.log.edit_older),))
    now = before.draft if before.is_newer_than(turn) else await amended(turn, before, text)
    if now is None and before.stored:
        return Result((receipt(turn, [before.stored], head=texts.edit_not_understood),))
    told = texts.answer_not_understood if now is None else ""
    now = now or before.draft
    others = [draft for draft in waiting if draft.origin != now.origin]
    place = next((place for place, draft in enumerate(waiting) if draft.origin == now.origin), len(others))
    return await _go_on(turn, [*others[:place], now, *others[place:]], told)


async def press(turn: Turn, words: str) -> Result | None:
    """The answer to the open question by a button: "<of which question>:<answer>"."""
    texts = turn.library.texts.log_text
    drafts = _waiting(turn.form)
    token, _, answer = words.partition(":")
    if not drafts:
        return Result((Reply(texts.nothing_open),))
    if token != log_questions.token(drafts[0]):
        question = await first_open(turn, drafts[0])
        return Result((Reply(texts.old_question), *((_first_or_again(drafts[0], question),) if question else ())))
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
    whole = _whole_lines(text)
    said = [visit.hamlet is not None for visit in read_visits(whole, turn.today, places)]
    drafts = []
    for line, visit in enumerate(read_visits(whole, turn.today, places, own_hamlet)):
        doubts = tuple(one.text for one in visit.problems if one.code not in REMARKS | ASKED_ELSEWHERE)
        remarks = tuple(one.text for one in visit.problems if one.code in REMARKS)
        draft = replace(
            Draft.from_visit(visit), message=turn.origin, line=line, doubts=doubts, remarks=remarks,
            is_plain=text.isascii(), is_place_said=said[line], written_at=turn.incoming.sent_at.isoformat(),
        )  # fmt: skip
        is_negative = any(one.code == "negative_count" for one in visit.problems)
        drafts.append(replace(draft, people=-1, adults=None) if is_negative else draft)
    return drafts


def _whole_lines(text: str) -> str:
    """A message without its last line where that may have been cut."""
    return text[: text.rfind("\n")] if len(text) >= MAX_TEXT and "\n" in text else text


def _cut_off(turn: Turn, text: str) -> str:
    """What to tell somebody whose message was too long."""
    if len(text) < MAX_TEXT:
        return ""
    words = " ".join(_whole_lines(text).split())[-LONGEST_QUOTE:]
    return turn.say(turn.library.texts.log_text.cut_off, most=MAX_TEXT, words=words)


async def _too_long(turn: Turn, text: str) -> Result | None:
    """Says that a text in which no visit was found is too long, if it seems to be meant for one."""
    if len(text) < MAX_TEXT or means_something_else(turn):
        return None
    begin = f" {key(text[:PLACES_IN])} "
    if not any(f" {key(name)} " in begin for name in (await known_places(turn)).hamlets):
        return None
    return Result((Reply(turn.say(turn.library.texts.log_text.too_long, most=MAX_TEXT)),))


def _is_clear(draft: Draft) -> bool:
    """Whether nobody could take it for anything but a visit that was made."""
    if draft.household:
        return draft.people is not None or draft.outcomes is not None
    return draft.hamlet is not None and draft.people is not None and draft.outcomes is not None


async def _go_on(turn: Turn, drafts: Sequence[Draft], told: str = "") -> Result:
    """Stores what leaves nothing open, and asks about the first of the rest. `told` is said besides."""
    saved: list[_Saved] = []
    remarks: list[str] = [told] if told else []
    open_ones: list[tuple[Draft, Question]] = []
    for draft in drafts:
        found = await placed(turn, draft)
        question = await first_open(turn, found)
        if question is None:
            saved.append(await _store(turn, found))
            remarks += found.remarks
        else:
            open_ones.append((found, question))
    replies: list[Reply] = []
    if saved:
        replies.append(receipt(turn, [one.logged.session for one in saved], head=_head(turn, saved), remarks=remarks))
    kept, lost = open_ones[:MOST_WAITING], open_ones[MOST_WAITING:]
    if kept:
        (first, question), *_ = kept
        replies.append(await _asked(turn, _first_or_again(first, question), len(kept), [draft for draft, _ in lost]))
        kept[0] = (replace(first, asked=question.key), question)
        if told and not saved:
            replies[0] = replies[0].with_text(f"{told}\n\n{replies[0].text}")
    return Result(tuple(replies), {"waiting": [draft.to_json() for draft, _ in kept]} if kept else {})


def _first_or_again(draft: Draft, question: Question) -> Reply:
    """A question in full the first time, then in a line with its buttons."""
    return question.again if draft.asked == question.key else question.reply


async def _asked(turn: Turn, question: Reply, waiting: int, lost: Sequence[Draft]) -> Reply:
    """The first open question, with how many more wait, and which could not be kept."""
    texts = turn.library.texts.log_text
    parts = [question.text]
    if waiting > 1:
        parts.append(turn.say(texts.more_waiting, count=waiting - 1))
    if lost:
        what = await log_questions.in_words(turn, lost[0])
        parts.append(turn.say(texts.too_many_waiting, count=len(lost), what=what))
    return question.with_text("\n\n".join(parts))


def _head(turn: Turn, saved: Sequence[_Saved]) -> str:
    """What the receipt begins with, when it is not "Đã ghi"."""
    texts = turn.library.texts.log
    if all(one.logged.session.voided_at for one in saved):
        return texts.undone_before
    if any(one.logged.is_new for one in saved):
        return ""
    if any(one.logged.is_changed for one in saved):
        return texts.changed
    return texts.unchanged if all(content_of(one.logged.session) == one.told for one in saved) else texts.edit_older


async def _store(turn: Turn, draft: Draft) -> _Saved:
    told = (await with_household(turn, draft)).to_content()
    logged = await sessions.log(
        turn.session, told, commune=turn.commune.slug, origin=draft.origin, source="sentence",
        member_id=turn.staff.id, actor=turn.actor, written_at=datetime.fromisoformat(draft.written_at), now=turn.now,
    )  # fmt: skip
    for answer in draft.answers:
        at = datetime.fromisoformat(answer.written_at)
        await answers.note(turn.session, logged.session, origin=answer.message, wants=answer.wants, written_at=at)
    return _Saved(logged, told)


def _stands_alone(draft: Draft, question: Question) -> bool:
    """Whether it tells of another visit, and is not the answer to a question about one."""
    if draft.kind != SessionKind.HOUSE_VISIT:
        return True
    is_whole = draft.is_place_said and draft.people is not None and draft.outcomes is not None
    if draft.household is None:
        return is_whole
    is_told = draft.people is not None or draft.outcomes is not None
    return is_told or question.wants != "household"


def _waiting(form: Form) -> list[Draft]:
    return [Draft.from_json(kept) for kept in form.get("waiting", ())]


SERVICE = Service(
    NAME, Role.MEMBER, press, say=say, hear=hear, edit=edit, resume=resume, form_lasts=KEPT_FOR,
    intents=("team.log_visit",),
)  # fmt: skip
