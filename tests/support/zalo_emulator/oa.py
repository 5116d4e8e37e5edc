"""ZaloOa: one Official Account as the people who write to it and the programme that answers for it see it."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from . import oa_api
from .oa_messages import SentMessage
from .pushing import Event
from .served import SAMPLE_JPG, Fault, Served, utc_now
from .tokens import Pair, Tokens

SIGNATURE_HEADER = "X-ZEvent-Signature"


@dataclass
class Person:
    """Somebody with a chat to the account."""

    user_id: str
    name: str
    is_follower: bool = True
    has_blocked: bool = False
    last_interaction: datetime | None = None
    free_answers_used: int = 0


@dataclass
class Stored:
    """An upload: its bytes and until when it can be sent."""

    content: bytes
    until: datetime


@dataclass
class Knobs:
    """Where sources disagree, or accounts differ."""

    sends_echoes: bool = True
    expired_code: int = -220
    answers_per_interaction: int | None = None
    """How many free answers a person's word allows (8 say older pages, no number the newer ones)."""

    messages_left: int | None = None
    """Of the account's package; None has no end."""

    pays_after_48_hours: bool = False
    calls_a_minute: int = 4000
    signs_with: str = ""
    """Another key for the signature than the account's, e.g. a wrong one."""

    quota_says_replies: bool = True


