"""Logging a visit with buttons (/ghi): where, which household, whom, what was achieved, a look at it, saved.

At most eight taps for the usual visit: "all of them" is one tap for an outcome, and what has one choice is not asked.
The form is part of the conversation's state, so it goes on after a restart. It is stored under the message that opened
it: a second press on "Lưu" stores nothing twice.
"""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Button, Reply
from bot.service import Result, Service, Turn, payload
from bot.team import log_form_steps as steps
from bot.team.draft import GROUPS, LONGEST_NOTE, Draft, corrected
from bot.team.ids import read_id
from bot.team.log_form_steps import NAME, SURVEY, Opened, Step
from bot.team.places import by_full_name, full_name, known_places, own_hamlets
from bot.team.receipt import receipt
from db.links import Sort
from db.outreach import hamlets, households, sessions
from db.outreach.models import Household, Role
from db.outreach.sessions import ImpossibleError

LONGEST_NAME = 60


async def press(turn: Turn, words: str) -> Result | None:
    """The command opens a form; a button answers the open one: "<which form>:<answer>"."""
    texts = turn.library.texts.log_form
    if not words:
        return await _begin(turn, None)
    if words.startswith("new:"):  # from a task: a visit to that household
        return await open_household(turn, words.removeprefix("new:"))
    token, _, answer = words.partition(":")
    opened = Opened.from_form(turn.form) if turn.form.get("draft") else None
    if opened is None or opened.token != token:
        return await _of_another_time(turn, token)
    if answer == "x":
        return Result((Reply(texts.cancelled),), {})
    if answer == "back":
        return await _show(turn, opened.at(await _before(turn, opened)))
    if answer == "save":
        return await _save(turn, opened)
    return await _show(turn, await _answered(turn, opened, answer))


async def say(turn: Turn, text: str) -> Result | None:
    """A typed answer: a household to look for, a number, a note, or a correction at the end."""
    if not turn.form.get("draft"):
        return None
    opened = Opened.from_form(turn.form)
    texts = turn.library.texts.log_form
    words = " ".join(text.split())
    if opened.step is Step.HOUSEHOLD:
        looked_for = replace(opened, words=words[:LONGEST_NAME], asks_name=False)
        hamlet_id = opened.draft.hamlet_id
        if opened.asks_name and hamlet_id and not await households.alike(turn.session, hamlet_id, words):
            return await _show(turn, await _answered(turn, looked_for, "new"))
        return await _show(turn, looked_for)
    if opened.step is Step.PEOPLE:
        if not (words.isdecimal() and 1 <= len(words) <= 3 and int(words) > 0):
            return Result((Reply(texts.bad_number),))
        return await _show(turn, opened.with_draft(opened.draft.with_figures(int(words))).at(Step.GROUPS))
    if opened.step is Step.NOTE:
        return await _show(turn, opened.with_draft(replace(opened.draft, note=words[:LONGEST_NOTE])).at(Step.SUMMARY))
    changed = corrected(opened.draft, text, turn.today, await known_places(turn))
    if changed is None:
        return Result((Reply(texts.not_understood),))
    if changed.occurred_on > turn.today:
        return Result((Reply(turn.library.texts.log.future),))
    if changed.hamlet_id is None and changed.hamlet:
        hamlet = await by_full_name(turn, changed.hamlet)
        if hamlet is None or not turn.may_see(hamlet):
            return Result((Reply(turn.say(turn.library.texts.log.not_your_hamlet, hamlet=changed.hamlet)),))
        changed = replace(changed, hamlet_id=hamlet.id)
    return await _show(turn, opened.with_draft(changed))


async def open_household(turn: Turn, value: str) -> Result | None:
    """A form for the household of a printed QR code, or of a task."""
    home = await households.by_id(turn.session, turn.commune.slug, read_id(value) or 0)
    hamlet = await hamlets.by_id(turn.session, turn.commune.slug, home.hamlet_id) if home else None
    if home is None or hamlet is None or not turn.may_see(hamlet):
        return Result((Reply(turn.library.texts.log_form.gone_household),))
    return await _begin(turn, home)


async def _begin(turn: Turn, home: Household | None) -> Result:
    draft = Draft(turn.today, message=f"form:{turn.origin}", written_at=turn.incoming.sent_at.isoformat())
    own = await own_hamlets(turn)
    if not own:
        return Result((Reply(turn.library.texts.log_text.no_own_hamlet),))
    if home is not None:
        place = next(one for one in own if one.id == home.hamlet_id)
        draft = replace(draft, hamlet=full_name(turn, place), hamlet_id=place.id, household_id=home.id)
        opened = Opened(draft, Step.PEOPLE)
        asked = await steps.question(turn, opened)
        named = (
            f"**{home.name}** ({full_name(turn, place)})\n{asked.text}"  # nobody has chosen it: it is said whose it is
        )
        return Result((asked.with_text(named),), opened.to_form())
    if len(own) == 1:
        draft = replace(draft, hamlet=full_name(turn, own[0]), hamlet_id=own[0].id)
        return await _show(turn, Opened(draft, Step.HOUSEHOLD))
    return await _show(turn, Opened(draft, Step.HAMLET))


async def _before(turn: Turn, opened: Opened) -> Step:
    """The step before; the first one stays."""
    first = Step.HAMLET if len(await own_hamlets(turn)) > 1 else Step.HOUSEHOLD
    order: list[Step] = [step for step in Step if step is not Step.NOTE]
    if opened.step is Step.NOTE:
        return Step.SUMMARY
    place = max(order.index(first), order.index(opened.step) - 1)
    return order[place]


