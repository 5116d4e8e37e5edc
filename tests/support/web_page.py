"""The web chat's page, played: what it sends, and what it is told when that is refused."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import httpx
from fastapi import FastAPI

QUESTION = "quên mật khẩu VNeID"
"""What a played NLU should be told to understand."""

PERSON = {"text": "Cho hỏi", "sender": "device-1", "message_id": "m-1"}


class WebPage:
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

    async def post_to(self, address: str, body: bytes) -> httpx.Response:
        return await self._http.post(address, content=body)

    async def upload(self, content: bytes, name: str, message_id: str = "m-3") -> httpx.Response:
        query = urlencode({"sender": PERSON["sender"], "message_id": message_id, "name": name})
        return await self.post_to(f"/api/file?{query}", content)

    async def say(self, text: str, message_id: str = "m-1") -> Any:
        response = await self.post(text=text, message_id=message_id)
        assert response.status_code == 200, response.text
        return response.json()["replies"]

    async def press(self, payload: str, message_id: str = "m-1") -> Any:
        response = await self.post(sender="device-1", payload=payload, message_id=message_id)
        assert response.status_code == 200, response.text
        return response.json()["replies"]


def assert_refused(response: httpx.Response, status: int, code: str, *parts: str) -> None:
    """The status, the code for programs, and parts of the sentence for people."""
    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert error["code"] == code
    for part in parts:
        assert part in error["message"]


def assert_busy(response: httpx.Response) -> None:
    """Asked to come again in a while."""
    assert_refused(response, 503, "busy", "đã được giữ lại")
    assert int(response.headers["Retry-After"]) > 0
