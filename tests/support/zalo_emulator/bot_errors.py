"""What the Bot Platform refuses."""

from __future__ import annotations

WORDS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    408: "Request Timeout",
    429: "Quota exceeded",
    500: "Internal Server Error",
}


class BotError(Exception):
    """An answer with ``"ok": false``."""

    def __init__(self, code: int, description: str = "") -> None:
        super().__init__(description or WORDS.get(code, "Bad Request"))
        self.code = code
