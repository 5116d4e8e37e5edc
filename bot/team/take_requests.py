"""Members answer requests: take, talk, pass on, done; only one can have a request."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Button, Reply
from bot.service import Result, Service, Turn, payload
from bot.team import access, handover
from bot.team.help_card import ASK, TAKE, card, tell_citizen, tell_members
from bot.team.ids import read_id
from bot.team.places import own_hamlets
from db.outreach import members, requests
from db.outreach.models import HelpRequest, Member, Role
from db.outreach.requests import State

MOST_LISTED = 8
MOST_NAMES = 12


async def press(turn: Turn, words: str) -> Result | None:
    """Alone the list; "n:5" takes, "t:5" talks, "c:5" asks to whom to pass it, "c:5:7" does, "d:5" is done."""
    texts = turn.library.texts.help_request
    action, _, rest = words.partition(":")
    number, _, other = rest.partition(":")
    if not words:
        return await _list(turn)
    request = await _visible(turn, number)
    if request is None or request.state not in requests.LIVE:
        return Result((Reply(texts.nothing),))
    if action == "n":
        return await _take(turn, request)
    if action not in {"t", "c", "d"}:
        return None
    is_own = request.taken_by_id == turn.staff.id or (turn.may(access.EVERY_HAMLET) and action == "c")
    if not is_own:
        return Result((_taken(turn, request),))
    if action == "t":
        return await handover.begin(turn, request)
    if action == "d":
        return await _done(turn, request)
    return await _pass_on(turn, request, other) if other else await _ask_to_whom(turn, request)


async def _list(turn: Turn) -> Result:
    texts = turn.library.texts.help_request
    own = None if turn.may(access.EVERY_HAMLET) else [one.id for one in await own_hamlets(turn)]
    waiting = await requests.live(turn.session, turn.commune.slug, own)
    if not waiting:
        return Result((Reply(texts.list_none),))
    cards = [card(turn.library, turn.commune, one) for one in waiting[:MOST_LISTED]]
    lines, rows = [turn.say(texts.list_title, count=len(waiting))], []
    for request, shown in zip(waiting, cards, strict=False):
        state = turn.say(texts.state_taken, name=request.taken_by.name) if request.taken_by else texts.state_open
        lines.append(f"{shown.text}\n({state})")
        if request.state == State.OPEN or request.taken_by_id == turn.staff.id:
            row = shown.buttons[0]
            rows.append(tuple(replace(button, label=f"{button.label} số {request.id}") for button in row))
    return Result((Reply("\n\n".join(lines), tuple(rows)),))


async def _take(turn: Turn, request: HelpRequest) -> Result:
    texts = turn.library.texts.help_request
    if request.taken_by_id == turn.staff.id:
        return Result((card(turn.library, turn.commune, request, turn.say(texts.taken_by_you, number=request.id)),))
    if not await requests.take(turn.session, request, turn.staff, turn.now):
        return Result((_taken(turn, request),))
    role = turn.library.texts.people.roles[turn.staff.role]
    told = turn.say(texts.citizen_taken, name=turn.staff.name, role=role, number=request.id)
    cancel = Button(texts.cancel_button, payload(ASK, "x", request.id))
    await tell_citizen(turn, request, Reply(told, ((cancel,),)), "taken")
    return Result((card(turn.library, turn.commune, request, turn.say(texts.taken_by_you, number=request.id)),))


async def _done(turn: Turn, request: HelpRequest) -> Result:
    texts = turn.library.texts.help_request
    await handover.end_of_request(turn, request)
    await requests.close(turn.session, request, State.DONE, turn.actor, turn.now)
    yes = Button(texts.done_yes_button, payload(ASK, "ok", request.id))
    no = Button(texts.done_no_button, payload(ASK, "no", request.id))
    await tell_citizen(turn, request, Reply(turn.say(texts.citizen_done, number=request.id), ((yes, no),)), "done")
    return Result((Reply(turn.say(texts.marked_done, number=request.id)),))


async def _ask_to_whom(turn: Turn, request: HelpRequest) -> Result:
    texts = turn.library.texts.help_request
    others = [one for one in await members.all_of(turn.session, turn.commune.slug) if one.id != request.taken_by_id]
    near = [one for one in others if _serves(one, request)]
    rows = [(Button(one.name, payload(TAKE, "c", request.id, one.id)),) for one in near[:MOST_NAMES]]
    rows.append((Button(texts.pass_all_button, payload(TAKE, "c", request.id, 0)),))
    return Result((Reply(turn.say(texts.pass_question, number=request.id), tuple(rows)),))


async def _pass_on(turn: Turn, request: HelpRequest, other: str) -> Result:
    texts = turn.library.texts.help_request
    every = await members.all_of(turn.session, turn.commune.slug)
    to = next((one for one in every if str(one.id) == other and _serves(one, request)), None)
    if to is None and other != "0":
        return Result((Reply(texts.nothing),))
    await handover.end_of_request(turn, request)
    await requests.give_back(turn.session, request, turn.actor, turn.now)
    step = f"request:{request.id}:passed:{turn.incoming.message_id}"
    if to is None:
        people = await requests.recipients(turn.session, request)
        shown = card(turn.library, turn.commune, request)
        await tell_members(turn.session, people, shown, step, turn.now, except_id=turn.staff.id)
        await tell_citizen(turn, request, Reply(turn.say(texts.citizen_released, number=request.id)), "released")
        return Result((Reply(turn.say(texts.passed_all, number=request.id)),))
    await requests.take(turn.session, request, to, turn.now)
    head = turn.say(texts.passed_to_you, name=turn.staff.name)
    await tell_members(turn.session, [to], card(turn.library, turn.commune, request, head), step, turn.now)
    role = turn.library.texts.people.roles[to.role]
    told = turn.say(texts.citizen_taken, name=to.name, role=role, number=request.id)
    await tell_citizen(turn, request, Reply(told), "passed")
    return Result((Reply(turn.say(texts.passed, number=request.id, name=to.name)),))


async def _visible(turn: Turn, number: str) -> HelpRequest | None:
    request = await requests.locked(turn.session, turn.commune.slug, read_id(number) or 0)
    if request is None or request.hamlet is None or request.taken_by_id == turn.staff.id:
        return request
    is_told = turn.staff.id in {one.id for one in await requests.recipients(turn.session, request)}
    return request if is_told or turn.may_see(request.hamlet) else None


def _serves(member: Member, request: HelpRequest) -> bool:
    is_office = access.may(member, Role.AMBASSADOR)
    return is_office or request.hamlet_id is None or request.hamlet_id in {hamlet.id for hamlet in member.hamlets}


def _taken(turn: Turn, request: HelpRequest) -> Reply:
    texts = turn.library.texts.help_request
    if request.taken_by is None:
        return Reply(texts.not_yours)
    return Reply(turn.say(texts.taken_by_other, name=request.taken_by.name, number=request.id))


SERVICE = Service(TAKE, Role.MEMBER, press, commands=("/yeucau",))
