"""The web chat's API, through the whole HTTP application over a real database; only Rasa is played."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.channels import web
from bot.channels.web import ChatRequest
from bot.messages import MAX_TEXT
from db.engine import Database
from db.models import InboxMessage, OutboxMessage
from tests.support.clock import FakeClock
from tests.support.site import make_settings, make_site, shipped_library
from tests.support.told_nlu import ToldNlu
from tests.support.web_page import PERSON, QUESTION, WebPage, assert_busy, assert_refused


def labels(reply: Any) -> list[str]:
    return [button["label"] for row in reply["buttons"] for button in row]


async def stored(database: Database) -> list[InboxMessage]:
    async with database.snapshot() as session:
        return list(await session.scalars(select(InboxMessage).order_by(InboxMessage.id)))


async def replies_stored(database: Database) -> list[OutboxMessage]:
    async with database.snapshot() as session:
        return list(await session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


class Gate:
    """Holds up whoever asks the NLU until it opens; `reached` is set when somebody stands there."""

    def __init__(self, nlu: ToldNlu) -> None:
        self.reached = asyncio.Event()
        self._open = asyncio.Event()
        self.open = self._open.set
        nlu.before_answering = self._pass

    async def _pass(self, _: str) -> None:
        self.reached.set()
        await self._open.wait()


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'web.db'}"


@pytest.fixture
def nlu() -> ToldNlu:
    return ToldNlu({QUESTION: "vneid.forgot_password"})


@pytest.fixture
def site(tmp_path: Path, database: Database, nlu: ToldNlu, clock: FakeClock) -> FastAPI:
    settings = make_settings(tmp_path, messages_per_minute_sender=1000, messages_per_minute_address=1000)
    return make_site(settings, shipped_library(), database, nlu, clock)


@pytest.fixture
def page(site: FastAPI) -> WebPage:
    return WebPage(site)


# --- questions and answers ---


async def test_question_gets_its_article_with_sources_and_buttons(page: WebPage) -> None:
    [reply] = await page.say(QUESTION)
    assert reply["text"].startswith("**Quên mật khẩu VNeID**\n\nMở VNeID, bấm")
    assert re.match(r"Nguồn: \[.+\]\(https://.+\)", reply["note"])
    assert {"Các bước", "Giấy tờ", "Thời gian"} <= set(labels(reply))


async def test_pressed_button_does_what_its_payload_says(page: WebPage) -> None:
    [answer] = await page.say(QUESTION, "m-1")
    payload = next(b["payload"] for row in answer["buttons"] for b in row if b["label"] == "Giấy tờ")
    [papers] = await page.press(payload, "m-2")
    assert papers["text"].startswith("**Quên mật khẩu VNeID: giấy tờ**")


async def test_start_greets_with_quick_start_buttons(page: WebPage) -> None:
    [greeting] = await page.press("start")
    assert "Đại sứ số" in greeting["text"]
    assert "Quên mật khẩu VNeID" in labels(greeting)
    assert greeting["note"] is None


async def test_follow_up_is_about_the_topic_before(page: WebPage) -> None:
    await page.say(QUESTION, "m-1")
    [reply] = await page.say("mất bao lâu", "m-2")
    assert reply["text"].startswith("**Quên mật khẩu VNeID: thời gian**")


async def test_answer_in_the_response_is_not_waiting_to_be_sent(page: WebPage, database: Database) -> None:
    await page.say(QUESTION)
    [reply] = await replies_stored(database)
    assert reply.delivered_at is not None


async def test_content_type_may_name_the_character_set(page: WebPage) -> None:
    response = await page.post_raw(json.dumps(PERSON), **{"Content-Type": "Application/JSON; charset=utf-8"})
    assert response.status_code == 200


# --- said twice, said at once, said too slowly ---


async def test_same_message_id_gives_the_same_replies_and_one_turn(
    page: WebPage, nlu: ToldNlu, database: Database
) -> None:
    first = await page.say(QUESTION, "m-1")
    await page.say("câu khác", "m-2")
    assert await page.say(QUESTION, "m-1") == first
    assert nlu.asked == [QUESTION, "câu khác"]
    assert len(await stored(database)) == 2
    assert len(await replies_stored(database)) == 2


async def test_same_message_sent_twice_at_once_takes_one_turn(page: WebPage, nlu: ToldNlu, database: Database) -> None:
    gate = Gate(nlu)
    twice = [asyncio.create_task(page.say(QUESTION)) for _ in range(2)]
    await gate.reached.wait()
    gate.open()
    first, second = await asyncio.gather(*twice)
    assert first == second
    assert nlu.asked == [QUESTION]
    assert len(await replies_stored(database)) == 1


async def test_same_message_id_of_another_device_is_another_message(page: WebPage, database: Database) -> None:
    for sender in ("device-1", "device-2"):
        assert (await page.post(text=QUESTION, sender=sender)).status_code == 200
    assert len(await replies_stored(database)) == 2


async def test_two_messages_at_once_are_answered_in_order(page: WebPage, nlu: ToldNlu, database: Database) -> None:
    gate = Gate(nlu)
    first = asyncio.create_task(page.say(QUESTION, "m-1"))
    await gate.reached.wait()
    second = asyncio.create_task(page.say("mất bao lâu", "m-2"))
    async with asyncio.timeout(5):
        while len(await stored(database)) < 2:
            pass
    gate.open()
    [article], [time] = await asyncio.gather(first, second)
    assert nlu.asked == [QUESTION, "mất bao lâu"]  # one turn at a time: the first was not taken up twice
    assert article["text"].startswith("**Quên mật khẩu VNeID**")
    assert time["text"].startswith("**Quên mật khẩu VNeID: thời gian**")


async def test_devices_do_not_wait_for_each_other(page: WebPage, nlu: ToldNlu) -> None:
    gate = Gate(nlu)
    slow = asyncio.create_task(page.say(QUESTION))
    await gate.reached.wait()
    assert (await page.post(sender="device-2", payload="menu", message_id="m-1")).status_code == 200
    gate.open()
    await slow


async def test_answer_that_takes_too_long_is_fetched_by_asking_again(
    page: WebPage, nlu: ToldNlu, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "TURN_SECONDS", 0.2)
    gate = Gate(nlu)
    assert_busy(await page.post(text=QUESTION))
    gate.open()
    monkeypatch.undo()
    [reply] = await page.say(QUESTION)
    assert reply["text"].startswith("**Quên mật khẩu VNeID**")
    assert len(await replies_stored(database)) == 1


# --- what is refused ---


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
async def test_other_than_json_is_refused(page: WebPage, kind: str) -> None:
    assert_refused(await page.post_raw(json.dumps(PERSON), **{"Content-Type": kind}), 415, "not_json", "JSON")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b'{"text": "a"', id="cut off"),
        pytest.param(b'{"text": "\xff"}', id="not UTF-8"),
        pytest.param(b"[" * 60_000, id="lists without end"),
        pytest.param(b"9" * 60_000, id="a number without end"),
    ],
)
async def test_broken_json_is_refused(page: WebPage, body: bytes) -> None:
    assert_refused(await page.post_raw(body), 400, "not_json", "JSON")


@pytest.mark.parametrize(
    ("body", "named"),
    [
        pytest.param([], "JSON", id="a list"),
        pytest.param(None, "JSON", id="null"),
        pytest.param(PERSON | {"payload": "start"}, "text hoặc payload", id="text and payload"),
        pytest.param({"sender": "a", "message_id": "b"}, "text hoặc payload", id="neither text nor payload"),
        pytest.param(PERSON | {"text": None}, "text hoặc payload", id="text is null"),
        pytest.param(PERSON | {"text": 5}, "text", id="text is a number"),
        pytest.param(PERSON | {"name": "Nguyễn Văn A"}, "name", id="unknown field"),
        pytest.param(PERSON | {"\ud800": 1}, "JSON", id="unknown field with a broken name"),
        pytest.param({"text": "a", "message_id": "b"}, "sender", id="no sender"),
        pytest.param({"text": "a", "sender": "b"}, "message_id", id="no message id"),
    ],
)
async def test_wrong_fields_are_refused_and_named(page: WebPage, database: Database, body: object, named: str) -> None:
    assert_refused(await page.post_raw(json.dumps(body)), 422, "bad_request", named)
    assert await stored(database) == []


@pytest.mark.parametrize("field", ["sender", "message_id", "payload"])
async def test_ids_and_payloads_are_1_to_64_plain_characters(page: WebPage, field: str) -> None:
    pressed = {"sender": "a", "message_id": "b", "payload": "start"}
    for value in ("", "a" * 65, "a b", "máy", "a\n", "a\x00", "\ud83d", "a\x7f", 7, ["a"]):
        assert_refused(await page.post_raw(json.dumps(pressed | {field: value})), 422, "bad_request", field)
    assert (await page.post_raw(json.dumps(pressed | {field: "z" * 64}))).status_code == 200


async def test_unknown_payload_gets_a_kind_sentence(page: WebPage) -> None:
    [reply] = await page.press("s:no.such_topic:1")
    assert "Nút này đã cũ" in reply["text"]


async def test_text_has_4000_characters_at_most(page: WebPage, database: Database) -> None:
    await page.say("😀" * MAX_TEXT)
    assert_refused(await page.post(text="a" * (MAX_TEXT + 1), message_id="m-2"), 413, "too_long", "4000")
    assert [message.text for message in await stored(database)] == ["😀" * MAX_TEXT]


async def test_body_over_64_kb_is_refused_before_it_is_all_read(page: WebPage) -> None:
    pieces = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal pieces
        while pieces < 1000:
            pieces += 1
            yield b" " * 16_384

    assert_refused(await page.post_raw(endless()), 413, "too_long", "4000")
    assert pieces < 10
    just_under = json.dumps(PERSON).ljust(web.MAX_BODY_BYTES)
    assert (await page.post_raw(just_under)).status_code == 200
    assert_refused(await page.post_raw(just_under + " "), 413, "too_long")


async def test_caller_who_hangs_up_in_the_middle_leaves_nothing(site: FastAPI, database: Database) -> None:
    arriving = [
        {"type": "http.request", "body": json.dumps(PERSON).encode()[:20], "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Any:
        return arriving.pop(0)

    async def send(_: Any) -> None:
        pass

    scope = {
        "type": "http", "method": "POST", "path": "/api/chat", "raw_path": b"/api/chat", "query_string": b"",
        "headers": [(b"content-type", b"application/json")], "client": ("203.0.113.7", 1), "server": ("x", 80),
        "scheme": "http", "http_version": "1.1", "root_path": "", "asgi": {"version": "3.0"},
    }  # fmt: skip
    await site(scope, receive, send)
    assert await stored(database) == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_api_is_for_posting_only(site: FastAPI, method: str) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://x") as http:
        assert (await http.request(method, "/api/chat")).status_code == 405


# --- strange texts ---


@pytest.mark.parametrize("text", ["", "   ", "\n\n\t", "\x00", "\ud800"], ids=ascii)
async def test_text_without_anything_in_it_is_asked_for(page: WebPage, nlu: ToldNlu, text: str) -> None:
    [reply] = await page.say(text)
    assert "Chưa thấy chữ nào" in reply["text"]
    assert nlu.asked == []


STRANGE = "quên\x00 mật\x1b[1m khẩu\ud83d \udc4d\x7f\r\nVNeID 👍"


async def test_unreadable_characters_are_left_out(page: WebPage, nlu: ToldNlu) -> None:
    await page.say(STRANGE)
    assert nlu.asked == ["quên mật[1m khẩu \nVNeID 👍"]


@pytest.mark.servers
async def test_unreadable_characters_do_not_break_postgresql(
    postgres_url: str, tmp_path: Path, nlu: ToldNlu, clock: FakeClock
) -> None:
    database = Database(postgres_url)
    await database.migrate()
    page = WebPage(make_site(make_settings(tmp_path), shipped_library(), database, nlu, clock))
    await page.say(STRANGE)
    assert_refused(await page.post(sender="a", message_id="b", payload="\x00"), 422, "bad_request")
    await database.close()


@given(st.text(st.characters(exclude_categories=()), max_size=50))
def test_every_text_that_json_can_carry_can_be_stored(text: str) -> None:
    read = ChatRequest.model_validate(json.loads(json.dumps(PERSON | {"text": text}))).text
    assert read is not None
    assert "\x00" not in read
    assert read.encode().decode() == read


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n\t"), max_size=50))
def test_readable_text_is_stored_as_it_came(text: str) -> None:
    assert ChatRequest.model_validate(PERSON | {"text": text}).text == text


# --- trouble on our side ---


async def test_failing_database_is_busy_and_the_same_message_is_answered_later(
    tmp_path: Path, nlu: ToldNlu, clock: FakeClock
) -> None:
    folder = tmp_path / "not mounted yet"
    database = Database(f"sqlite+aiosqlite:///{folder / 'web.db'}")
    page = WebPage(make_site(make_settings(tmp_path), shipped_library(), database, nlu, clock))
    assert_busy(await page.post(text=QUESTION))
    folder.mkdir()
    await database.migrate()
    [reply] = await page.say(QUESTION)
    assert reply["text"].startswith("**Quên mật khẩu VNeID**")
    await database.close()