class ZaloOa(Served):
    """An account, its app, its people. Ids are strings of digits, as Zalo's are."""

    app_id = "360846524940903967"
    app_secret = "AppSecret-TestOnly"
    oa_secret = "OaSecretKey-TestOnly"
    oa_id = "388613280878808645"

    def __init__(self, *, port: int | None = None, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(port=port, now=now)
        self.tokens = Tokens(self.now)
        self.knobs = Knobs()
        self.people: dict[str, Person] = {}
        self.sent: list[SentMessage] = []
        self.uploads: dict[str, Stored] = {}
        self.pictures: dict[str, bytes] = {}
        self.recent_calls: deque[datetime] = deque()
        self._numbers = 0

    def routes(self) -> Sequence[BaseRoute]:
        return [*oa_api.OaApi(self).routes(), Route("/media/{name}", self._media)]

    # --- the account ------------------------------------------------------------------------------------------------

    def pair(self) -> Pair:
        """A pair of tokens, as an admin gets it from the console."""
        with self.changed:
            return self.tokens.new_pair()

    def consent(self) -> str:
        """The code of an admin who has just consented."""
        with self.changed:
            return self.tokens.consent()

    def save_webhook(self, url: str) -> int:
        """As an admin saves the address in the console: an unsigned ``{}`` is sent, and the status it got returned.

        Only an address that answers 200 is taken.
        """
        status = httpx.post(url, content=b"{}", headers={"Content-Type": "application/json"}, trust_env=False)
        if status.status_code == 200:
            with self.changed:
                self.pusher.url, self.pusher.was_switched_off = url, False
            self.pusher.wake()
        return status.status_code

    def refuse_next(self, name: str, code: int, words: str = "Refused", times: int = 1) -> None:
        """The next calls of that name have no effect and get this error code, with HTTP 200 as Zalo does it."""
        self.plan(name, Fault({"error": code, "message": words}), times)

    # --- people -----------------------------------------------------------------------------------------------------

    def add_person(self, user_id: str, name: str = "Bà Lan", *, has_interacted: bool = False) -> Person:
        """A follower who has said nothing yet."""
        person = Person(user_id, name, last_interaction=self.now() if has_interacted else None)
        with self.changed:
            self.people[user_id] = person
        return person

    def says(self, user_id: str, text: str) -> str:
        """A person writes; returns the message's id."""
        return self._tells(user_id, "user_send_text", {"text": text})

    def presses(self, user_id: str, title: str) -> str:
        """A person presses the newest button with that in its title: for the webhook it is a text, the payload."""
        with self.changed:
            shown = [b for m in reversed(self._chat(user_id)) for b in m.buttons if title in b.title]
        if not shown:
            raise LookupError(f"no button like {title!r}")
        if not shown[0].type.startswith("oa.query."):
            raise ValueError("this button opens an address and tells the account nothing")
        return self.says(user_id, shown[0].payload)

    def sends_picture(self, user_id: str, content: bytes = SAMPLE_JPG, text: str = "", sort: str = "image") -> str:
        """A person sends a picture, which can be fetched here. ``sort`` is the attachment's type: image or photo."""
        name = f"{secrets.token_hex(6)}.jpg"
        self.pictures[name] = content
        url = f"{self.address}/media/{name}"
        attachment = {"type": sort, "payload": {"url": url, "thumbnail": url}}
        return self._tells(user_id, "user_send_image", {"text": text, "attachments": [attachment]})

    def sends_file(self, user_id: str, content: bytes, name: str) -> str:
        """A person sends a document."""
        self.pictures[name] = content
        payload = {"url": f"{self.address}/media/{name}", "name": name, "size": str(len(content)), "checksum": "0"}
        return self._tells(user_id, "user_send_file", {"attachments": [{"type": "file", "payload": payload}]})

    def sends(self, user_id: str, sort: str, payload: dict[str, Any], text: str = "") -> str:
        """A person sends something else: sticker, location, audio, video, gif, link, business_card."""
        message = {"text": text, "attachments": [{"type": sort, "payload": payload}]}
        return self._tells(user_id, f"user_send_{sort}", message)

    def follows(self, user_id: str, name: str = "Bà Lan") -> None:
        """A person follows the account; they need not have been known."""
        person = self.people.get(user_id) or self.add_person(user_id, name)
        person.is_follower, person.last_interaction = True, self.now()
        self._follow_event("follow", user_id)

    def unfollows(self, user_id: str) -> None:
        """A person does not follow any more."""
        self.people[user_id].is_follower = False
        self._follow_event("unfollow", user_id)

    def blocks(self, user_id: str) -> None:
        """A person blocks the account, which is told nothing of it."""
        self.people[user_id].has_blocked = True

    def sees(self, user_id: str) -> None:
        """A person has read all; the event's sender is the account, oddly."""
        ids = [message.message_id for message in self._chat(user_id)]
        self.event("user_seen_message", self._from_account(user_id) | {"message": {"msg_ids": ids}}, whose=user_id)

    def operator_says(self, user_id: str, text: str) -> str:
        """Somebody of the office answers in Zalo's own console; the webhook hears of it."""
        number = self.next_id()
        with self.changed:
            self.sent.append(SentMessage(user_id, number, text, (), None, None, self.now(), is_automatic=False))
        body = self._from_account(user_id) | {"message": {"msg_id": number, "text": text}}
        body["sender"]["admin_id"] = "99001"
        self.event("oa_send_text", body, whose=user_id)
        return number

    # --- the webhook ------------------------------------------------------------------------------------------------

    def event(self, name: str, body: dict[str, Any], *, whose: str = "") -> None:
        """Delivers any event, signed as Zalo signs: with the envelope's common fields unless the body has its own."""
        whole = {"app_id": self.app_id, "event_name": name, **body}
        whole.setdefault("timestamp", str(self.milliseconds()))
        raw = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
        self.pusher.put(Event(name, whose, raw, {SIGNATURE_HEADER: self.signature(raw, whole["timestamp"])}))

    def signature(self, raw: bytes, timestamp: str) -> str:
        """The header's value for a body."""
        key = self.knobs.signs_with or self.oa_secret
        return "mac=" + hashlib.sha256(self.app_id.encode() + raw + timestamp.encode() + key.encode()).hexdigest()

    # --- observing --------------------------------------------------------------------------------------------------

    def messages_to(self, user_id: str) -> list[SentMessage]:
        """What stands in a person's chat from the account."""
        with self.changed:
            return self._chat(user_id)

    def last_message_to(self, user_id: str) -> SentMessage:
        """The newest one; raises LookupError if there is none."""
        messages = self.messages_to(user_id)
        if not messages:
            raise LookupError(f"nothing was sent to {user_id}")
        return messages[-1]

    # --- for oa_api.py ----------------------------------------------------------------------------------------------

    def next_id(self) -> str:
        """A message id as Zalo's look."""
        self._numbers += 1
        return f"{self._numbers:04x}{secrets.token_hex(8)}"

    def keep_upload(self, content: bytes, life: timedelta) -> str:
        """Keeps bytes, and returns what they are called by."""
        name = f"up-{secrets.token_hex(8)}"
        self.uploads[name] = Stored(content, self.now() + life)
        return name

    def echo(self, message: SentMessage, sort: str) -> None:
        """Tells the webhook what the account itself has sent."""
        if self.knobs.sends_echoes:
            body = self._from_account(message.user_id)
            body["message"] = {"msg_id": message.message_id, "text": message.text}
            self.event(f"oa_send_{sort}", body, whose=f"echo {message.user_id}")

    def _chat(self, user_id: str) -> list[SentMessage]:
        return [message for message in self.sent if message.user_id == user_id]

    def _tells(self, user_id: str, event_name: str, message: dict[str, Any]) -> str:
        person = self.people.get(user_id) or self.add_person(user_id)
        with self.changed:
            person.last_interaction, person.free_answers_used = self.now(), 0
            number = self.next_id()
        body = {
            "user_id_by_app": f"55{user_id}",
            "sender": {"id": user_id},
            "recipient": {"id": self.oa_id},
            "message": {"msg_id": number, **message},
        }
        self.event(event_name, body, whose=user_id)
        return number

    def _follow_event(self, name: str, user_id: str) -> None:
        body = {
            "oa_id": self.oa_id,
            "user_id_by_app": f"55{user_id}",
            "follower": {"id": user_id},
            "source": "oa_profile",
        }
        self.event(name, body, whose=user_id)

    def _from_account(self, user_id: str) -> dict[str, Any]:
        return {"sender": {"id": self.oa_id}, "recipient": {"id": user_id}}

    async def _media(self, request: Request) -> Response:
        content = self.pictures.get(request.path_params["name"])
        return Response(content or b"", status_code=404 if content is None else 200, media_type="image/jpeg")
