"""One turn of a conversation: a message in, replies out, and all that changes in one transaction of the caller's.

Owns the conversation's state. Decides who answers; what is answered is the desks' business (so far: citizen/).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.citizen import buttons
from bot.citizen.desk import CitizenDesk, Memory, Outcome
from bot.messages import Incoming, Kind, Reply
from bot.nlu import Nlu, Understanding
from bot.understanding import understand
from db import conversations, questions
from db.models import Conversation

REMEMBERED_FOR = timedelta(hours=2)
"""A follow-up after a longer pause starts anew: "lệ phí bao nhiêu" of today is not about yesterday's topic."""

COMMANDS = {
    "/start": buttons.START,
    "/help": buttons.HELP,
    "/menu": buttons.MENU,
    "/xoadulieu": buttons.FORGET,
}
START_CODE_CHARACTERS = 64


class Conversations:
    """Takes turns. One object serves all conversations; what differs between them is in the database."""

    def __init__(self, desk: CitizenDesk, nlu: Nlu) -> None:
        self._desk = desk
        self._nlu = nlu

    async def understand(self, incoming: Incoming) -> Understanding | None:
        """What a text may mean; None for what needs no understanding. For before the transaction: it may take time."""
        if incoming.kind is not Kind.TEXT or not incoming.text.strip() or incoming.text.startswith("/"):
            return None
        return await understand(incoming.text, self._nlu, self._desk)

    async def take_turn(
        self,
        session: AsyncSession,
        conversation: Conversation,
        incoming: Incoming,
        understanding: Understanding | None,
        *,
        inbox_id: int,
        now: datetime,
    ) -> tuple[Reply, ...]:
        """Answers one message and records what follows from it. The conversation must be locked by this transaction."""
        if incoming.is_edit:
            return ()  # a citizen's message is answered once
        outcome = self._outcome(incoming, understanding, _recall(conversation.state, now))
        conversation.state = _keep(outcome.memory, now)
        if code := _start_code(incoming.text):
            conversation.start_code = code
        if outcome.forget:
            await conversations.forget(session, conversation, keep_inbox_id=inbox_id)
        if outcome.feedback:
            topic, helpful = outcome.feedback
            await questions.record_feedback(session, conversation, topic=topic, helpful=helpful, now=now)
        if outcome.unanswered:
            u = outcome.unanswered
            questions.keep_unanswered(session, conversation, text=u.text, reason=u.reason, topic=u.topic, now=now)
        return outcome.replies

    def trouble(self) -> tuple[Reply, ...]:
        """What is said when a turn failed for good."""
        return (self._desk.trouble(),)

    def _outcome(self, incoming: Incoming, understanding: Understanding | None, memory: Memory) -> Outcome:
        if incoming.kind is Kind.BUTTON:
            return self._desk.press(incoming.payload, memory)
        if incoming.kind is Kind.ATTACHMENT:
            return self._desk.attachment(incoming.payload, memory)
        if incoming.text.startswith("/"):
            command = incoming.text.split()[0].partition("@")[0].lower()
            return self._desk.press(COMMANDS.get(command, buttons.HELP), memory)
        if understanding is None:
            return self._desk.empty(memory)
        return self._desk.answer(incoming.text, understanding, memory)


def _start_code(text: str) -> str | None:
    command, _, code = text.strip().partition(" ")
    return code.strip()[:START_CODE_CHARACTERS] or None if command.partition("@")[0] == "/start" else None


def _recall(state: dict[str, Any], now: datetime) -> Memory:
    if not state or now - datetime.fromisoformat(state["at"]) > REMEMBERED_FOR:
        return Memory()
    return Memory(state["topic"], tuple(state["offered"]), state["question"])


def _keep(memory: Memory, now: datetime) -> dict[str, Any]:
    if memory == Memory():
        return {}
    return {"at": now.isoformat(), "topic": memory.topic, "offered": list(memory.offered), "question": memory.question}
