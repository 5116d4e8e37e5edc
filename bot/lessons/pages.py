"""The list of lessons, with what is done; and how a lesson's button is named and what it carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.messages import Button, Reply
from bot.service import Turn, payload
from bot.team.places import full_name
from content.lessons import Lesson
from db.lessons import counted, progress, reminders
from db.lessons.progress import Known
from db.outreach import hamlets

NAME = "bh"
CERTIFICATE = "gcn"
"""The service of bot/lessons/certificate.py."""
A_PAGE = 6
"""Lessons at once: each has a row of its own, and elderly people read large letters."""

Rows = tuple[tuple[Button, ...], ...]


async def lesson_list(turn: Turn, page: int | None = None, head: str = "") -> Reply:
    """A page of all lessons; without a number the one with the first lesson that is not finished."""
    texts, lessons = turn.library.texts.lessons, list(turn.library.lessons.values())
    if not lessons:
        return Reply(texts.no_lessons)
    known = await progress.of_person(turn.session, turn.conversation)
    pages = -(-len(lessons) // A_PAGE)
    unfinished = next((i for i, one in enumerate(lessons) if not known.get(one.id, Known()).is_finished), 0)
    shown = page if page is not None and page < pages else unfinished // A_PAGE
    rows = list(lesson_rows(turn, lessons[shown * A_PAGE : (shown + 1) * A_PAGE], known))
    turning = []
    if shown > 0:
        turning.append(Button(texts.page_before, payload(NAME, "l", shown - 1)))
    if shown + 1 < pages:
        turning.append(Button(texts.page_next, payload(NAME, "l", shown + 1)))
    if turning:
        rows.append(tuple(turning))
    has_finished = await progress.finished_at(turn.session, turn.conversation) is not None
    state = (
        texts.list_all_done if has_finished
        else turn.say(texts.list_begun, **count_done(turn, known)) if known else ""
    )  # fmt: skip
    lines, more = await _own_business(turn, has_finished=has_finished, has_begun=bool(known))
    return Reply("\n\n".join(filter(None, (head, texts.list_title, state, *lines))), (*rows, *more))


async def group_list(turn: Turn, group: str) -> Reply:
    """The lessons of one subject; all lessons when there are none."""
    texts = turn.library.texts.lessons
    found = [one for one in turn.library.lessons.values() if one.group.value == group]
    if not found:
        return await lesson_list(turn)
    known = await progress.of_person(turn.session, turn.conversation)
    whole = (Button(texts.list_button, payload(NAME, "l")),)
    title = turn.say(texts.group_title, group=found[0].group.shown)
    return Reply(title, (*lesson_rows(turn, found, known), whole))


def lesson_rows(turn: Turn, lessons: Sequence[Lesson], known: Mapping[str, Known]) -> Rows:
    """A button for each lesson that opens it, with its place in the course and whether it is done."""
    texts, numbers = turn.library.texts.lessons, {one: n for n, one in enumerate(turn.library.lessons, start=1)}
    rows = []
    for one in lessons:
        its = known.get(one.id, Known())
        mark = texts.mark_done if its.is_finished else texts.mark_begun if its.card else texts.mark_new
        label = turn.say(texts.lesson_button, mark=mark, number=numbers[one.id], title=one.title)
        rows.append((Button(label, payload(NAME, "o", one.id)),))
    return tuple(rows)


def count_done(turn: Turn, known: Mapping[str, Known]) -> dict[str, int]:
    """How many of today's lessons are finished, of how many; as texts name it."""
    done = sum(known[one].is_finished for one in turn.library.lessons if one in known)
    return {"done": done, "total": len(turn.library.lessons)}


async def _own_business(turn: Turn, *, has_finished: bool, has_begun: bool) -> tuple[list[str], list[tuple[Button]]]:
    """What stands under the lessons: reminder, certificate, and being counted."""
    texts, certificate = turn.library.texts.lessons, turn.library.texts.certificate
    if not has_finished:
        if await reminders.is_wanted(turn.session, turn.conversation):
            return [], [(Button(texts.remind_off_button, payload(NAME, "r", "n")),)]
        if has_begun and reminders.can_remind(turn.conversation):
            return [], [(Button(texts.remind_button, payload(NAME, "r", "y")),)]
        return [], []
    mine = [(Button(certificate.button, payload(CERTIFICATE)),)]
    counted_in = await counted.hamlet_of(turn.session, turn.conversation)
    if counted_in is None:
        return [], [*mine, (Button(certificate.count_button, payload(CERTIFICATE, "k")),)]
    place = await hamlets.by_id(turn.session, turn.commune.slug, counted_in)
    told = [turn.say(texts.counted_here, hamlet=full_name(turn, place))] if place else []
    return told, [*mine, (Button(certificate.withdraw_button, payload(CERTIFICATE, "w")),)]
