"""The services that this programme offers in the chat. Adding one is adding it here."""

from __future__ import annotations

from bot.service import Service
from bot.team import log_text, own_sessions

SERVICES: tuple[Service, ...] = (own_sessions.SERVICE, log_text.SERVICE)
