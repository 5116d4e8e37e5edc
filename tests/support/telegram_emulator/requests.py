"""Reads a call of the Bot API from HTTP: query string, form, multipart or JSON, all into the same parameters."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from .errors import bad_request
from .state import FileContent

MAX_UPLOAD = 50 * 1024 * 1024  # bytes, Bot API "Sending files"

_STRUCTURES = frozenset(
    {
        "allowed_updates",
        "caption_entities",
        "commands",
        "entities",
        "link_preview_options",
        "media",
        "reply_markup",
        "reply_parameters",
        "scope",
    }
)
_NUMBERS = frozenset(
    {"chat_id", "from_chat_id", "message_id", "reply_to_message_id", "offset", "limit", "timeout", "max_connections"}
)


@dataclass
class Params:
    """Parameters of one call: JSON structures decoded, ids and counts as numbers, uploads apart."""

    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, FileContent] = field(default_factory=dict)

    def get(self, name: str) -> Any:
        """The value, or None."""
        return self.values.get(name)

    def text(self, name: str) -> str:
        """The value as text, empty if it is missing."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def number(self, name: str, default: int) -> int:
        """The value as a whole number; raises ApiError 400 if it is something else."""
        value = self.values.get(name, default)
        if isinstance(value, int):
            return value
        raise bad_request(f"can't parse {name}: must be a number")

    def flag(self, name: str) -> bool:
        """True for true, "true" and 1."""
        return str(self.values.get(name, "")).lower() in ("true", "1")


async def read_params(request: Request) -> Params:
    """Everything the client sent; raises ApiError 400 for JSON that can't be read."""
    sent: dict[str, Any] = dict(request.query_params)
    files: dict[str, FileContent] = {}
    body = await request.body()
    content_type = request.headers.get("content-type", "")
    if content_type.startswith("application/json"):
        sent.update(_decoded("request body", body.decode() or "{}"))
    elif content_type.startswith("multipart/form-data"):
        for name, part in _parts(content_type, body):
            if isinstance(part, FileContent):
                files[name] = part
            else:
                sent[name] = part
    else:
        sent.update(parse_qsl(body.decode(), keep_blank_values=True))
    return Params({name: _normalised(name, value) for name, value in sent.items()}, files)


def _parts(content_type: str, body: bytes) -> Iterator[tuple[str, str | FileContent]]:
    """The fields of a multipart form (RFC 7578), by the standard library: the project needs no other parser."""
    form = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body, policy=HTTP)
    for part in form.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        file_name = part.get_filename()
        yield name, content.decode() if file_name is None else FileContent(file_name, content, part.get_content_type())


def _normalised(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in _STRUCTURES:
        return _decoded(name, value) if value else None
    if name in _NUMBERS:
        try:
            return int(value)
        except ValueError:
            return value
    return value


def _decoded(name: str, source: str) -> Any:
    try:
        return json.loads(source)
    except ValueError:
        raise bad_request(f"can't parse {name} JSON object") from None
