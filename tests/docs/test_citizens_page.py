"""The page for citizens promises nothing that the chat does not do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.citizen.search import TextSearch
from bot.conversation import COMMANDS
from bot.services import SERVICES
from content.library import Library

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "vi" / "nguoi-dan.md").read_text()
QUESTIONS = re.findall(r"^```hoi\n(.*?)\n```$", PAGE, re.MULTILINE)
"""What the page tells people to ask, as it stands in its code blocks marked `hoi`."""
MEANT = ["vneid.forgot_password", "cccd.lost", "scam.fake_police"]
BUTTONS = re.findall(r"(?:bấm|[Bb]ấm nút|rồi)\s\*\*(.+?)\*\*", PAGE)
NAMED = set(re.findall(r"`(/\w+)`", PAGE))
SAYS_BUTTONS = [
    *(ROOT / "content" / "texts").glob("*.yml"),
    ROOT / "content" / "phrases.yml",
    ROOT / "bot" / "channels" / "webchat" / "view.js",
]


def test_every_command_that_the_page_names_is_open_to_everybody() -> None:
    open_to_all = {command for service in SERVICES if service.least is None for command in service.commands}
    assert NAMED
    assert NAMED - open_to_all - set(COMMANDS) == set()


def test_every_button_that_the_page_says_to_press_is_there() -> None:
    texts = [file.read_text() for file in SAYS_BUTTONS]
    assert len(BUTTONS) > 5
    assert [button for button in BUTTONS if not any(button in text for text in texts)] == []


@pytest.mark.parametrize(("question", "topic"), list(zip(QUESTIONS, MEANT, strict=True)))
def test_every_question_is_found_even_by_text_search(library: Library, question: str, topic: str) -> None:
    assert TextSearch(library).rank(question).ranking[0].intent == topic
