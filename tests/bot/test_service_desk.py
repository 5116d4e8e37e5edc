"""The gate finds the service that a message is for, and lets in only who may use it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.entrances import Entrances
from bot.messages import Incoming, Reply
from bot.nlu import Guess, Understanding
from bot.service import SURE, Result, Service, Turn, payload
from bot.service_desk import ServiceDesk
from content.library import Library
from db import links
from db.engine import Database
from db.links import Sort
from db.outreach.models import Member, Role
from tests.support import outreach
from tests.support.clock import NOON
from tests.support.incoming import edited, pressed, said, shared
from tests.support.rows import COMMUNE, open_conversation


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite alone: the gate asks nothing that databases answer differently."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    async with database.transaction() as session:
        yield session


class Heard:
    """A service that notes how it was reached, and answers what it is told to."""

    def __init__(self, **options: Any) -> None:
        self.calls: list[tuple[str, str]] = []
        self.forms: list[dict[str, Any]] = []
        self.answer: Result | None = Result((Reply("xong"),))
        handlers = {name: self._handler(name) for name in ("press", "say", "edit", "open", "offer")}
        self.service = Service(**({"name": "viec", "least": None} | handlers | options))

    def _handler(self, name: str) -> Any:
        async def handle(turn: Turn, words: str) -> Result | None:
            self.calls.append((name, words))
            self.forms.append(turn.form)
            return self.answer

        return handle


class Gate:
    """Hands turns to a desk in one person's name."""

    def __init__(self, session: AsyncSession, library: Library, *services: Heard) -> None:
        self._session, self._library = session, library
        self.desk = ServiceDesk(one.service for one in services)

    async def turn(
        self,
        incoming: Incoming,
        *,
        member: Member | None = None,
        form: dict[str, Any] | None = None,
        intent: str = "",
        confidence: float = 1.0,
    ) -> Turn:
        understanding = Understanding((Guess(intent, confidence),)) if intent else None
        commune = self._library.communes[COMMUNE]
        conversation = await open_conversation(self._session)
        return Turn(
            self._session, conversation, member, incoming, understanding, self._library, commune, form or {}, NOON,
            Entrances(None, "http://xa.test"),
        )  # fmt: skip

    async def take(self, incoming: Incoming, **who: Any) -> Result | None:
        return await self.desk.take(await self.turn(incoming, **who))


async def test_a_button_a_command_an_intent_and_a_link_lead_to_their_service(
    session: AsyncSession, library: Library
) -> None:
    heard = Heard(commands=("/viec",), intents=("team.tasks",), links=(Sort.CLASS,))
    gate = Gate(session, library, Heard(name="khac"), heard)
    code = await links.make(session, COMMUNE, Sort.CLASS, 7)

    await gate.take(pressed(payload("viec", "h", 12)))
    await gate.take(said("/viec"))
    await gate.take(said("/VIEC@dai_su_so_bot  thêm nữa "))
    await gate.take(said("tôi làm gì đây"), intent="team.tasks")
    await gate.take(said(f"/start {code}"))

    assert heard.calls == [
        ("press", "h:12"),
        ("press", ""),
        ("press", "thêm nữa"),
        ("say", "tôi làm gì đây"),
        ("open", "7"),
    ]


@pytest.mark.parametrize(
    ("incoming", "intent", "confidence"),
    [
        (said("VNeID là gì"), "vneid.what", 1.0),
        (said("tôi làm gì đây"), "team.tasks", SURE - 0.01),
        (said("/khongco"), "", 1.0),
        (said("/start"), "", 1.0),
        (said("/start poster-7"), "", 1.0),
        (pressed("t:vneid.install"), "", 1.0),
        (pressed("do:khongco:1"), "", 1.0),
        (pressed("do:"), "", 1.0),
        (shared("photo"), "", 1.0),
        (said(""), "", 1.0),
    ],
)
async def test_what_is_for_no_service_is_left_to_the_citizens_desk(
    session: AsyncSession, library: Library, incoming: Incoming, intent: str, confidence: float
) -> None:
    heard = Heard(commands=("/viec",), intents=("team.tasks",), links=(Sort.CLASS,))
    assert await Gate(session, library, heard).take(incoming, intent=intent, confidence=confidence) is None
    assert heard.calls == []


@pytest.mark.parametrize("role", [None, *Role])
async def test_only_who_has_the_role_gets_in_by_any_way(
    session: AsyncSession, library: Library, role: Role | None
) -> None:
    heard = Heard(
        least=Role.OFFICE, commands=("/viec",), intents=("team.tasks",), links=(Sort.CLASS,), topics=("help.human",)
    )
    gate = Gate(session, library, heard)
    member = await outreach.member(session, role=role) if role else None
    code = await links.make(session, COMMUNE, Sort.CLASS, 7)
    message = said("viết")

    taken = [
        await gate.take(pressed("do:viec:1"), member=member),
        await gate.take(said("/viec"), member=member),
        await gate.take(said("tôi làm gì đây"), member=member, intent="team.tasks"),
        await gate.take(said("3"), member=member, form={"of": "viec", "step": 2}),
        await gate.take(said(f"/start {code}"), member=member),
        await gate.take(edited(message, "sửa"), member=member),
        (await gate.desk.offers(await gate.turn(said("ai giúp"), member=member), "help.human")) or None,
    ]

    may = role in {Role.OFFICE, Role.ADMIN}
    assert [one is not None for one in taken] == [may] * len(taken)
    assert len(heard.calls) == (len(taken) if may else 0)


