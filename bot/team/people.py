"""The office's list of members: where each serves, other hamlets, the month's target, and ending memberships."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from bot.messages import Button, Reply
from bot.service import TIME_ZONE, Result, Service, Turn, payload
from bot.team import access, hamlet_choice
from bot.team.ids import read_id
from bot.team.places import full_name
from db import outbox
from db.models import Conversation
from db.outreach import hamlets, members
from db.outreach.models import Hamlet, Member, Role

NAME = "tv"
PAGE = 10
_TARGET = re.compile(r"(\d{1,3})(?: hộ| ho)?(?: ?/ ?tháng| một tháng| mỗi tháng)?")
"""0 to 999 households a month, as on the command line."""


async def press(turn: Turn, words: str) -> Result:
    """The list "l:2" (a page), or what is wanted of one member: "c:12" and so on."""
    action, _, value = words.partition(":")
    if action == "n":
        return Result((Reply(turn.library.texts.people.not_removed),), {})
    if action in _OF_ONE:
        return await _of_one(turn, _OF_ONE[action], read_id(value))
    if action in {"h", "all", "save"}:
        return await _choose(turn, words)
    return await _list(turn, read_id(value) or 0)


async def say(turn: Turn, text: str) -> Result | None:
    """The typed target, while it is asked for."""
    member_id = turn.form.get("target")
    if member_id is None or turn.is_question:
        return None
    said = _TARGET.fullmatch(text.strip().lower())
    if said is None:
        stop = Button(turn.library.texts.people.cancel_button, payload(NAME, "n"))
        return Result((Reply(turn.library.texts.people.bad_target, ((stop,),)),))

    async def go_on(turn: Turn, member: Member) -> Result:
        return await _set_target(turn, member, int(said[1]))

    return await _of_one(turn, go_on, member_id)


async def _list(turn: Turn, page: int) -> Result:
    texts = turn.library.texts.people
    every = await members.all_of(turn.session, turn.commune.slug)
    last = max(len(every) - 1, 0) // PAGE
    page = min(page, last)
    rows: list[tuple[Button, ...]] = [
        (Button(f"{one.name} - {texts.roles[one.role]}"[:60], payload(NAME, "c", one.id)),)
        for one in every[page * PAGE : (page + 1) * PAGE]
    ]
    turns = [(texts.earlier_button, page - 1)] * (page > 0) + [(texts.later_button, page + 1)] * (page < last)
    if turns:
        rows.append(tuple(Button(label, payload(NAME, "l", other)) for label, other in turns))
    return Result((Reply(turn.say(texts.list_title, count=len(every)), tuple(rows)),))


async def _of_one(turn: Turn, do: Callable[[Turn, Member], Awaitable[Result]], member_id: int | None) -> Result:
    for member in await members.all_of(turn.session, turn.commune.slug):
        if member.id == member_id:
            return await do(turn, member)
    return Result((Reply(turn.library.texts.people.gone),), {})


async def _show(turn: Turn, member: Member) -> Result:
    texts = turn.library.texts.people
    since = member.joined_at.astimezone(TIME_ZONE)
    card = turn.say(
        texts.card, name=member.name, role=texts.roles[member.role], since=f"{since.day}/{since.month}/{since.year}",
        hamlets=_named(turn, member, member.hamlets),
    )  # fmt: skip
    if member.monthly_target:
        card += "\n" + turn.say(texts.card_target, count=member.monthly_target)
    labels = {"p": texts.hamlets_button, "t": texts.target_button, "r": texts.remove_button}
    if _sees_all(member):
        del labels["p"]
    rows = tuple((Button(label, payload(NAME, action, member.id)),) for action, label in labels.items())
    return Result((Reply(card, rows),))


async def _ask_target(turn: Turn, member: Member) -> Result:
    texts = turn.library.texts.people
    if not _may_change(turn, member):
        return Result((Reply(texts.too_high),))
    ways = [Button(texts.cancel_button, payload(NAME, "n"))]
    if member.monthly_target:
        ways.insert(0, Button(texts.no_target_button, payload(NAME, "z", member.id)))
    return Result((Reply(turn.say(texts.target_question, name=member.name), (tuple(ways),)),), {"target": member.id})


async def _drop_target(turn: Turn, member: Member) -> Result:
    return await _set_target(turn, member, 0)


async def _set_target(turn: Turn, member: Member, count: int) -> Result:
    """None for 0, as on the command line; the member is told."""
    texts = turn.library.texts.people
    if not _may_change(turn, member):
        return Result((Reply(texts.too_high),), {})
    if (member.monthly_target or 0) != count:
        await members.set_target(turn.session, member, count or None, turn.actor, turn.now)
        told = turn.say(texts.your_target, count=count) if count else turn.say(texts.your_target_gone)
        await _tell(turn, await _chats_of(turn, member), told)
    saved = turn.say(texts.target_saved if count else texts.target_gone, name=member.name, count=count)
    return Result((Reply(saved),), {})


async def _ask_removal(turn: Turn, member: Member) -> Result:
    texts = turn.library.texts.people
    if not _may_change(turn, member):
        return Result((Reply(texts.too_high),))
    yes = Button(texts.remove_yes_button, payload(NAME, "y", member.id))
    no = Button(texts.remove_no_button, payload(NAME, "n"))
    return Result((Reply(turn.say(texts.remove_question, name=member.name), ((yes, no),)),))


async def _remove(turn: Turn, member: Member) -> Result:
    texts = turn.library.texts.people
    if not _may_change(turn, member):
        return Result((Reply(texts.too_high),))
    chats = await _chats_of(turn, member)
    await members.remove(turn.session, member, turn.actor, turn.now)
    await _tell(turn, chats, turn.say(texts.you_were_removed))
    return Result((Reply(turn.say(texts.removed, name=member.name)),))


async def _ask_hamlets(turn: Turn, member: Member) -> Result:
    texts = turn.library.texts.people
    if not _may_change(turn, member):
        return Result((Reply(texts.too_high),))
    return await _ask(turn, member, {one.id for one in member.hamlets})


async def _choose(turn: Turn, words: str) -> Result:
    """A hamlet on or off, or all saved. A button that was left from earlier starts with the list."""
    member_id = turn.form.get("member")
    if member_id is None:
        return await _list(turn, 0)

    async def go_on(turn: Turn, member: Member) -> Result:
        if not _may_change(turn, member):
            return Result((Reply(turn.library.texts.people.too_high),), {})
        every = await hamlets.all_of(turn.session, turn.commune.slug)
        chosen = hamlet_choice.toggled(every, turn.form["hamlets"], words)
        if words != "save":
            return await _ask(turn, member, chosen)
        return await _save(turn, member, [one for one in every if one.id in chosen])

    return await _of_one(turn, go_on, member_id)


async def _ask(turn: Turn, member: Member, chosen: set[int]) -> Result:
    texts = turn.library.texts.people
    every = await hamlets.all_of(turn.session, turn.commune.slug)
    rows = hamlet_choice.rows(turn, NAME, every, chosen, Button(texts.hamlets_save_button, payload(NAME, "save")))
    question = turn.say(texts.hamlets_question, name=member.name)
    return Result((Reply(question, rows),), {"member": member.id, "hamlets": sorted(chosen)})


async def _save(turn: Turn, member: Member, places: list[Hamlet]) -> Result:
    texts = turn.library.texts.people
    names = _named(turn, member, places)
    if {one.id for one in places} != {one.id for one in member.hamlets}:
        role = Role(member.role)
        await members.change(turn.session, member, role=role, hamlets=places, actor=turn.actor, now=turn.now)
        await _tell(turn, await _chats_of(turn, member), turn.say(texts.your_hamlets, hamlets=names))
    return Result((Reply(turn.say(texts.hamlets_saved, name=member.name, hamlets=names)),), {})


def _may_change(turn: Turn, member: Member) -> bool:
    """Nobody removes oneself here, nor - but for the admin - anybody of one's own role or above."""
    if member.id == turn.staff.id:
        return False
    return turn.may(Role.ADMIN) or not access.at_least(Role(member.role), Role(turn.staff.role))


def _sees_all(member: Member) -> bool:
    return access.at_least(Role(member.role), access.EVERY_HAMLET)


def _named(turn: Turn, member: Member, places: list[Hamlet]) -> str:
    texts = turn.library.texts.people
    if _sees_all(member):
        return texts.every_hamlet
    return ", ".join(full_name(turn, one) for one in places) or texts.no_hamlets


async def _chats_of(turn: Turn, member: Member) -> list[Conversation]:
    return (await members.conversations_of(turn.session, [member]))[member.id]


async def _tell(turn: Turn, chats: list[Conversation], text: str) -> None:
    for chat in chats:
        await outbox.add_notice(turn.session, chat, f"member:{turn.origin}{chat.id}", Reply(text).to_json(), turn.now)


_OF_ONE = {"c": _show, "r": _ask_removal, "y": _remove, "p": _ask_hamlets, "t": _ask_target, "z": _drop_target}

SERVICE = Service(NAME, Role.OFFICE, press, say=say, commands=("/thanhvien",))
