"""Zalo's tokens for an Official Account: access for 25 hours, refresh tokens that work once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

ACCESS_LIFE = timedelta(hours=25)
REFRESH_LIFE = timedelta(days=90)
CODE_LIFE = timedelta(minutes=10)


@dataclass(frozen=True)
class Pair:
    """What Zalo gives together."""

    access: str
    refresh: str


class TokenError(Exception):
    """A refusal of the token server."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


class Tokens:
    """What is valid now. One grant lives at a time: consenting anew ends the one before."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._access: dict[str, datetime] = {}
        self._refresh: dict[str, datetime] = {}
        self._codes: dict[str, datetime] = {}

    def consent(self) -> str:
        """The code that comes back when the account's admin consents; works once, for ten minutes."""
        code = f"code-{secrets.token_hex(8)}"
        self._codes[code] = self._now() + CODE_LIFE
        return code

    def new_pair(self) -> Pair:
        """A pair as the console's API Explorer gives it; refresh tokens given before stay as they are."""
        pair = Pair(f"access-{secrets.token_hex(16)}", f"refresh-{secrets.token_hex(16)}")
        self._access[pair.access] = self._now() + ACCESS_LIFE
        self._refresh[pair.refresh] = self._now() + REFRESH_LIFE
        return pair

    def expire_access(self) -> None:
        """All access tokens are over now."""
        self._access = dict.fromkeys(self._access, self._now())

    def withdraw(self) -> None:
        """The consent is taken back: nothing works any more."""
        self._access.clear()
        self._refresh.clear()

    def state_of(self, access: str) -> str:
        """ "good", "expired" or "unknown"."""
        until = self._access.get(access)
        if until is None:
            return "unknown"
        return "good" if self._now() < until else "expired"

    def exchange(self, form: Mapping[str, str]) -> Pair:
        """A new pair for a code or a refresh token, which is used up.

        Raises TokenError: -14xxx. Zalo's own codes for these are not published; a caller must not tell by them.
        """
        if form.get("grant_type") == "authorization_code":
            given, known = form.get("code", ""), self._codes
        elif form.get("grant_type") == "refresh_token":
            given, known = form.get("refresh_token", ""), self._refresh
        else:
            raise TokenError(-14005, "Invalid grant type")
        until = known.pop(given, None)
        if until is None or until <= self._now():
            raise TokenError(-14014, "Invalid refresh token" if known is self._refresh else "Invalid code")
        return self.new_pair()
