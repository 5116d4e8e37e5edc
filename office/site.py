"""What the office's pages have to work with. Pages get a `Site` and don't know how the programme is put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from content.article import Article
from content.commune import Commune
from content.library import Library
from content.numbers import TIME_ZONE
from db.broadcasts.models import BroadcastSort
from db.clock import Clock
from db.engine import Database
from office.attempts import Attempts


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message of the chat as the page shows it: `html` and `note` are safe HTML, `buttons` rows of labels."""

    html: str
    buttons: tuple[tuple[str, ...], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChannelMessage:
    """A broadcast as one channel shows it: so many messages, of at most `limit` characters each (0: any number).

    `length` counts all its characters as the channel does, with the lines that are added to every broadcast.
    """

    channel: str
    messages: tuple[ShownMessage, ...]
    length: int
    limit: int


@dataclass(frozen=True, slots=True)
class LearningState:
    """The training that the page started: whether it runs, or what the last one said beside the stored rounds."""

    is_running: bool = False
    nothing_new: bool = False
    problem: str = ""


class Learning(Protocol):
    """Trains the bot with the office's decisions, one round at a time, in the background."""

    def state(self) -> LearningState:
        """How it stands."""
        ...

    def start(self, by: str) -> bool:
        """Begins a round; False when one runs already."""
        ...


@dataclass(frozen=True, slots=True)
class Site:
    """One commune's office page. The functions are the programme's, given by whoever puts it together (bot/app.py).

    `address` is where the outside reaches the programme, without a slash at its end. `link_addresses` gives the links
    for a code of db/links.py, the likeliest first; `preview` what the chat says of an article, changed or not.
    `preview_broadcast` is what each channel shows of a broadcast's text with the article that it leads to.
    `content` is the folder that the library is read from; `learning` trains with what the office has decided.
    """

    library: Callable[[], Library]
    database: Database
    commune: str
    clock: Clock
    address: str
    link_addresses: Callable[[str], tuple[str, ...]]
    preview: Callable[[Article], tuple[ShownMessage, ...]]
    preview_broadcast: Callable[[BroadcastSort, str, str | None], tuple[ChannelMessage, ...]]
    content: Path
    learning: Learning
    attempts: Attempts = field(default_factory=Attempts)

    @property
    def profile(self) -> Commune:
        """The commune: its names and words, hamlets, plan."""
        return self.library().communes[self.commune]

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach us over https; then the cookie goes over nothing else."""
        return self.address.startswith("https://")

    def now(self) -> datetime:
        """The present moment."""
        return self.clock()

    def today(self) -> date:
        """The day that it is in Vietnam."""
        return self.clock().astimezone(TIME_ZONE).date()
