"""Types of what forms and addresses bring, so that nothing unreadable reaches the database."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Form, Path
from pydantic import AfterValidator

_UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters and halves of emoji; no database takes them all."""

MOST_IN_LINE = 200
MOST_IN_TEXT = 20_000


def _one_line(text: str) -> str:
    return " ".join(_UNREADABLE.sub(" ", text).split())


def _text(text: str) -> str:
    return _UNREADABLE.sub("", text.replace("\r\n", "\n")).strip()


Line = Annotated[str, Form(max_length=MOST_IN_LINE), AfterValidator(_one_line)]
"""A field of a form with one line; give it the default "" when it may be left empty (browsers send "" for that)."""

LongText = Annotated[str, Form(max_length=MOST_IN_TEXT), AfterValidator(_text)]
"""A field of a form with several lines."""

Secret = Annotated[str, Form(max_length=1000)]
"""A password or token, taken as it is."""

Id = Annotated[int, Path(ge=1, lt=2**53)]
"""The id of a row in an address."""
