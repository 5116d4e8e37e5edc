"""Passwords: what is good enough, hashing (argon2id, with the defaults of argon2-cffi: RFC 9106, low memory), checking.

Hashing takes 64 MiB and a noticeable while by intent; it runs in threads, two at a time, so that a flood of tries
neither stops the bot nor fills the memory.
"""

from __future__ import annotations

import asyncio
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 128
FEWEST_LETTERS = 5
"""Different ones: "aaaaaaaaaa" and "1212121212" are tried first by everybody."""

_COMMON = ("password", "matkhau", "qwerty", "123456789", "987654321", "vneid", "daisuso", "vietnam")
_hasher = PasswordHasher()
_threads = asyncio.Semaphore(2)


def weakness(password: str, user_name: str = "") -> str | None:
    """Why a password is not good enough: short, long, simple or common; None when it is."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    plain = password.lower()
    if len(set(plain)) < FEWEST_LETTERS:
        return "simple"
    rest = plain
    for word in (*_COMMON, *filter(None, (user_name, user_name.partition("@")[0]))):
        rest = rest.replace(word, "")
    return "common" if len(rest) < FEWEST_LETTERS else None


async def hash_password(password: str) -> str:
    """What is kept of a password."""
    async with _threads:
        return await asyncio.to_thread(_hasher.hash, _normal(password))


async def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; without a hash (no such account) it takes as long and is False."""
    async with _threads:
        return await asyncio.to_thread(_fits, password_hash, _normal(password[:LONGEST]))


def is_outdated(password_hash: str) -> bool:
    """Whether the library hashes more strongly by now."""
    return _hasher.check_needs_rehash(password_hash)


def _fits(password_hash: str | None, password: str) -> bool:
    try:
        return _hasher.verify(password_hash or _nobodys_hash(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody has this password")


def _normal(password: str) -> str:
    """Keyboards write the same Vietnamese letter in two ways."""
    return unicodedata.normalize("NFC", password)
