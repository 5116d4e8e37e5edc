"""A lesson card by card, then its three questions: each answer is explained, and may be given again as often as liked.

Buttons carry the lesson, the card and the answer themselves. So one that is pressed twice, late or after another does
the same as ever, and what is noted only grows (db/lessons/progress.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.citizen import buttons
from bot.lessons.pages import CERTIFICATE, NAME, count_done
from bot.messages import Button, Reply
from bot.service import Turn, payload
from bot.team.class_card import LESSONS as TEACHING
from content.lessons import QUESTIONS, Lesson
from db.lessons import progress
from db.lessons.progress import Known
from db.outreach.models import Role


async def opened(turn: Turn, lesson: Lesson) -> Reply:
    """Where somebody left off; a lesson that is finished begins anew."""
    known = (await progress.of_person(turn.session, turn.conversation)).get(lesson.id, Known())
    at = 1 if known.is_finished else min(max(known.card, 1), len(lesson.cards))
    return await card(turn, lesson, at)


async def card(turn: Turn, lesson: Lesson, number: int) -> Reply:
    """One card, counted from 1. Who reads it has come that far."""
    texts, total = turn.library.texts.lessons, len(lesson.cards)
    await _mark(turn, lesson, card=number)
    head = turn.say(texts.card, title=lesson.title, number=number, total=total)
    if number == 1:
        head += f" {turn.say(texts.intro, minutes=lesson.minutes)}"
    turning = [Button(texts.previous_button, payload(NAME, "c", lesson.id, number - 1))] if number > 1 else []
    if number < total:
        turning.append(Button(texts.next_button, payload(NAME, "c", lesson.id, number + 1)))
    else:
        turning.append(Button(texts.quiz_button, payload(NAME, "q", lesson.id, 1)))
    rows = [tuple(turning)]
    if number == 1 and turn.may(Role.MEMBER):
        rows.append((Button(turn.library.texts.teach.button, payload(TEACHING, "l", lesson.id)),))
    rows.append((_list_button(turn),))
    return Reply(f"{head}\n\n{turn.commune.fill(lesson.cards[number - 1])}", tuple(rows))


def question(turn: Turn, lesson: Lesson, number: int) -> Reply:
    """One of the questions, counted from 1, with an option a row."""
    asked = lesson.questions[number - 1]
    text = turn.say(
        turn.library.texts.lessons.question, title=lesson.title, number=number, total=QUESTIONS,
        question=turn.commune.fill(asked.text),
    )  # fmt: skip
    rows = tuple(
        (Button(option, payload(NAME, "a", lesson.id, number, place)),)
        for place, option in enumerate(asked.options, start=1)
    )
    return Reply(text, rows)


async def answer(turn: Turn, lesson: Lesson, number: int, option: int) -> tuple[Reply, ...]:
    """What an answer is worth, why, and how it goes on."""
    texts, asked = turn.library.texts.lessons, lesson.questions[number - 1]
    before = (await progress.of_person(turn.session, turn.conversation)).get(lesson.id, Known())
    is_right = asked.is_right(option)
    known = await _mark(turn, lesson, right=number if is_right else None)
    told = turn.say(
        texts.right if is_right else texts.wrong,
        explanation=turn.commune.fill(asked.when_right if is_right else asked.when_wrong),
    )
    if known.is_finished and (not before.is_finished or number == QUESTIONS):
        return (Reply(told), await finished(turn, lesson))
    again = [] if is_right else [(Button(texts.try_again_button, payload(NAME, "q", lesson.id, number)),)]
    return (Reply(told, (*again, (_onward(turn, lesson, number, known),))),)


async def finished(turn: Turn, lesson: Lesson) -> Reply:
    """The end of a lesson, and what may come next; of the last one the end of the course."""
    texts, lessons = turn.library.texts.lessons, turn.library.lessons
    known = await progress.of_person(turn.session, turn.conversation)
    its = known.get(lesson.id, Known())
    if not its.is_finished:
        told = texts.not_finished if len(its.right) < QUESTIONS else texts.not_read
        return Reply(turn.say(told, title=lesson.title), ((_onward(turn, lesson, QUESTIONS, its),),))
    text = turn.say(texts.finished, title=lesson.title, **count_done(turn, known))
    rows: list[tuple[Button, ...]] = []
    had_finished = await progress.finished_at(turn.session, turn.conversation) is not None
    if await progress.has_finished(turn.session, turn.conversation, lessons, turn.now):
        if not had_finished:
            text = turn.say(texts.course_finished, total=len(lessons))
        rows.append((Button(turn.library.texts.certificate.button, payload(CERTIFICATE)),))
    elif following := _following(turn, lesson, known):
        label = turn.say(texts.next_lesson_button, title=following.title)
        rows.append((Button(label, payload(NAME, "o", following.id)),))
    if more := next((turn.library.articles[one] for one in lesson.related if one in turn.library.articles), None):
        label = turn.say(texts.read_more_button, title=more.title)
        rows.append((Button(label, buttons.payload("topic", more.id)),))
    return Reply(text, (*rows, (_list_button(turn),)))


def _onward(turn: Turn, lesson: Lesson, number: int, known: Known) -> Button:
    """After an answer: the next question, then those that were not right yet, then cards that were left out."""
    texts = turn.library.texts.lessons
    missing = [one for one in range(1, QUESTIONS + 1) if one not in known.right]
    if known.is_finished and number < QUESTIONS:
        return Button(texts.next_question_button, payload(NAME, "q", lesson.id, number + 1))
    if ahead := [one for one in missing if one > number]:
        return Button(texts.next_question_button, payload(NAME, "q", lesson.id, ahead[0]))
    if missing:
        label = turn.say(texts.missing_question_button, number=missing[0])
        return Button(label, payload(NAME, "q", lesson.id, missing[0]))
    if known.card < len(lesson.cards):
        label = turn.say(texts.reread_button, number=known.card + 1)
        return Button(label, payload(NAME, "c", lesson.id, known.card + 1))
    return Button(texts.finish_button, payload(NAME, "e", lesson.id))


def _following(turn: Turn, lesson: Lesson, known: Mapping[str, Known]) -> Lesson | None:
    """The next lesson of the course that is not finished, going round once."""
    every = list(turn.library.lessons.values())
    place = every.index(lesson) + 1
    done = {one for one, its in known.items() if its.is_finished}
    return next((one for one in (*every[place:], *every[:place]) if one.id not in done), None)


async def _mark(turn: Turn, lesson: Lesson, *, card: int = 0, right: int | None = None) -> Known:
    return await progress.mark(
        turn.session, turn.conversation, lesson.id, cards=len(lesson.cards), questions=QUESTIONS, now=turn.now,
        card=card, right=right,
    )  # fmt: skip


def _list_button(turn: Turn) -> Button:
    return Button(turn.library.texts.lessons.list_button, payload(NAME, "l"))
