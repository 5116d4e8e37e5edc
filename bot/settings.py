"""The configuration: environment variables DAISUSO_*, or a file `.env`. `.env.example` explains each."""

from __future__ import annotations

import hashlib
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


def _empty_means_unset(value: object) -> object:
    """docker compose passes a variable that `.env` leaves empty as an empty text."""
    return None if isinstance(value, str) and not value.strip() else value


_WebAddress = Annotated[str, Field(pattern=r"^https?://[^\s/]+[^\s]*$")]
Url = Annotated[_WebAddress | None, BeforeValidator(_empty_means_unset)]
Secret = Annotated[SecretStr | None, BeforeValidator(_empty_means_unset)]


@dataclass(frozen=True, slots=True)
class ZaloKeys:
    """An Official Account, the app that speaks for it, and their two secrets: for tokens, and for signed events."""

    app_id: str
    app_secret: str = field(repr=False)
    oa_id: str
    oa_secret_key: str = field(repr=False)


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

    zalo_bot_token: Secret = None
    """Of a bot of the Zalo Bot Platform, a small one without an Official Account; off without it."""
    zalo_bot_api: _WebAddress = "https://bot-api.zaloplatforms.com"
    """The platform's address; "/bot" and the token are appended."""
    zalo_bot_webhook: bool = False
    """Zalo brings the messages to `public_url`; else the bot fetches them itself."""

    transcriber: Annotated[str | None, BeforeValidator(_empty_means_unset)] = None
    """A command that reads a voice message from its input and writes what was said: docs/voice.md. Off when unset."""
    transcriber_seconds: float = Field(default=30.0, gt=0, le=600)
    """After so long without an answer the command is ended."""
    zalo_app_id: Annotated[str | None, BeforeValidator(_empty_means_unset)] = None
    """The app at developers.zalo.me linked to the commune's Official Account (OA); the OA is off without these four."""
    zalo_app_secret: Secret = None
    """The app's own secret: it gets tokens."""
    zalo_oa_secret_key: Secret = None
    """The account's key, from the app's Webhook page: events are signed with it. Not the app's secret."""
    zalo_oa_id: Annotated[str | None, BeforeValidator(_empty_means_unset)] = Field(default=None, validate_default=True)
    """The account's id. It stands last, for it is checked together with the others."""
    zalo_openapi: Annotated[str, Field(pattern=r"^https?://")] = "https://openapi.zalo.me"
    zalo_oauth: Annotated[str, Field(pattern=r"^https?://")] = "https://oauth.zaloapp.com"

    messages_per_minute_sender: int = Field(default=30, ge=1)
    messages_per_minute_address: int = Field(default=300, ge=1)
    """A whole commune may share one address behind its provider's NAT."""

    @field_validator("telegram_token")
    @classmethod
    def _token_has_its_form(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and ":" not in token.get_secret_value():
            raise ValueError("mã bot Telegram phải có dạng 123456:ABC..., lấy ở @BotFather")
        return token

    @field_validator("zalo_bot_token")
    @classmethod
    def _zalo_bot_token_has_its_form(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not re.fullmatch(r"[0-9]+:[^\s/?#%]+", token.get_secret_value()):
            raise ValueError("mã bot Zalo phải có dạng 123456:abc..., lấy ở Zalo Bot Creator")
        return token

    @field_validator("zalo_bot_webhook")
    @classmethod
    def _webhook_needs_an_address(cls, wanted: bool, info: ValidationInfo) -> bool:
        if wanted and not info.data.get("public_url"):
            raise ValueError("cần có DAISUSO_PUBLIC_URL; để trống thì bot tự hỏi tin mới")
        return wanted

    @field_validator("transcriber")
    @classmethod
    def _command_is_whole(cls, command: str | None) -> str | None:
        try:
            shlex.split(command or "")
        except ValueError:
            raise ValueError("lệnh còn thiếu dấu ngoặc đóng") from None
        return command

    @field_validator("zalo_app_id")
    @classmethod
    def _app_id_has_its_form(cls, given: str | None) -> str | None:
        if given is not None and not given.isdecimal():
            raise ValueError("mã ứng dụng Zalo chỉ gồm chữ số, xem ở developers.zalo.me")
        return given

    @field_validator("zalo_oa_id")
    @classmethod
    def _zalo_is_whole(cls, given: str | None, info: ValidationInfo) -> str | None:
        if given is not None and not given.isdecimal():
            raise ValueError("mã OA chỉ gồm chữ số, xem ở oa.zalo.me")
        others = ("zalo_app_id", "zalo_app_secret", "zalo_oa_secret_key")
        values = {name: info.data.get(name) for name in others} | {"zalo_oa_id": given}
        missing = [f"DAISUSO_{name.upper()}" for name, value in values.items() if value is None]
        if missing and len(missing) < len(values) and all(name in info.data for name in others):
            raise ValueError(f"để dùng Zalo OA còn thiếu {', '.join(missing)}")
        if given is not None and values["zalo_app_secret"] == values["zalo_oa_secret_key"]:
            raise ValueError(
                "DAISUSO_ZALO_APP_SECRET và DAISUSO_ZALO_OA_SECRET_KEY là hai khoá khác nhau: khoá bí mật của OA ở "
                "trang Webhook của ứng dụng"
            )
        return given

    @property
    def zalo(self) -> ZaloKeys | None:
        """What the Official Account needs; None while it is off."""
        if not (self.zalo_app_id and self.zalo_app_secret and self.zalo_oa_secret_key and self.zalo_oa_id):
            return None
        secret, key = self.zalo_app_secret.get_secret_value(), self.zalo_oa_secret_key.get_secret_value()
        return ZaloKeys(self.zalo_app_id, secret, self.zalo_oa_id, key)

    @property
    def database(self) -> str:
        """The database's address, default included."""
        return self.database_url or f"sqlite+aiosqlite:///{self.var / 'daisuso.db'}"

    @property
    def webhook_secret(self) -> str:
        """What Telegram must send back with every update: derived from the token, so nothing has to be kept."""
        token = self.telegram_token.get_secret_value() if self.telegram_token else ""
        return hashlib.sha256(f"webhook:{token}".encode()).hexdigest()

    @property
    def zalo_bot_webhook_secret(self) -> str:
        """The same for the Zalo bot."""
        token = self.zalo_bot_token.get_secret_value() if self.zalo_bot_token else ""
        return hashlib.sha256(f"zalo-bot webhook:{token}".encode()).hexdigest()
