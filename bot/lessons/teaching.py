"""A member gives a lesson: whom it is for, the cards to read aloud, the questions for all, and what is logged of it.

A class logs nothing here: it becomes one session when it is closed, whatever was taught in it. With a household it is a
house visit, one a day and member, however many lessons; what people can do now counts only when the member says so.
"""

from __future__ import annotations

from bot.lessons.audience import Audience, of_class, of_household, read_audience
from bot.lessons.pages import lesson_list
from bot.lessons.taught import MOST_PEOPLE, ask_people, ask_skilled, save
from bot.messages import Button, Reply
from bot.service import Form, Result, Service, Turn, payload
from bot.team.class_card import LESSONS as TEACHING
from bot.team.class_card import LONGEST_LABEL
from bot.team.class_card import NAME as CLASSES
from bot.team.ids import read_id
from bot.team.log_form_households import Look, shown
from bot.team.places import full_name, own_hamlets
from content.lessons import QUESTIONS, Lesson
from db.outreach import classes, hamlets
from db.outreach.models import Hamlet, Role

LETTERS = "ABCD"
A_ROW = 2
LESSONS_AT_ONCE = 6

Rows = tuple[tuple[Button, ...], ...]


async def press(turn: Turn, words: str) -> Result:
    """ "l:zalo" asks whom, "p:zalo:3:1" a page of hamlet 3's households, "b:k5:0" which lesson; then, for "zalo:h12",
    "s:..:2" a card, "q:..:1" a question, "x:..:1" its answer, "e:.." the end, "n:..:4" people, "w:..:4:2" logs.
    """
    action, _, rest = words.partition(":")
    texts, parts = turn.library.texts.teach, rest.split(":")
    if action == "b":
        who = await read_audience(turn, parts[0])
        page = read_id(parts[1]) if len(parts) > 1 else 0
        return Result((_ask_lesson(turn, who, page or 0) if who else Reply(texts.class_gone),), {})
    lesson = turn.library.lessons.get(parts[0])
    numbers = [read_id(one) for one in parts[2:]]
    if lesson is None:
        return Result((await lesson_list(turn, head=turn.library.texts.lessons.gone),), {})
    if action == "l":
        return await _ask_whom(turn, lesson)
    if action == "p":
        return await _ask_household(turn, lesson, parts[1] if len(parts) > 1 else "", numbers[0] if numbers else 0)
    who = await read_audience(turn, parts[1]) if len(parts) > 1 else None
    if who is None:
        return Result((Reply(texts.class_gone if rest.partition(":")[2].startswith("k") else texts.gone),), {})
    return await _of_lesson(turn, lesson, who, action, numbers)


async def say(turn: Turn, text: str) -> Result | None:
    """The name of a household, or how many people there were."""
    lesson = turn.library.lessons.get(str(turn.form.get("lesson", "")))
    if lesson is None or turn.is_question:
        return None
    if "hamlet" in turn.form:
        return await _find_household(turn, lesson, str(turn.form["hamlet"]), " ".join(text.split()))
    who = await read_audience(turn, str(turn.form.get("who", "")))
    number = read_id(text.strip().removesuffix("người").strip())
    if who is None or number is None:
        return None
    return await _counted(turn, lesson, who, [turn.form["people"], number] if "people" in turn.form else [number])


async def _of_lesson(turn: Turn, lesson: Lesson, who: Audience, action: str, numbers: list[int | None]) -> Result:
    number = numbers[0] if numbers and numbers[0] else 0
    if action == "s":
        return Result((_card(turn, lesson, who, min(max(number, 1), len(lesson.cards))),), {})
    if action == "q" and 1 <= number <= QUESTIONS:
        return Result((_question(turn, lesson, who, number),))
    if action == "x" and 1 <= number <= QUESTIONS:
        return Result((_answer(turn, lesson, who, number),))
    if action in {"n", "w"}:
        return await _counted(turn, lesson, who, numbers)
    return _end(turn, lesson, who)


