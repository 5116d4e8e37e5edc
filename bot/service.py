"""A service: something that people can do in the chat beside asking questions, and the turn that it is given.

Services change data inside the turn's transaction and know no channel. `bot/service_desk.py` lets people in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.citizen.decision import is_topic
from bot.entrances import Entrances
from bot.messages import Incoming, Reply
from bot.nlu import Understanding
from bot.team import access
from content.commune import Commune
from content.library import Library
from content.numbers import TIME_ZONE as TIME_ZONE
from db.links import Sort
from db.models import Conversation
from db.outreach import audit
from db.outreach.models import Hamlet, Member, Role

PREFIX = "do:"
"""What the payload of every service's button begins with: "do:ghi:h:12"."""

SURE = 0.5
"""Confidence from which a text is what it seems to be: a service's business, or a question that closes no form."""

FORM_LASTS = timedelta(hours=12)
"""A visit begun in the morning may be ended in the evening; a text of the next day is no part of it."""

Form = dict[str, Any]
"""The state of a service's open form, in JSON's own types. Never empty: an empty one is none."""


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A document that somebody sent, in memory for the turn. `content` is None when it is too large, or gone."""

    name: str
    size: int
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Turn:
    """One message to a service, inside the turn's transaction. `form` is the service's own open form, or empty."""

    session: AsyncSession
    conversation: Conversation
    member: Member | None
    incoming: Incoming
    understanding: Understanding | None
    library: Library
    commune: Commune
    form: Form
    now: datetime
    entrances: Entrances
    own_hamlets: tuple[Hamlet, ...] = ()
    """Those that the member serves."""
    file: ReceivedFile | None = None

    @property
    def staff(self) -> Member:
        """The member whose turn it is; only for services that want a role."""
        if self.member is None:
            raise RuntimeError("a service without a role asked for the member")
        return self.member

    @property
    def actor(self) -> str:
        """How whoever acts stands in the audit log."""
        return audit.by_member(self.member) if self.member else audit.CITIZEN

    @property
    def origin(self) -> str:
        """What makes this message one of its kind for ever, and ends in a separator: "chat:12:345:"."""
        return f"chat:{self.conversation.id}:{self.incoming.message_id}:"

    @property
    def today(self) -> date:
        """The day on which the message was written, in the commune's time zone; for an edit, when that was first so."""
        return (self.incoming.first_sent_at or self.incoming.sent_at).astimezone(TIME_ZONE).date()

    @property
    def is_question(self) -> bool:
        """Whether the text surely is a citizen's question, and so no answer to one of ours."""
        best = self.understanding.ranking[0] if self.understanding and self.understanding.ranking else None
        return best is not None and best.confidence >= SURE and is_topic(best.intent)

    def may(self, least: Role) -> bool:
        """Whether whoever acts has at least that role."""
        return access.may(self.member, least)

    def may_see(self, hamlet: Hamlet) -> bool:
        """Whether whoever acts may see and log for that hamlet."""
        own = {hamlet.id for hamlet in self.own_hamlets}
        present = hamlet.merged_into_id or hamlet.id
        return hamlet.commune == self.commune.slug and access.may_see_hamlet(self.member, present, own)

    def say(self, template: str, **values: object) -> str:
        """A text of the content folder with the commune's names and these values in it."""
        return self.commune.fill(template).format(**values)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a turn: replies, and the service's form afterwards - None leaves it as it was, empty closes it.

    `topic` is the one whose article was shown: what is asked next may be about it.
    """

    replies: tuple[Reply, ...]
    form: Form | None = None
    topic: str | None = None


Handler = Callable[[Turn, str], Awaitable[Result | None]]
"""Takes a turn and the words for the service; None when it is not for the service after all."""


@dataclass(frozen=True, slots=True)
class Service:
    """Something that people can do in the chat.

    name: stands in payloads after the prefix, and owns forms.
    least: the role that it wants; None is for everybody.
    press: takes what follows the name in a payload, and what follows a command.
    say: takes texts with one of the `intents`, and those written while the service's form is open.
    hear: takes texts that are no service's by form or intent, before they are taken for questions.
    edit: takes the new text of a message that was handled before.
    open: takes the value of a deep link of one of the `links` (db/links.py).
    overhear: sees every message before anybody else, and may take it.
    offer: what the service adds under an article of one of the `topics`.
    receive: takes documents with one of the `suffixes` (".xlsx"), in `Turn.file`; its words are what was written to it.
    resume: asks again what its form asks. A form of a service that can do so is not lost when another service's form is
        opened over it: it waits beneath, and goes on when that one closes.
    form_lasts: after that long without a message from this person an open form of the service is closed.
    """

    name: str
    least: Role | None
    press: Handler
    say: Handler | None = None
    hear: Handler | None = None
    edit: Handler | None = None
    open: Handler | None = None
    overhear: Handler | None = None
    offer: Handler | None = None
    receive: Handler | None = None
    resume: Handler | None = None
    form_lasts: timedelta = FORM_LASTS
    commands: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    links: tuple[Sort, ...] = ()
    topics: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()


def payload(service: str, *parts: object) -> str:
    """What a service's button carries: payload("ghi", "h", 12) -> "do:ghi:h:12"."""
    return PREFIX + ":".join((service, *map(str, parts)))
