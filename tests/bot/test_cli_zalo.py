"""`daisuso zalo` and what `doctor` says of the account, as an operator uses them against the emulator."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.settings import Settings
from bot.terminal import FAILED, OPERATOR_ERROR
from tests.support.zalo_emulator import ZaloOa

pytestmark = pytest.mark.usefixtures("content_is_read_once")


@pytest.fixture
def oa(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ZaloOa]:
    for name in list(os.environ):
        if name.startswith("DAISUSO_"):
            monkeypatch.delenv(name)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    with ZaloOa() as oa:
        given = {
            "VAR": str(tmp_path), "PUBLIC_URL": "https://daisuso.tanloi.vn", "ZALO_APP_ID": oa.app_id,
            "ZALO_APP_SECRET": oa.app_secret, "ZALO_OA_ID": oa.oa_id, "ZALO_OA_SECRET_KEY": oa.oa_secret,
            "ZALO_OPENAPI": oa.address, "ZALO_OAUTH": oa.address,
        }  # fmt: skip
        for name, value in given.items():
            monkeypatch.setenv(f"DAISUSO_{name}", value)
        yield oa


def zalo(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli.app, ["zalo", *arguments], input=typed)


def told(result: Result) -> str:
    return result.stdout + result.stderr


def secrets_of(oa: ZaloOa) -> list[str]:
    return [oa.app_secret, oa.oa_secret, *oa.tokens._access, *oa.tokens._refresh]


def test_consent_by_the_address_of_the_page_that_follows(oa: ZaloOa, monkeypatch: pytest.MonkeyPatch) -> None:
    before = zalo("status")
    assert before.exit_code == FAILED
    assert "daisuso zalo authorize" in told(before)
    monkeypatch.setattr(secrets, "token_urlsafe", lambda size: "s" * (4 * size // 3 + (size % 3 > 0)))
    page = f"https://daisuso.tanloi.vn/zalo/consent?code={oa.consent()}&oa_id={oa.oa_id}&state={'s' * 16}"
    done = zalo("authorize", typed=page + "\n")
    assert done.exit_code == 0, told(done)
    [link] = re.findall(rf"{oa.address}/v4/oa/permission\S+", done.stdout)
    asked = parse_qs(urlsplit(link).query)
    assert asked["app_id"] == [oa.app_id]
    assert asked["redirect_uri"] == ["https://daisuso.tanloi.vn/zalo/consent"]
    assert len(asked["code_challenge"][0]) == 43
    [exchange] = oa.calls("access_token")
    assert len(exchange.params["code_verifier"]) == 43
    state = json.loads(zalo("status", "--json").stdout)
    assert (state["problems"], state["people"]) == ([], 0)
    assert state["webhook"] == "https://daisuso.tanloi.vn/zalo/webhook"
    shown = told(done) + told(zalo("status"))
    assert [secret for secret in secrets_of(oa) if secret in shown] == []


def test_consent_for_something_else_is_refused_and_nothing_kept(oa: ZaloOa) -> None:
    for page, why in (
        (f"https://x/?code=a&oa_id=1&state={'s' * 16}", "OA khác"),
        (f"https://x/?code=a&oa_id={oa.oa_id}&state=other", "lần xin khác"),
        ("https://x/?error=denied", "Không thấy mã code"),
        ("made-up-code", "Zalo từ chối"),
    ):
        refused = zalo("authorize", typed=page + "\n")
        assert refused.exit_code == OPERATOR_ERROR
        assert why in told(refused)
    assert zalo("status").exit_code == FAILED


def test_a_pair_from_the_console_is_tried_before_it_is_kept(oa: ZaloOa) -> None:
    assert zalo("authorize", "--paste", typed="wrong\nwrong\n").exit_code == OPERATOR_ERROR
    assert zalo("status").exit_code == FAILED
    pair = oa.pair()
    assert zalo("authorize", "--paste", typed=f"{pair.access}\n{pair.refresh}\n").exit_code == 0
    assert zalo("status").exit_code == 0


def test_without_the_settings_it_says_which(oa: ZaloOa, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DAISUSO_ZALO_OA_SECRET_KEY")
    missing = zalo("status")
    assert missing.exit_code == OPERATOR_ERROR
    assert "còn thiếu DAISUSO_ZALO_OA_SECRET_KEY" in told(missing)
    monkeypatch.setenv("DAISUSO_ZALO_OA_SECRET_KEY", oa.app_secret)
    assert "hai khoá khác nhau" in told(zalo("status"))
    assert oa.app_secret not in told(zalo("status"))
    for name in ("APP_ID", "APP_SECRET", "OA_ID", "OA_SECRET_KEY"):
        monkeypatch.delenv(f"DAISUSO_ZALO_{name}")
    assert "Chưa đặt DAISUSO_ZALO_APP_ID" in told(zalo("status"))


def doctor() -> str:
    found = CliRunner().invoke(cli.app, ["doctor"]).stdout
    [line] = [line for line in found.splitlines() if "Zalo OA" in line]
    return line


def test_doctor_says_who_we_are_or_what_is_wrong(oa: ZaloOa, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "✗" in (before := doctor())
    assert "daisuso zalo authorize" in before
    pair = oa.pair()
    zalo("authorize", "--paste", typed=f"{pair.access}\n{pair.refresh}\n")
    assert "✓" in (well := doctor())
    assert "UBND xã Tân Lợi" in well
    monkeypatch.delenv("DAISUSO_PUBLIC_URL")
    assert "DAISUSO_PUBLIC_URL" in doctor()
