"""One person in a chat, the same on every channel: says, presses what is shown by its name, sends a picture, reads.

Where buttons can't be pressed, the mark in front of the name is typed, as people do there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any, Protocol
from uuid import uuid4

import httpx

from tests.support.everywhere import PATIENCE, Everywhere
from tests.support.zalo_emulator import SAMPLE_JPG
from tests.support.zalo_emulator.pushing import TRUSTING_NOBODY

_numbers = count(1)
_CHOICE = re.compile(r"^(\d{1,2}|[A-Z]\d?)\. (.+)$", re.MULTILINE)


class Person(Protocol):
    """Somebody with a phone."""

    channel: str

    def say(self, text: str) -> str:
        """Writes, and reads what is answered."""

    def open(self, code: str) -> str:
        """Opens a link, or types its code where no link can bring it along."""

    def press(self, *names: str) -> str:
        """Presses the newest buttons with these words in their names, one after the other; the last answer."""

    def choices(self) -> list[str]:
        """The names of what the newest answer lets one press or type."""

    def send_picture(self) -> str:
        """Sends a picture, and reads what is answered."""

    def say_badly_connected(self, *texts: str) -> str:
        """Writes texts which arrive late, in the wrong order and twice each; all answers."""

    def read(self) -> str:
        """What has come since, unasked."""


class _InAChat:
    """What all have in common: what was read, and which choices stand in it. A channel says how things are done."""

    channel = ""

    def __init__(self, everywhere: Everywhere) -> None:
        self.everywhere = everywhere
        self.number = next(_numbers)
        self._read = 0
        self._choices: list[tuple[str, Any]] = []

    def say(self, text: str) -> str:
        self._write(text)
        return self.read()

    def open(self, code: str) -> str:
        return self.say(f"/start {code}")

    def press(self, *names: str) -> str:
        answer = ""
        for name in names:
            found = [what for label, what in self._choices if name in label]
            assert found, f"no {name!r} among {[label for label, _ in self._choices]}"
            self._choose(found[-1])
            answer = self.read()
        return answer

    def choices(self) -> list[str]:
        return [label for label, _ in self._choices]

    def read(self) -> str:
        self.everywhere.at_rest()
        messages = self._messages()
        new, self._read = messages[self._read :], len(messages)
        choices = [choice for message in new for choice in self._choices_of(message)]
        self._choices = choices or self._choices
        return "\n".join(self._text_of(message) for message in new)

    def _write(self, text: str) -> None:
        raise NotImplementedError

    def _choose(self, what: Any) -> None:
        self._write(what)

    def _messages(self) -> Sequence[Any]:
        raise NotImplementedError

    def _choices_of(self, message: Any) -> list[tuple[str, Any]]:
        """Those in a list in the text."""
        return [(name, mark) for mark, name in _CHOICE.findall(self._text_of(message))]

    def _text_of(self, message: Any) -> str:
        return str(message.text)


class OnTelegram(_InAChat):
    """By webhook, with as many buttons as are needed."""

    channel = "telegram"

    def _write(self, text: str) -> None:
        self.everywhere.telegram.user_says(self.number, text)

    def _choose(self, what: Any) -> None:
        message_id, data = what
        self.everywhere.telegram.user_presses(self.number, message_id, data)

    def _messages(self) -> Sequence[Any]:
        return self.everywhere.telegram.messages_to(self.number)

    def _choices_of(self, message: Any) -> list[tuple[str, Any]]:
        return [(button.label, (message.message_id, button.data)) for row in message.buttons for button in row]

    def _text_of(self, message: Any) -> str:
        return str(message.visible_text)

    def send_picture(self) -> str:
        self.everywhere.telegram.user_sends(self.number, "photo")
        return self.read()

    def say_badly_connected(self, *texts: str) -> str:
        with self.everywhere.telegram.held_updates() as held:
            for text in texts:
                self._write(text)
            held[:] = [replace(update) for update in reversed(held) for _ in range(2)]
        return self.read()


class OnZalo(_InAChat):
    """To the Official Account: five buttons, then a list."""

    channel = "zalo"

    @property
    def id(self) -> str:
        """As Zalo calls the person."""
        return f"246845883529{self.number:07d}"

    def _write(self, text: str) -> None:
        self.everywhere.oa.says(self.id, text)

    def _messages(self) -> Sequence[Any]:
        return self.everywhere.oa.messages_to(self.id)

    def _choices_of(self, message: Any) -> list[tuple[str, Any]]:
        return [*super()._choices_of(message), *((button.title, button.payload) for button in message.buttons)]

    def open(self, code: str) -> str:
        return self.say(f"mã {code}")

    def send_picture(self) -> str:
        self.everywhere.oa.sends_picture(self.id, SAMPLE_JPG)
        return self.read()

    def say_badly_connected(self, *texts: str) -> str:
        self.everywhere.oa.pusher.hold()
        for text in texts:
            self._write(text)
        self.everywhere.oa.pusher.release(order="reversed", copies=2)
        return self.read()


class OnZaloBot(_InAChat):
    """To the small bot: no buttons, everything is typed."""

    channel = "zalo_bot"

    @property
    def id(self) -> str:
        """As Zalo calls the person."""
        return f"6ede{self.number:012x}"

    def _write(self, text: str) -> None:
        self.everywhere.zalo_bot.says(self.id, text)

    def _messages(self) -> Sequence[Any]:
        return self.everywhere.zalo_bot.messages_to(self.id)

    def open(self, code: str) -> str:
        return self.say(f"mã {code}")

    def send_picture(self) -> str:
        self.everywhere.zalo_bot.sends_picture(self.id)
        return self.read()

    def say_badly_connected(self, *texts: str) -> str:
        self.everywhere.zalo_bot.hold()
        for text in texts:
            self._write(text)
        self.everywhere.zalo_bot.release(is_reversed=True, copies=2)
        return self.read()


class OnTheWeb(_InAChat):
    """On the commune's page, as its script speaks with the site."""

    channel = "web"

    def __init__(self, everywhere: Everywhere) -> None:
        super().__init__(everywhere)
        self._shown: list[dict[str, Any]] = []
        self._sender = f"device-{uuid4()}"
        self._notices = 0
        http = httpx.Client(base_url=everywhere.site.address, trust_env=False, timeout=PATIENCE, verify=TRUSTING_NOBODY)
        self._http = everywhere.at_the_end.enter_context(http)

    def _write(self, text: str) -> None:
        self._shown += self._post(text=text)

    def _choose(self, what: Any) -> None:
        self._shown += self._post(payload=what)

    def _post(self, message_id: str | None = None, **said: Any) -> list[dict[str, Any]]:
        body = {"sender": self._sender, "message_id": message_id or str(uuid4()), **said}
        response = self._http.post("/api/chat", json=body)
        assert response.status_code == 200, response.text
        replies: list[dict[str, Any]] = response.json()["replies"]
        return replies

    def _messages(self) -> Sequence[Any]:
        asked = {"sender": self._sender, "after": self._notices}
        for notice in self._http.post("/api/notices", json=asked).json()["notices"]:
            self._notices = max(self._notices, notice["number"])
            self._shown.append(notice)
        return self._shown

    def _choices_of(self, message: Any) -> list[tuple[str, Any]]:
        return [(button["label"], button["payload"]) for row in message["buttons"] for button in row]

    def _text_of(self, message: Any) -> str:
        return "\n".join(filter(None, (message["text"].replace("**", ""), message.get("note"))))

    def send_picture(self) -> str:
        raise NotImplementedError("the page sends no pictures")

    def say_badly_connected(self, *texts: str) -> str:
        for text in reversed(texts):
            message_id = str(uuid4())
            for _ in range(2):
                self._shown += self._post(message_id, text=text)
        return self.read()


ON_ALL_CHANNELS = (OnTelegram, OnZalo, OnZaloBot, OnTheWeb)
