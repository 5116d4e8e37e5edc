"""Replies in plain text: nothing of them is lost on the way into small messages, and nothing is cut through."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.markup import utf16_length
from bot.channels.plain import ZALO_BOT, ZALO_OA, Capability, fit, to_plain
from bot.messages import Button, Document, Picture, Reply
from content.channel_texts import ChoiceTexts

TEXTS = ChoiceTexts(by_number="Nhắn số:", by_letter="Nhắn chữ:")
QR = Picture("qr", "Mã vào lớp", text="https://xa.vn/?s=abc")


def buttons(count: int, name: str = "Mục {}") -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(name.format(n), f"p{n}"),) for n in range(1, count + 1))


def test_markup_goes_and_links_show_their_address() -> None:
    assert to_plain("**Bước 1.** Mở [Cổng dịch vụ](https://dvc.gov.vn/a_(b)) rồi **bấm**") == (
        "Bước 1. Mở Cổng dịch vụ: https://dvc.gov.vn/a_(b) rồi bấm"
    )
    assert to_plain("[https://a.vn](https://a.vn)") == "https://a.vn"


def test_five_buttons_stay_buttons_and_six_become_a_list_too() -> None:
    [five] = fit([Reply("Chọn", buttons(5))], ZALO_OA, TEXTS)
    assert (len(five.buttons), five.choices, five.text) == (5, (), "Chọn")
    [six] = fit([Reply("Chọn", buttons(6), note="Nguồn: **A**")], ZALO_OA, TEXTS)
    assert six.text == "Chọn\n\nNguồn: A\n\nNhắn số:\n" + "\n".join(f"{n}. Mục {n}" for n in range(1, 7))
    assert [choice.payload for choice in six.choices] == [f"p{n}" for n in range(1, 7)]
    assert len(six.buttons) == 5


def test_the_lists_of_one_turn_count_on() -> None:
    first, second = fit([Reply("Một", buttons(2)), Reply("Hai", buttons(2))], ZALO_BOT, TEXTS)
    assert [one.mark for one in (*first.choices, *second.choices)] == ["1", "2", "3", "4"]
    assert second.text == "Hai\n\nNhắn số:\n3. Mục 1\n4. Mục 2"


def test_an_open_question_s_choices_have_letters_and_numbers_stand_for_themselves() -> None:
    asked = Reply("Bao nhiêu người?", (*buttons(3, "{}"), *buttons(30, "Ấp {}")))
    [reply] = fit([asked], ZALO_BOT, TEXTS, is_asking=True)
    assert reply.text.startswith("Bao nhiêu người?\n\nNhắn chữ:\n1   2   3\nA. Ấp 1\n")
    assert reply.text.endswith("Z. Ấp 26\nA1. Ấp 27\nB1. Ấp 28\nC1. Ấp 29\nD1. Ấp 30")


def test_buttons_stand_under_a_text_not_under_a_picture() -> None:
    picture, text = fit([Reply("Quét mã này.", buttons(1), picture=QR)], ZALO_OA, TEXTS)
    assert (picture.text, picture.picture, picture.buttons) == ("Mã vào lớp", QR, ())
    assert (text.text, text.picture, len(text.buttons)) == ("Quét mã này.", None, 1)


def test_short_texts_are_joined_when_a_turn_has_too_many() -> None:
    turn = [Reply(f"Phần {n}") for n in range(12)]
    messages = fit([*turn, Reply("Ảnh", picture=QR), Reply("Hết", buttons(1))], ZALO_OA, TEXTS)
    assert len(messages) <= ZALO_OA.messages
    assert "\n\n".join(message.text for message in messages).split("\n\n") == [
        *(f"Phần {n}" for n in range(12)), "Ảnh", "Hết",
    ]  # fmt: skip
    assert (messages[-2].picture, len(messages[-1].buttons)) == (QR, 1)


_words = st.lists(
    st.sampled_from(["bà con", "**đậm**", "gửi.", "\n\n", "\n", "🙂", "Mật khẩu?", "x" * 70]), max_size=700
)


@settings(max_examples=40, deadline=None)
@given(
    _words, st.integers(0, 60), st.sampled_from([ZALO_OA, ZALO_BOT]), st.booleans(), st.sampled_from(["NFC", "NFD"]),
    st.booleans(),
)  # fmt: skip
def test_every_word_and_choice_arrives_whole_and_in_order(
    words: list[str], count: int, can: Capability, is_asking: bool, form: Literal["NFC", "NFD"], has_document: bool
) -> None:
    text = unicodedata.normalize(form, " ".join(words))
    document = Document("so.xlsx", "key") if has_document else None
    reply = Reply(text, buttons(count, "Ấp {} Bình Minh"), document=document)
    messages = fit([reply], can, TEXTS, is_asking=is_asking)
    assert all(utf16_length(one.text) <= 2000 and unicodedata.is_normalized("NFC", one.text) for one in messages)
    if count == 0:
        assert " ".join(one.text for one in messages).split() == to_plain(text).split()
    lines = [line for one in messages for line in one.text.splitlines()]
    for choice in messages[-1].choices:
        assert f"{choice.mark}. {choice.label}" in lines
    assert [one for one in messages if one.document or one.choices or one.buttons] in ([], [messages[-1]])
    assert fit(messages, can, TEXTS, is_asking=True) == messages, "what fits is left alone"
    assert not re.search(r"\*\*đậm\*\*", "".join(one.text for one in messages))
