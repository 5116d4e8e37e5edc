"""The phrases are complete and have only placeholders that somebody fills."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from content.library import Library
from content.phrases import Phrases


@pytest.fixture
def written(library: Library) -> dict[str, Any]:
    """The phrases as they stand in the file, free to be changed."""
    return library.phrases.model_dump()


def complaint(written: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as refusal:
        Phrases.model_validate(written)
    [error] = refusal.value.errors()
    return ".".join(str(step) for step in error["loc"]) + ": " + error["msg"]


def test_a_missing_phrase_is_found(written: dict[str, Any]) -> None:
    del written["web"]["busy"]
    assert complaint(written) == "web.busy: Field required"


def test_a_phrase_nobody_knows_is_found(written: dict[str, Any]) -> None:
    written["greting"] = "Dạ chào bà con!"
    assert complaint(written).startswith("greting: ")


def test_an_empty_phrase_is_found(written: dict[str, Any]) -> None:
    written["small_talk"]["chat.greet"] = "  "
    assert complaint(written).startswith("small_talk.chat.greet: ")


@pytest.mark.parametrize("name", ["greeting", "lost", "menu_button"])
def test_the_commune_s_names_may_stand_in_any_phrase(written: dict[str, Any], name: str) -> None:
    written[name] = "Hỏi {to_cong_nghe} của {xa}"
    Phrases.model_validate(written)


def test_a_placeholder_that_nobody_fills_is_found_with_its_phrase(written: dict[str, Any]) -> None:
    written["greeting"] = "Chào {ten}"
    assert complaint(written).endswith("greeting: chỗ điền không dùng được ở đây: ten")


def test_a_value_belongs_to_its_own_phrase(written: dict[str, Any]) -> None:
    written["greeting"], written["step"] = "Bước {number}", "Bước {number}"
    assert complaint(written).endswith("greeting: chỗ điền không dùng được ở đây: number")


def test_an_attachment_s_phrase_is_checked_too(written: dict[str, Any]) -> None:
    written["attachments"]["photo"] = "Ảnh {size}"
    assert complaint(written).endswith("attachments.photo: chỗ điền không dùng được ở đây: size")


def test_the_web_server_fills_in_no_names_of_the_commune(written: dict[str, Any]) -> None:
    written["web"]["busy"] = "{xa} đang bận"
    assert complaint(written).endswith("web.busy: chỗ điền không dùng được ở đây: xa")


def test_a_brace_left_open_is_found(written: dict[str, Any]) -> None:
    written["menu"] = "Chọn { một mục"
    assert complaint(written).startswith("menu: ")


def test_each_sort_of_attachment_has_its_sentence_and_others_the_general_one(library: Library) -> None:
    attachments = library.phrases.attachments
    assert attachments.for_sort("photo") == attachments.photo
    assert attachments.for_sort("poll") == attachments.other
