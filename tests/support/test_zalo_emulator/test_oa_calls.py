"""The Official Account's calls: what is sent, what is refused, and tokens that end."""

from __future__ import annotations

import unicodedata
from typing import Any

import httpx
import pytest

from tests.support.zalo_emulator import SAMPLE_PNG, ZaloOa
from tests.support.zalo_emulator.tokens import Pair

LAN = "246"


def button(title: str = "Có", payload: Any = "#x", sort: str = "oa.query.hide") -> dict[str, Any]:
    return {"title": title, "type": sort, "payload": payload}


def with_buttons(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"text": "Bác chọn?", "attachment": {"type": "template", "payload": {"buttons": list(buttons)}}}


def with_picture(**element: str) -> dict[str, Any]:
    payload = {"template_type": "media", "elements": [{"media_type": "image", **element}]}
    return {"text": "Mã", "attachment": {"type": "template", "payload": payload}}


class App:
    """The programme that calls."""

    def __init__(self, oa: ZaloOa, http: httpx.AsyncClient) -> None:
        self.oa, self.http, self.pair = oa, http, oa.pair()

    async def send(self, message: Any, to: str = LAN) -> int:
        body = {"recipient": {"user_id": to}, "message": message}
        return int((await self.post("/v3.0/oa/message/cs", json=body))["error"])

    async def post(self, path: str, **how: Any) -> Any:
        headers = {"access_token": self.pair.access}
        response = await self.http.post(f"{self.oa.address}{path}", headers=headers, **how)
        assert response.status_code == 200
        return response.json()

    async def upload(self, content: bytes, sort: str = "image", name: str = "a.png") -> Any:
        return await self.post(f"/v2.0/oa/upload/{sort}", files={"file": (name, content)})

    async def refresh(self, token: str, secret: str = "") -> Any:
        form = {"grant_type": "refresh_token", "refresh_token": token, "app_id": self.oa.app_id}
        headers = {"secret_key": secret or self.oa.app_secret}
        return (await self.http.post(f"{self.oa.address}/v4/oa/access_token", data=form, headers=headers)).json()


@pytest.fixture
def app(oa: ZaloOa, http: httpx.AsyncClient) -> App:
    return App(oa, http)


async def test_a_text_with_buttons_arrives_as_it_was_sent(app: App, oa: ZaloOa) -> None:
    assert await app.send(with_buttons(button("Có"), button("Trang", {"url": "https://a.vn"}, "oa.open.url"))) == 0
    message = oa.last_message_to(LAN)
    assert message.text == "Bác chọn?"
    assert [b.title for b in message.buttons] == ["Có", "Trang"]
    assert message.button("Có").payload == "#x"


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"text": "a" * 2000}, 0),
        ({"text": "a" * 2001}, -210),
        ({"text": unicodedata.normalize("NFD", "ộ" * 2000)}, 0),
        ({"text": ""}, -201),
        ({}, -201),
        (with_buttons(*[button()] * 5), 0),
        (with_buttons(*[button()] * 6), -201),
        (with_buttons(), -201),
        (with_buttons(button("x" * 101)), -201),
        (with_buttons(button(payload="x" * 1001)), -201),
        (with_buttons(button(sort="oa.query.run")), -201),
        (with_picture(attachment_id="nobody's"), -100),
        (with_picture(attachment_id="a", url="https://a.vn/a.png"), -201),
        ({"attachment": {"type": "template", "payload": {"template_type": "list"}}}, -233),
    ],
)
async def test_what_zalo_refuses_is_refused_with_its_code(app: App, message: Any, error: int) -> None:
    assert await app.send(message) == error
    assert bool(app.oa.messages_to(LAN)) == (error == 0)


async def test_people_can_be_written_to_for_as_long_as_zalo_lets(app: App, oa: ZaloOa) -> None:
    text = {"text": "Chào bác"}
    assert await app.send(text, to="999") == -213
    oa.add_person("247")
    assert await app.send(text, to="247") == -232
    oa.advance(hours=48, minutes=1)
    oa.tokens.expire_access()
    app.pair = oa.pair()
    assert await app.send(text) == -305
    oa.knobs.pays_after_48_hours = True
    assert await app.send(text) == 0
    oa.advance(days=5)
    app.pair = oa.pair()
    assert await app.send(text) == -230
    oa.says(LAN, "tôi lại hỏi")
    assert await app.send(text) == 0
    oa.blocks(LAN)
    assert await app.send(text) == -217


