"""What the Bot API refuses, with Telegram's own words.

The texts come from the sources of the official server (tdlib/telegram-bot-api, Client.cpp; tdlib/td) and from answers
quoted in public bug reports. A bot that matches on these texts in tests matches on them in production.
"""


class ApiError(Exception):
    """An answer with ``"ok": false``: HTTP status, description as the client reads it, seconds to wait for a 429."""

    def __init__(self, status: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after


def bad_request(reason: str) -> ApiError:
    """A 400: the request itself is wrong, the same request will fail again."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """A 403: the chat does not want the bot, nothing will get through until the person changes that."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """A 409: two ways of receiving updates are in use at once."""
    return ApiError(409, f"Conflict: {reason}")


def too_many_requests(retry_after: int) -> ApiError:
    """A 429: ask again after ``retry_after`` whole seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


BLOCKED = "bot was blocked by the user"
CHAT_NOT_FOUND = "chat not found"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
POLL_TAKEN_OVER = "terminated by other getUpdates request; make sure that only one bot instance is running"
POLL_ENDED_BY_WEBHOOK = "terminated by setWebhook request"
WEBHOOK_IS_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
