"""The Bot Platform: one update at a time, what it refuses, pictures that it fetches, and the webhook's two shapes."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from tests.support.zalo_emulator import SAMPLE_PNG, ZaloBotPlatform

from .conftest import Hook, call

LAN = "6ede"
SECRET = "bi-mat-webhook"


async def test_updates_come_one_by_one_and_an_idle_poll_ends_with_408(
    bot: ZaloBotPlatform, http: httpx.AsyncClient
) -> None:
    bot.says(LAN, "một")
    bot.sends_picture(LAN, caption="ảnh")
    first = await call(http, bot, "getUpdates", timeout="30")
    assert first["result"]["event_name"] == "message.text.received"
    assert first["result"]["message"]["text"] == "một"
    assert first["result"]["message"]["date"] > 1_700_000_000_000
    second = await call(http, bot, "getUpdates", timeout="30")
    assert "photo_url" in second["result"]["message"]
    begun = time.monotonic()
    idle = await http.post(f"{bot.address}/bot{bot.token}/getUpdates", json={"timeout": "0.1"})
    assert (idle.status_code, idle.json()["error_code"]) == (408, 408)
    assert time.monotonic() - begun >= 0.1
    bot.knobs.errors_have_http_status = False
    idle = await http.post(f"{bot.address}/bot{bot.token}/getUpdates", json={"timeout": "0"})
    assert (idle.status_code, idle.json()["ok"]) == (200, False)


async def test_messages_have_limits(bot: ZaloBotPlatform, http: httpx.AsyncClient) -> None:
    assert (await call(http, bot, "sendMessage", chat_id=LAN, text="a" * 2000))["ok"]
    assert (await call(http, bot, "sendMessage", chat_id=LAN, text="a" * 2001))["error_code"] == 400
    assert (await call(http, bot, "sendMessage", chat_id=LAN, text=""))["error_code"] == 400
    assert (await call(http, bot, "sendMessage", chat_id="nobody", text="a"))["error_code"] == 403
    bot.knobs.messages_left = 0
    refused = await call(http, bot, "sendMessage", chat_id=LAN, text="a")
    assert refused == {"ok": False, "error_code": 429, "description": "Quota exceeded"}
    assert [len(message.text) for message in bot.messages_to(LAN)] == [2000]


async def test_a_plan_has_room_for_so_many_people(bot: ZaloBotPlatform, http: httpx.AsyncClient) -> None:
    bot.knobs.most_people = 1
    bot.says("aaaa", "tôi là người thứ hai")
    assert (await call(http, bot, "sendMessage", chat_id=LAN, text="a"))["ok"]
    assert (await call(http, bot, "sendMessage", chat_id="aaaa", text="a"))["error_code"] == 403


async def test_a_picture_is_fetched_from_its_address(bot: ZaloBotPlatform, http: httpx.AsyncClient) -> None:
    bot.pictures["qr.png"] = SAMPLE_PNG
    there = f"{bot.address}/media/qr.png"
    assert (await call(http, bot, "sendPhoto", chat_id=LAN, photo=there, caption="Mã"))["ok"]
    assert bot.last_message_to(LAN).picture == SAMPLE_PNG
    for elsewhere in (f"{bot.address}/media/none.png", "http://127.0.0.1:9/a.png", "không phải địa chỉ"):
        assert (await call(http, bot, "sendPhoto", chat_id=LAN, photo=elsewhere))["error_code"] == 400


async def test_the_token_is_in_the_address(bot: ZaloBotPlatform, http: httpx.AsyncClient) -> None:
    assert (await call(http, bot, "getMe"))["result"]["display_name"].startswith("Bot")
    stranger = await http.get(f"{bot.address}/bot1:2/getMe")
    assert (stranger.status_code, stranger.json()["description"]) == (401, "Unauthorized")
    assert (await call(http, bot, "editMessage"))["error_code"] == 404
    assert (await call(http, bot, "sendChatAction", chat_id=LAN, action="typing"))["ok"]
    assert bot.typing == [LAN]


@pytest.mark.parametrize("is_wrapped", [True, False])
async def test_a_webhook_gets_either_shape_with_the_secret(
    bot: ZaloBotPlatform, http: httpx.AsyncClient, hook: Hook, is_wrapped: bool
) -> None:
    bot.knobs.wraps_webhook_body = is_wrapped
    assert (await call(http, bot, "getWebhookInfo"))["error_code"] == 404
    assert (await call(http, bot, "setWebhook", url=hook.url, secret_token="short"))["error_code"] == 400
    assert (await call(http, bot, "setWebhook", url="http://a.vn", secret_token=SECRET))["error_code"] == 400
    assert (await call(http, bot, "setWebhook", url=hook.url, secret_token=SECRET))["ok"]
    hook.statuses = [503]
    bot.says(LAN, "một")
    bot.repeat_last_update()
    await bot.wait_until_async(lambda: not bot.pending_updates())
    assert len(hook.got) == 3
    body, headers = hook.got[-1]
    update = json.loads(body)["result"] if is_wrapped else json.loads(body)
    assert update["message"]["text"] == "một"
    assert headers["x-bot-api-secret-token"] == SECRET
    assert (await call(http, bot, "getUpdates"))["error_code"] == 409
    assert (await call(http, bot, "deleteWebhook"))["ok"]
    bot.says(LAN, "hai")
    assert (await call(http, bot, "getUpdates"))["result"]["message"]["text"] == "hai"


@pytest.mark.parametrize(("after_effect", "arrived"), [(True, 1), (False, 0)])
async def test_a_dropped_connection_may_or_may_not_have_taken_effect(
    bot: ZaloBotPlatform, http: httpx.AsyncClient, after_effect: bool, arrived: int
) -> None:
    bot.drop_connection_next("sendMessage", after_effect=after_effect)
    bot.fail_next("sendMessage", 429)
    with pytest.raises(httpx.RemoteProtocolError):
        await call(http, bot, "sendMessage", chat_id=LAN, text="a")
    assert len(bot.messages_to(LAN)) == arrived
    assert (await call(http, bot, "sendMessage", chat_id=LAN, text="a"))["error_code"] == 429
    assert (await call(http, bot, "sendMessage", chat_id=LAN, text="a"))["ok"]


async def test_what_is_said_while_it_is_down_waits_or_is_lost(bot: ZaloBotPlatform, http: httpx.AsyncClient) -> None:
    bot.stop()
    bot.says(LAN, "trong lúc dừng")
    bot.start()
    assert (await call(http, bot, "getUpdates", timeout="1"))["result"]["message"]["text"] == "trong lúc dừng"
    bot.knobs.keeps_updates = False
    bot.says(LAN, "không ai nghe")
    assert (await call(http, bot, "getUpdates", timeout="0"))["error_code"] == 408
