"""Zalo's webhook lets in what Zalo has signed, its unsigned question when the address is saved, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.channels.zalo_api import moment
from bot.channels.zalo_events import Event, Ignored, Left, is_zalo_s, read
from bot.channels.zalo_webhook import MAX_BODY_BYTES, PATH, WINDOW, Refusal, check, signature, webhook_router
from bot.messages import Attached, Incoming, Kind
from bot.settings import ZaloKeys
from tests.support.clock import FakeClock

KEYS = ZaloKeys("360846524940903967", "AppSecret-TestOnly", "388613280878808645", "OaSecretKey-TestOnly")
STAMP = "1795324666816"
NOW = moment(STAMP)
assert NOW
EVENT: dict[str, Any] = {
    "app_id": "360846524940903967",
    "sender": {"id": "2468458835296197922"},
    "user_id_by_app": "552177279717587730",
    "recipient": {"id": "388613280878808645"},
    "event_name": "user_send_text",
    "message": {"text": "quên mật khẩu VNeID", "msg_id": "96d3cdf3af150460909"},
    "timestamp": STAMP,
}
BODY = json.dumps(EVENT, ensure_ascii=False, separators=(",", ":")).encode()
ESCAPED = json.dumps(EVENT, separators=(",", ":")).encode()
MAC = "91bca6a50013bda47341010dd85423ce15ede2bc49bfe6a79b48b4757df2bd19"
MAC_OF_ESCAPED = "f93781c2f9fcf03df1bbae68ce19b88f8427144ef2019a86a5caea4246bb108e"


def verdict(body: bytes, mac: str, later: timedelta = timedelta(0), *, stamp: str = "") -> dict[str, object] | Refusal:
    given = {"X-ZEvent-Signature": mac, "X-ZEvent-Timestamp": stamp}
    assert NOW
    return check(body, lambda name: given.get(name, ""), KEYS, NOW + later)


# --- the signature ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["mac=", "MAC=", ""])
def test_the_known_vectors_are_let_in(prefix: str) -> None:
    assert verdict(BODY, prefix + MAC) == EVENT
    assert verdict(ESCAPED, prefix + MAC_OF_ESCAPED.upper()) == EVENT


def test_the_bytes_as_they_came_are_signed_not_what_they_say() -> None:
    assert verdict(ESCAPED, MAC) is Refusal.WRONG
    assert verdict(BODY.replace(b'"text"', b' "text"'), MAC) is Refusal.WRONG


def test_each_wrong_setting_is_told_apart_and_none_let_in() -> None:
    with_other_key = signature(KEYS.app_id, BODY, STAMP, KEYS.app_secret)
    with_oa = signature(KEYS.oa_id, BODY, STAMP, KEYS.oa_secret_key)
    assert verdict(BODY, f"mac={with_other_key}") is Refusal.APP_SECRET
    assert verdict(BODY, f"mac={with_oa}") is Refusal.OA_ID
    header = signature(KEYS.app_id, BODY, "1795324600000", KEYS.oa_secret_key)
    assert verdict(BODY, header, stamp="1795324600000") is Refusal.HEADER_TIME
    assert verdict(BODY, "") is Refusal.UNSIGNED
    assert verdict(BODY, "mac=ộ") is Refusal.WRONG
    for broken in (b"[]", b"{", b"\xff", b"[" * 5000):
        assert verdict(broken, MAC) is Refusal.MALFORMED


def test_what_is_older_than_zalo_s_last_repetition_is_a_recording() -> None:
    assert verdict(BODY, MAC, WINDOW - timedelta(seconds=1)) == EVENT
    assert verdict(BODY, MAC, WINDOW + timedelta(seconds=1)) is Refusal.OLD
    assert verdict(BODY, MAC, -WINDOW - timedelta(seconds=1)) is Refusal.OLD


def test_without_a_time_in_the_body_the_header_s_counts() -> None:
    body = json.dumps({name: value for name, value in EVENT.items() if name != "timestamp"}).encode()
    mac = signature(KEYS.app_id, body, STAMP, KEYS.oa_secret_key)
    assert isinstance(verdict(body, mac, stamp=STAMP), dict)


class Site:
    """The webhook, and what came through."""

    def __init__(self) -> None:
        self.taken: list[Event] = []
        self.noted: list[Refusal | None] = []
        site = FastAPI()
        assert NOW
        site.include_router(webhook_router(KEYS, FakeClock(NOW), self._take, self._note))
        self._transport = httpx.ASGITransport(app=site)

    async def post(self, body: bytes, mac: str = "") -> int:
        async with httpx.AsyncClient(transport=self._transport, base_url="http://x") as http:
            headers = {"X-ZEvent-Signature": mac} if mac else {}
            return (await http.post(PATH, content=body, headers=headers)).status_code

    async def _take(self, event: Event) -> None:
        self.taken.append(event)

    async def _note(self, refusal: Refusal | None) -> None:
        self.noted.append(refusal)


async def test_only_the_empty_question_is_answered_unsigned() -> None:
    site = Site()
    assert [await site.post(body) for body in (b"", b"{}", b" {}\n")] == [200, 200, 200]
    assert [await site.post(BODY), await site.post(b'{"a":1}'), await site.post(b"[]")] == [403, 403, 400]
    assert await site.post(b"x" * (MAX_BODY_BYTES + 1), MAC) == 413
    assert site.taken == []
    assert site.noted == [Refusal.UNSIGNED, Refusal.UNSIGNED, Refusal.MALFORMED]
    assert await site.post(BODY, f"mac={MAC}") == 200
    assert len(site.taken) == 1
    assert site.noted[-1] is None


# --- what an event says -----------------------------------------------------------------------------------------------


def event(name: str, message: Mapping[str, Any] | None = None, **changed: Any) -> Event:
    body = EVENT | {"event_name": name} | ({"message": {"msg_id": "m1", **message}} if message else {}) | changed
    assert NOW
    return read(body, KEYS.oa_id, NOW)


def attached(**payload: Any) -> dict[str, Any]:
    return {"attachments": [{"type": "any", "payload": payload}]}


def text_of(taken: Event) -> tuple[Kind, str, str]:
    assert isinstance(taken, Incoming)
    return taken.kind, taken.text, taken.payload


@pytest.mark.parametrize(
    ("name", "message", "wanted"),
    [
        ("user_send_text", {"text": "xin chào"}, (Kind.TEXT, "xin chào", "")),
        ("user_send_text", {"text": "#dss:topic:vneid.install"}, (Kind.BUTTON, "", "topic:vneid.install")),
        ("user_click_button", {"payload": "#dss:menu"}, (Kind.BUTTON, "", "menu")),
        ("user_send_text", {"text": "#dss:" + "x" * 65}, (Kind.TEXT, "#dss:" + "x" * 65, "")),
        ("user_send_text", {"text": "#dss:có dấu"}, (Kind.TEXT, "#dss:có dấu", "")),
        ("user_send_text", {"text": "#dss:"}, (Kind.TEXT, "#dss:", "")),
        ("user_send_link", {"text": "", **attached(url="https://a.vn")}, (Kind.TEXT, "https://a.vn", "")),
        (
            "user_send_link", {"text": "lừa không", **attached(url="https://a.vn")},
            (Kind.TEXT, "lừa không\nhttps://a.vn", ""),
        ),
        ("user_send_image", {"text": "", **attached(url="https://z.zdn.vn/a.jpg")}, (Kind.ATTACHMENT, "", "photo")),
        ("user_send_image", {"text": "giấy này?", **attached()}, (Kind.TEXT, "giấy này?", "")),
        ("user_send_audio", attached(), (Kind.ATTACHMENT, "", "voice")),
        ("user_send_sticker", attached(id="1"), (Kind.ATTACHMENT, "", "sticker")),
        (
            "user_send_location", {"text": "UBND", **attached(coordinates={"latitude": "10.7"})},
            (Kind.ATTACHMENT, "", "location"),
        ),
        ("user_send_business_card", {}, (Kind.ATTACHMENT, "", "contact")),
    ],
)  # fmt: skip
def test_what_people_send_is_known_by_its_event(
    name: str, message: dict[str, Any], wanted: tuple[Kind, str, str]
) -> None:
    assert text_of(event(name, {"x": 1, **message})) == wanted


def test_a_document_is_fetched_from_zalo_alone() -> None:
    there = attached(url="https://f.zdn.vn/s.xlsx", name="so.xlsx", size="1234")
    taken = event("user_send_file", there)
    assert isinstance(taken, Incoming)
    assert taken.file == Attached("so.xlsx", 1234, "https://f.zdn.vn/s.xlsx")
    for address in ("http://f.zdn.vn/a", "https://zdn.vn.evil.vn/a", "https://127.0.0.1/a", "https://[", "file:///etc"):
        assert not is_zalo_s(address)
        taken = event("user_send_file", attached(url=address, name="so.xlsx"))
        assert isinstance(taken, Incoming)
        assert taken.file is None


def test_following_greets_and_unfollowing_is_noted_once_each() -> None:
    about: dict[str, Any] = {"follower": {"id": "77"}, "oa_id": KEYS.oa_id, "sender": None, "recipient": None}
    followed = event("follow", **about)
    assert isinstance(followed, Incoming)
    assert (followed.sender, followed.text, followed.message_id) == ("77", "/start", f"follow:{STAMP}")
    assert event("unfollow", **about) == Left("77", NOW)  # type: ignore[arg-type]
    assert isinstance(event("follow", **(about | {"oa_id": "1"})), Ignored)


@pytest.mark.parametrize("name", ["oa_send_text", "user_seen_message", "user_received_message", "user_submit_info"])
def test_echoes_receipts_and_personal_data_are_left_alone(name: str) -> None:
    assert event(name, {"text": "x"}, info={"phone": "84912345678"}) == Ignored(name, is_known=True)


@pytest.mark.parametrize(
    "changed",
    [
        {"event_name": "user_dances"}, {"event_name": 5}, {"event_name": "a\nb"}, {"sender": {"id": KEYS.oa_id}},
        {"recipient": {"id": "1"}}, {"sender": "x"}, {"message": []}, {"sender": {"id": "a b"}}, {"sender": {}},
    ],
)  # fmt: skip
def test_what_nobody_knows_is_ignored(changed: dict[str, Any]) -> None:
    assert NOW
    assert isinstance(read(EVENT | changed, KEYS.oa_id, NOW), Ignored)


def test_without_a_message_id_the_event_itself_is_the_id() -> None:
    assert NOW
    taken = read(EVENT | {"message": {"text": "a"}}, KEYS.oa_id, NOW)
    assert isinstance(taken, Incoming)
    assert taken.message_id == f"user_send_text:{STAMP}"
