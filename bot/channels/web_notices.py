"""What the page fetches of its own accord: notices, which answer no message; and pictures, as the page shows them."""

from __future__ import annotations

import asyncio
import base64
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot import pictures
from bot.messages import Reply
from db import conversations, outbox
from db.engine import Database


class NoticesRequest(BaseModel):
    """Asks for the notices after the one numbered `after`, which the page has kept safely."""

    model_config = ConfigDict(extra="forbid")

    sender: str = Field(min_length=1, max_length=64, pattern=r"^[!-~]+$")
    after: int = Field(default=0, ge=0, lt=2**62)


async def fetch(
    database: Database, asked: NoticesRequest, *, commune: str, channel: str, now: datetime
) -> list[dict[str, Any]]:
    """The notices that a device has not got yet, each with its number, the oldest first.

    One counts as delivered when the page asks for those after it: an answer that is lost on the way is given again.
    """
    async with database.transaction() as session:
        conversation = await conversations.find(
            session, commune=commune, channel=channel, chat=asked.sender, sender=asked.sender
        )
        if conversation is None:
            return []
        waiting = await outbox.undelivered_notices(session, conversation.id)
        for notice in waiting:
            if notice.id <= asked.after:
                outbox.delivered(notice, None, now)
        return [{"number": notice.id, **await shown(notice.body)} for notice in waiting if notice.id > asked.after]


async def shown(body: dict[str, Any]) -> dict[str, Any]:
    """A reply as the page shows it: a picture's recipe becomes the picture."""
    picture = Reply.from_json(body).picture if body.get("picture") else None
    if picture is None:
        return body
    drawn = base64.b64encode(await asyncio.to_thread(pictures.draw, picture)).decode()
    return {**body, "picture": {"src": f"data:image/png;base64,{drawn}", "alt": f"{picture.title}. {picture.text}"}}
