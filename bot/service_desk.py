"""The gate to the services: finds the one that a message is for, and lets in only who may use it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import PurePath

from bot.messages import Kind, Reply
from bot.service import PREFIX, SURE, Form, Handler, Result, Service, Turn
from bot.team import access
from bot.welcome import leads_nowhere
from db import links
from db.outreach.models import Member

OWNER = "of"
"""Where a form holds its service's name."""
BENEATH = "beneath"
"""Where a form holds the one over which it was opened."""


class ServiceDesk:
    """All services by their names, commands, intents, links and topics."""

    def __init__(self, services: Iterable[Service]) -> None:
        self.services = {service.name: service for service in services}
        self._by_command = {command: one for one in self.services.values() for command in one.commands}
        self._by_intent = {intent: one for one in self.services.values() for intent in one.intents}
        self._by_link = {link: one for one in self.services.values() for link in one.links}
        self._by_topic = {topic: one for one in self.services.values() for topic in one.topics}
        self._by_suffix = {suffix: one for one in self.services.values() for suffix in one.suffixes}

    async def take(self, turn: Turn) -> Result | None:
        """Takes a turn; None when no service of those that this person may use is meant.

        `turn.form` is the open form with its owner's name under "of". Whoever may not use a service is treated as if
        there were none: nothing tells that it exists.
        """
        for service in self.services.values():
            if service.overhear and (taken := await self._hand(service, service.overhear, turn, turn.incoming.text)):
                return taken
        if turn.incoming.is_edit:
            return await self._edited(turn)
        if turn.file:
            receiver = self._receiver(turn.file.name)
            if receiver and receiver.receive:
                return await self._hand(receiver, receiver.receive, turn, turn.incoming.text)
        if turn.incoming.kind is Kind.BUTTON:
            name, _, rest = turn.incoming.payload.removeprefix(PREFIX).partition(":")
            pressed = self.services.get(name) if turn.incoming.payload.startswith(PREFIX) else None
            return await self._hand(pressed, pressed.press, turn, rest) if pressed else None
        if turn.incoming.kind is Kind.ATTACHMENT:
            return None
        command, _, rest = turn.incoming.text.strip().partition(" ")
        if command.startswith("/"):
            return await self._commanded(turn, command.partition("@")[0].lower(), rest.strip())
        return await self._said(turn)

    def still_open(self, form: Form, age: timedelta) -> Form:
        """A form that was left so long ago, or what of it has not run out."""
        owner = self.services.get(str(form.get(OWNER, "")))
        if owner and age <= owner.form_lasts:
            return form
        return self.still_open(form[BENEATH], age) if form.get(BENEATH) else {}

    def takes_file(self, name: str) -> bool:
        """Whether anybody's document of that name would be of use to a service."""
        return self._receiver(name) is not None

    def takes_file_of(self, member: Member | None, name: str) -> bool:
        """Whether a service takes a document of that name from this person."""
        receiver = self._receiver(name)
        return receiver is not None and may_use(member, receiver)

    async def offers(self, turn: Turn, topic: str) -> tuple[Reply, ...]:
        """What a service adds under the article of a topic."""
        service = self._by_topic.get(topic)
        if service is None or service.offer is None:
            return ()
        result = await self._hand(service, service.offer, turn, topic)
        return result.replies if result else ()

    def _receiver(self, name: str) -> Service | None:
        return self._by_suffix.get(PurePath(name).suffix.lower())

    async def _edited(self, turn: Turn) -> Result | None:
        for service in self.services.values():
            if service.edit and (taken := await self._hand(service, service.edit, turn, turn.incoming.text)):
                return taken
        return None

    async def _commanded(self, turn: Turn, command: str, rest: str) -> Result | None:
        if command == "/start" and rest:
            try:
                link = await links.read(turn.session, turn.commune.slug, rest)
            except links.LinkError as error:
                return leads_nowhere(turn, turn.library.texts.link.forged) if error.is_ours else None
            opener = self._by_link.get(link.sort)
            return await self._hand(opener, opener.open, turn, link.value) if opener and opener.open else None
        service = self._by_command.get(command)
        return await self._hand(service, service.press, turn, rest) if service else None

    async def _said(self, turn: Turn) -> Result | None:
        owner = self.services.get(str(turn.form.get(OWNER, "")))
        if owner and owner.say and (taken := await self._hand(owner, owner.say, turn, turn.incoming.text)):
            return taken
        best = turn.understanding.ranking[0] if turn.understanding and turn.understanding.ranking else None
        meant = self._by_intent.get(best.intent) if best and best.confidence >= SURE else None
        said_to = meant.say if meant and meant is not owner else None
        if meant and said_to and (taken := await self._hand(meant, said_to, turn, turn.incoming.text)):
            return taken
        for service in self.services.values():
            if service.hear and (taken := await self._hand(service, service.hear, turn, turn.incoming.text)):
                return taken
        return None

    async def _hand(self, service: Service, handler: Handler, turn: Turn, words: str) -> Result | None:
        if not may_use(turn.member, service):
            return None
        top, beneath = turn.form, turn.form.get(BENEATH, {})
        own = next((form for form in (top, beneath) if form.get(OWNER) == service.name), {})
        result = await handler(replace(turn, form=own), words)
        if result is None or result.form is None:
            return result
        if result.form:
            left = beneath if own is top else self._lasting(top, beneath) if own is not beneath else {}
            return replace(result, form=_over(result.form | {OWNER: service.name}, left))
        if own is beneath:
            return replace(result, form=_over(top, {}))
        if own is not top:
            return replace(result, form=None)  # what it closes is not its own
        return await self._resumed(turn, beneath, result)

    def _lasting(self, top: Form, beneath: Form) -> Form:
        """What waits beneath a form that is opened over these two."""
        owner = self.services.get(str(top.get(OWNER, "")))
        return _over(top, {}) if owner and owner.resume else beneath

    async def _resumed(self, turn: Turn, beneath: Form, closed: Result) -> Result:
        """After the form above was closed: the one beneath asks again."""
        owner = self.services.get(str(beneath.get(OWNER, "")))
        asked = (
            await self._hand(owner, owner.resume, replace(turn, form=beneath), "") if owner and owner.resume else None
        )
        return Result((*closed.replies, *asked.replies), asked.form or {}) if asked else closed


def _over(form: Form, beneath: Form) -> Form:
    """A form with that one beneath it, or none."""
    alone = {name: value for name, value in form.items() if name != BENEATH}
    return alone | {BENEATH: beneath} if beneath else alone


def may_use(member: Member | None, service: Service) -> bool:
    """Whether somebody may use a service."""
    return service.least is None or access.may(member, service.least)
