"""One turn of a conversation: a message in, replies out, and all that changes in one transaction of the caller's.

Owns the conversation's state. Decides who answers: a service (log a visit, join a class, ...) if one is meant and this
person may use it, else the citizen's desk. What is answered is theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.citizen import buttons
from bot.citizen.decision import Way
from bot.citizen.desk import CitizenDesk, Memory, Outcome
from bot.entrances import Entrances
from bot.messages import Incoming, Kind, Reply
from bot.nlu import Nlu, Understanding
from bot.service import Form, ReceivedFile, Turn
from bot.service_desk import ServiceDesk
from bot.start_code import start_code
from bot.subscriptions import HELPED_AGAINST_SCAMS
from bot.team.ask_for_help import NOT_HELPED
from bot.understanding import understand
from bot.welcome import count_answer
from content.library import Library
from db import conversations, questions
from db.models import Conversation
from db.outreach import handovers, members
from db.outreach.models import Member

REMEMBERED_FOR = timedelta(hours=2)
"""A follow-up after a longer pause starts anew: "lệ phí bao nhiêu" of today is not about yesterday's topic."""

COMMANDS = {
    "/start": buttons.START,
    "/help": buttons.HELP,
    "/menu": buttons.MENU,
    "/xoadulieu": buttons.FORGET,
}


class Conversations:
    """Takes turns. One object serves all conversations; what differs between them is in the database."""

    def __init__(
        self,
        desk: CitizenDesk,
        services: ServiceDesk,
        nlu: Nlu,
        library: Callable[[], Library],
        entrances: Callable[[], Entrances],
    ) -> None:
        self._entrances = entrances
        self._desk = desk
        self._services = services
        self._nlu = nlu
        self._library = library

    async def understand(self, incoming: Incoming) -> Understanding | None:
        """What a text may mean; None for what needs no understanding. For before the transaction: it may take time."""
        if incoming.kind is not Kind.TEXT or not incoming.text.strip() or incoming.text.startswith("/"):
            return None
        return await understand(incoming.text, self._nlu, self._desk)

    def takes_file(self, name: str) -> bool:
        """Whether anybody's document of that name would be of use here."""
        return self._services.takes_file(name)

    async def takes_file_of(self, session: AsyncSession, conversation_id: int, name: str) -> bool:
        """Whether a document of that name is worth fetching: somebody may use what takes it."""
        conversation = await session.get_one(Conversation, conversation_id)
        return self._services.takes_file_of(await _member(session, conversation), name)

    async def is_asking(self, session: AsyncSession, conversation: Conversation, now: datetime) -> bool:
        """Whether any words may be an answer: to a service's open question, or to the person that the bot talks for."""
        if self._open_form(conversation.state, now):
            return True
        return await handovers.current(session, conversation.id, now) is not None

    async def take_turn(
        self,
        session: AsyncSession,
        conversation: Conversation,
        incoming: Incoming,
        understanding: Understanding | None,
        *,
        inbox_id: int,
        now: datetime,
        file: ReceivedFile | None = None,
    ) -> tuple[Reply, ...]:
        """Answers one message and records what follows from it. The conversation must be locked by this transaction."""
        if code := start_code(incoming.text):
            conversation.start_code = code
        form = self._open_form(conversation.state, now)
        turn = await self._turn(session, conversation, incoming, understanding, form, now)
        turn = replace(turn, file=file)
        memory = _recall(conversation.state, now)
        if result := await self._services.take(turn):
            memory = Memory(topic=result.topic) if result.topic else memory
            conversation.state = _keep(memory, form if result.form is None else result.form, now)
            return (*result.replies, *(await self._services.offers(turn, result.topic) if result.topic else ()))
        if incoming.is_edit:
            return ()  # a question is answered once
        outcome = self._outcome(incoming, understanding, memory)
        conversation.state = _keep(outcome.memory, form, now)
        await self._record(session, conversation, outcome, inbox_id=inbox_id, now=now)
        if _is_answer(incoming, outcome):
            await count_answer(turn)
        subject = _subject(incoming, outcome)
        replies = tuple(_with_address(reply, turn.entrances) for reply in outcome.replies)
        return (*replies, *(await self._services.offers(turn, subject) if subject else ()))

    def heard(self, text: str) -> Reply:
        """What was understood of a voice message, said before it is answered."""
        return self._desk.heard(text)

    def trouble(self) -> tuple[Reply, ...]:
        """What is said when a turn failed for good."""
        return (self._desk.trouble(),)

    async def _turn(
        self,
        session: AsyncSession,
        conversation: Conversation,
        incoming: Incoming,
        understanding: Understanding | None,
        form: Form,
        now: datetime,
    ) -> Turn:
        commune = conversation.commune
        member = await _member(session, conversation)
        library = self._library()
        return Turn(
            session, conversation, member, incoming, understanding, library, library.communes[commune], form, now,
            self._entrances(), tuple(member.hamlets) if member else (),
        )  # fmt: skip

    def _open_form(self, state: dict[str, Any], now: datetime) -> Form:
        kept = state.get("form")
        return self._services.still_open(kept["values"], now - datetime.fromisoformat(kept["at"])) if kept else {}

    async def _record(
        self, session: AsyncSession, conversation: Conversation, outcome: Outcome, *, inbox_id: int, now: datetime
    ) -> None:
        if outcome.forget:
            await conversations.forget(session, conversation, keep_inbox_id=inbox_id, now=now)
        if outcome.feedback:
            topic, helpful = outcome.feedback
            await questions.record_feedback(session, conversation, topic=topic, helpful=helpful, now=now)
        if outcome.unanswered:
            u = outcome.unanswered
            questions.keep_unanswered(session, conversation, text=u.text, reason=u.reason, topic=u.topic, now=now)

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


