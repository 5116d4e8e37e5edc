"""Everything has a default, an empty line means the default, and what can't be right is refused by name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import ROOT, Settings

TOKEN = "123456:ABC-DEF"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither this machine's environment nor its .env decides what these tests find."""
    for name in list(os.environ):
        if name.startswith("DAISUSO_"):
            monkeypatch.delenv(name)
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")


def test_without_any_setting_everything_runs_on_one_machine() -> None:
    settings = Settings()

    assert settings.commune == "tan-loi"
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.telegram_token is None
    assert settings.rasa_url is None
    assert settings.public_url is None
    assert settings.database == f"sqlite+aiosqlite:///{ROOT / 'var' / 'daisuso.db'}"


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAISUSO_COMMUNE", "dak-to")
    monkeypatch.setenv("DAISUSO_PORT", "0")
    assert (Settings().commune, Settings().port) == ("dak-to", 0)


def test_a_file_decides_where_the_environment_is_silent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DAISUSO_COMMUNE=dak-to\nDAISUSO_PORT=9000\nPOSTGRES_PASSWORD=x\n")
    monkeypatch.setenv("DAISUSO_PORT", "9001")
    assert (Settings().commune, Settings().port) == ("dak-to", 9001)


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_a_setting_left_empty_is_the_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    default = Settings()
    monkeypatch.setenv(f"DAISUSO_{name}", "")
    (tmp_path / ".env").write_text(f"DAISUSO_{name}=\n")
    assert Settings() == default


def test_the_example_file_can_be_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    default = Settings()
    monkeypatch.setitem(Settings.model_config, "env_file", ROOT / ".env.example")
    assert Settings() == default


def test_the_database_lies_in_the_folder_for_data_unless_it_is_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAISUSO_VAR", "/srv/daisuso")
    assert Settings().database == "sqlite+aiosqlite:////srv/daisuso/daisuso.db"

    monkeypatch.setenv("DAISUSO_DATABASE_URL", "postgresql+psycopg://bot@db/daisuso")
    assert Settings().database == "postgresql+psycopg://bot@db/daisuso"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "tám nghìn"),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PUBLIC_URL", "daisuso.tanloi.vn"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "ftp://daisuso.tanloi.vn"),
        ("RASA_URL", "rasa:5005"),
        ("TELEGRAM_API", "api.telegram.org"),
        ("TELEGRAM_TOKEN", "ABC-DEF"),
        ("ZALO_BOT_TOKEN", "ABC-DEF"),
        ("ZALO_BOT_TOKEN", "1:../getMe"),
        ("ZALO_BOT_WEBHOOK", "true"),  # without a public address
        ("MESSAGES_PER_MINUTE_SENDER", "0"),
        ("MESSAGES_PER_MINUTE_ADDRESS", "0"),
    ],
)
def test_what_can_t_be_right_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"DAISUSO_{name}", value)
    with pytest.raises(ValidationError) as refusal:
        Settings()
    assert [error["loc"] for error in refusal.value.errors()] == [(name.lower(),)]


def test_secrets_are_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAISUSO_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("DAISUSO_RASA_TOKEN", "rasa-secret")
    shown = f"{Settings()!r} {Settings()}"
    assert TOKEN not in shown
    assert "rasa-secret" not in shown


def test_a_refused_token_is_not_shown_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAISUSO_TELEGRAM_TOKEN", "ABC-DEF")
    with pytest.raises(ValidationError) as refusal:
        Settings()
    assert "@BotFather" in str(refusal.value)
    assert "ABC-DEF" not in str(refusal.value)


def test_the_webhook_s_secret_is_steady_of_the_token_and_takes_telegram_s_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAISUSO_TELEGRAM_TOKEN", TOKEN)
    secret = Settings().webhook_secret
    assert secret == Settings().webhook_secret
    assert TOKEN not in secret
    assert len(secret) <= 256  # Telegram: 1-256 characters, A-Z, a-z, 0-9, _ and -
    assert secret.isascii()
    assert secret.isalnum()

    monkeypatch.setenv("DAISUSO_TELEGRAM_TOKEN", "654321:XYZ")
    assert Settings().webhook_secret != secret
