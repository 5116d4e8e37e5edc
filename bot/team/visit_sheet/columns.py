"""The columns of the sheet, in their order, by the names that the code has for them."""

from __future__ import annotations

from collections.abc import Mapping

from content.commune import Commune
from content.log_texts import LogTexts
from content.paper_texts import VisitSheetTexts
from db.outreach.models import Group, OutcomeCode, SessionKind
from db.outreach.names import key

MARK, DAY, HAMLET, HOUSEHOLD, KIND, PEOPLE, NOTE = "mark", "day", "hamlet", "household", "kind", "people", "note"
GROUPS = tuple(group.value for group in Group)
OUTCOMES = tuple(code.value for code in OutcomeCode)
COUNTS = (PEOPLE, *GROUPS, *OUTCOMES)
ALL = (MARK, DAY, HAMLET, HOUSEHOLD, KIND, *COUNTS, NOTE)
NEEDED = (DAY, HAMLET, HOUSEHOLD, PEOPLE)
"""Without these headers it is not our sheet; of the others any may be missing."""

KINDS = (SessionKind.HOUSE_VISIT, SessionKind.CLASS, SessionKind.ONE_STOP_DESK, SessionKind.PUBLIC_EVENT)

_HAMLET_WORDS = ("ấp", "thôn", "xóm", "bản", "buôn", "làng", "khóm", "tổ dân phố")


def headers(commune: Commune, texts: VisitSheetTexts, log: LogTexts) -> dict[str, str]:
    """What stands above each column, in its order."""
    named = texts.columns | {HAMLET: commune.hamlet_word.capitalize()} | log.outcomes
    return {column: named[column] for column in ALL}


def by_header(shown: Mapping[str, str]) -> dict[str, str]:
    """The column for each header as headers are compared; a hamlet may be called by any of its words."""
    words = {key(word): HAMLET for word in _HAMLET_WORDS}
    return words | {key(header): column for column, header in shown.items()}


def kinds(log: LogTexts) -> dict[SessionKind, str]:
    """What may stand in the column for the kind."""
    return {kind: log.kinds[kind.value] for kind in KINDS}
