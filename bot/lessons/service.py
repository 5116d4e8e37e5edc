"""/baihoc: the pocket lessons for everybody, by buttons and in words."""

from __future__ import annotations

from bot.lessons import reading
from bot.lessons.pages import NAME, group_list, lesson_list
from bot.lessons.words import subject_of, wants_list
from bot.messages import Button, Reply
from bot.service import Result, Service, Turn, payload
from bot.team.ids import read_id
from content.lessons import QUESTIONS, Lesson
from db.lessons import reminders


async def press(turn: Turn, words: str) -> Result:
    """Alone or "l:1" the list, "g:vneid" a subject's; of a lesson "o:zalo" opens, "c:zalo:2" a card, "q:zalo:1" a
    question, "a:zalo:1:3" an answer, "e:zalo" its end; "r:y" and "r:n" the reminder.
    """
    action, _, rest = words.partition(":")
    match action:
        case "l":
            return Result((await lesson_list(turn, read_id(rest)),))
        case "g":
            return Result((await group_list(turn, rest),))
        case "r":
            return await _remind(turn, wanted=rest == "y")
        case "o" | "c" | "q" | "a" | "e":
            name, *numbers = rest.split(":")
            lesson = turn.library.lessons.get(name)
            return Result(await _of_lesson(turn, lesson, action, [read_id(one) or 0 for one in numbers]))
        case _:
            return await _list_or_subject(turn, words)


async def hear(turn: Turn, text: str) -> Result | None:
    """Somebody wants to learn."""
    if not turn.library.lessons:
        return None
    if wants_list(text):
        return Result((await lesson_list(turn),))
    subject = subject_of(text, turn.library.texts.lessons.subjects)
    return Result((await group_list(turn, subject),)) if subject else None


async def _of_lesson(turn: Turn, lesson: Lesson | None, action: str, numbers: list[int]) -> tuple[Reply, ...]:
    number = numbers[0] if numbers else 0
    if lesson and action == "o":
        return (await reading.opened(turn, lesson),)
    if lesson and action == "c" and 1 <= number <= len(lesson.cards):
        return (await reading.card(turn, lesson, number),)
    if lesson and action == "e":
        return (await reading.finished(turn, lesson),)
    if lesson and 1 <= number <= QUESTIONS and action == "q":
        return (reading.question(turn, lesson, number),)
    if lesson and 1 <= number <= QUESTIONS and action == "a" and len(numbers) > 1:
        if 1 <= numbers[1] <= len(lesson.questions[number - 1].options):
            return await reading.answer(turn, lesson, number, numbers[1])
        return (reading.question(turn, lesson, number),)  # the lesson was rewritten since
    return (await lesson_list(turn, head=turn.library.texts.lessons.gone),)


async def _list_or_subject(turn: Turn, words: str) -> Result:
    """The command alone, or with a subject: "/baihoc vneid"."""
    subject = subject_of(f"hoc {words}", turn.library.texts.lessons.subjects) if words.strip() else None
    return Result((await group_list(turn, subject) if subject else await lesson_list(turn),))


async def _remind(turn: Turn, *, wanted: bool) -> Result:
    texts = turn.library.texts.lessons
    if not wanted:
        await reminders.stop(turn.session, turn.conversation)
        return Result((Reply(texts.remind_off),))
    if not reminders.can_remind(turn.conversation):
        return Result((Reply(texts.remind_group),))
    await reminders.want(turn.session, turn.conversation, turn.now)
    off = Button(texts.remind_off_button, payload(NAME, "r", "n"))
    return Result((Reply(texts.remind_on, ((off,),)),))


SERVICE = Service(NAME, None, press, hear=hear, commands=("/baihoc",))
