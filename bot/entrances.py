"""Where deep links begin: the bot's chat on Telegram, and the commune's web chat."""

from __future__ import annotations

from dataclasses import dataclass

RECORDINGS = "/am-thanh"
"""Under which the site serves recordings."""


@dataclass(frozen=True, slots=True)
class Entrances:
    """The public ways in: `telegram`, the bot's user name (None without a bot), and `site`, the web chat's address."""

    telegram: str | None
    site: str

    def addresses(self, code: str) -> tuple[str, ...]:
        """The links for a code (db/links.py), the likeliest first."""
        web = f"{self.site.rstrip('/')}/?s={code}"
        return (f"https://t.me/{self.telegram}?start={code}", web) if self.telegram else (web,)

    def recording(self, file: str) -> str:
        """Where anybody can listen to a recording of content/audio."""
        return f"{self.site.rstrip('/')}{RECORDINGS}/{file}"

    def best(self, code: str) -> str:
        """The link for a QR code."""
        return self.addresses(code)[0]
