"""The sheet of visits in the chat: /mau hands out the template; a filled one is read, told about, saved on a press."""

from __future__ import annotations

import asyncio
import re

from bot.messages import MAX_FILE_BYTES, Button, Document, Reply
from bot.service import Result, Service, Turn, payload
from bot.team.places import own_hamlets
from bot.team.visit_sheet import report
from bot.team.visit_sheet.places import Places
from bot.team.visit_sheet.planning import Plan, make_plan
from bot.team.visit_sheet.reading import read_sheet
from bot.team.visit_sheet.rows import Row, row_from_json
from bot.team.visit_sheet.saving import Author, save, undo
from bot.team.visit_sheet.template import MEDIA_TYPE, make_template
from bot.team.visit_sheet.words import Words
from bot.team.visit_sheet.workbook import SheetError
from db import documents
from db.outreach import sheets
from db.outreach.models import Role
from db.outreach.sheets import WaitingSheet

NAME = "bang"
SUFFIXES = (".xlsx", ".xls", ".xlsm", ".ods", ".csv")
"""The sheets that people have: only the first is read, the others get a sentence that says so."""

ALL, RIGHT, DROP, UNDO = "all", "right", "drop", "undo"
_PRESS = re.compile(rf"({ALL}|{RIGHT}|{DROP}):(\d{{1,12}})|({UNDO}):([0-9a-f]{{16}})")


async def hand_out(turn: Turn, words: str) -> Result | None:
    """The template for one's own hamlets; and what the buttons under a sheet do."""
    if pressed := _PRESS.fullmatch(words):
        return await _undo(turn, pressed[4]) if pressed[3] else await _decide(turn, pressed[1], int(pressed[2]))
    says = turn.library.texts.visit_sheet
    own = await own_hamlets(turn)
    if not own:
        return Result((Reply(turn.say(says.no_hamlets)),))
    places = await Places.load(turn.session, turn.commune, own)
    names = [places.full_name(hamlet) for hamlet in own]
    content = await asyncio.to_thread(
        make_template, turn.commune, names, places.choices(), turn.library.texts, turn.today
    )  # fmt: skip
    name = says.template_name.format(commune=turn.commune.slug)
    file = documents.File(name, MEDIA_TYPE, content)
    key = await documents.keep(turn.session, turn.conversation, file, turn.now)
    return Result((Reply(turn.say(says.template_text), document=Document(name, key), takes_file=True),))


async def receive(turn: Turn, _words: str) -> Result:
    """A sheet that somebody sent: read, told about, kept until its sender decides. Saves nothing."""
    assert turn.file is not None, "the desk hands on files only"
    says, name = turn.library.texts.visit_sheet, turn.file.name
    words = Words(turn.commune, turn.library.texts)
    if turn.file.content is None:
        too_large = words.refusal(name, SheetError("too_large"))
        return _told(too_large if _is_too_large(turn) else words.say(says.not_arrived, name=name))
    try:
        rows = await asyncio.to_thread(
            read_sheet, turn.file.content, commune=turn.commune, texts=turn.library.texts, today=turn.today
        )
    except SheetError as error:
        return _told(words.refusal(name, error))
    return await _tell(turn, name, rows, words)


async def _tell(turn: Turn, name: str, rows: tuple[Row, ...], words: Words, *, head: str = "") -> Result:
    """The dry run, with what can be done about it."""
    says = turn.library.texts.visit_sheet
    plan = await _plan(turn, rows, words)
    text = "\n\n".join(part for part in (head, report.summary(plan, name, len(rows), words)) if part)
    if not plan.to_save:
        return _told("\n\n".join([text, says.mend_all if plan.problems else says.nothing_to_save]))
    number = await sheets.keep(turn.session, turn.conversation, name, [row.to_json() for row in rows], turn.now)
    how = RIGHT if plan.problems else ALL
    label = turn.say(says.save_right_button, count=len(plan.to_save)) if plan.problems else says.save_all_button
    buttons = (
        (Button(label, payload(NAME, how, number)), Button(says.drop_button, payload(NAME, DROP, number))),
    )  # fmt: skip
    text = "\n\n".join([text, says.mend]) if plan.problems else text
    return Result((Reply(text, buttons, takes_file=bool(plan.problems)),))


async def _decide(turn: Turn, how: str, number: int) -> Result:
    says = turn.library.texts.visit_sheet
    waiting = await sheets.waiting(turn.session, turn.conversation, number)
    if waiting is None:
        return _told(turn.say(says.gone))
    if how == DROP:
        await sheets.drop(turn.session, waiting)
        return _told(turn.say(says.dropped))
    words = Words(turn.commune, turn.library.texts)
    rows = tuple(row_from_json(row) for row in waiting.rows)
    plan = await _plan(turn, rows, words)
    name = waiting.name
    if how == ALL and plan.problems:  # somebody has added a household, left a hamlet, ... meanwhile
        return await _tell(turn, name, rows, words, head=says.not_all_right_any_more)
    return await _save(turn, waiting, plan, words)


async def _save(turn: Turn, waiting: WaitingSheet, plan: Plan, words: Words) -> Result:
    says = turn.library.texts.visit_sheet
    name = waiting.name
    await sheets.drop(turn.session, waiting)
    if not plan.to_save:
        return _told(turn.say(says.nothing_to_save))
    done = await save(
        turn.session, plan, commune=turn.commune.slug, author=_author(turn), written_at=turn.incoming.sent_at,
        now=turn.now,
    )  # fmt: skip
    undo_row = (Button(says.undo_button, payload(NAME, UNDO, done.batch)),)
    buttons = (undo_row,) if done.new else ()
    return Result((Reply(report.saved(done, name, plan.wrong_rows, words), buttons, takes_file=bool(plan.problems)),))


async def _undo(turn: Turn, batch: str) -> Result:
    says = turn.library.texts.visit_sheet
    rows = await sheets.of_batch(turn.session, turn.commune.slug, batch)
    own = all(
        row.session is None or (row.session.member_id == turn.staff.id and turn.may_see(row.session.hamlet))
        for row in rows
    )
    if not rows or not own:
        return _told(turn.say(says.nothing_to_undo))
    gone = await undo(
        turn.session, batch, commune=turn.commune.slug, author=_author(turn), reason=says.undo_button,
        written_at=turn.incoming.sent_at, now=turn.now,
    )  # fmt: skip
    return _told(turn.say(says.undone, count=len(gone)) if gone else turn.say(says.nothing_to_undo))


async def _plan(turn: Turn, rows: tuple[Row, ...], words: Words) -> Plan:
    return await make_plan(turn.session, rows, commune=turn.commune, own=await own_hamlets(turn), words=words)


def _is_too_large(turn: Turn) -> bool:
    return turn.file is not None and turn.file.size > MAX_FILE_BYTES


def _author(turn: Turn) -> Author:
    return Author(turn.actor, turn.staff.id)


def _told(text: str) -> Result:
    return Result((Reply(text),))


SERVICE = Service(NAME, Role.MEMBER, hand_out, receive=receive, commands=("/mau",), suffixes=SUFFIXES)
