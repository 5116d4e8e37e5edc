"""The made-up names and wordings from which plausible data is filled in (content/demo.yml); db/demo does it."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from content.article import ContentError, Strict, Text, read_text, read_yaml


class DemoRequest(Strict):
    """What a citizen asks a person for."""

    kind: Text
    topic: str | None
    text: Text


class DemoQuestion(Strict):
    """A question that got no good answer, as several people word it; `topic` is what the bot took it for."""

    topic: str | None
    wordings: tuple[Text, ...]


class DemoNotice(Strict):
    """An alert or notice to many; `ends` is done, stopped or rejected, the last two for a `reason`."""

    sort: Text
    topic: str | None = None
    text: Text
    ends: Text = "done"
    reason: str = ""


class DemoTexts(Strict):
    """All of it. A name is a surname, a middle name and a given name."""

    surnames: tuple[Text, ...]
    middle_names: tuple[Text, ...]
    given_names: tuple[Text, ...]
    notes: tuple[Text, ...]
    edit_notes: tuple[Text, ...]
    void_reasons: tuple[Text, ...]
    desk_note: Text
    event_notes: tuple[Text, ...]
    class_titles: tuple[Text, ...]
    class_places: tuple[Text, ...]
    poster_places: tuple[Text, ...]
    official_source: Text
    withdraw_reason: Text
    requests: tuple[DemoRequest, ...]
    questions: tuple[DemoQuestion, ...]
    broadcasts: tuple[DemoNotice, ...]
    feedback_topics: tuple[Text, ...]


def read_demo(folder: Path) -> DemoTexts:
    """Reads content/demo.yml.

    Raises:
        ContentError: with every problem in the file.
    """
    file = folder / "demo.yml"
    shown_as = file.relative_to(folder.parent)
    mapping = read_yaml(read_text(file, shown_as), shown_as)
    try:
        return DemoTexts.model_validate(mapping.values)
    except ValidationError as error:
        raise ContentError(mapping.problems(error)) from None
