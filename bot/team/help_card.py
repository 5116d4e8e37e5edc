"""What both sides of a request for help are told: the card for members, and notices to people in other chats."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.messages import Button, Reply
from bot.service import Turn, payload
from content.commune import Commune
from content.library import Library
from db import outbox
from db.models import Conversation
from db.outreach import members, requests
from db.outreach.models import HelpRequest, Member

ASK = "nho"
"""The citizen's service (bot/team/ask_for_help.py)."""
TAKE = "yc"
"""The members' service (bot/team/take_requests.py)."""


def card(library: Library, commune: Commune, request: HelpRequest, head: str = "") -> Reply:
    """A request as members see it, with what can be done."""
    texts = library.texts.help_request
    place = f"{commune.hamlet_word} {request.hamlet.name}" if request.hamlet else texts.anywhere
    article = library.articles.get(request.topic or "")
    told = [request.text or texts.no_text]
    if article and article.area != "help":
        told.append(texts.topic.format(title=article.title))
    text = texts.member_new.format(number=request.id, kind=texts.kinds[request.kind], place=place, text="\n".join(told))
    return Reply(f"{head}\n{text}" if head else text, _buttons(library, request))


def _buttons(library: Library, request: HelpRequest) -> tuple[tuple[Button, ...], ...]:
    texts = library.texts.help_request
    if request.state == requests.State.OPEN:
        return ((Button(texts.take_button, payload(TAKE, "n", request.id)),),)
    if request.state == requests.State.TAKEN:
        talk = Button(texts.talk_button, payload(TAKE, "t", request.id))
        return (
            (Button(texts.done_button, payload(TAKE, "d", request.id)), talk),
            (Button(texts.pass_button, payload(TAKE, "c", request.id)),),
        )
    return ()


async def tell_members(
    session: AsyncSession,
    people: Iterable[Member],
    reply: Reply,
    origin: str,
    now: datetime,
    *,
    except_id: int | None = None,
) -> int:
    """Puts a notice into the chats of some members; returns how many people have one."""
    reached = 0
    chats = await members.conversations_of(session, [one for one in people if one.id != except_id])
    for member_id, conversations in chats.items():
        for conversation in conversations:
            await outbox.add_notice(session, conversation, f"{origin}:{member_id}", reply.to_json(), now)
        reached += bool(conversations)
    return reached


async def tell_citizen(turn: Turn, request: HelpRequest, reply: Reply, step: str) -> None:
    """Puts a notice into the chat of whoever asked, if it is still there."""
    if request.conversation_id is None:
        return
    conversation = await turn.session.get(Conversation, request.conversation_id)
    if conversation is not None:
        origin = f"request:{request.id}:{step}:{turn.origin}"
        await outbox.add_notice(turn.session, conversation, origin, reply.to_json(), turn.now)
