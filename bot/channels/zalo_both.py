"""Zalo's two ways to a person - the Official Account and the small bot - as the composition root needs them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from bot.channels import zalo, zalo_bot
from bot.channels.outbox import Sender
from bot.channels.pace import Pace
from bot.channels.zalo_bot_opening import ZaloBot, open_zalo_bot
from bot.channels.zalo_opening import ZaloOA, open_zalo
from bot.health import Problems
from bot.inbox import Inbox
from bot.settings import Settings
from content.texts import Texts
from db.clock import Clock
from db.engine import Database

BOT_A_SECOND = 5.0
"""Messages of the small bot; the platform publishes no number, and its free plan has 3,000 a month."""


@dataclass(frozen=True, slots=True)
class Zalo:
    """What of Zalo is on; each is None when it is off."""

    account: ZaloOA | None
    bot: ZaloBot | None

    def senders(self) -> dict[str, Sender]:
        """For the outbox, by channel."""
        senders: dict[str, Sender] = {zalo.NAME: self.account.channel} if self.account else {}
        return senders | ({zalo_bot.NAME: self.bot.channel} if self.bot else {})

    def paces(self) -> dict[str, Pace]:
        """How fast each may send."""
        return {zalo_bot.NAME: Pace(BOT_A_SECOND)} if self.bot else {}

    def problems(self) -> dict[str, Problems | None]:
        """What tells what is wrong with each."""
        return {
            zalo.NAME: self.account.problems if self.account else None,
            zalo_bot.NAME: self.bot.problems if self.bot else None,
        }

    def connect(self, inbox: Inbox, site: FastAPI) -> None:
        """Lets the site serve what each needs, and the inbox fetch files."""
        if self.account:
            inbox.fetch_files_by(zalo.NAME, self.account.channel.fetch_file)
            site.include_router(self.account.router(inbox))
        for router in self.bot.routers(inbox) if self.bot else []:
            site.include_router(router)

    def jobs(self, inbox: Inbox) -> list[Coroutine[Any, Any, None]]:
        """What runs as long as the programme does."""
        account = [self.account.channel.keep_fresh()] if self.account else []
        return account + ([self.bot.receive(inbox)] if self.bot else [])


async def open_both(
    settings: Settings, database: Database, texts: Callable[[], Texts], site: str, clock: Clock, stack: AsyncExitStack
) -> Zalo:
    """What the settings name.

    Raises:
        OperatorError: Zalo does not know the bot's token.
    """
    account = await open_zalo(settings, database, texts, clock, stack)
    bot = await open_zalo_bot(settings, database, texts, site, clock, stack)
    if bot:
        await bot.channel.check_token()
    return Zalo(account, bot)
