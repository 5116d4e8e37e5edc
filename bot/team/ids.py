"""Reads the numbers in what buttons and links carry, which anybody may make up."""

from __future__ import annotations

MOST_DIGITS = 18
"""More do not fit into a database's number."""


def read_id(text: str) -> int | None:
    """The number, or None when it is none that a row could have."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
