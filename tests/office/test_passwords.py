"""Passwords are hashed as the programme hashes them: slowly, with argon2id; which ones are good enough."""

from __future__ import annotations

import unicodedata

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from db.office import accounts
from office import passwords
from tests.support.office import PASSWORD, Office
from tests.support.rows import COMMUNE


async def test_only_the_right_password_fits_its_hash() -> None:
    hashed = await passwords.hash_password(PASSWORD)
    parameters = extract_parameters(hashed)
    assert (parameters.type, parameters.memory_cost >= 64 * 1024, parameters.time_cost >= 3) == (Type.ID, True, True)
    assert await passwords.is_right(hashed, PASSWORD)
    assert not await passwords.is_right(hashed, PASSWORD.lower())
    assert not await passwords.is_right(None, "nobody has this password")
    assert not await passwords.is_right("no hash at all", PASSWORD)


async def test_however_a_keyboard_writes_its_letters() -> None:
    hashed = await passwords.hash_password(unicodedata.normalize("NFD", PASSWORD))
    assert await passwords.is_right(hashed, unicodedata.normalize("NFC", PASSWORD))


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("con trâu là", None), ("g9!kd02_aQ", None), ("ngắn", "short"), ("x" * 129, "long"), ("abababababab", "simple"),
        ("matkhau123", "common"), ("0123456789", "common"), ("daisuso2026", "common"), ("hoai.le2026", "common"),
    ],
)  # fmt: skip
def test_which_passwords_are_good_enough(password: str, why: str | None) -> None:
    assert passwords.weakness(password, "hoai.le@xa.gov.vn") == why


async def test_a_weak_old_hash_is_made_anew_at_the_next_sign_in(office: Office) -> None:
    await office.account()  # hashed quickly, for tests
    assert (await office.browser().sign_in("editor")).status_code == 303
    async with office.database.snapshot() as session:
        account = await accounts.by_user_name(session, COMMUNE, "editor")
    assert account
    assert account.password_hash
    assert not passwords.is_outdated(account.password_hash)
    assert (await office.browser().sign_in("editor")).status_code == 303
