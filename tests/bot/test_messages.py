"""What goes out survives its way through the outbox, and no button carries more than the narrowest channel takes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import MAX_PAYLOAD_BYTES, Button, Reply

TEXTS = st.text(st.characters(codec="utf-8"))
PAYLOADS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=MAX_PAYLOAD_BYTES).filter(
    lambda payload: len(payload.encode()) <= MAX_PAYLOAD_BYTES
)
ROWS = st.lists(st.lists(st.builds(Button, TEXTS, PAYLOADS), max_size=3).map(tuple), max_size=3).map(tuple)


@given(st.builds(Reply, TEXTS, ROWS, TEXTS))
def test_a_reply_comes_out_of_the_outbox_as_it_went_in(reply: Reply) -> None:
    assert Reply.from_json(json.loads(json.dumps(reply.to_json()))) == reply


def test_the_web_page_gets_rows_of_labels_and_payloads() -> None:
    reply = Reply("Chọn đi", ((Button("Lệ phí", "s:vneid.install:2"),),), "Nguồn: báo")
    assert reply.to_json() == {
        "text": "Chọn đi",
        "note": "Nguồn: báo",
        "buttons": [[{"label": "Lệ phí", "payload": "s:vneid.install:2"}]],
    }


def test_a_reply_without_small_print_says_so() -> None:
    assert Reply("Dạ").to_json()["note"] is None


def test_other_words_leave_the_rest_of_a_reply_alone() -> None:
    reply = Reply("Một", ((Button("Lệ phí", "s:vneid.install:2"),),), "Nguồn: báo")
    assert reply.with_text("Hai") == Reply("Hai", reply.buttons, reply.note)


@pytest.mark.parametrize("payload", ["x", "x" * 64, "đ" * 32])
def test_a_button_carries_up_to_64_bytes(payload: str) -> None:
    assert Button("Bấm", payload).payload == payload


@pytest.mark.parametrize("payload", ["", "x" * 65, "đ" * 33])
def test_a_button_carries_no_less_and_no_more(payload: str) -> None:
    with pytest.raises(ValueError, match="1-64 bytes"):
        Button("Bấm", payload)
