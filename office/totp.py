"""Codes of an authenticator app (RFC 6238) as a second proof of who signs in."""

from __future__ import annotations

import hmac
import re
from datetime import datetime

import pyotp

ISSUER = "Đại sứ số"
_SECRET = re.compile(r"[A-Z2-7]{32}")
_CLOCKS_DIFFER = (0, -1, 1)
"""Steps of 30 seconds around now that are accepted too: telephones' clocks are not exact, and typing takes time."""


def new_secret() -> str:
    """A secret for a new authenticator, in base 32."""
    return pyotp.random_base32()


def is_secret(text: str) -> bool:
    """Whether this could be one of ours."""
    return _SECRET.fullmatch(text) is not None


def address(secret: str, user_name: str, commune: str) -> str:
    """What the QR code for the app holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=user_name, issuer_name=f"{ISSUER} {commune}")


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step of 30 seconds to which a code belongs, or None when it is wrong; who accepts it notes its use."""
    typed = "".join(code.split())
    totp = pyotp.TOTP(secret)
    found = None
    for offset in _CLOCKS_DIFFER:
        if hmac.compare_digest(typed.encode(), totp.at(now, counter_offset=offset).encode()) and found is None:
            found = totp.timecode(now) + offset
    return found
