"""One person in two chats: /noi gives a code in one, the other types it and agrees; /tach takes them apart again.

The rules - what a code can do, who may be linked - are those of db/person_links.py; here is what people are told.
"""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.service import Result, Service, Turn, payload
from bot.team.ids import read_id
from db import links, outbox, person_links, persons
from db.links import Sort
from db.models import Conversation
from db.person_links import LinkRefusedError, State

LINK, LEAVE = "noi", "tach"
_HALF = person_links.LENGTH // 2


async def press(turn: Turn, words: str) -> Result | None:
    """The command, alone or with a code; buttons: "y:5" agrees, "n:5" does not.

    In the chat that made the code "c:5" confirms that it was its owner who agreed, "x:5" says that it was not.
    """
    action, _, value = words.partition(":")
    number = read_id(value)
    if number is not None and action == "y":
        return await _agree(turn, number)
    if number is not None and action == "n":
        return await _decline(turn, number)
    if number is not None and action == "c":
        return await _confirm(turn, number)
    if number is not None and action == "x":
        return await _disown(turn, number)
    return await open_code(turn, words) if words.strip() else await _make(turn)


async def hear(turn: Turn, text: str) -> Result | None:
    """A code and nothing else, typed as it was read."""
    return await open_code(turn, text) if person_links.looks_like_code(text) else None


async def open_code(turn: Turn, code: str) -> Result:
    """Asks whether this chat is the same person's as the one where the code was made."""
    if not _is_private(turn):
        return _refused(turn, "group")
    texts = turn.library.texts.link_chats
    try:
        opened = await person_links.open_code(turn.session, turn.conversation, code, turn.now)
    except LinkRefusedError as error:
        return _refused(turn, error.reason)
    await turn.session.flush()
    first = await person_links.maker(turn.session, opened)
    await _tell(turn, first, texts.told_opened, not_me=opened.id, origin=f"opened:{opened.id}:")
    yes = Button(texts.yes_button, payload(LINK, "y", opened.id))
    no = Button(texts.no_button, payload(LINK, "n", opened.id))
    asked = [turn.say(texts.question, channel=_channel(turn, first))]
    if turn.member is not None:
        asked.append(turn.say(texts.question_member))
    return Result((Reply("\n".join(asked), ((yes, no),)),))


async def leave(turn: Turn, words: str) -> Result:
    """Asks, and takes this chat out."""
    texts = turn.library.texts.link_chats
    if words == "n":
        return Result((Reply(texts.stayed),))
    if words == "y":
        others = await person_links.leave(turn.session, turn.conversation, turn.now)
        for other in others:
            await _tell(turn, other, texts.told_left)
        return Result((Reply(texts.left if others else texts.not_linked),))
    linked = await _linked_channels(turn)
    if not linked:
        return Result((Reply(texts.not_linked),))
    yes, no = Button(texts.leave_yes_button, payload(LEAVE, "y")), Button(texts.leave_no_button, payload(LEAVE, "n"))
    return Result((Reply(turn.say(texts.leave_question, channels=linked), ((yes, no),)),))


async def _make(turn: Turn) -> Result:
    if not _is_private(turn):
        return _refused(turn, "group")
    texts = turn.library.texts.link_chats
    try:
        code = await person_links.make(turn.session, turn.conversation, turn.now)
    except LinkRefusedError as error:
        return _refused(turn, error.reason)
    told = [turn.say(texts.made, code=f"{code[:_HALF]}-{code[_HALF:]}")]
    if linked := await _linked_channels(turn):
        told.append(turn.say(texts.made_linked, channels=linked))
    return Result((Reply("\n".join(told), note=await _ways(turn, code)),))


async def _ways(turn: Turn, code: str) -> str:
    """Links into the other channels that carry the code along, for whoever has both on one phone."""
    texts = turn.library.texts.link_chats
    link = await links.make(turn.session, turn.commune.slug, Sort.PERSON, code)
    titles = {"telegram": texts.open_telegram, "web": texts.open_web}
    addresses = turn.entrances.addresses(link)
    ways = dict(zip(("telegram", "web") if len(addresses) > 1 else ("web",), addresses, strict=True))
    shown = [f"[{titles[name]}]({way})" for name, way in ways.items() if name != turn.conversation.channel]
    return turn.say(texts.open_here, addresses=", ".join(shown)) if shown else ""


