"""A Telegram Bot API emulator for tests: real HTTP on the loopback, Telegram's limits and error texts, faults on order.

    with TelegramEmulator() as telegram:
        application = Application.builder().token(telegram.token).base_url(telegram.base_url).build()
        ...
        telegram.user_says(7, "/start")
        telegram.wait_until(lambda: telegram.messages_to(7))

Map: ``emulator.py`` is the face; ``users.py`` and ``observing.py`` the people's side and what a test sees;
``state.py``, ``updates.py`` what Telegram remembers; ``methods_*.py`` what the bot calls; ``server.py``,
``polling.py``, ``webhook.py``, ``http_server.py`` how it travels; ``faults.py`` what goes wrong.
"""

from .emulator import TelegramEmulator
from .faults import GLOBAL_PER_SECOND, PER_CHAT_PER_SECOND, PER_GROUP_PER_MINUTE
from .keyboards import Button
from .observing import EarlierVersion, SentMessage
from .state import FileContent, RecordedCall
from .updates import Update
from .users import DEFAULT_GROUP_ID, SAMPLE_PNG

__all__ = [
    "DEFAULT_GROUP_ID",
    "GLOBAL_PER_SECOND",
    "PER_CHAT_PER_SECOND",
    "PER_GROUP_PER_MINUTE",
    "SAMPLE_PNG",
    "Button",
    "EarlierVersion",
    "FileContent",
    "RecordedCall",
    "SentMessage",
    "TelegramEmulator",
    "Update",
]
