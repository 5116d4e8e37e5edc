"""Logging a visit with buttons (/ghi): where, which household, whom, what was achieved, a look at it, saved.

At most eight taps for the usual visit: "all of them" is one tap for an outcome, and what has one choice is not asked.
The form is part of the conversation's state, so it goes on after a restart. It is stored under the message that opened
it: a second press on "Lưu" stores nothing twice.
"""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Button, Kind, Reply
from bot.service import Result, Service, Turn, payload
from bot.team import log_form_answers as answers
from bot.team import log_form_steps as steps
from bot.team.draft import Draft
from bot.team.draft_places import with_household
from bot.team.ids import read_id
from bot.team.log_form_answers import Answered
from bot.team.log_form_steps import NAME, SURVEY, Opened, Step
from bot.team.places import full_name, own_hamlets
from bot.team.receipt import receipt
from db.links import Sort
from db.outreach import hamlets, households, sessions
from db.outreach.models import Household, Role, SessionKind
from db.outreach.sessions import ImpossibleError


async def press(turn: Turn, words: str) -> Result | None:
    """The command opens a form; a button answers the open one: "<which form>:<which step>:<answer>"."""
    if not words or turn.incoming.kind is Kind.TEXT:
        return await _begin(turn, None)
    if words.startswith("new:"):  # from a task: a visit to that household
        return await open_household(turn, words.removeprefix("new:"))
    token, _, rest = words.partition(":")
    step, _, answer = rest.partition(":")
    kept = Opened.from_form(turn.form)
    if kept is None or kept.token != token:
        return await _of_another_time(turn, token)
    if answer == "x":
        return Result((Reply(turn.library.texts.log_form.cancelled),), {})
    now = await answers.checked(turn, kept)
    if now.told:
        return await _show(turn, now)
    opened = now.opened
    if step != opened.step.code:
        return await _show(turn, Answered(opened, turn.library.texts.log_form.old_step))
    if answer == "back":
        return await _show(turn, Answered(await answers.before(turn, opened)))
    opened = await answers.pressed(turn, opened, answer)
    if opened.step is Step.SUMMARY and answer in {"save", "second"}:
        return await _save(turn, opened)
    return await _show(turn, Answered(opened))


async def say(turn: Turn, text: str) -> Result | None:
    """A typed answer: a household to look for, a number, a note, or a correction."""
    kept = Opened.from_form(turn.form)
    if kept is None:
        return None
    now = await answers.checked(turn, kept)
    if now.told:
        return await _show(turn, now)
    answered = await answers.typed(turn, now.opened, text)
    return await _show(turn, answered) if answered else None


async def resume(turn: Turn, _words: str) -> Result | None:
    """Asks again what is open, after the member did something else."""
    kept = Opened.from_form(turn.form)
    if kept is None:
        return None
    now = await answers.checked(turn, kept)
    return await _show(turn, now if now.told else Answered(now.opened, turn.library.texts.log_form.going_on))


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
        # nobody has chosen it: it is said whose it is
        return await _show(turn, Answered(Opened(draft, Step.PEOPLE), f"**{steps.named(home)}** ({draft.hamlet})"))
    if len(own) == 1:
        draft = replace(draft, hamlet=full_name(turn, own[0]), hamlet_id=own[0].id)
        return await _show(turn, Answered(Opened(draft, Step.HOUSEHOLD)))
    return await _show(turn, Answered(Opened(draft, Step.HAMLET)))


async def _show(turn: Turn, answered: Answered) -> Result:
    """The next question, after what is to be told; for whom no hamlet is left the form is over."""
    if not await own_hamlets(turn):
        return Result((Reply(turn.library.texts.log_text.no_own_hamlet),), {})
    asked = await steps.question(turn, answered.opened)
    if answered.told:
        asked = asked.with_text(f"{answered.told}\n{asked.text}")
    return Result((asked,), answered.opened.to_form())


async def _save(turn: Turn, opened: Opened) -> Result:
    draft = opened.draft
    if draft.hamlet_id is None or draft.people is None:
        return await _show(turn, Answered(opened.at(Step.HAMLET if draft.hamlet_id is None else Step.PEOPLE)))
    try:
        draft.to_content().check()
    except ImpossibleError as error:
        reason = turn.library.texts.log_text.reasons[error.reason]
        return await _show(turn, Answered(opened, turn.say(turn.library.texts.log_text.impossible, reason=reason)))
    if not draft.is_second and (others := await sessions.same_day(turn.session, draft.to_content())):
        return Result((steps.same_day(turn, opened, others[0]),), opened.to_form())
    draft = await with_household(turn, draft)
    logged = await sessions.log(
        turn.session, draft.to_content(), commune=turn.commune.slug, origin=draft.origin, source="buttons",
        member_id=turn.staff.id, actor=turn.actor, written_at=turn.incoming.sent_at, now=turn.now,
    )  # fmt: skip
    return Result((_with_survey(turn, receipt(turn, [logged.session]), draft.household_id),), {})


def _with_survey(turn: Turn, reply: Reply, household_id: int | None) -> Reply:
    if household_id is None:
        return reply
    survey = Button(turn.library.texts.log_form.survey_button, payload(SURVEY, household_id))
    return replace(reply, buttons=(*reply.buttons, (survey,)))


async def _of_another_time(turn: Turn, token: str) -> Result:
    """For buttons of a form that is over: the receipt again when it is the one that was saved last."""
    stored = await sessions.last_of_kind(turn.session, turn.staff.id, SessionKind.HOUSE_VISIT)
    if stored is None or steps.token_of(stored.origin) != token:
        return Result((Reply(turn.library.texts.log_form.old),))
    texts = turn.library.texts
    head = texts.log.already_voided if stored.voided_at else texts.log_form.already_saved
    return Result((_with_survey(turn, receipt(turn, [stored], head=head), stored.household_id),))


SERVICE = Service(
    NAME, Role.MEMBER, press, say=say, open=open_household, resume=resume, commands=("/ghi",), links=(Sort.HOUSEHOLD,)
)
