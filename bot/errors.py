"""Errors that end a command with one sentence for the operator instead of a traceback."""

from __future__ import annotations


class OperatorError(Exception):
    """Something that only the operator can mend. The message says, in Vietnamese, what is wrong and what to do."""
