"""Who takes part in these tests, and short ways to make a bot and read what it gets."""

from typing import TypeVar

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.request import HTTPXRequest

from tests.support.telegram_emulator import TelegramEmulator

BA = 7  # a citizen
CHI = 8  # another one
SUPERGROUP = -1_001_234_567_890
PATIENCE = 0.3  # seconds that the impatient bot waits for an answer
NOT_MODIFIED = (
    "Message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


T = TypeVar("T")


def bot_on(telegram: TelegramEmulator, token: str | None = None, patience: float = 5.0) -> Bot:
    """A bot that calls the emulator and waits ``patience`` seconds for each answer; not initialized yet."""

    def request() -> HTTPXRequest:
        return HTTPXRequest(read_timeout=patience, httpx_kwargs={"trust_env": False, "verify": False})

    return Bot(
        token or telegram.token,
        base_url=telegram.base_url,
        base_file_url=telegram.base_file_url,
        request=request(),
        get_updates_request=request(),
    )


def keyboard(*rows: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    """An inline keyboard of rows of (label, callback data)."""
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in rows]
    )


async def updates_of(bot: Bot, offset: int | None = None) -> list[Update]:
    """What waits for the bot now, confirmed up to ``offset``."""
    return list(await bot.get_updates(offset=offset, timeout=0))


async def texts_of(bot: Bot, offset: int | None = None) -> list[str]:
    """The texts of the messages among the waiting updates."""
    return [str(update.effective_message and update.effective_message.text) for update in await updates_of(bot, offset)]


async def messages_of(bot: Bot) -> list[Message]:
    """The messages among the waiting updates."""
    return [update.effective_message for update in await updates_of(bot) if update.effective_message]


def there(value: T | None) -> T:
    """The value, which must not be missing."""
    assert value is not None
    return value
