"""Puts the parts of the Zalo Bot Platform's bot together from the settings, for the running bot and `doctor`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter

from bot.channels import zalo_bot_webhook
from bot.channels.zalo_bot import MOST_MESSAGES, MOST_PEOPLE, NAME, ZaloBotChannel
from bot.channels.zalo_bot_pictures import ShownPictures
from bot.inbox import Inbox
from bot.settings import Settings
from content.numbers import TIME_ZONE, number
from content.texts import Texts
from db import outbox
from db.clock import Clock
from db.engine import Database

NEARLY = 0.9
"""From this part of what the plan holds on, it is said that the end is near."""


@dataclass(frozen=True, slots=True)
class Use:
    """How much of the free plan is used: people who have written, messages sent in this calendar month.

    Both are what the database still knows: people who had their data deleted, and messages older than 30 days, are not
    counted, but are by Zalo.
    """

    people: int
    messages: int

    @property
    def is_nearly_all(self) -> bool:
        """Whether the plan is used up, or nearly."""
        return self.people >= NEARLY * MOST_PEOPLE or self.messages >= NEARLY * MOST_MESSAGES

    def __str__(self) -> str:
        return (
            f"{number(self.people)}/{number(MOST_PEOPLE)} người, "
            f"{number(self.messages)}/{number(MOST_MESSAGES)} tin trong tháng của gói miễn phí"
        )


@dataclass(frozen=True, slots=True)
class ZaloBot:
    """A bot that is set up."""

    settings: Settings
    database: Database
    clock: Clock
    channel: ZaloBotChannel
    pictures: ShownPictures

    def routers(self, inbox: Inbox) -> list[APIRouter]:
        """The pictures that Zalo fetches, and the webhook if it shall be used."""
        if not self.settings.zalo_bot_webhook:
            return [self.pictures.router()]
        secret = self.settings.zalo_bot_webhook_secret
        return [self.pictures.router(), zalo_bot_webhook.webhook_router(self.channel, inbox, secret)]

    async def receive(self, inbox: Inbox) -> None:
        """Takes messages in until cancelled, or has Zalo bring them."""
        if self.settings.zalo_bot_webhook and self.settings.public_url:
            address = self.settings.public_url.rstrip("/") + zalo_bot_webhook.PATH
            await self.channel.use_webhook(address, self.settings.zalo_bot_webhook_secret)
        else:
            await self.channel.poll(inbox)

    async def use(self) -> Use:
        """How much of the plan is used."""
        async with self.database.snapshot() as session:
            since = _month_of(self.clock())
            return Use(*await outbox.use_of_channel(session, self.settings.commune, NAME, since))

    async def problems(self) -> list[str]:
        """What is wrong, for people."""
        problem = self.channel.problem
        used = await self.use()
        return [*([problem] if problem else []), *([f"sắp hết lượt: {used}"] if used.is_nearly_all else [])]


async def open_zalo_bot(
    settings: Settings, database: Database, texts: Callable[[], Texts], site: str, clock: Clock, stack: AsyncExitStack
) -> ZaloBot | None:
    """The bot of the settings, or None without a token; `site` is our own address. Nothing is asked of Zalo here."""
    if settings.zalo_bot_token is None:
        return None
    pictures = ShownPictures(database, settings.commune, settings.public_url, clock)
    channel = ZaloBotChannel(
        settings.zalo_bot_token.get_secret_value(),
        settings.zalo_bot_api,
        clock,
        pictures,
        lambda: (texts().choices, texts().zalo_bot),
        lambda key: f"{site.rstrip('/')}/api/document/{key}",
    )
    stack.push_async_callback(channel.close)
    return ZaloBot(settings, database, clock, channel, pictures)


def _month_of(now: datetime) -> datetime:
    return now.astimezone(TIME_ZONE).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
