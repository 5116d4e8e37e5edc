"""What is logged of a lesson that a household was given: how many people, how many can do it now, and the receipt."""

from __future__ import annotations

from dataclasses import replace

from bot.lessons.audience import Audience
from bot.messages import Button, Reply
from bot.service import Turn, payload
from bot.team.class_card import LESSONS as TEACHING
from bot.team.receipt import receipt, say_time
from content.lessons import Lesson
from db.outreach import sessions
from db.outreach.models import OutcomeCode, SessionKind, SupportSession
from db.outreach.sessions import Content

SOURCE = "lesson"
MOST_PEOPLE = 30
"""More people in a house are a class."""
BUTTONS = 8
A_ROW = 4
LONGEST_NOTE = 400


def ask_people(turn: Turn, lesson: Lesson, who: Audience, head: str) -> Reply:
    """How many learnt together."""
    choices = [Button(str(one), payload(TEACHING, "n", lesson.id, who.code, one)) for one in range(1, BUTTONS + 1)]
    return Reply(f"{head}\n\n{turn.library.texts.teach.ask_people}", _rows(choices))


def ask_skilled(turn: Turn, lesson: Lesson, who: Audience, people: int) -> Reply:
    """How many of them have the skills now; nobody is an answer, and stands first."""
    texts = turn.library.texts.teach
    counts = range(1, min(people, BUTTONS) + 1)
    nobody = Button(texts.nobody_button, payload(TEACHING, "w", lesson.id, who.code, people, 0))
    choices = [Button(str(one), payload(TEACHING, "w", lesson.id, who.code, people, one)) for one in counts]
    return Reply(turn.say(texts.ask_skilled, people=people), ((nobody,), *_rows(choices)))


async def save(turn: Turn, lesson: Lesson, who: Audience, people: int, skilled: int) -> Reply:
    """Logs the visit. A second lesson with that household on that day is added to it, for the same people sat there."""
    assert who.home is not None
    texts, origin = turn.library.texts, f"lesson:{who.home.id}:{turn.staff.id}:{turn.today.isoformat()}"
    before = [one for one in await sessions.of_origin(turn.session, turn.commune.slug, origin) if one.origin == origin]
    said = Content(SessionKind.HOUSE_VISIT, who.place.id, turn.today, people, household_id=who.home.id)
    logged = await sessions.log(
        turn.session, _added(turn, lesson, said, skilled, before[0] if before else None), commune=turn.commune.slug,
        origin=origin, source=SOURCE, member_id=turn.staff.id, actor=turn.actor, written_at=turn.incoming.sent_at,
        now=turn.now,
    )  # fmt: skip
    stored = logged.session
    others = await sessions.same_day(turn.session, sessions.content_of(stored), except_id=stored.id)
    remarks = [turn.say(texts.log.same_day, time=say_time(turn, one.logged_at)) for one in others[:1]]
    head = texts.log.already_voided if stored.voided_at else ""
    return receipt(turn, [stored], head=head, remarks=remarks)


def _added(turn: Turn, lesson: Lesson, said: Content, skilled: int, before: SupportSession | None) -> Content:
    """What the session says now. Told again of the same lesson alone it is put right; other counts only grow."""
    texts = turn.library.texts.teach
    start = texts.saved_note.partition("{")[0].strip()
    lines = before.note.splitlines() if before else []
    told = next((line for line in lines if line.startswith(start)), "")
    titles = [one.title for one in turn.library.lessons.values() if one is lesson or one.title in told]
    note = "\n".join(
        [*(line for line in lines if line is not told), turn.say(texts.saved_note, titles="; ".join(titles))]
    )
    now = replace(
        said, outcomes={OutcomeCode.BASIC_DIGITAL_SKILLS: skilled} if skilled else {}, note=note[:LONGEST_NOTE]
    )
    if before is None:
        return now
    stored = sessions.content_of(before)
    if titles == [lesson.title]:
        outcomes: dict[OutcomeCode, int] = {
            code: n for code, n in stored.outcomes.items() if code is not OutcomeCode.BASIC_DIGITAL_SKILLS
        }
        people = max([now.people, *outcomes.values()])
        return replace(stored, people=people, outcomes=outcomes | dict(now.outcomes), note=now.note)
    most = max(skilled, stored.outcomes.get(OutcomeCode.BASIC_DIGITAL_SKILLS, 0))
    outcomes = dict(stored.outcomes) | ({OutcomeCode.BASIC_DIGITAL_SKILLS: most} if most else {})
    return replace(stored, people=max(now.people, stored.people), outcomes=outcomes, note=now.note)


def _rows(choices: list[Button]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(choices[start : start + A_ROW]) for start in range(0, len(choices), A_ROW))