async def _agree(turn: Turn, number: int) -> Result:
    texts = turn.library.texts.link_chats
    before = await persons.conversations_of(turn.session, persons.person_of(turn.conversation))
    try:
        agreed = await person_links.agree(turn.session, turn.conversation, number, turn.now)
    except LinkRefusedError as error:
        return _refused(turn, error.reason)
    first = await person_links.maker(turn.session, agreed)
    if agreed.state == State.AGREED:
        await _tell(turn, first, texts.told_confirm, is_me=agreed.id, not_me=agreed.id)
        return Result((Reply(turn.say(texts.unconfirmed, channel=_channel(turn, first))),))
    for chat in await persons.conversations_of(turn.session, persons.person_of(turn.conversation)):
        if chat.id != turn.conversation.id:
            await _tell(
                turn, chat, texts.told_linked, not_me=agreed.id if chat.id == first.id else None,
                other=first if chat in before else None,
            )  # fmt: skip
    return Result((Reply(turn.say(texts.linked, channel=_channel(turn, first))),))


async def _confirm(turn: Turn, number: int) -> Result:
    texts = turn.library.texts.link_chats
    try:
        confirmed = await person_links.confirm(turn.session, turn.conversation, number, turn.now)
    except LinkRefusedError as error:
        return _refused(turn, error.reason)
    other = await person_links.opener(turn.session, confirmed)
    for chat in await persons.conversations_of(turn.session, persons.person_of(turn.conversation)):
        if chat.id != turn.conversation.id:
            await _tell(turn, chat, texts.told_linked_here, other=None if chat.id == other.id else other)
    not_me = Button(texts.not_me_button, payload(LINK, "x", confirmed.id))
    return Result((Reply(turn.say(texts.linked, channel=_channel(turn, other)), ((not_me,),)),))


async def _decline(turn: Turn, number: int) -> Result:
    texts = turn.library.texts.link_chats
    declined = await person_links.decline(turn.session, turn.conversation, number)
    if declined is None:
        return _refused(turn, "gone")
    await _tell(turn, await person_links.maker(turn.session, declined), texts.told_declined)
    return Result((Reply(texts.declined),))


async def _disown(turn: Turn, number: int) -> Result:
    texts = turn.library.texts.link_chats
    ended = await person_links.disown(turn.session, turn.conversation, number, turn.now)
    if ended is None:
        return Result((Reply(texts.nothing_to_stop),))
    if not ended.was_linked:
        return Result((Reply(texts.stopped),))
    await _tell(turn, ended.other, texts.told_undone)
    return Result((Reply(turn.say(texts.undone, channel=_channel(turn, ended.other))),))


async def _tell(
    turn: Turn,
    chat: Conversation,
    text: str,
    *,
    is_me: int | None = None,
    not_me: int | None = None,
    other: Conversation | None = None,
    origin: str = "",
) -> None:
    """Puts a notice into another chat, about this one or that `other`; with buttons to confirm and to disown a link."""
    texts = turn.library.texts.link_chats
    buttons = [Button(texts.is_me_button, payload(LINK, "c", is_me))] if is_me else []
    buttons += [Button(texts.not_me_button, payload(LINK, "x", not_me))] if not_me else []
    rows = (tuple(buttons),) if buttons else ()
    reply = Reply(turn.say(text, channel=_channel(turn, other or turn.conversation)), rows)
    await outbox.add_notice(turn.session, chat, f"{LINK}:{origin or turn.origin}{chat.id}", reply.to_json(), turn.now)


async def _linked_channels(turn: Turn) -> str:
    chats = await persons.conversations_of(turn.session, persons.person_of(turn.conversation))
    return ", ".join(_channel(turn, chat) for chat in chats if chat.id != turn.conversation.id)


def _channel(turn: Turn, chat: Conversation) -> str:
    texts = turn.library.texts.link_chats
    return texts.channels.get(chat.channel, texts.other_channel)


def _refused(turn: Turn, reason: str) -> Result:
    return Result((Reply(turn.say(turn.library.texts.link_chats.refused[reason])),))


def _is_private(turn: Turn) -> bool:
    """In a group everybody would read the code; there a chat's id is not its sender's."""
    return turn.conversation.chat == turn.conversation.sender


LINKING = Service(LINK, None, press, hear=hear, open=open_code, commands=("/noi",), links=(Sort.PERSON,))
LEAVING = Service(LEAVE, None, leave, commands=("/tach",))