async def _ask_whom(turn: Turn, lesson: Lesson) -> Result:
    """Classes that may still be closed, then hamlets; where there is one, its households at once."""
    texts, own = turn.library.texts.teach, await own_hamlets(turn)
    open_classes = await classes.coming(turn.session, turn.commune.slug, turn.now, hamlet_ids=[one.id for one in own])
    rows: list[tuple[Button, ...]] = [
        (Button(turn.say(texts.class_button, title=one.title)[:LONGEST_LABEL], _load("s", lesson, who.code, 1)),)
        for one in open_classes
        if (who := await of_class(turn, one))
    ]
    if len(own) == 1:
        found = await _ask_household(turn, lesson, str(own[0].id), 0)
        [reply] = found.replies
        return Result((Reply(reply.text, (*rows, *reply.buttons)),), found.form)
    places = [Button(full_name(turn, one), _load("p", lesson, one.id)) for one in own]
    rows += [tuple(places[start : start + A_ROW]) for start in range(0, len(places), A_ROW)]
    return Result((Reply(turn.say(texts.ask_whom, title=lesson.title), tuple(rows)),), {})


async def _ask_household(turn: Turn, lesson: Lesson, hamlet: str, page: int | None) -> Result:
    texts, place = turn.library.texts.teach, await _own_hamlet(turn, hamlet)
    if place is None:
        return Result((Reply(texts.gone),), {})
    found = await shown(turn.session, turn.commune.slug, place.id, Look.RECENT, "", page or 0)
    rows = [await _household_row(turn, lesson, one.id) for one in found.homes]
    if found.next_page is not None:
        rows.append((Button(texts.other_households_button, _load("p", lesson, place.id, found.next_page)),))
    text = turn.say(texts.ask_household, title=lesson.title, hamlet=full_name(turn, place))
    return Result((Reply(text, tuple(filter(None, rows))),), _form(lesson, hamlet=place.id))


async def _find_household(turn: Turn, lesson: Lesson, hamlet: str, words: str) -> Result:
    texts, place = turn.library.texts.teach, await _own_hamlet(turn, hamlet)
    if place is None:
        return Result((Reply(texts.gone),), {})
    found = await shown(turn.session, turn.commune.slug, place.id, Look.FOUND, words[:LONGEST_LABEL], 0)
    if len(found.homes) == 1 and (who := await of_household(turn, found.homes[0])):
        return Result((_card(turn, lesson, who, 1),), {})
    if not found.homes:
        told = turn.say(texts.not_found, name=words[:LONGEST_LABEL].replace("*", ""), hamlet=full_name(turn, place))
        return Result((Reply(told),))
    rows = tuple([await _household_row(turn, lesson, one.id) for one in found.homes])
    text = turn.say(texts.ask_household, title=lesson.title, hamlet=full_name(turn, place))
    return Result((Reply(text, rows),))


async def _household_row(turn: Turn, lesson: Lesson, household_id: int) -> tuple[Button, ...]:
    who = await read_audience(turn, f"h{household_id}")
    name = who.home.name if who and who.home else ""
    return (Button(name[:LONGEST_LABEL], _load("s", lesson, f"h{household_id}", 1)),) if name else ()


