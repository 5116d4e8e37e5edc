"""A conversation handed to a person: what either side writes goes to the other, until one of them ends it.

Buttons and commands still reach the bot on both sides.
"""

from __future__ import annotations

from bot.messages import Button, Kind, Reply
from bot.service import Result, Service, Turn, payload
from db import outbox
from db.outreach import handovers
from db.outreach.models import Handover, HelpRequest, Member

NAME = "nc"


async def begin(turn: Turn, request: HelpRequest) -> Result:
    """Joins the two chats and tells both sides."""
    texts = turn.library.texts.help_request
    opened = await handovers.begin(turn.session, request, turn.staff, turn.conversation, turn.now)
    if opened is None:
        return Result((Reply(texts.citizen_gone),))
    role = turn.library.texts.people.roles[turn.staff.role]
    told = Reply(turn.say(texts.talk_citizen, name=turn.staff.name, role=role), ((_end_button(turn),),))
    await _tell_other(turn, opened, told, "begin")
    return Result((Reply(turn.say(texts.talk_member, number=request.id), ((_end_button(turn),),)),))


async def overhear(turn: Turn, text: str) -> Result | None:
    """Passes a text on to the other side."""
    if turn.incoming.kind is not Kind.TEXT or turn.incoming.is_edit or not text.strip() or text.startswith("/"):
        return None
    opened = await handovers.current(turn.session, turn.conversation.id, turn.now)
    if opened is None:
        return None
    texts = turn.library.texts.help_request
    member = await turn.session.get_one(Member, opened.member_id)
    if member.removed_at is not None:
        opened.ended_at = turn.now
        return None
    if turn.conversation.id == opened.member_conversation_id:
        words = turn.say(texts.from_member, name=member.name, text="{}")
    else:
        words = turn.say(texts.from_citizen, number=opened.request_id, text="{}")
    opened.last_message_at = turn.now
    await _tell_other(turn, opened, Reply(words.replace("{}", text), ((_end_button(turn),),)), "said")
    return Result(())


async def press(turn: Turn, _words: str) -> Result | None:
    """Ends it, from either side."""
    texts = turn.library.texts.help_request
    opened = await handovers.current(turn.session, turn.conversation.id, turn.now)
    if opened is None:
        return Result((Reply(texts.no_talk),))
    opened.ended_at = turn.now
    await _tell_other(turn, opened, Reply(texts.ended), "end")
    return Result((Reply(texts.ended),))


async def end_of_request(turn: Turn, request: HelpRequest) -> None:
    """Ends the talk about a request that is closed or passed on."""
    opened = await handovers.of_request(turn.session, request.id, turn.now)
    if opened is not None:
        opened.ended_at = turn.now


async def _tell_other(turn: Turn, opened: Handover, reply: Reply, step: str) -> None:
    other = await handovers.other_side(turn.session, opened, turn.conversation.id)
    origin = f"handover:{opened.id}:{step}:{turn.origin}"
    await outbox.add_notice(turn.session, other, origin, reply.to_json(), turn.now)


def _end_button(turn: Turn) -> Button:
    return Button(turn.library.texts.help_request.end_button, payload(NAME, "end"))


SERVICE = Service(NAME, None, press, overhear=overhear, commands=("/xong",))
