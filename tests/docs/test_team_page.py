"""The page for the community tech team promises nothing that the chat does not do."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from PIL import Image

from bot.services import SERVICES
from bot.team.commands import SHOWN, of_role
from bot.team.quick_log import KnownPlaces, read_visits
from db.outreach.models import Role

ROOT = Path(__file__).resolve().parents[2]
PAGE_FILE = ROOT / "docs" / "vi" / "to-cong-nghe-so.md"
PAGE = PAGE_FILE.read_text()
SENTENCES = re.findall(r"^```nhan\n(.*?)\n```$", PAGE, re.MULTILINE | re.DOTALL)
"""What the page tells members to write, as it stands in its code blocks marked `nhan`."""
BUTTONS = re.findall(r"[Bb]ấm (?:nút )?\*\*(.+?)\*\*", PAGE)
PICTURES = re.findall(r'<img src="([^"]+)" alt="([^"]+)"', PAGE)
NAMED = set(re.findall(r"`(/\w+)`", PAGE))
SENT_ON = date(2026, 11, 27)
PLACES = KnownPlaces("ấp", ("ấp 3", "ấp 5"))
HEAVIEST_PICTURE = 120_000


def test_every_command_that_the_page_names_belongs_to_a_service_that_a_member_may_use() -> None:
    open_to_members = {
        command for service in SERVICES if service.least in {None, Role.MEMBER} for command in service.commands
    }
    assert NAMED
    assert NAMED - open_to_members == set()


def test_every_command_that_a_member_is_shown_is_on_the_page() -> None:
    assert set(of_role(Role.MEMBER)) - NAMED == set()
    assert set(SHOWN) & NAMED == set(of_role(Role.MEMBER))


def test_every_button_that_the_page_says_to_press_is_there() -> None:
    texts = [yaml.safe_load(file.read_text()) for file in (ROOT / "content" / "texts").glob("*.yml")]
    labels = [words for text in texts for name, words in text.items() if name.split("_")[-1] == "button"]
    assert BUTTONS
    assert [button for button in BUTTONS if not any(button in label for label in labels)] == []


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_example_is_understood_without_a_question_back(sentence: str) -> None:
    visits = read_visits(sentence, SENT_ON, PLACES, own_hamlet="ấp 3")
    assert len(visits) == len(sentence.splitlines())
    for visit in visits:
        assert visit.missing == ()
        assert visit.problems == ()
        assert visit.household
        assert visit.people
        assert visit.outcomes


def test_a_day_that_is_said_in_the_first_line_holds_for_the_lines_after() -> None:
    visits = read_visits(next(one for one in SENTENCES if "\n" in one), SENT_ON, PLACES, own_hamlet="ấp 3")
    assert {visit.occurred_on for visit in visits} == {date(2026, 11, 26)}


def test_the_page_shows_pictures_that_a_phone_loads_quickly_and_says_in_words_what_they_show() -> None:
    assert len(PICTURES) >= 4
    for source, words in PICTURES:
        picture = PAGE_FILE.parent / source
        assert picture.stat().st_size < HEAVIEST_PICTURE, source
        with Image.open(picture) as opened:
            assert opened.format == "PNG"
        assert len(words.split()) >= 4


def test_no_picture_is_left_over() -> None:
    shown = {Path(source).name for source, _ in PICTURES}
    assert {file.name for file in (PAGE_FILE.parent / "pictures").glob("*.png")} - shown == set()
