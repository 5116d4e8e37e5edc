"""What a member does with sessions that are stored: take back, get back, correct, look into the trash.

Only own sessions; the office any. A correction is a text with what is different ("4 người"), or a whole sentence.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.citizen.decision import is_topic
from bot.messages import Button, Reply
from bot.service import SURE, Result, Service, Turn, payload
from bot.team.draft import Draft, corrected
from bot.team.places import by_full_name, full_name, known_places
from bot.team.receipt import OWN_SESSIONS, describe, receipt
from db.outreach import households, sessions
from db.outreach.models import Hamlet, Role, SupportSession
from db.outreach.sessions import ImpossibleError, content_of

BY_MEMBER = "người ghi hoàn tác"
MOST_IN_TRASH = 8


async def press(turn: Turn, words: str) -> Result | None:
    """Buttons "e:12" (correct), "u:12" (undo), "r:12" (restore), "x" (no correction after all); alone: the trash."""
    action, _, number = words.partition(":")
    if action == "x":
        return Result((Reply(turn.library.texts.log.edit_cancelled),), {})
    if action not in {"e", "u", "r"}:
        return await _trash(turn)
    stored = await _own(turn, number)
    if stored is None:
        return Result((Reply(turn.library.texts.log.gone),))
    if action == "u":
        return await _undo(turn, stored)
    if action == "r":
        return await _restore(turn, stored)
    texts = turn.library.texts.log
    cancel = ((Button(texts.cancel_button, payload(OWN_SESSIONS, "x")),),)
    return Result((Reply(f"{texts.edit_ask}\n\n{describe(turn, stored)}", cancel),), {"session": stored.id})


async def say(turn: Turn, text: str) -> Result | None:
    """A correction, while one is being asked for."""
    texts = turn.library.texts.log
    stored = await _own(turn, str(turn.form.get("session", "")))
    if stored is None:
        return None
    places = await known_places(turn)
    draft = corrected(Draft.from_content(content_of(stored)), text, turn.today, places)
    if draft is None:
        if _is_a_question(turn):
            return None
        cancel = ((Button(texts.cancel_button, payload(OWN_SESSIONS, "x")),),)
        return Result((Reply(texts.edit_not_understood, cancel),))
    if draft.hamlet and draft.hamlet_id is None:
        hamlet = await by_full_name(turn, draft.hamlet)
        if hamlet is None or not turn.may_see(hamlet):
            return Result((Reply(turn.say(texts.not_your_hamlet, hamlet=draft.hamlet)),))
        draft = await _in_hamlet(turn, draft, hamlet)
    elif draft.household and draft.household_id is None:
        draft = await _in_hamlet(turn, draft, stored.hamlet)
    if draft.occurred_on > turn.today:
        return Result((Reply(texts.future),))
    try:
        changed = await sessions.edit(
            turn.session, stored, draft.to_content(stored.class_id), actor=turn.actor,
            written_at=turn.incoming.sent_at, now=turn.now,
        )  # fmt: skip
    except ImpossibleError as error:
        return Result((Reply(getattr(texts.impossible, error.reason)),))
    return Result((receipt(turn, [stored], head=texts.changed if changed else texts.edit_older),), {})


async def _own(turn: Turn, number: str) -> SupportSession | None:
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    stored = await sessions.by_id(turn.session, turn.commune.slug, int(number))
    if stored is None or (stored.member_id != turn.staff.id and not turn.may(Role.OFFICE)):
        return None
    return stored


async def _undo(turn: Turn, stored: SupportSession) -> Result:
    texts = turn.library.texts.log
    changed = await sessions.void(
        turn.session, stored, reason=BY_MEMBER, actor=turn.actor, written_at=turn.incoming.sent_at, now=turn.now
    )
    head = texts.voided if changed else texts.already_voided
    if stored.voided_at is None:  # it was got back by something written later
        return Result((receipt(turn, [stored], head=texts.restored),))
    button = Button(texts.restore_button, payload(OWN_SESSIONS, "r", stored.id))
    return Result((Reply(f"{head}\n{describe(turn, stored)}", ((button,),)),))


async def _restore(turn: Turn, stored: SupportSession) -> Result:
    await sessions.restore(turn.session, stored, actor=turn.actor, written_at=turn.incoming.sent_at, now=turn.now)
    texts = turn.library.texts.log
    if stored.voided_at is not None:  # it was voided by something written later
        return Result((Reply(f"{texts.already_voided}\n{describe(turn, stored)}"),))
    return Result((receipt(turn, [stored], head=texts.restored),))


async def _trash(turn: Turn) -> Result:
    texts = turn.library.texts.log
    since = turn.now - timedelta(days=sessions.TRASH_DAYS)
    thrown = await sessions.voided_by_member(turn.session, turn.staff.id, since, MOST_IN_TRASH)
    if not thrown:
        return Result((Reply(texts.trash_empty),))
    parts = [f"**{number}.** {describe(turn, one)}" for number, one in enumerate(thrown, start=1)]
    rows = tuple(
        (Button(turn.say(texts.trash_restore_button, number=number), payload(OWN_SESSIONS, "r", one.id)),)
        for number, one in enumerate(thrown, start=1)
    )
    return Result((Reply("\n\n".join([texts.trash_title, *parts]), rows),))


async def _in_hamlet(turn: Turn, draft: Draft, hamlet: Hamlet) -> Draft:
    """With the hamlet, and the household of that name there; a household that is not known there becomes none."""
    home = draft.household_id
    if draft.household and home is None:
        found = await households.search(turn.session, hamlet.id, draft.household, 2)
        home = found[0].id if len(found) == 1 else None
    elif home is not None:
        kept = await households.by_id(turn.session, turn.commune.slug, home)
        home = kept.id if kept and kept.hamlet_id == hamlet.id else None
    return replace(draft, hamlet_id=hamlet.id, household_id=home, hamlet=full_name(turn, hamlet))


def _is_a_question(turn: Turn) -> bool:
    best = turn.understanding.ranking[0] if turn.understanding and turn.understanding.ranking else None
    return best is not None and best.confidence >= SURE and is_topic(best.intent)


SERVICE = Service(OWN_SESSIONS, Role.MEMBER, press, say=say, commands=("/thungrac",))
