"""Rasa is asked over real HTTP; whatever goes wrong there, the caller hears one kind of error, and never the token."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Semaphore, Thread
from traceback import format_exception
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

import bot.nlu
from bot.nlu import Endpoint, Guess, NluUnavailableError, RasaClient
from tests.support.ports import free_port

TOKEN = "t0p-secret"
RANKING = [{"name": "vneid.install", "confidence": 0.75}, {"name": "vneid.what", "confidence": 0.25}]


class Rasa:
    """A server that answers as it is told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.body = json.dumps({"text": "", "intent_ranking": RANKING}).encode()
        self.asked: list[str] = []
        self.tokens: list[str] = []
        self.arrived = Semaphore(0)
        self.may_answer = Event()
        self.may_answer.set()
        self.endpoint = Endpoint("", TOKEN)

    @contextmanager
    def serving(self) -> Iterator[Rasa]:
        """Listens on a free port of the loopback."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.endpoint = Endpoint(f"http://127.0.0.1:{server.server_port}", TOKEN)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.may_answer.set()
            server.shutdown()
            server.server_close()
            thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        rasa = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(b"Hello from Rasa: 3.6.21")

            def do_POST(self) -> None:
                address = urlsplit(self.path)
                assert address.path == "/model/parse"
                rasa.tokens += parse_qs(address.query).get("token", [])
                rasa.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"])
                rasa.arrived.release()
                rasa.may_answer.wait(10)
                self._answer(rasa.body)

            def _answer(self, body: bytes) -> None:
                self.send_response(rasa.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                pass

        return Handler


class Seconds:
    """A clock like `time.monotonic`."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def rasa() -> Iterator[Rasa]:
    with Rasa().serving() as rasa:
        yield rasa


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    seconds = Seconds()
    monkeypatch.setattr(bot.nlu, "monotonic", seconds)
    return seconds


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as http:
        yield http


@pytest.fixture
def client(rasa: Rasa, http: httpx.AsyncClient, seconds: Seconds) -> RasaClient:
    return RasaClient(lambda: rasa.endpoint, http)


async def refused(client: RasaClient, text: str = "cài vneid") -> str:
    with pytest.raises(NluUnavailableError) as refusal:
        await client.parse(text)
    assert TOKEN not in "".join(format_exception(refusal.value)), "the address holds the token, and logs keep all this"
    return str(refusal.value)


async def test_what_rasa_understood_comes_back_in_its_order(rasa: Rasa, client: RasaClient) -> None:
    understanding = await client.parse("cài vneid")

    assert understanding.ranking == (Guess("vneid.install", 0.75), Guess("vneid.what", 0.25))
    assert understanding.by == "rasa"
    assert rasa.asked == ["cài vneid"]
    assert rasa.tokens == [TOKEN]


@pytest.mark.parametrize(("length", "asked"), [(499, 499), (500, 500), (501, 500), (4000, 500)])
async def test_of_a_long_text_the_first_500_characters_are_asked(
    rasa: Rasa, client: RasaClient, length: int, asked: int
) -> None:
    text = ("Mật khẩu 🙂 " * 500)[:length]
    await client.parse(text)
    assert rasa.asked == [text[:asked]]


async def test_a_text_of_any_letters_arrives_whole(rasa: Rasa, client: RasaClient) -> None:
    text = 'Ở đâu "&" 100% 🙂\n\\u0000'
    await client.parse(text)
    assert rasa.asked == [text]


@pytest.mark.parametrize("status", [401, 404, 429, 500, 503])
async def test_a_refusal_says_which_kind_and_not_where(rasa: Rasa, client: RasaClient, status: int) -> None:
    rasa.status = status
    assert await refused(client) == "Rasa failed: HTTPStatusError"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"{}",
        b'{"intent_ranking": null}',
        b'{"intent_ranking": [{"name": "vneid.install"}]}',
        b'{"intent_ranking": [{"name": "vneid.install", "confidence": "much"}]}',
        b'{"intent_ranking": [7]}',
    ],
)
async def test_an_answer_that_makes_no_sense_is_no_answer(rasa: Rasa, client: RasaClient, body: bytes) -> None:
    rasa.body = body
    assert (await refused(client)).startswith("Rasa failed: ")