def _ask_lesson(turn: Turn, who: Audience, page: int) -> Reply:
    """For a class: which lesson."""
    texts, lessons = turn.library.texts, list(turn.library.lessons.values())
    pages = max(1, -(-len(lessons) // LESSONS_AT_ONCE))
    at = page % pages
    part = lessons[at * LESSONS_AT_ONCE : (at + 1) * LESSONS_AT_ONCE]
    rows = [(Button(one.title, _load("s", one, who.code, 1)),) for one in part]
    if pages > 1:
        rows.append((Button(texts.lessons.page_next, payload(TEACHING, "b", who.code, (at + 1) % pages)),))
    return Reply(turn.say(texts.teach.choose_lesson, whom=who.name), tuple(rows))


def _card(turn: Turn, lesson: Lesson, who: Audience, number: int) -> Reply:
    texts, names, total = turn.library.texts.teach, turn.library.texts.lessons, len(lesson.cards)
    head = turn.say(texts.card, title=lesson.title, number=number, total=total)
    before = [Button(names.previous_button, _load("s", lesson, who.code, number - 1))] if number > 1 else []
    after = (
        Button(names.next_button, _load("s", lesson, who.code, number + 1)) if number < total
        else Button(names.quiz_button, _load("q", lesson, who.code, 1))
    )  # fmt: skip
    whom, note = turn.say(texts.head, whom=who.name), texts.read_aloud if number == 1 else ""
    text = turn.commune.fill(lesson.cards[number - 1])
    return Reply(f"{whom}\n{head}\n\n{text}", ((*before, after),), note=note)


def _question(turn: Turn, lesson: Lesson, who: Audience, number: int) -> Reply:
    """With the options in the text: the member reads them aloud, nobody presses them."""
    texts, asked = turn.library.texts.teach, lesson.questions[number - 1]
    text = turn.say(texts.question, number=number, total=QUESTIONS, question=turn.commune.fill(asked.text))
    options = [
        turn.say(texts.option, letter=letter, option=option)
        for letter, option in zip(LETTERS, asked.options, strict=False)
    ]
    button = Button(texts.answer_button, _load("x", lesson, who.code, number))
    return Reply("\n".join([text, *options]), ((button,),))


def _answer(turn: Turn, lesson: Lesson, who: Audience, number: int) -> Reply:
    texts, names, asked = turn.library.texts.teach, turn.library.texts.lessons, lesson.questions[number - 1]
    text = turn.say(
        texts.answer, letter=LETTERS[asked.right - 1], option=asked.right_option,
        explanation=turn.commune.fill(asked.when_right),
    )  # fmt: skip
    onward = (
        Button(names.next_question_button, _load("q", lesson, who.code, number + 1)) if number < QUESTIONS
        else Button(names.finish_button, _load("e", lesson, who.code))
    )  # fmt: skip
    return Reply(text, ((onward,),))


def _end(turn: Turn, lesson: Lesson, who: Audience) -> Result:
    texts = turn.library.texts.teach
    if who.planned:
        text = turn.say(texts.done_class, whom=who.name, title=lesson.title)
        close = Button(texts.close_class_button, payload(CLASSES, "e", who.planned.id))
        another = Button(texts.another_button, payload(TEACHING, "b", who.code, 0))
        return Result((Reply(text, ((another, close),)),), {})
    done = turn.say(texts.done_household, whom=who.name, title=lesson.title)
    return Result((ask_people(turn, lesson, who, done),), _form(lesson, who=who.code))


async def _counted(turn: Turn, lesson: Lesson, who: Audience, numbers: list[int | None]) -> Result:
    """How many there were; of them, how many can do it now; and then it is logged."""
    if who.home is None:
        return _end(turn, lesson, who)
    people, skilled = numbers[0] if numbers else None, numbers[1] if len(numbers) > 1 else None
    if people is None or not 1 <= people <= MOST_PEOPLE:
        told = turn.say(turn.library.texts.teach.bad_number, most=MOST_PEOPLE)
        return Result((ask_people(turn, lesson, who, told),), _form(lesson, who=who.code))
    if skilled is None or skilled > people:
        form = _form(lesson, who=who.code, people=people)
        return Result((ask_skilled(turn, lesson, who, people),), form)
    return Result((await save(turn, lesson, who, people, skilled),), {})


async def _own_hamlet(turn: Turn, number: str) -> Hamlet | None:
    place = await hamlets.by_id(turn.session, turn.commune.slug, read_id(number) or 0)
    return place if place and turn.may_see(place) else None


def _form(lesson: Lesson, **values: str | int) -> Form:
    return {"lesson": lesson.id, **values}


def _load(action: str, lesson: Lesson, *parts: object) -> str:
    return payload(TEACHING, action, lesson.id, *parts)


SERVICE = Service(TEACHING, Role.MEMBER, press, say=say)
