"""Puts the Official Account's parts together from the settings, for the running bot, `doctor` and the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx
from fastapi import APIRouter

from bot.channels import zalo_state
from bot.channels.zalo import ZaloChannel
from bot.channels.zalo_api import ZaloApi
from bot.channels.zalo_tokens import Tokens
from bot.channels.zalo_webhook import webhook_router
from bot.inbox import Inbox
from bot.settings import Settings, ZaloKeys
from content.texts import Texts
from db import zalo
from db.clock import Clock
from db.engine import Database
from db.zalo import Account


@dataclass(frozen=True, slots=True)
class ZaloOA:
    """An Official Account that is set up, whether or not anybody has consented yet."""

    keys: ZaloKeys
    account: Account
    api: ZaloApi
    tokens: Tokens
    channel: ZaloChannel
    database: Database
    clock: Clock

    def router(self, inbox: Inbox) -> APIRouter:
        """The webhook, which hands messages to that inbox."""
        return webhook_router(
            self.keys, self.clock, lambda event: self.channel.take(event, inbox), self.channel.note
        )  # fmt: skip

    async def problems(self) -> list[str]:
        """What is wrong, for people."""
        async with self.database.snapshot() as session:
            row = await zalo.find(session, self.account)
        return zalo_state.problems(row, self.clock())


async def open_zalo(
    settings: Settings, database: Database, texts: Callable[[], Texts], clock: Clock, stack: AsyncExitStack
) -> ZaloOA | None:
    """The account of the settings, or None when there is none. Nothing is asked of Zalo here."""
    keys = settings.zalo
    if keys is None:
        return None
    http = await stack.enter_async_context(httpx.AsyncClient())
    account = Account(settings.commune, keys.oa_id)
    api = ZaloApi(http, clock, openapi=settings.zalo_openapi, oauth=settings.zalo_oauth)
    tokens = Tokens(database, api, keys, account, clock)
    channel = ZaloChannel(
        api, tokens, account, database, clock, http=http, texts=texts, site=settings.public_url
    )  # fmt: skip
    return ZaloOA(keys, account, api, tokens, channel, database, clock)
