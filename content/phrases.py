"""The short texts between the articles, by name: a missing one is found when the file is read, not in the chat."""

from __future__ import annotations

import string
from typing import Any

from pydantic import BaseModel, ValidationInfo, field_validator

from content.article import Strict, Text
from content.commune import PLACEHOLDERS


class Attachments(Strict):
    """What is said to something that is not text, by its sort."""

    photo: Text
    voice: Text
    contact: Text
    location: Text
    sticker: Text
    document: Text
    video: Text
    other: Text

    def for_sort(self, sort: str) -> str:
        """The sentence for a sort of attachment; an unknown sort gets the general one."""
        return str(getattr(self, sort, self.other))


class WebPhrases(Strict):
    """What the web chat's server says when it refuses a request."""

    not_json: Text
    bad_request: Text
    too_long: Text
    too_many: Text
    busy: Text
    unknown_file: Text
    file_too_large: Text
    document_gone: Text


class Phrases(Strict):
    """Every phrase. `_OWN_PLACEHOLDERS` lists those that take values besides the commune's names (web: instead of)."""

    greeting: Text
    help: Text
    menu: Text
    menu_group: Text
    menu_button: Text
    menu_next: Text
    lessons_button: Text
    menu_back: Text
    person_button: Text
    clarify: Text
    clarify_one: Text
    none_of_these_button: Text
    lost: Text
    lost_with_results: Text
    scam_sign: Text
    old_button: Text
    step: Text
    step_previous: Text
    step_next: Text
    step_done: Text
    step_stuck: Text
    helpful_button: Text
    not_helpful_button: Text
    thanks_for_yes: Text
    thanks_for_no: Text
    sources: Text
    more_sources: Text
    sources_button: Text
    sources_title: Text
    forget_question: Text
    forget_yes_button: Text
    forget_no_button: Text
    forgotten: Text
    kept: Text
    trouble: Text
    empty: Text
    attachments: Attachments
    small_talk: dict[str, Text]
    quick_start: list[str]
    groups: dict[str, Text]
    web: WebPhrases

    @field_validator("*")
    @classmethod
    def _placeholders_are_known(cls, value: Any, info: ValidationInfo) -> Any:
        for place, text in _texts(info.field_name or "", value):
            found = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
            communes = frozenset() if place.startswith("web.") else PLACEHOLDERS
            unknown = found - communes - _OWN_PLACEHOLDERS.get(place, frozenset())
            if unknown:
                raise ValueError(f"{place}: chỗ điền không dùng được ở đây: {', '.join(sorted(unknown))}")
        return value


_OWN_PLACEHOLDERS = {
    "menu_group": frozenset({"title"}),
    "scam_sign": frozenset({"name", "words", "reason"}),
    "step": frozenset({"title", "number", "total"}),
    "sources": frozenset({"list", "reviewed"}),
    "more_sources": frozenset({"count"}),
    "sources_button": frozenset({"count"}),
    "sources_title": frozenset({"title"}),
    "web.bad_request": frozenset({"reason"}),
    "web.too_long": frozenset({"limit"}),
    "web.too_many": frozenset({"seconds"}),
}


def _texts(place: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, BaseModel):
        value = value.model_dump()
    if isinstance(value, dict):
        return [text for key, inner in value.items() for text in _texts(f"{place}.{key}", inner)]
    return [(place, value)] if isinstance(value, str) else []
