"""The office sees a broadcast as each channel will show it: with heading, buttons and the way out."""

from __future__ import annotations

import pytest

from bot.broadcast_preview import preview
from content.library import Library
from db.broadcasts.broadcasts import LONGEST_TEXT
from db.broadcasts.models import BroadcastSort
from office.site import ChannelMessage

TEXT = "Đừng **chuyển tiền** cho <người lạ>."


def shown(library: Library, text: str = TEXT, topic: str | None = "scam.prize") -> dict[str, ChannelMessage]:
    commune = library.communes["tan-loi"]
    return {one.channel: one for one in preview(library, commune, BroadcastSort.SCAM_ALERT, text, topic)}


def test_bold_is_bold_where_it_can_be_and_plain_on_zalo(library: Library) -> None:
    found = shown(library)
    assert set(found) == {"telegram", "web", "zalo", "zalo_bot"}
    for channel in ("telegram", "web"):
        assert "Đừng <b>chuyển tiền</b> cho &lt;người lạ&gt;." in found[channel].messages[0].html
    for channel in ("zalo", "zalo_bot"):
        assert "Đừng chuyển tiền cho &lt;người lạ&gt;." in found[channel].messages[0].html


def test_where_there_are_no_buttons_they_are_a_list_in_the_text(library: Library) -> None:
    found = shown(library)
    for channel in ("telegram", "web", "zalo"):
        assert [label for row in found[channel].messages[0].buttons for label in row][-1] == "🔕 Dừng nhận tin"
    assert found["zalo_bot"].messages[0].buttons == ()
    assert "B. 🔕 Dừng nhận tin" in found["zalo_bot"].messages[0].html


@pytest.mark.parametrize("channel", ["telegram", "zalo", "zalo_bot"])
def test_the_longest_text_is_one_message_that_fits(library: Library, channel: str) -> None:
    found = shown(library, "đ" * LONGEST_TEXT)[channel]
    assert len(found.messages) == 1
    assert LONGEST_TEXT < found.length <= found.limit
