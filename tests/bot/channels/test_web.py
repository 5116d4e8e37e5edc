"""The web chat's API and page, through the whole HTTP application over a real database; only Rasa is played."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.channels import web
from bot.channels.web import ChatRequest, RateLimit
from bot.messages import MAX_TEXT
from content.library import LiveLibrary
from db.engine import Database
from db.models import InboxMessage, OutboxMessage
from tests.support.clock import FakeClock
from tests.support.site import make_settings, make_site, running_site
from tests.support.told_nlu import ToldNlu

ROOT = Path(__file__).resolve().parents[3]
QUESTION = "quên mật khẩu VNeID"
PERSON = {"text": "Cho hỏi", "sender": "device-1", "message_id": "m-1"}


class Page:
    """Speaks to the site as the page of one device does."""

    def __init__(self, site: FastAPI, address: str = "203.0.113.7") -> None:
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(site, client=(address, 50000)), base_url="http://commune.example"
        )

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self._http.get(path, headers=headers)

    async def post(self, **body: object) -> httpx.Response:
        return await self.post_raw(json.dumps(PERSON | body if "payload" not in body else body))

    async def post_raw(self, body: str | bytes | AsyncIterator[bytes], **headers: str) -> httpx.Response:
        return await self._http.post("/api/chat", content=body, headers={"Content-Type": "application/json"} | headers)

    async def say(self, text: str, message_id: str = "m-1") -> Any:
        response = await self.post(text=text, message_id=message_id)
        assert response.status_code == 200, response.text
        return response.json()["replies"]

    async def press(self, payload: str, message_id: str = "m-1") -> Any:
        response = await self.post(sender="device-1", payload=payload, message_id=message_id)
        assert response.status_code == 200, response.text
        return response.json()["replies"]


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


@pytest.fixture(scope="module")
def live_library() -> LiveLibrary:
    return LiveLibrary(ROOT / "content")


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'web.db'}"


@pytest.fixture
def nlu() -> ToldNlu:
    return ToldNlu({QUESTION: "vneid.forgot_password"})


@pytest.fixture
def site_with(
    tmp_path: Path, live_library: LiveLibrary, database: Database, nlu: ToldNlu, clock: FakeClock
) -> Callable[..., FastAPI]:
    """Makes the application with some settings changed."""
    return lambda **changed: make_site(make_settings(tmp_path, **changed), live_library, database, nlu, clock)


@pytest.fixture
def site(site_with: Callable[..., FastAPI]) -> FastAPI:
    return site_with(messages_per_minute_sender=1000, messages_per_minute_address=1000)


@pytest.fixture
def page(site: FastAPI) -> Page:
    return Page(site)


# --- questions and answers ---


async def test_question_gets_its_article_with_sources_and_buttons(page: Page) -> None:
    [reply] = await page.say(QUESTION)
    assert reply["text"].startswith("**Quên mật khẩu VNeID**\n\nMở VNeID, bấm")
    assert re.match(r"Nguồn: \[.+\]\(https://.+\)", reply["note"])
    assert {"Các bước", "Giấy tờ", "Thời gian"} <= set(labels(reply))


async def test_pressed_button_does_what_its_payload_says(page: Page) -> None:
    [answer] = await page.say(QUESTION, "m-1")
    payload = next(b["payload"] for row in answer["buttons"] for b in row if b["label"] == "Giấy tờ")
    [papers] = await page.press(payload, "m-2")
    assert papers["text"].startswith("**Quên mật khẩu VNeID: giấy tờ**")


async def test_start_greets_with_quick_start_buttons(page: Page) -> None:
    [greeting] = await page.press("start")
    assert "Đại sứ số" in greeting["text"]
    assert "Quên mật khẩu VNeID" in labels(greeting)
    assert greeting["note"] is None


async def test_follow_up_is_about_the_topic_before(page: Page) -> None:
    await page.say(QUESTION, "m-1")
    [reply] = await page.say("mất bao lâu", "m-2")
    assert reply["text"].startswith("**Quên mật khẩu VNeID: thời gian**")


async def test_answer_in_the_response_is_not_waiting_to_be_sent(page: Page, database: Database) -> None:
    await page.say(QUESTION)
    [reply] = await replies_stored(database)
    assert reply.delivered_at is not None


async def test_content_type_may_name_the_character_set(page: Page) -> None:
    response = await page.post_raw(json.dumps(PERSON), **{"Content-Type": "Application/JSON; charset=utf-8"})
    assert response.status_code == 200


# --- said twice, said at once, said too slowly ---


async def test_same_message_id_gives_the_same_replies_and_one_turn(
    page: Page, nlu: ToldNlu, database: Database
) -> None:
    first = await page.say(QUESTION, "m-1")
    await page.say("câu khác", "m-2")
    assert await page.say(QUESTION, "m-1") == first
    assert nlu.asked == [QUESTION, "câu khác"]
    assert len(await stored(database)) == 2
    assert len(await replies_stored(database)) == 2


async def test_same_message_sent_twice_at_once_takes_one_turn(page: Page, nlu: ToldNlu, database: Database) -> None:
    gate = Gate(nlu)
    twice = [asyncio.create_task(page.say(QUESTION)) for _ in range(2)]
    await gate.reached.wait()
    gate.open()
    first, second = await asyncio.gather(*twice)
    assert first == second
    assert nlu.asked == [QUESTION]
    assert len(await replies_stored(database)) == 1


async def test_same_message_id_of_another_device_is_another_message(page: Page, database: Database) -> None:
    for sender in ("device-1", "device-2"):
        assert (await page.post(text=QUESTION, sender=sender)).status_code == 200
    assert len(await replies_stored(database)) == 2


async def test_two_messages_at_once_are_answered_in_order(page: Page, nlu: ToldNlu, database: Database) -> None:
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


async def test_devices_do_not_wait_for_each_other(page: Page, nlu: ToldNlu) -> None:
    gate = Gate(nlu)
    slow = asyncio.create_task(page.say(QUESTION))
    await gate.reached.wait()
    assert (await page.post(sender="device-2", payload="menu", message_id="m-1")).status_code == 200
    gate.open()
    await slow


async def test_answer_that_takes_too_long_is_fetched_by_asking_again(
    page: Page, nlu: ToldNlu, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "TURN_SECONDS", 0.2)
    gate = Gate(nlu)
    assert_busy(await page.post(text=QUESTION))
    gate.open()
    [reply] = await page.say(QUESTION)
    assert reply["text"].startswith("**Quên mật khẩu VNeID**")
    assert len(await replies_stored(database)) == 1


# --- what is refused ---


def assert_refused(response: httpx.Response, status: int, code: str, *parts: str) -> None:
    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert error["code"] == code
    for part in parts:
        assert part in error["message"]


def assert_busy(response: httpx.Response) -> None:
    assert_refused(response, 503, "busy", "đã được giữ lại")
    assert int(response.headers["Retry-After"]) > 0


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
async def test_other_than_json_is_refused(page: Page, kind: str) -> None:
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
async def test_broken_json_is_refused(page: Page, body: bytes) -> None:
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
async def test_wrong_fields_are_refused_and_named(page: Page, database: Database, body: object, named: str) -> None:
    assert_refused(await page.post_raw(json.dumps(body)), 422, "bad_request", named)
    assert await stored(database) == []


@pytest.mark.parametrize("field", ["sender", "message_id", "payload"])
async def test_ids_and_payloads_are_1_to_64_plain_characters(page: Page, field: str) -> None:
    pressed = {"sender": "a", "message_id": "b", "payload": "start"}
    for value in ("", "a" * 65, "a b", "máy", "a\n", "a\x00", "\ud83d", "a\x7f", 7, ["a"]):
        assert_refused(await page.post_raw(json.dumps(pressed | {field: value})), 422, "bad_request", field)
    assert (await page.post_raw(json.dumps(pressed | {field: "z" * 64}))).status_code == 200


async def test_unknown_payload_gets_a_kind_sentence(page: Page) -> None:
    [reply] = await page.press("s:no.such_topic:1")
    assert "Nút này đã cũ" in reply["text"]


async def test_text_has_4000_characters_at_most(page: Page, database: Database) -> None:
    await page.say("😀" * MAX_TEXT)
    assert_refused(await page.post(text="a" * (MAX_TEXT + 1), message_id="m-2"), 413, "too_long", "4000")
    assert [message.text for message in await stored(database)] == ["😀" * MAX_TEXT]


async def test_body_over_64_kb_is_refused_before_it_is_all_read(page: Page) -> None:
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
async def test_text_without_anything_in_it_is_asked_for(page: Page, nlu: ToldNlu, text: str) -> None:
    [reply] = await page.say(text)
    assert "Chưa thấy chữ nào" in reply["text"]
    assert nlu.asked == []


STRANGE = "quên\x00 mật\x1b[1m khẩu\ud83d \udc4d\x7f\r\nVNeID 👍"


async def test_unreadable_characters_are_left_out(page: Page, nlu: ToldNlu) -> None:
    await page.say(STRANGE)
    assert nlu.asked == ["quên mật[1m khẩu \nVNeID 👍"]


@pytest.mark.servers
async def test_unreadable_characters_do_not_break_postgresql(
    postgres_url: str, tmp_path: Path, live_library: LiveLibrary, nlu: ToldNlu, clock: FakeClock
) -> None:
    database = Database(postgres_url)
    await database.migrate()
    page = Page(make_site(make_settings(tmp_path), live_library, database, nlu, clock))
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


# --- how often ---


async def test_sender_who_writes_too_often_is_told_when_to_go_on(
    site_with: Callable[..., FastAPI], database: Database
) -> None:
    page = Page(site_with(messages_per_minute_sender=3))
    for number in range(3):
        await page.say(QUESTION, f"m-{number}")
    response = await page.post(text=QUESTION, message_id="m-3")
    seconds = int(response.headers["Retry-After"])
    assert 50 <= seconds <= 60
    assert_refused(response, 429, "too_many_messages", f"{seconds} giây")
    assert len(await stored(database)) == 3
    assert (await page.post(text=QUESTION, sender="device-2")).status_code == 200


async def test_address_from_which_too_many_write_is_told_when_to_go_on(site_with: Callable[..., FastAPI]) -> None:
    site = site_with(messages_per_minute_address=3)
    page = Page(site, "203.0.113.7")
    for number in range(3):
        assert (await page.post(sender=f"device-{number}")).status_code == 200
    response = await page.post(sender="device-3")
    assert_refused(response, 429, "too_many_messages")
    assert int(response.headers["Retry-After"]) > 0
    assert (await Page(site, "203.0.113.8").post(sender="device-3")).status_code == 200


async def test_requests_that_are_refused_for_their_form_are_not_counted(site_with: Callable[..., FastAPI]) -> None:
    page = Page(site_with(messages_per_minute_sender=1, messages_per_minute_address=1))
    await page.post(text="a" * (MAX_TEXT + 1))
    await page.post_raw("{")
    assert (await page.post()).status_code == 200


def test_eager_sender_does_not_use_up_the_address_of_others() -> None:
    limit = RateLimit(per_sender=2, per_address=5, clock=lambda: 0.0)
    waits = [limit.seconds_to_wait("eager", "commune") for _ in range(50)]
    assert waits == [0, 0] + [60] * 48
    assert [limit.seconds_to_wait(f"other-{n}", "commune") for n in range(4)] == [0, 0, 0, 60]


pauses = st.integers(0, 120).map(lambda quarters: quarters / 4)
writings = st.lists(st.tuples(pauses, st.sampled_from("ab"), st.sampled_from("xy")), max_size=40)


@given(writings, st.integers(1, 4), st.integers(1, 6))
def test_no_minute_holds_more_messages_than_allowed_and_none_fewer(
    stream: list[tuple[float, str, str]], per_sender: int, per_address: int
) -> None:
    now = 0.0
    limit = RateLimit(per_sender, per_address, clock=lambda: now)
    passed: list[tuple[float, str, str]] = []
    for pause, sender, address in stream:
        now += pause
        lately = [entry for entry in passed if entry[0] + web.WINDOW_SECONDS > now]
        of_sender = sum(entry[1] == sender for entry in lately)
        of_address = sum(entry[2] == address for entry in lately)
        wait = limit.seconds_to_wait(sender, address)
        assert (wait == 0) == (of_sender < per_sender and of_address < per_address)
        assert 0 <= wait <= 60
        if wait == 0:
            passed.append((now, sender, address))


@given(writings)
def test_waiting_as_long_as_told_is_enough(stream: list[tuple[float, str, str]]) -> None:
    now = 0.0
    limit = RateLimit(2, 3, clock=lambda: now)
    for pause, sender, address in stream:
        now += pause
        now += limit.seconds_to_wait(sender, address)
    wait = limit.seconds_to_wait("a", "x")
    now += wait
    assert wait == 0 or limit.seconds_to_wait("a", "x") == 0


@pytest.mark.parametrize(
    ("trusted", "second_is"),
    [pytest.param("127.0.0.1", 200, id="from a trusted proxy"), pytest.param("10.9.9.9", 429, id="from anybody")],
)
def test_forwarded_address_counts_only_when_a_trusted_proxy_says_it(
    tmp_path: Path, trusted: str, second_is: int
) -> None:
    with running_site(tmp_path, trusted_proxies=trusted, messages_per_minute_address=1) as running:
        answers = [
            httpx.post(
                f"{running.address}/api/chat",
                json={"sender": citizen, "message_id": "1", "payload": "start"},
                headers={"X-Forwarded-For": citizen},
            ).status_code
            for citizen in ("198.51.100.1", "198.51.100.2")
        ]
    assert answers == [200, second_is]


# --- trouble on our side ---


async def test_failing_database_is_busy_and_the_same_message_is_answered_later(
    tmp_path: Path, live_library: LiveLibrary, nlu: ToldNlu, clock: FakeClock
) -> None:
    folder = tmp_path / "not mounted yet"
    database = Database(f"sqlite+aiosqlite:///{folder / 'web.db'}")
    page = Page(make_site(make_settings(tmp_path), live_library, database, nlu, clock))
    assert_busy(await page.post(text=QUESTION))
    folder.mkdir()
    await database.migrate()
    [reply] = await page.say(QUESTION)
    assert reply["text"].startswith("**Quên mật khẩu VNeID**")
    await database.close()


# --- the page ---


async def test_page_allows_only_its_own_parts(page: Page) -> None:
    headers = (await page.get("/")).headers
    directives = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert set(directives.values()) == {"'none'", "'self'"}
    assert directives["default-src"] == directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert directives["script-src"] == directives["connect-src"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Content-Type"] == "text/html; charset=utf-8"


async def test_page_speaks_in_the_commune_s_name(page: Page, live_library: LiveLibrary) -> None:
    html = (await page.get("/")).text
    assert f"<title>Đại sứ số - {live_library.current.communes['tan-loi'].name}</title>" in html
    assert "__" not in html


async def test_commune_s_name_is_not_taken_for_html(
    tmp_path: Path, database: Database, nlu: ToldNlu, clock: FakeClock
) -> None:
    content = Path(shutil.copytree(ROOT / "content", tmp_path / "content"))
    profile = content / "communes" / "tan-loi.yml"
    lines = ["name: 'Xã <script>alert(1)</script> \"A\" & B'" if line.startswith("name:") else line
             for line in profile.read_text().splitlines()]  # fmt: skip
    profile.write_text("\n".join(lines))
    html = (await Page(make_site(make_settings(tmp_path), LiveLibrary(content), database, nlu, clock)).get("/")).text
    assert "<script>alert" not in html
    assert 'content="Hỏi đáp' in html
    assert "Xã &lt;script&gt;alert(1)&lt;/script&gt; &quot;A&quot; &amp; B" in html


async def test_page_s_files_are_all_there_and_all_ours(page: Page) -> None:
    html = (await page.get("/")).text
    addresses = set(re.findall(r'(?:href|src)="([^"#]+)"', html))
    assert len(addresses) > 8
    for address in addresses:
        assert address.startswith("/chat/")
        assert (await page.get(address)).status_code == 200, address
    assert "http" not in re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("file", ["chat.js", "chat.css", "favicon.svg", "manifest.webmanifest"])
async def test_browser_asks_each_time_whether_its_file_is_the_newest(page: Page, file: str) -> None:
    fresh = await page.get(f"/chat/{file}")
    again = await page.get(f"/chat/{file}", **{"If-None-Match": fresh.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for response in (fresh, again):
        assert response.headers["Cache-Control"] == "no-cache"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_nothing_outside_the_page_s_folder_is_served(page: Page) -> None:
    for path in ("/chat/../web.py", "/chat/%2e%2e/web.py", "/chat/..%2fweb.py", "/chat/", "/chat/none.js"):
        assert (await page.get(path)).status_code == 404
