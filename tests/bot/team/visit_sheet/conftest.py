"""For tests of the sheet in the chat: a member of two hamlets, with households, who has the template."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from bot.messages import Reply
from bot.team.visit_sheet.service import NAME
from content.library import Library
from db import documents
from db.engine import Database
from db.outreach import hamlets
from db.outreach.models import Hamlet, Household, SupportSession
from tests.support import outreach
from tests.support.clock import FakeClock
from tests.support.incoming import pressed, said
from tests.support.rows import COMMUNE
from tests.support.sheets import Post, Row, filled
from tests.support.talk import Talk

ME = "chi-hoa"


@dataclass
class Team:
    """A member of ấp 3 and ấp 5 in a chat; ấp 7 is somebody else's."""

    database: Database
    talk: Talk
    post: Post
    clock: FakeClock
    template: bytes = b""

    async def asks_for_the_template(self, who: str = ME) -> Reply:
        """/mau; remembers the file."""
        [reply] = await self.talk.answer(said("/mau", by=who))
        if reply.document:
            async with self.database.snapshot() as session:
                file = await documents.fetch(session, reply.document.key)
            assert file is not None
            self.template = file.content
        return reply

    async def sends(self, content: bytes, name: str = "visits.xlsx", *, by: str = ME, size: int = 0) -> Reply:
        """A file; what is said to it."""
        [reply] = await self.talk.answer(self.post.file(content, name, by=by, size=size))
        return reply

    async def sends_rows(self, *rows: Row, by: str = ME) -> Reply:
        """The template with these rows in it."""
        return await self.sends(filled(self.template, *rows), by=by)

    async def presses(self, reply: Reply, label: str, *, by: str = ME) -> Reply:
        """A button of that reply."""
        [payload] = [button.payload for row in reply.buttons for button in row if label in button.label]
        self.clock.advance(minutes=1)
        [answer] = await self.talk.answer(replace(pressed(payload, by=by), sent_at=self.clock()))
        return answer

    async def saves(self, *rows: Row) -> Reply:
        """The rows, at once."""
        return await self.presses(await self.sends_rows(*rows), "Lưu tất cả")

    async def sessions(self) -> list[SupportSession]:
        """What counts, in the order of saving."""
        async with self.database.snapshot() as session:
            query = select(SupportSession).where(SupportSession.voided_at.is_(None)).order_by(SupportSession.id)
            return list(await session.scalars(query))

    async def households(self) -> list[Household]:
        """All of them."""
        async with self.database.snapshot() as session:
            return list(await session.scalars(select(Household).order_by(Household.id)))


def buttons(reply: Reply) -> list[str]:
    """The labels under a reply."""
    return [button.label for row in reply.buttons for button in row]


def forged(*parts: object) -> str:
    """A payload that somebody made up."""
    return ":".join(("do", NAME, *map(str, parts)))


@pytest.fixture
async def team(database: Database, library: Library, clock: FakeClock) -> Team:
    """The member has the template."""
    talk = Talk(database, library, clock)
    async with database.transaction() as session:
        await hamlets.load(session, COMMUNE, ["3", "5", "7"], clock())
        places: list[Hamlet] = await hamlets.all_of(session, COMMUNE)
        await outreach.member(session, ME, *places[:2])
        await outreach.member(session, "chu-bay", places[2])
        await outreach.household(session, "Hoàng Văn Năm", place=places[0])
        await outreach.household(session, "Trần Thị Bông", place=places[0], number="12")
        await outreach.household(session, "Lê Văn Tám", place=places[2])
    made = Team(database, talk, Post(talk.inbox), clock)
    await made.asks_for_the_template()
    return made