async def test_no_rest_follows_a_refusal(rasa: Rasa, client: RasaClient) -> None:
    rasa.status = 500
    await refused(client)
    rasa.status = 200
    assert (await client.parse("cài vneid")).by == "rasa"


async def test_a_rasa_that_does_not_answer_in_time_is_given_up(
    rasa: Rasa, client: RasaClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.nlu, "TIMEOUT_SECONDS", 0.05)
    rasa.may_answer.clear()
    assert await refused(client) == "Rasa did not answer within 0.05 s"


async def test_after_a_time_out_rasa_rests_for_5_seconds(seconds: Seconds) -> None:
    asked = 0

    def slow_at_first(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise httpx.ReadTimeout("", request=request)
        return httpx.Response(200, json={"intent_ranking": RANKING})

    async with httpx.AsyncClient(transport=httpx.MockTransport(slow_at_first)) as http:
        client = RasaClient(lambda: Endpoint("http://rasa:5005", TOKEN), http)
        assert await refused(client) == "Rasa did not answer within 2 s"

        seconds.now += 4.99
        assert await refused(client) == "Rasa was too slow a moment ago"
        assert asked == 1, "nobody waits in vain while it rests"

        seconds.now += 0.02
        assert (await client.parse("cài vneid")).ranking[0].intent == "vneid.install"


async def test_a_citizen_waits_2_seconds_at_most() -> None:
    waits: list[object] = []

    def slow(request: httpx.Request) -> httpx.Response:
        waits.append(request.extensions["timeout"])
        raise httpx.ReadTimeout("", request=request)

    async with httpx.AsyncClient(transport=httpx.MockTransport(slow)) as http:
        await refused(RasaClient(lambda: Endpoint("http://rasa:5005", TOKEN), http))
    assert waits == [{"connect": 2.0, "read": 2.0, "write": 2.0, "pool": 2.0}]


async def test_while_rasa_starts_nothing_is_asked(http: httpx.AsyncClient) -> None:
    client = RasaClient(lambda: None, http)
    assert await refused(client) == "Rasa is not running"
    assert await client.problem() == "Rasa không chạy, đang được khởi động lại"


@pytest.mark.parametrize("url", ["http://[", "http://127.0.0.1:port", "http://\x00"])
async def test_an_address_that_is_none_is_told_like_any_failure(http: httpx.AsyncClient, url: str) -> None:
    client = RasaClient(lambda: Endpoint(url, TOKEN), http)
    assert (await refused(client)).startswith("Rasa failed: ")
    assert TOKEN not in str(await client.problem())


async def test_a_rasa_that_is_gone_is_told(http: httpx.AsyncClient) -> None:
    client = RasaClient(lambda: Endpoint(f"http://127.0.0.1:{free_port()}", TOKEN), http)
    assert await refused(client) == "Rasa failed: ConnectError"
    assert re.fullmatch(r"không gọi được Rasa ở http://127\.0\.0\.1:\d+ \(ConnectError\)", str(await client.problem()))


async def test_the_next_question_goes_to_where_rasa_runs_by_then(http: httpx.AsyncClient, rasa: Rasa) -> None:
    places: Iterator[Endpoint | None] = iter([None, rasa.endpoint])
    client = RasaClient(lambda: next(places), http)
    await refused(client)
    assert (await client.parse("cài vneid")).ranking[0].intent == "vneid.install"


async def test_a_rasa_that_is_well_has_no_problem(rasa: Rasa, client: RasaClient) -> None:
    assert await client.problem() is None


async def test_a_rasa_that_answers_errors_has_one(rasa: Rasa, client: RasaClient) -> None:
    rasa.status = 502
    assert await client.problem() == f"Rasa ở {rasa.endpoint.url} trả lời HTTP 502"


async def test_questions_are_asked_side_by_side(rasa: Rasa, client: RasaClient) -> None:
    rasa.may_answer.clear()
    asking = [asyncio.create_task(client.parse(f"câu {number}")) for number in range(3)]
    for _ in asking:
        assert await asyncio.to_thread(rasa.arrived.acquire, timeout=1.5)
    rasa.may_answer.set()
    assert len(await asyncio.gather(*asking)) == 3
