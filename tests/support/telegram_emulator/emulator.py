"""TelegramEmulator: the people's side, what can be observed, and trouble on order, around a server that can restart."""

from collections.abc import Callable
from datetime import UTC, datetime

from starlette.routing import Route
from starlette.types import ASGIApp

from tests.support.http_server import Connections, Restartable

from .faults import Drop, FaultPlan, Hang, RateLimits, failure
from .observing import Observer
from .playing import PlayingEndpoints
from .server import BotApi
from .state import World
from .users import UserSide, bot_user

TEST_TOKEN = "123456:TEST"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class TelegramEmulator(UserSide, Observer, Restartable):
    """Telegram's Bot API for one bot on 127.0.0.1; use it as a context manager or call ``start`` and ``stop``.

    ``port`` None takes a free one. ``now`` dates messages; rate limits go by the monotonic clock.
    """

    def __init__(
        self,
        token: str = TEST_TOKEN,
        bot_username: str = "daisuso_bot",
        *,
        port: int | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        super().__init__(port)
        self.token = token
        self.limits = RateLimits()
        self._world = World(bot_user(token, bot_username), now)
        self._faults = FaultPlan()
        self._api = BotApi(self._world, token, self._faults, self.limits)

    def _served(self) -> tuple[ASGIApp, Connections]:
        play = Route("/user/{action}", PlayingEndpoints(self).answer, methods=["GET", "POST"])
        return self._api.application([play]), self._api.connections

    @property
    def base_url(self) -> str:
        """For ``ApplicationBuilder.base_url``: clients append the token. Raises RuntimeError before the first start."""
        return f"{self.address}/bot"

    @property
    def base_file_url(self) -> str:
        """For ``ApplicationBuilder.base_file_url``. Raises RuntimeError before the first start."""
        return f"{self.address}/file/bot"

    def fail_next(
        self,
        method: str,
        status: int,
        *,
        retry_after: int | None = None,
        description: str | None = None,
        times: int = 1,
    ) -> None:
        """The next ``times`` calls of the method have no effect and get this HTTP status, with Telegram's usual words.

        A 429 asks to wait ``retry_after`` seconds, 1 if not given.
        """
        self._faults.add(method, failure(status, retry_after, description), times)

    def hang_next(self, method: str, seconds: float, *, after_effect: bool = True) -> None:
        """The next call of the method gets its answer only after ``seconds``: longer than the client waits.

        With ``after_effect`` it took effect at once (the message IS in the chat); without, it never does and the
        connection closes in the end.
        """
        self._faults.add(method, Hang(seconds, after_effect))

    def drop_connection_next(self, method: str, *, after_effect: bool = False) -> None:
        """The next call of the method loses its connection without an answer, after or before it took effect."""
        self._faults.add(method, Drop(after_effect))

    def limit_rates(
        self,
        *,
        per_chat_per_second: int | None = None,
        global_per_second: int | None = None,
        per_group_per_minute: int | None = None,
    ) -> None:
        """Answers 429 with retry_after beyond these many sent or edited messages; None (all, at first) is no limit."""
        self.limits.per_chat_per_second = per_chat_per_second
        self.limits.global_per_second = global_per_second
        self.limits.per_group_per_minute = per_group_per_minute
