"""Short sentences after something was done or refused: templates/messages/<subject>.yml, by "subject.key"."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "templates" / "messages"


@cache
def all_messages() -> dict[str, str]:
    """Every sentence by its address."""
    found = {}
    for file in sorted(FOLDER.glob("*.yml")):
        for key, text in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            found[f"{file.stem}.{key}"] = str(text)
    return found


def action_in_words(action: str) -> str:
    """What an action of the audit log ("session.voided") is, in words; itself where there are none."""
    return all_messages().get(f"log.{action.replace('.', '_')}", action)


def message(address: str, **values: object) -> str:
    """A sentence with its values.

    Raises:
        KeyError: there is none, or a value is missing.
    """
    return all_messages()[address].format(**values)
