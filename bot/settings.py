"""The configuration: environment variables DAISUSO_*, or a file `.env`. `.env.example` explains each."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


def _empty_means_unset(value: object) -> object:
    """docker compose passes a variable that `.env` leaves empty as an empty text."""
    return None if isinstance(value, str) and not value.strip() else value


_WebAddress = Annotated[str, Field(pattern=r"^https?://[^\s/]+[^\s]*$")]
Url = Annotated[_WebAddress | None, BeforeValidator(_empty_means_unset)]
Secret = Annotated[SecretStr | None, BeforeValidator(_empty_means_unset)]


class Settings(BaseSettings):
    """What an operator can set. Everything has a default that works on one machine."""

    model_config = SettingsConfigDict(
        env_prefix="DAISUSO_",
        env_file=ROOT / ".env",
        env_ignore_empty=True,  # a line left empty in .env means the default, whatever the setting
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,  # it may be a token
    )

    commune: str = "tan-loi"
    """The slug of the commune that this bot speaks for: a file in content/communes."""
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    """0 takes any free port."""
    public_url: Url = None
    """Address under which the internet reaches us; with it Telegram uses a webhook instead of polling."""
    trusted_proxies: str = "127.0.0.1"
    """Proxies (comma-separated) whose X-Forwarded-For is believed."""
    var: Path = ROOT / "var"
    """Where everything that is not code lives: database, models, logs."""
    content: Path = ROOT / "content"
    database_url: Annotated[str | None, BeforeValidator(_empty_means_unset)] = None
    """SQLAlchemy address; SQLite in `var` when unset."""

    rasa_url: Url = None
    """A Rasa server that somebody else runs; when unset we run one."""
    rasa_token: Secret = None
    """The token of that server."""
    rasa_project: Path = ROOT / "rasa_project"
    gate: Path = ROOT / "tests" / "nlu" / "questions.tsv"
    """The labelled questions on which a newly trained model must not be worse than the one in use."""

    telegram_token: Secret = None
    """From @BotFather; Telegram is off without it."""
    telegram_api: Annotated[str, Field(pattern=r"^https?://")] = "https://api.telegram.org/bot"
    """Bot API server; the token is appended."""

    telegram_per_second: float = Field(default=30.0, ge=1, le=1000)
    """Messages that the bot's account sends in a second; with several programmes on one token, each one's share."""

    messages_per_minute_sender: int = Field(default=30, ge=1)
    messages_per_minute_address: int = Field(default=300, ge=1)
    """A whole commune may share one address behind its provider's NAT."""

    @field_validator("telegram_token")
    @classmethod
    def _token_has_its_form(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and ":" not in token.get_secret_value():
            raise ValueError("mã bot Telegram phải có dạng 123456:ABC..., lấy ở @BotFather")
        return token

    @property
    def database(self) -> str:
        """The database's address, default included."""
        return self.database_url or f"sqlite+aiosqlite:///{self.var / 'daisuso.db'}"

    @property
    def webhook_secret(self) -> str:
        """What Telegram must send back with every update: derived from the token, so nothing has to be kept."""
        token = self.telegram_token.get_secret_value() if self.telegram_token else ""
        return hashlib.sha256(f"webhook:{token}".encode()).hexdigest()
