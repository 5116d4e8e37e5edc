"""What a button carries is understood years later, and what nobody wrote is nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.citizen import buttons
from bot.citizen.buttons import Press
from bot.messages import MAX_PAYLOAD_BYTES
from content.library import Library

ACTIONS = ("topic", "section", "step", "sources", "helpful", "not_helpful", "group")


@given(st.sampled_from(ACTIONS), st.from_regex(r"[a-z]+\.[a-z0-9_]+", fullmatch=True), st.integers(0, 999))
def test_what_is_written_is_read(action: str, topic: str, number: int) -> None:
    assert buttons.read(buttons.payload(action, topic, number)) == Press(action, topic, number)
    assert buttons.read(buttons.payload(action, topic)) == Press(action, topic)


@pytest.mark.parametrize(
    ("carried", "press"),
    [
        ("t:vneid.install", Press("topic", "vneid.install")),
        ("s:vneid.install:2", Press("section", "vneid.install", 2)),
        ("g:vneid.install:1", Press("step", "vneid.install", 1)),
        ("src:vneid.install", Press("sources", "vneid.install")),
        ("y:vneid.install", Press("helpful", "vneid.install")),
        ("n:vneid.install", Press("not_helpful", "vneid.install")),
        ("m:vneid:8", Press("group", "vneid", 8)),
    ],
)
def test_buttons_of_old_messages_keep_their_meaning(carried: str, press: Press) -> None:
    assert buttons.read(carried) == press


def test_payloads_that_commands_and_the_web_page_know_by_heart_stay() -> None:
    assert (buttons.START, buttons.MENU, buttons.HELP, buttons.FORGET) == ("start", "menu", "help", "forget")
    assert (buttons.FORGET_YES, buttons.FORGET_NO, buttons.NONE_OF_THESE) == ("forget:yes", "forget:no", "none")


@pytest.mark.parametrize(
    "carried",
    ["", ":", "t", "t:", "x:vneid.install", "T:vneid.install", "s:vneid.install:hai", "s:vneid.install:-1",
     "s:vneid.install:1:2", "s:vneid.install:²", "s:vneid.install:٣", "s:vneid.install: 1", "forget:maybe", "menu:1"],
)  # fmt: skip
def test_what_nobody_wrote_is_nothing(carried: str) -> None:
    assert buttons.read(carried) is None


@given(st.text() | st.text("tsgynm:0123456789.", max_size=80) | st.integers().map(lambda n: f"g:vneid.install:{n}"))
def test_reading_never_fails(carried: str) -> None:
    press = buttons.read(carried)
    assert press is None or press.number >= 0


def test_an_endless_number_is_nothing() -> None:
    assert buttons.read("g:vneid.install:" + "9" * 5000) is None


def test_every_shipped_topic_fits_into_a_button(library: Library) -> None:
    longest = max((buttons.payload("sources", topic, 99) for topic in library.topics), key=len)
    assert len(longest.encode()) <= MAX_PAYLOAD_BYTES