async def _member(session: AsyncSession, conversation: Conversation) -> Member | None:
    return await members.of_conversation(session, conversation)


def _is_answer(incoming: Incoming, outcome: Outcome) -> bool:
    """Whether somebody got what they wanted to know: an article or a part of it, or the verdict on a message."""
    if incoming.kind is not Kind.BUTTON:
        return outcome.decision is not None and outcome.decision.way in {Way.ANSWER, Way.SCAM}
    pressed = buttons.read(incoming.payload)
    if pressed is None or pressed.action not in {"topic", "section", "step", "sources"}:
        return False
    return outcome.memory.topic == pressed.of  # there is such an article


def _with_address(reply: Reply, entrances: Entrances) -> Reply:
    """A recording gets its address, for channels that can't play it."""
    if reply.clip is None:
        return reply
    return replace(reply, clip=replace(reply.clip, address=entrances.recording(reply.clip.file)))


def _subject(incoming: Incoming, outcome: Outcome) -> str | None:
    """What services may have something to add to: the topic that was shown, or whether an article helped."""
    if outcome.feedback and not outcome.feedback[1]:
        return NOT_HELPED
    if outcome.feedback:
        return HELPED_AGAINST_SCAMS if outcome.feedback[0].startswith("scam.") else None
    if incoming.kind is Kind.BUTTON:
        pressed = buttons.read(incoming.payload)
        return pressed.of if pressed and pressed.action == "topic" else None
    return outcome.decision.topic if outcome.decision and outcome.decision.way is Way.ANSWER else None


def _recall(state: dict[str, Any], now: datetime) -> Memory:
    if "at" not in state or now - datetime.fromisoformat(state["at"]) > REMEMBERED_FOR:
        return Memory()
    return Memory(state["topic"], tuple(state["offered"]), state["question"])


def _keep(memory: Memory, form: Form, now: datetime) -> dict[str, Any]:
    at = now.isoformat()
    remembered = {"at": at, "topic": memory.topic, "offered": list(memory.offered), "question": memory.question}
    return (remembered if memory != Memory() else {}) | ({"form": {"at": at, "values": form}} if form else {})
