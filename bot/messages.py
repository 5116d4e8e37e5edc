"""What comes in and what goes out, the same for every channel.

Texts that go out use the small markup of docs/content-format.md; a channel turns it into what it can show. In `note`,
and only there, `[title](address)` is a link.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

MAX_TEXT = 4000
"""Characters of one incoming text that are kept; Telegram's own limit is 4096."""

MAX_PAYLOAD_BYTES = 64
"""Telegram's limit for what a button sends back; the smallest of the channels'."""

MAX_FILE_BYTES = 2 * 1024 * 1024
"""A larger file that somebody sends is not fetched; a sheet of 500 visits has a twentieth of it."""


class Kind(StrEnum):
    """What sort of message came in."""

    TEXT = "text"
    BUTTON = "button"
    ATTACHMENT = "attachment"


@dataclass(frozen=True, slots=True)
class Attached:
    """A document that came with a message: its name, its size in bytes, and by what its channel finds it again.

    Its content is never stored, for nobody knows what is in it; whoever wants it fetches it (bot/inbox.py).
    """

    name: str
    size: int
    ref: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message from a person.

    `text` is masked. `payload` is what a pressed button carries, or for an attachment its sort: photo, voice, sticker,
    location, contact, document, video, other - never its content. `number` is the channel's own message counter, if it
    has one. An edit has the id of the message that it changes.
    """

    channel: str
    chat: str
    sender: str
    message_id: str
    sent_at: datetime
    kind: Kind
    text: str = ""
    payload: str = ""
    number: int | None = None
    is_edit: bool = False
    first_sent_at: datetime | None = None
    file: Attached | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. `payload` comes back as a message of kind BUTTON."""

    label: str
    payload: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.payload.encode()) <= MAX_PAYLOAD_BYTES:
            raise ValueError(f"button payload {self.payload!r} must be 1-{MAX_PAYLOAD_BYTES} bytes")


@dataclass(frozen=True, slots=True)
class Choice:
    """A button as people type it where it can't be pressed (bot/choices.py): its mark ("1", "A"), name and payload."""

    mark: str
    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, kept as what it shows and drawn when it is sent (bot/pictures.py).

    `sort` is "qr" (values: the text in the code), "bars" (a chart: labels and values; `target` draws a line) or
    "certificate" (labels: its lines from top to bottom, bot/certificate_picture.py).
    """

    sort: str
    title: str
    labels: tuple[str, ...] = ()
    values: tuple[float, ...] = ()
    target: float | None = None
    text: str = ""
    """What a QR code holds; what is said to those who can't see a chart or a certificate."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file to keep, under the key of its bytes in db/documents.py."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording of content/audio, by its file's name; `address` is where channels that send no voice lead to it."""

    file: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a person: text, rows of buttons under it, small print (sources), a picture or a recording.

    `takes_file` says that a file is welcome as the answer: for channels where sending one needs a button of its own.
    `choices` are those that the text lists, once a channel without room for the buttons has written them there.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    note: str = ""
    picture: Picture | None = None
    document: Document | None = None
    takes_file: bool = False
    choices: tuple[Choice, ...] = ()
    clip: Clip | None = None

    def with_text(self, text: str) -> Reply:
        """The same reply saying something else."""
        return replace(self, text=text)

    def to_json(self) -> dict[str, Any]:
        """As stored in the outbox and sent to the web page."""
        body: dict[str, Any] = {
            "text": self.text,
            "note": self.note or None,
            "buttons": [[{"label": b.label, "payload": b.payload} for b in row] for row in self.buttons],
        }
        more: dict[str, Any] = {"picture": self.picture, "document": self.document, "clip": self.clip}
        body |= {name: asdict(value) for name, value in more.items() if value}
        body |= {"takes_file": True} if self.takes_file else {}
        return body | ({"choices": [asdict(choice) for choice in self.choices]} if self.choices else {})

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Reply:
        """Reads what `to_json` wrote."""
        rows = tuple(tuple(Button(b["label"], b["payload"]) for b in row) for row in body["buttons"])
        document = Document(**body["document"]) if "document" in body else None
        picture = _picture(body.get("picture"))
        choices = tuple(Choice(**choice) for choice in body.get("choices", ()))
        clip = Clip(**body["clip"]) if "clip" in body else None
        takes_file = body.get("takes_file", False)
        return cls(body["text"], rows, body["note"] or "", picture, document, takes_file, choices, clip)


def _picture(values: dict[str, Any] | None) -> Picture | None:
    if values is None:
        return None
    lists = {name: tuple(values[name]) for name in ("labels", "values")}
    return Picture(**(values | lists))
