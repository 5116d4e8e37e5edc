"""What a member does with sessions that are stored: take back, get back, correct, look into the trash.

Only own sessions, and those of classes in own hamlets, which any member there may close; the office any. A correction
is a text with what is different ("4 người"), or a whole sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.messages import Button, Reply
from bot.service import Result, Service, Turn, payload
from bot.team.draft import Draft, corrected
from bot.team.draft_places import alike, placed, with_household
from bot.team.places import by_full_name, known_places
from bot.team.quick_log import read_visits
from bot.team.receipt import OWN_SESSIONS, describe, receipt, say_time
from bot.team.session_history import history
from db.outreach import households, sessions
from db.outreach.models import Household, Role, SupportSession
from db.outreach.sessions import ImpossibleError, content_of

BY_MEMBER = "người ghi hoàn tác"
MOST_IN_TRASH = 8


async def press(turn: Turn, words: str) -> Result | None:
    """Buttons "<action>:<session>": e (correct), u (undo), r (restore), h (history), k (which household was meant).

    "x" is no correction after all; alone: the trash.
    """
    action, _, rest = words.partition(":")
    number, _, answer = rest.partition(":")
    if action == "x":
        return Result((Reply(turn.library.texts.log.edit_cancelled),), {})
    if action not in {"e", "u", "r", "h", "k"}:
        return await _trash(turn)
    stored = await _own(turn, number)
    if stored is None:
        return Result((Reply(turn.library.texts.log.gone),))
    match action:
        case "u":
            return await _undo(turn, stored)
        case "r":
            return await _restore(turn, stored)
        case "h":
            return Result((await history(turn, stored),))
        case "k":
            return await _chosen(turn, stored, answer)
    texts = turn.library.texts.log
    ways = (
        Button(texts.cancel_button, payload(OWN_SESSIONS, "x")),
        Button(texts.history_button, payload(OWN_SESSIONS, "h", stored.id)),
    )
    return Result((Reply(f"{texts.edit_ask}\n\n{describe(turn, stored)}", (ways,)),), {"session": stored.id})


async def say(turn: Turn, text: str) -> Result | None:
    """A correction, while one is being asked for. Several visits in one text are none: they are new ones."""
    texts = turn.library.texts.log
    stored = await _own(turn, str(turn.form.get("session", "")))
    if stored is None:
        return None
    places = await known_places(turn)
    if len(read_visits(text, turn.today, places)) > 1:
        return None
    draft = corrected(Draft.from_content(content_of(stored)), text, turn.today, places)
    if draft is None:
        if turn.is_question:
            return None
        cancel = ((Button(texts.cancel_button, payload(OWN_SESSIONS, "x")),),)
        return Result((Reply(texts.edit_not_understood, cancel),))
    if draft.hamlet and draft.hamlet_id is None:
        hamlet = await by_full_name(turn, draft.hamlet)
        if hamlet is None or not turn.may_see(hamlet):
            return Result((Reply(turn.say(texts.not_your_hamlet, hamlet=draft.hamlet)),))
        draft = replace(draft, hamlet_id=hamlet.id)
        if draft.household is None and stored.household is not None:  # of the same name over there
            draft = replace(draft, household=stored.household.name, household_id=None, no_household=False)
    return await _corrected(turn, stored, draft)


async def _chosen(turn: Turn, stored: SupportSession, answer: str) -> Result:
    """After the answer to which household was meant."""
    kept = turn.form.get("draft")
    if kept is None or turn.form.get("session") != stored.id:
        return Result((receipt(turn, [stored], head=turn.library.texts.log.unchanged),))
    draft = Draft.from_json(kept)
    if answer == "new":
        return await _corrected(turn, stored, replace(draft, is_new=True))
    if answer.isascii() and answer.isdigit() and len(answer) < 19:
        home = await households.by_id(turn.session, turn.commune.slug, int(answer))
        if home and home.hamlet_id == draft.hamlet_id:
            draft = replace(draft, household=None, household_id=home.id)
    return await _corrected(turn, stored, draft)


async def _corrected(turn: Turn, stored: SupportSession, draft: Draft) -> Result:
    """Stores a correction, unless it can't be, or its household may be one of those on record."""
    texts = turn.library.texts.log
    if draft.occurred_on > turn.today:
        return Result((Reply(texts.future),))
    before = content_of(stored)
    try:
        replace(draft, household_id=None).to_content(stored.class_id).check()
    except ImpossibleError as error:
        return Result((Reply(getattr(texts.impossible, error.reason)),))
    draft = await placed(turn, draft)
    if draft.household_id is None and not draft.is_new and (known := await alike(turn, draft)):
        form = {"session": stored.id, "draft": draft.to_json()}
        return Result((_which_household(turn, stored, draft, known),), form)
    content = (await with_household(turn, draft)).to_content(stored.class_id)
    changed = await sessions.edit(
        turn.session, stored, content, actor=turn.actor, written_at=turn.incoming.sent_at, now=turn.now
    )
    if stored.voided_at:
        head = texts.already_voided
    else:
        head = texts.changed if changed else texts.unchanged if content == before else texts.edit_older
    others = await sessions.same_day(turn.session, content_of(stored), except_id=stored.id) if changed else []
    remarks = [turn.say(texts.same_day, time=say_time(turn, others[0].logged_at))] if others else []
    return Result((receipt(turn, [stored], head=head, remarks=remarks),), {})


def _which_household(turn: Turn, stored: SupportSession, draft: Draft, known: Sequence[Household]) -> Reply:
    texts = turn.library.texts.log
    choices = [(str(one.id), turn.say(texts.same_household_button, name=one.name)) for one in known]
    choices.append(("new", texts.new_household_button))
    rows = [(Button(label, payload(OWN_SESSIONS, "k", stored.id, answer)),) for answer, label in choices]
    rows.append((Button(texts.cancel_button, payload(OWN_SESSIONS, "x")),))
    return Reply(turn.say(texts.ask_household, name=draft.household), tuple(rows))


async def _own(turn: Turn, number: str) -> SupportSession | None:
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    stored = await sessions.by_id(turn.session, turn.commune.slug, int(number))
    if stored is None:
        return None
    is_own = stored.member_id == turn.staff.id or turn.may(Role.OFFICE)
    return stored if is_own or (stored.class_id and turn.may_see(stored.hamlet)) else None


async def _undo(turn: Turn, stored: SupportSession) -> Result:
    texts = turn.library.texts.log
    changed = await sessions.void(
        turn.session, stored, reason=BY_MEMBER, actor=turn.actor, written_at=turn.incoming.sent_at, now=turn.now
    )
    if stored.voided_at is None:  # it was got back by something written later
        return Result((receipt(turn, [stored], head=texts.restored),))
    return Result((receipt(turn, [stored], head=texts.voided if changed else texts.already_voided),))


async def _restore(turn: Turn, stored: SupportSession) -> Result:
    await sessions.restore(turn.session, stored, actor=turn.actor, written_at=turn.incoming.sent_at, now=turn.now)
    texts = turn.library.texts.log
    # It may have been voided by something written later.
    return Result((receipt(turn, [stored], head=texts.already_voided if stored.voided_at else texts.restored),))


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


SERVICE = Service(OWN_SESSIONS, Role.MEMBER, press, say=say, commands=("/thungrac",))
