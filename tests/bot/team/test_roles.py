"""Every service, reached in every way by everybody: who lacks the role gets nothing out of it and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.messages import Incoming
from bot.service import Service, payload
from bot.service_desk import may_use
from bot.services import SERVICES
from db import links
from db.engine import Database
from db.models import Base, Conversation, InboxMessage, OutboxMessage
from db.outreach import members
from db.outreach.audit import OPERATOR
from db.outreach.models import Member, Role
from tests.support.chats import Chats
from tests.support.clock import NOON
from tests.support.incoming import edited, pressed, said
from tests.support.rows import COMMUNE, open_conversation
from tests.support.sheets import Post

PRESSES = ("", "e:1", "u:1", "r:1", "c:1", "n:1", "t:1", "d:1", "y:1", "x", "x:1", "m:1", "new", "new:1", "make", "all",
           "r:admin", "o:1:0:1", "e:market", "abcdef:save", "e:1:all", "1:2:1:1:1:1", "2026-11", "q:1", "f:ok", "f:m1",
           "w:1", "o:abc:1:0:1", "x:1:y")  # fmt: skip
"""What the services' buttons carry, and what somebody might make up."""
TALK_TABLES = {Conversation.__tablename__, InboxMessage.__tablename__, OutboxMessage.__tablename__, "link_key",
               "unanswered_question"}  # fmt: skip
WANTED = [service for service in SERVICES if service.least is not None]
WHO = ("citizen", "removed", *Role)
WRITER = "nguoi-viet"
VISIT = "ấp 3 nhà bác Tư cài vneid 2 người"
FORM = {"step": "people", "session": 1, "waiting": [], "title": "x", "hamlet": 1, "member": 1, "hamlets": [1],
        "role": "admin"}  # fmt: skip


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


async def contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """What each table holds, but for those in which every talk leaves its trace."""
    async with database.snapshot() as session:
        return {
            table.name: [tuple(row) for row in await session.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
            if table.name not in TALK_TABLES
        }


async def open_form(chats: Chats, service: Service) -> None:
    """Puts a form of the service into the writer's chat, as if it had been opened while that was still allowed."""
    async with chats.database.transaction() as session:
        conversation = await open_conversation(session, WRITER)
        conversation.state = {"form": {"at": NOON.isoformat(), "values": FORM | {"of": service.name}}}


async def become(chats: Chats, who: str) -> Member | None:
    """Makes the writer what is wanted, with sessions, requests and classes of others about."""
    await chats.member("binh", "3")
    await chats.say("binh", "ấp 3 nhà bác Năm cài vneid 2 người")
    if who == "citizen":
        return None
    member = await chats.member(WRITER, "3", role=Role(who) if who != "removed" else Role.ADMIN)
    if who == "removed":
        async with chats.database.transaction() as session:
            await members.remove(session, await session.get_one(Member, member.id), OPERATOR, NOON)
            return await session.get_one(Member, member.id)
    return member


async def ways_in(chats: Chats, service: Service) -> list[Incoming]:
    """Its buttons, commands, links and files, words that mean it, and messages that are changed into such words."""
    found = [
        pressed(payload(service.name, *(part for part in press.split(":") if part)), by=WRITER) for press in PRESSES
    ]
    found += [said(command, by=WRITER) for command in service.commands]
    for number, intent in enumerate(service.intents):
        text = f"câu nói số {number} của {service.name}"
        chats.talk.nlu.meanings[text] = intent
        found.append(said(text, by=WRITER))
    if service.hear or service.edit:
        found += [first := said("ấp 3 nhà bác Tư", by=WRITER), edited(first, VISIT), said(VISIT, by=WRITER)]
    post = Post(chats.talk.inbox)
    found += [post.file(b"PK", f"so-lieu{suffix}", by=WRITER) for suffix in service.suffixes]
    async with chats.database.transaction() as session:
        for sort in service.links:
            found.append(said(f"/start {await links.make(session, COMMUNE, sort, 1)}", by=WRITER))
    return found


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("service", WANTED, ids=lambda service: service.name)
async def test_nobody_below_the_role_gets_in(chats: Chats, service: Service, who: str) -> None:
    member = await become(chats, who)
    if may_use(member, service):
        return  # what it does for them is its own tests' business
    before = await contents(chats.database)
    for message in [*await ways_in(chats, service), None, said("5", by=WRITER), said("bỏ qua", by=WRITER)]:
        if message is None:
            await open_form(chats, service)
            continue
        await chats.send(message)
        for reply in chats.read[WRITER][-1:]:
            assert reply.document is None
            buttons = [button.payload for row in reply.buttons for button in row]
            carried = {carries.split(":")[1] for carries in buttons if carries.startswith("do:")}
            assert carried <= {service.name for service in SERVICES if may_use(member, service)}
    assert await contents(chats.database) == before


async def test_buttons_that_a_member_had_before_the_removal_do_nothing(chats: Chats) -> None:
    member = await become(chats, Role.ADMIN)
    await chats.say(WRITER, VISIT)
    for service in WANTED:
        for command in service.commands:
            await chats.say(WRITER, command)
    had = {button.payload for reply in chats.read[WRITER] for row in reply.buttons for button in row}
    everybody_s = {f"do:{service.name}" for service in SERVICES if service.least is None}
    team_s = sorted(one for one in had if one.startswith("do:") and ":".join(one.split(":")[:2]) not in everybody_s)
    assert len(team_s) > 20
    assert member is not None
    async with chats.database.transaction() as session:
        await members.remove(session, await session.get_one(Member, member.id), OPERATOR, NOON)
    before = await contents(chats.database)
    for carries in team_s:
        await chats.send(pressed(carries, by=WRITER))
        left = [button.payload for row in chats.read[WRITER][-1].buttons for button in row]
        assert not set(left) & set(team_s)
    assert await contents(chats.database) == before


@pytest.mark.parametrize("is_admin", [False, True])
@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
async def test_who_may_use_it_gets_an_answer_to_whatever_a_button_carries(
    chats: Chats, service: Service, is_admin: bool
) -> None:
    await become(chats, Role.ADMIN if is_admin else service.least or Role.MEMBER)
    trouble = chats.talk.library.phrases.trouble
    for message in await ways_in(chats, service):
        answer = await chats.send(message)
        assert trouble[:30] not in answer, message
