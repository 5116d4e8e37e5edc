"""What an Official Account's webhook is told, how it is signed, and what becomes of it when nobody answers."""

from __future__ import annotations

import hashlib
import json

import httpx
import pytest

from tests.support.zalo_emulator import ZaloOa

from .conftest import Hook

LAN = "246"

TOLD = (
    '{"app_id":"360846524940903967","sender":{"id":"2468458835296197922"},"user_id_by_app":"552177279717587730",'
    '"recipient":{"id":"388613280878808645"},"event_name":"user_send_text","message":{"text":"quên mật khẩu VNeID",'
    '"msg_id":"96d3cdf3af150460909"},"timestamp":"1795324666816"}'
)


def told(hook: Hook) -> list[str]:
    """The texts that came, the check call left out."""
    bodies = [json.loads(body) for body, _ in hook.got]
    return [body["message"]["text"] for body in bodies if "message" in body]


async def all_delivered(oa: ZaloOa) -> None:
    await oa.wait_until_async(lambda: not oa.undelivered())


def test_the_signature_is_the_sha256_of_app_body_time_and_key(oa: ZaloOa) -> None:
    expected = "mac=91bca6a50013bda47341010dd85423ce15ede2bc49bfe6a79b48b4757df2bd19"
    assert oa.signature(TOLD.encode(), "1795324666816") == expected


async def test_saving_the_address_sends_an_unsigned_empty_object_and_wants_200(oa: ZaloOa, hook: Hook) -> None:
    hook.statuses = [403]
    assert (oa.save_webhook(hook.url), oa.pusher.url) == (403, None)
    assert (oa.save_webhook(hook.url), oa.pusher.url) == (200, hook.url)
    assert [body for body, _ in hook.got] == [b"{}", b"{}"]
    assert all("x-zevent-signature" not in headers for _, headers in hook.got)


async def test_words_come_signed_in_an_envelope_of_strings(oa: ZaloOa, hook: Hook) -> None:
    oa.save_webhook(hook.url)
    number = oa.says(LAN, "xin chào")
    await all_delivered(oa)
    raw, headers = hook.got[-1]
    body = json.loads(raw)
    assert body["message"] == {"msg_id": number, "text": "xin chào"}
    assert (body["sender"]["id"], body["recipient"]["id"]) == (LAN, oa.oa_id)
    signed = oa.app_id.encode() + raw + body["timestamp"].encode() + oa.oa_secret.encode()
    assert headers["x-zevent-signature"] == "mac=" + hashlib.sha256(signed).hexdigest()
    oa.knobs.signs_with = "another key"
    oa.says(LAN, "giả")
    await all_delivered(oa)
    assert hook.got[-1][1]["x-zevent-signature"] != "mac=" + hashlib.sha256(signed).hexdigest()


async def test_what_is_not_answered_comes_again_with_its_number_until_the_webhook_is_off(
    oa: ZaloOa, hook: Hook
) -> None:
    oa.save_webhook(hook.url)
    hook.statuses = [500, 500]
    oa.says(LAN, "một")
    await all_delivered(oa)
    assert [one.num_retry for one in oa.deliveries()] == [0, 1, 2]
    assert [headers.get("num_retry") for _, headers in hook.got[1:]] == [None, "1", "2"]
    hook.statuses = [500] * 6
    oa.says(LAN, "hai")
    await oa.wait_until_async(lambda: oa.pusher.was_switched_off)
    assert oa.undelivered() == 1


async def test_an_answer_after_two_seconds_is_none(oa: ZaloOa, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.support.zalo_emulator.pushing.ANSWER_WITHIN", 0.05)
    oa.stop()
    oa.start()  # the deadline is read when the server starts
    oa.save_webhook(hook.url)
    hook.seconds = 0.2
    oa.says(LAN, "một")
    first = await oa.wait_until_async(oa.deliveries)
    assert not first[0].was_in_time
    hook.seconds = 0.0
    await all_delivered(oa)
    assert oa.deliveries()[-1].was_in_time


async def test_events_can_come_doubled_and_in_the_wrong_order(oa: ZaloOa, hook: Hook) -> None:
    oa.save_webhook(hook.url)
    oa.pusher.hold()
    for text in ("một", "hai"):
        oa.says(LAN, text)
    assert not oa.undelivered()
    oa.pusher.release(order="reversed", copies=2)
    await all_delivered(oa)
    assert told(hook) == ["hai", "hai", "một", "một"]


async def test_a_pressed_button_comes_back_as_text(oa: ZaloOa, hook: Hook, http: httpx.AsyncClient) -> None:
    oa.save_webhook(hook.url)
    buttons = [{"title": "Có", "type": "oa.query.hide", "payload": "#dss:yes"}]
    message = {"text": "?", "attachment": {"type": "template", "payload": {"buttons": buttons}}}
    body = {"recipient": {"user_id": LAN}, "message": message}
    await http.post(f"{oa.address}/v3.0/oa/message/cs", json=body, headers={"access_token": oa.pair().access})
    oa.presses(LAN, "Có")
    await all_delivered(oa)
    names = [json.loads(body).get("event_name") for body, _ in hook.got]
    assert sorted(names[1:]) == ["oa_send_text", "user_send_text"]
    assert "#dss:yes" in told(hook)
    with pytest.raises(LookupError):
        oa.presses(LAN, "Không")


async def test_other_events_have_their_own_envelopes(oa: ZaloOa, hook: Hook, http: httpx.AsyncClient) -> None:
    oa.save_webhook(hook.url)
    oa.follows("248")
    oa.unfollows("248")
    oa.operator_says(LAN, "Cán bộ đây")
    oa.sees(LAN)
    oa.sends_picture(LAN, b"\xff\xd8\xffpicture", sort="photo")
    oa.sends_file(LAN, b"%PDF", "don.pdf")
    oa.sends(LAN, "location", {"coordinates": {"latitude": "10.79", "longitude": "106.78"}})
    oa.event("user_asks_product", {})
    await all_delivered(oa)
    bodies = {json.loads(body).get("event_name"): json.loads(body) for body, _ in hook.got}
    assert bodies["follow"]["follower"]["id"] == bodies["unfollow"]["follower"]["id"] == "248"
    assert bodies["oa_send_text"]["sender"]["admin_id"]
    assert bodies["user_seen_message"]["sender"]["id"] == oa.oa_id
    picture = bodies["user_send_image"]["message"]["attachments"][0]
    assert picture["type"] == "photo"
    assert (await http.get(picture["payload"]["url"])).content == b"\xff\xd8\xffpicture"
    assert bodies["user_send_file"]["message"]["attachments"][0]["payload"]["name"] == "don.pdf"
    assert {"user_send_location", "user_asks_product"} <= bodies.keys()