async def test_a_removed_member_gets_in_nowhere(session: AsyncSession, library: Library) -> None:
    heard = Heard(least=Role.MEMBER, commands=("/viec",))
    member = await outreach.member(session)
    member.removed_at = NOON
    assert await Gate(session, library, heard).take(said("/viec"), member=member) is None


async def test_a_forged_link_is_told_and_a_foreign_one_is_not_ours(session: AsyncSession, library: Library) -> None:
    heard = Heard(links=(Sort.CLASS,))
    gate = Gate(session, library, heard)
    code = await links.make(session, COMMUNE, Sort.CLASS, 7)
    forged = await gate.take(said(f"/start {code.replace('7', '8', 1)}"))
    assert forged is not None
    assert "mã này không dùng được" in forged.replies[0].text
    assert heard.calls == []


async def test_a_text_goes_to_the_open_form_first_and_to_what_it_means_when_the_form_does_not_want_it(
    session: AsyncSession, library: Library
) -> None:
    owner, other = Heard(name="ghi"), Heard(intents=("team.tasks",))
    gate = Gate(session, library, owner, other)
    open_form = {"of": "ghi", "step": 2}

    await gate.take(said("3 người"), form=open_form, intent="team.tasks")
    assert (owner.calls, other.calls) == ([("say", "3 người")], [])
    owner.answer = None
    await gate.take(said("tôi làm gì đây"), form=open_form, intent="team.tasks")
    assert other.calls == [("say", "tôi làm gì đây")]


async def test_a_form_belongs_to_the_service_that_opened_it(session: AsyncSession, library: Library) -> None:
    owner, other = Heard(name="ghi"), Heard()
    gate = Gate(session, library, owner, other)
    open_form = {"of": "ghi", "step": 2}

    owner.answer = Result((), {"step": 3})
    assert await gate.take(said("3"), form=open_form) == Result((), {"step": 3, "of": "ghi"})
    owner.answer = Result((), {})
    assert await gate.take(said("3"), form=open_form) == Result((), {})

    other.answer = Result((), {})
    assert await gate.take(pressed("do:viec:1"), form=open_form) == Result((), None)
    assert other.forms == [{}]
    assert owner.forms == [open_form, open_form]


async def test_who_overhears_may_take_a_message_before_everybody(session: AsyncSession, library: Library) -> None:
    heard = Heard(commands=("/viec",))
    listener = Heard(name="nghe", overhear=heard._handler("overhear"))
    gate = Gate(session, library, heard, listener)
    await gate.take(said("/viec"))
    assert heard.calls == [("overhear", "/viec")]
    heard.answer = None
    await gate.take(said("/viec"))
    assert heard.calls[1:] == [("overhear", "/viec"), ("press", "")]


async def test_an_edit_goes_to_who_keeps_what_was_written(session: AsyncSession, library: Library) -> None:
    deaf, heard = Heard(name="diec", edit=None, commands=("/viec",)), Heard()
    message = said("/viec")
    await Gate(session, library, deaf, heard).take(edited(message, "ấp 3 hộ 12"))
    assert (deaf.calls, heard.calls) == ([], [("edit", "ấp 3 hộ 12")])


async def test_a_form_that_can_be_resumed_waits_beneath_another_and_asks_again_when_that_closes(
    session: AsyncSession, library: Library
) -> None:
    resumed = Heard(name="hoi")
    lasting = Heard(name="hoi", resume=resumed.service.press)
    resumed.answer = Result((Reply("hỏi lại"),), {"step": 1})
    other = Heard(name="khac")
    gate = Gate(session, library, lasting, other)
    other.answer = Result((Reply("sửa"),), {"session": 3})
    opened = await gate.take(pressed(payload("khac")), form={"step": 1, "of": "hoi"})
    assert opened is not None
    assert opened.form == {"session": 3, "of": "khac", "beneath": {"step": 1, "of": "hoi"}}

    other.answer = Result((Reply("đã sửa"),), {})
    closed = await gate.take(said("4 người"), form=opened.form)
    assert closed is not None
    assert [reply.text for reply in closed.replies] == ["đã sửa", "hỏi lại"]
    assert closed.form == {"step": 1, "of": "hoi"}


async def test_a_button_of_the_form_beneath_is_answered_from_there(session: AsyncSession, library: Library) -> None:
    lasting = Heard(name="hoi", resume=Heard().service.press)
    gate = Gate(session, library, lasting, Heard(name="khac"))
    lasting.answer = Result((Reply("xong"),), {})
    above = {"session": 3, "of": "khac"}
    taken = await gate.take(pressed(payload("hoi", 1)), form=above | {"beneath": {"step": 1, "of": "hoi"}})
    assert lasting.forms == [{"step": 1, "of": "hoi"}]
    assert taken is not None
    assert taken.form == above


async def test_each_form_is_open_for_as_long_as_its_service_says(session: AsyncSession, library: Library) -> None:
    desk = Gate(session, library, Heard(name="hoi", form_lasts=timedelta(days=7)), Heard(name="khac")).desk
    beneath = {"step": 1, "of": "hoi"}
    above = {"of": "khac", "beneath": beneath}
    assert desk.still_open(above, timedelta(hours=12)) == above
    assert desk.still_open(above, timedelta(days=2)) == beneath
    assert desk.still_open(above, timedelta(days=8)) == {}
