"""The codes in deep links (t.me/<bot>?start=<code>, the web chat's /?s=<code>): made here, and read and checked here.

A code is "1", a letter for its sort, a value, and eight letters of a keyed hash over all that: short enough for a QR
code that a cheap camera reads, and not to be made up. "1" is the version, for the day when codes must look otherwise.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import insert_if_new
from db.models import LinkKey

VERSION = "1"
MOST_CHARACTERS = 64
"""Telegram's limit for what a deep link carries; it also allows nothing but A-Z, a-z, 0-9, _ and -."""

_SIGNATURE = 8
_INVITATION = re.compile(r"(?<![A-Za-z0-9_-])1[in][A-Za-z0-9_-]{12,}")
"""What is or may have been an invitation's code, to the team or to link chats, mistyped ones included."""
_OURS = re.compile(r"1[a-z][A-Za-z0-9_-]*[A-Za-z0-9_-]{8}")


class Sort(StrEnum):
    """What a link leads to, by the letter in its code."""

    INVITATION = "i"
    HAMLET = "h"
    TOPIC = "t"
    POSTER = "p"
    CLASS = "c"
    HOUSEHOLD = "g"
    ACCOUNT = "a"
    PERSON = "n"


@dataclass(frozen=True, slots=True)
class Link:
    """Where a code leads. `value` is an id in the database, a topic, or an invitation's own code."""

    sort: Sort
    value: str


class LinkError(Exception):
    """A code that leads nowhere. `is_ours`: it looks like one of ours, but was changed or made up."""

    def __init__(self, *, is_ours: bool) -> None:
        super().__init__("forged" if is_ours else "unknown")
        self.is_ours = is_ours


async def make(session: AsyncSession, commune: str, sort: Sort, value: object) -> str:
    """The code of a link; the same link always has the same code.

    Raises:
        ValueError: the value does not fit into a link.
    """
    body = VERSION + sort.value + str(value).replace(".", "-")
    if len(body) + _SIGNATURE > MOST_CHARACTERS or not _OURS.fullmatch(body + "x" * _SIGNATURE):
        raise ValueError(f"{sort.name} {value!r} does not fit into a link")
    return body + _sign(await _key(session, commune), body)


async def read(session: AsyncSession, commune: str, code: str) -> Link:
    """Where a code leads.

    Raises:
        LinkError: nowhere.
    """
    body, signature = code[:-_SIGNATURE], code[-_SIGNATURE:]
    if not _OURS.fullmatch(code) or len(code) > MOST_CHARACTERS or body[1] not in set(Sort):
        raise LinkError(is_ours=False)
    if not hmac.compare_digest(signature, _sign(await _key(session, commune), body)):
        raise LinkError(is_ours=True)
    sort, value = Sort(body[1]), body[2:]
    return Link(sort, value.replace("-", ".") if sort is Sort.TOPIC else value)  # no topic has a hyphen


def hide_invitations(text: str, by: str) -> str:
    """A text with `by` in place of what may be an invitation's code: whoever reads it could join."""
    return _INVITATION.sub(by, text)


def invitations_in(text: str) -> dict[str, str]:
    """What may be invitations' codes in a text, and the value that each of them carries."""
    return {code: code[2:-_SIGNATURE] for code in _INVITATION.findall(text)}


async def keyed_hash(session: AsyncSession, commune: str, text: str) -> str:
    """Tells apart without telling who: the same text of the same commune always gives the same 32 letters."""
    return (await keyed_hasher(session, commune))(text)


async def keyed_hasher(session: AsyncSession, commune: str) -> Callable[[str], str]:
    """`keyed_hash` for many texts: the key is fetched once."""
    key = await _key(session, commune)
    return lambda text: hmac.digest(key, text.encode(), hashlib.sha256).hex()[:32]


async def _key(session: AsyncSession, commune: str) -> bytes:
    await session.execute(insert_if_new(session, LinkKey, commune=commune, key=secrets.token_hex(16)))
    key: str | None = await session.scalar(select(LinkKey.key).where(LinkKey.commune == commune))
    assert key is not None
    return bytes.fromhex(key)


def _sign(key: bytes, body: str) -> str:
    return base64.urlsafe_b64encode(hmac.digest(key, body.encode(), hashlib.sha256))[:_SIGNATURE].decode()
