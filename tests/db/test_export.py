"""What a commune takes away holds everything that was recorded, and nobody's name unless asked for."""

from __future__ import annotations

from datetime import timedelta

from db import export
from db.engine import Database
from db.export import Table
from db.outreach import classes, sessions
from db.outreach.models import ClassAttendance, HelpRequest, OutcomeCode, SessionKind
from db.reach import posters
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.outreach import visit
from tests.support.rows import COMMUNE, open_conversation

SECRETS = (
    "Hoàng Văn Năm",
    "12",
    "nhờ con gái bà Tư",
    "Lớp nhà bà Sáu",
    "sân nhà bà Sáu",
    "gọi cho cháu",
    "cổng nhà ông Bảy",
)
"""A household's name and number, a note, a class's title and place, a citizen's words, a poster's place."""


async def taken_away(database: Database, *, with_names: bool = False) -> dict[str, Table]:
    """The tables by name."""
    async with database.transaction() as session:
        return {table.name: table for table in await export.tables(session, COMMUNE, with_names=with_names)}


async def fill(database: Database) -> None:
    """A visit, one that was voided, a class and a request, in one hamlet; another commune beside it."""
    async with database.transaction() as session:
        place = await outreach.hamlet(session)
        home = await outreach.household(session, SECRETS[0], place=place, number=SECRETS[1])
        an = await outreach.member(session, "ba-an", place)
        done = {OutcomeCode.VNEID_LEVEL2: 1}
        await outreach.log(session, visit(place, home, people=2, note=SECRETS[2], outcomes=done), "a", by=an)
        voided = await outreach.log(session, visit(place, home, occurred_on=outreach.TODAY - timedelta(1)), "b")
        await sessions.void(session, voided.session, reason="x", actor="member:1", written_at=NOON, now=NOON)
        held = await classes.create(
            session, commune=COMMUNE, hamlet_id=place.id, title=SECRETS[3], place=SECRETS[4], starts_at=NOON,
            created_by_id=an.id, actor="member:1", now=NOON,
        )  # fmt: skip
        session.add(ClassAttendance(commune=COMMUNE, class_id=held.id, person="x", checked_in_at=NOON))
        await outreach.log(session, visit(place, kind=SessionKind.CLASS, class_id=held.id, people=5), "c", by=an)
        asked = {"commune": COMMUNE, "kind": "human", "hamlet_id": place.id, "text": SECRETS[5], "created_at": NOON}
        session.add_all(HelpRequest(state="done", helped=helped, **asked) for helped in (True, True, False, None))
        hung = await posters.find_or_make(
            session, COMMUNE, hamlet_id=place.id, topic="vneid.what", place=SECRETS[6], actor="member:1", now=NOON
        )
        await posters.scan(session, hung.poster, await open_conversation(session, "ong"), NOON)
        await outreach.hamlet(session, "Ahu", commune="tay-giang")


async def test_tables_fit_together_by_pseudonyms(database: Database) -> None:
    await fill(database)
    tables = await taken_away(database)
    assert tables["hamlets"].rows == [("Khuổi Mèo", None)]
    [home] = tables["households"].rows
    voided, seen, lesson = [dict(zip(tables["sessions"].columns, row, strict=True)) for row in tables["sessions"].rows]
    assert voided["voided_at"] == NOON
    assert seen["household"] == voided["household"] == home[0]
    assert (seen["people"], seen["hamlet"], seen["kind"]) == (2, "Khuổi Mèo", "house_visit")
    assert tables["outcomes"].rows == [(seen["session"], "vneid_level2", 1)]
    [held] = [dict(zip(tables["classes"].columns, row, strict=True)) for row in tables["classes"].rows]
    assert (held["class"], held["checked_in"]) == (lesson["class"], 1)
    assert [row[0] for row in tables["members"].rows] == [lesson["member"]]
    assert tables["requests"].rows == [("Khuổi Mèo", "human", "done", 4, 2, 1)]
    [poster] = [dict(zip(tables["posters"].columns, row, strict=True)) for row in tables["posters"].rows]
    assert (poster["hamlet"], poster["topic"], poster["people"]) == ("Khuổi Mèo", "vneid.what", 1)
    assert tables == await taken_away(database), "pseudonyms are the same every time"


async def test_names_and_free_texts_come_only_when_asked_for(database: Database) -> None:
    await fill(database)
    told = [value for table in (await taken_away(database)).values() for row in table.rows for value in row]
    assert set(told).isdisjoint(SECRETS)
    with_names = await taken_away(database, with_names=True)
    told = [value for table in with_names.values() for row in table.rows for value in row]
    assert {*SECRETS[:5], SECRETS[6]} <= set(told)
    assert SECRETS[5] not in told, "what citizens wrote stays where it is"