async def test_quotas_end_and_are_told(app: App, oa: ZaloOa) -> None:
    oa.knobs.answers_per_interaction = 2
    assert [await app.send({"text": "a"}) for _ in range(3)] == [0, 0, -311]
    quota = (await app.post("/v3.0/oa/quota/message", json={"user_id": LAN}))["data"]
    assert quota["cs_reply"] == {"total": 2, "remain": 0}
    assert quota["last_interaction"] > 1_700_000_000_000
    oa.knobs.answers_per_interaction, oa.knobs.messages_left = None, 1
    assert [await app.send({"text": "a"}) for _ in range(2)] == [0, -211]


async def test_bursts_are_told_to_slow_down(app: App, oa: ZaloOa) -> None:
    oa.knobs.calls_a_minute = 2
    assert [await app.send({"text": "a"}) for _ in range(3)] == [0, 0, -32]
    oa.advance(minutes=1)
    assert await app.send({"text": "a"}) == 0


async def test_uploads_have_sorts_sizes_and_an_end(app: App, oa: ZaloOa) -> None:
    name = (await app.upload(SAMPLE_PNG))["data"]["attachment_id"]
    assert await app.send(with_picture(attachment_id=name)) == 0
    assert oa.last_message_to(LAN).picture == SAMPLE_PNG
    assert (await app.upload(b"GIF89a"))["error"] == -201
    assert (await app.upload(SAMPLE_PNG + bytes(1024 * 1024)))["error"] == -210
    assert (await app.upload(b"x", "file", "so.xlsx"))["error"] == -233
    token = (await app.upload(b"%PDF", "file", "don.pdf"))["data"]["token"]
    assert await app.send({"attachment": {"type": "file", "payload": {"token": token}}}) == 0
    oa.advance(days=7)
    oa.says(LAN, "?")
    app.pair = oa.pair()
    assert await app.send(with_picture(attachment_id=name)) == -100


async def test_a_refresh_token_works_once_and_access_ends_after_25_hours(app: App, oa: ZaloOa) -> None:
    oa.advance(hours=24, minutes=59)
    assert await app.send({"text": "a"}) == 0
    oa.advance(minutes=1)
    assert await app.send({"text": "a"}) == -220
    assert (await app.refresh(app.pair.refresh, secret="wrong"))["error"] < 0
    old, new = app.pair, await app.refresh(app.pair.refresh)
    assert new["expires_in"] == "90000"
    app.pair = Pair(new["access_token"], new["refresh_token"])
    assert await app.send({"text": "a"}) == 0
    assert (await app.refresh(old.refresh))["error"] < 0
    oa.tokens.withdraw()
    assert await app.send({"text": "a"}) == -216
    assert (await app.refresh(app.pair.refresh))["error"] < 0


async def test_a_consent_s_code_works_once_within_ten_minutes(app: App, oa: ZaloOa) -> None:
    async def exchange(code: str) -> Any:
        form = {"grant_type": "authorization_code", "code": code, "app_id": oa.app_id, "code_verifier": "v"}
        headers = {"secret_key": oa.app_secret}
        return (await app.http.post(f"{oa.address}/v4/oa/access_token", data=form, headers=headers)).json()

    code = oa.consent()
    assert "access_token" in await exchange(code)
    assert "error" in await exchange(code)
    late = oa.consent()
    oa.advance(minutes=10)
    assert "error" in await exchange(late)


async def test_the_account_and_its_people_can_be_asked_for(app: App, oa: ZaloOa) -> None:
    headers = {"access_token": app.pair.access}
    account = (await app.http.get(f"{oa.address}/v2.0/oa/getoa", headers=headers)).json()["data"]
    assert (account["oa_id"], account["oa_type"]) == (oa.oa_id, 4)
    query = {"data": f'{{"user_id":"{LAN}"}}'}
    person = (await app.http.get(f"{oa.address}/v3.0/oa/user/detail", params=query, headers=headers)).json()
    assert person["data"]["display_name"] == "Bà Lan"
    assert (await app.post("/v2.0/oa/message", json={}))["error"] == -240


@pytest.mark.parametrize(("after_effect", "arrived"), [(True, 1), (False, 0)])
async def test_a_dropped_connection_may_or_may_not_have_taken_effect(
    app: App, oa: ZaloOa, after_effect: bool, arrived: int
) -> None:
    oa.drop_connection_next("cs", after_effect=after_effect)
    with pytest.raises(httpx.RemoteProtocolError):
        await app.send({"text": "a"})
    assert len(oa.messages_to(LAN)) == arrived
    oa.refuse_next("cs", -32)
    assert [await app.send({"text": "a"}) for _ in range(2)] == [-32, 0]