async def _answered(turn: Turn, opened: Opened, answer: str) -> Opened:
    """After a pressed answer; one that means nothing at this step changes nothing."""
    draft, sort, number = opened.draft, answer[:1], answer[1:]
    known = read_id(number)
    match opened.step, answer:
        case Step.HAMLET, _ if sort == "m" and known is not None:
            hamlet = await hamlets.by_id(turn.session, turn.commune.slug, known)
            if hamlet and turn.may_see(hamlet):
                draft = replace(draft, hamlet=full_name(turn, hamlet), hamlet_id=hamlet.id, household_id=None)
                return opened.with_draft(draft).at(Step.HOUSEHOLD)
        case Step.HOUSEHOLD, "none":
            draft = replace(draft, household_id=None, household=None, no_household=True)
            return opened.with_draft(draft).at(Step.PEOPLE)
        case Step.HOUSEHOLD, "new":
            if not opened.words:
                return replace(opened, asks_name=True)
            draft = replace(draft, household_id=None, household=opened.words, is_new=True, no_household=False)
            return opened.with_draft(draft).at(Step.PEOPLE)
        case Step.HOUSEHOLD, _ if sort == "h" and known is not None:
            home = await households.by_id(turn.session, turn.commune.slug, known)
            if home and home.hamlet_id == draft.hamlet_id:
                draft = replace(draft, household_id=home.id, household=None, no_household=False)
                return opened.with_draft(draft).at(Step.PEOPLE)
        case Step.PEOPLE, _ if sort == "p" and known and known <= sessions.MOST_PEOPLE:
            return opened.with_draft(draft.with_figures(known)).at(Step.GROUPS)
        case Step.GROUPS, "next":
            return opened.at(Step.OUTCOMES)
        case Step.GROUPS, _ if sort == "g" and known is not None and known < len(GROUPS):
            people, group = draft.people or 1, GROUPS[known]
            count = ((getattr(draft, group) or 0) + 1) % (people + 1)
            return opened.with_draft(draft.with_group(group, count))
        case Step.OUTCOMES, "next":
            return opened.at(Step.SUMMARY)
        case Step.OUTCOMES, _ if sort == "o" and known is not None:
            codes = list(turn.library.texts.log.outcomes)
            if known < len(codes):
                before = dict(draft.outcomes or {})
                before[codes[known]] = (before.get(codes[known], 0) - 1) % ((draft.people or 1) + 1)
                return opened.with_draft(replace(draft, outcomes={code: n for code, n in before.items() if n}))
        case Step.SUMMARY, "note":
            return opened.at(Step.NOTE)
        case Step.SUMMARY, "today" | "yesterday":
            day = steps.day_of(turn, answer)
            return opened.with_draft(replace(draft, occurred_on=day))
        case Step.SUMMARY, "second":
            return opened.with_draft(replace(draft, is_second=True))
    return opened


async def _show(turn: Turn, opened: Opened) -> Result:
    return Result((await steps.question(turn, opened),), opened.to_form())


async def _save(turn: Turn, opened: Opened) -> Result:
    draft = opened.draft
    if draft.hamlet_id is None or draft.people is None:
        return await _show(turn, opened.at(Step.HAMLET if draft.hamlet_id is None else Step.PEOPLE))
    try:
        draft.to_content().check()
    except ImpossibleError as error:
        reason = turn.library.texts.log_text.reasons[error.reason]
        told = Reply(turn.say(turn.library.texts.log_text.impossible, reason=reason))
        return Result((told, await steps.question(turn, opened)), opened.to_form())
    if not draft.is_second and (others := await sessions.same_day(turn.session, draft.to_content())):
        return Result((steps.same_day(turn, opened, others[0]),), opened.to_form())
    if draft.household and draft.household_id is None:
        home = await households.add(
            turn.session, commune=turn.commune.slug, hamlet_id=draft.hamlet_id, number=None,
            name=draft.household[:1].upper() + draft.household[1:], created_by_id=turn.staff.id, actor=turn.actor,
            now=turn.now,
        )  # fmt: skip
        draft = replace(draft, household_id=home.id)
    logged = await sessions.log(
        turn.session, draft.to_content(), commune=turn.commune.slug, origin=draft.origin, source="buttons",
        member_id=turn.staff.id, actor=turn.actor, written_at=turn.incoming.sent_at, now=turn.now,
    )  # fmt: skip
    return Result(
        (_with_survey(turn, receipt(turn, [logged.session]), draft.household_id),),
        {"saved": logged.session.id, "token": opened.token},
    )


def _with_survey(turn: Turn, reply: Reply, household_id: int | None) -> Reply:
    if household_id is None:
        return reply
    survey = Button(turn.library.texts.log_form.survey_button, payload(SURVEY, household_id))
    return replace(reply, buttons=(*reply.buttons, (survey,)))


async def _of_another_time(turn: Turn, token: str) -> Result:
    """For buttons of a form that is over: the receipt again when it was just saved."""
    texts = turn.library.texts.log_form
    if turn.form.get("token") == token:
        stored = await sessions.by_id(turn.session, turn.commune.slug, int(turn.form["saved"]))
        if stored is not None:
            return Result((receipt(turn, [stored], head=texts.already_saved),))
    return Result((Reply(texts.old),))


SERVICE = Service(NAME, Role.MEMBER, press, say=say, open=open_household, commands=("/ghi",), links=(Sort.HOUSEHOLD,))
