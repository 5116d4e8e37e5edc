"""Several people in their chats with one bot: what each says and presses, and what each reads, notices included."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import select

from bot.citizen.desk import CitizenDesk
from bot.messages import Incoming, Reply
from db.engine import Database
from db.models import Conversation, OutboxMessage
from db.outreach import hamlets
from db.outreach.models import Hamlet, Member, Role
from tests.support import outreach
from tests.support.clock import NOON, FakeClock
from tests.support.incoming import pressed, said
from tests.support.rows import COMMUNE
from tests.support.site import shipped_library
from tests.support.talk import Talk


@cache
def _desk() -> CitizenDesk:
    """Made ready once: that takes longer than most tests."""
    return CitizenDesk(lambda: shipped_library().current, COMMUNE)


class Chats:
    """The commune with ấp 3 and ấp 5, the real library, and whoever writes. `read` holds what each person has read."""

    def __init__(self, database: Database, clock: FakeClock) -> None:
        self.database, self.clock = database, clock
        self.read: dict[str, list[Reply]] = {}
        self._notices: set[int] = set()
        self.restart()

    def restart(self) -> None:
        """A new process on the same database."""
        self.talk = Talk(self.database, shipped_library().current, self.clock, _desk())

    async def places(self, *names: str) -> list[Hamlet]:
        """The commune's hamlets, made when they are not there."""
        async with self.database.transaction() as session:
            await hamlets.load(session, COMMUNE, names, NOON)
            return await hamlets.all_of(session, COMMUNE)

    async def member(self, who: str, *names: str, role: Role = Role.MEMBER) -> Member:
        """Makes somebody a member for hamlets of those names."""
        async with self.database.transaction() as session:
            own = [one for one in await hamlets.all_of(session, COMMUNE) if one.name in names]
            return await outreach.member(session, who, *own, role=role)

    async def say(self, who: str, text: str, *, at: datetime | None = None) -> str:
        """What the bot answers to a text, all replies as one."""
        return await self.send(said(text, by=who, sent_at=at or self.clock()))

    async def send(self, message: Incoming) -> str:
        """What the bot answers to a message."""
        replies = await self.talk.answer(message)
        await self._fetch_notices()
        self.read.setdefault(message.sender, []).extend(replies)
        return "\n".join(reply.text for reply in replies)

    async def press(self, who: str, *labels: str) -> str:
        """Presses the newest buttons of those names, one after the other; what the bot answers to the last."""
        answer = ""
        for label in labels:
            answer = await self.send(pressed(self.payload(who, label), by=who, sent_at=self.clock()))
        return answer

    def payload(self, who: str, label: str) -> str:
        """What the newest button with that word in its name carries."""
        for reply in reversed(self.read.get(who, [])):
            for row in reply.buttons:
                for button in row:
                    if label in button.label:
                        return button.payload
        raise AssertionError(f"{who} has no button {label!r}")

    def last(self, who: str) -> str:
        """What somebody read last."""
        return self.read[who][-1].text

    def labels(self, who: str) -> list[str]:
        """The buttons of what somebody read last."""
        return [button.label for row in self.read[who][-1].buttons for button in row]

    async def rows(self, table: Any, *columns: str) -> Sequence[tuple[object, ...]]:
        """What the database holds, in the order of the ids."""
        async with self.database.snapshot() as session:
            found = await session.scalars(select(table).order_by(table.id))
            return [tuple(getattr(one, column) for column in columns) for one in found]

    async def _fetch_notices(self) -> None:
        async with self.database.snapshot() as session:
            query = (
                select(OutboxMessage, Conversation.sender)
                .join(Conversation, Conversation.id == OutboxMessage.conversation_id)
                .where(OutboxMessage.inbox_id.is_(None))
                .order_by(OutboxMessage.id)
            )
            for notice, sender in await session.execute(query):
                if notice.id not in self._notices:
                    self._notices.add(notice.id)
                    self.read.setdefault(sender, []).append(Reply.from_json(notice.body))
