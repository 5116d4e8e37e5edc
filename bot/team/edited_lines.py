"""Which of a message's stored sessions each visit of its new text is: by household first, then by place in the text.

A line that was put in or taken out must not make every visit after it look like another one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.team.draft import Draft
from db.outreach.models import SupportSession


def as_stored(drafts: Sequence[Draft], stored: Sequence[SupportSession]) -> list[Draft]:
    """The drafts, whose places are found, with the lines under which they are stored; new ones get lines of their own.

    One that is stored for the same household and day is no second visit: that was asked about when it was stored.
    """
    left = {int(one.origin.rpartition(":")[2]): one for one in stored}
    fresh = max([*left, *(draft.line for draft in drafts), -1]) + 1
    lines: dict[int, int] = {}
    for is_same in (_is_same_visit, _is_same_household, _is_same_line):
        for number, draft in enumerate(drafts):
            if number not in lines:
                found = next((line for line, one in left.items() if is_same(draft, line, one)), None)
                if found is not None:
                    lines[number] = found
                    del left[found]
    known = {int(one.origin.rpartition(":")[2]): one for one in stored}
    taken = set(known)
    result = []
    for number, draft in enumerate(drafts):
        line = lines.get(number)
        if line is None:
            line, fresh = (draft.line, fresh) if draft.line not in taken else (fresh, fresh + 1)
            taken.add(line)
        is_second = line in known and _is_same_visit(draft, line, known[line]) and known[line].voided_at is None
        result.append(replace(draft, line=line, is_second=is_second))
    return result


_Same = Callable[[Draft, int, SupportSession], bool]


def _is_same_household(draft: Draft, _line: int, one: SupportSession) -> bool:
    is_found = draft.household_id is not None or draft.household is None
    return is_found and (draft.hamlet_id, draft.household_id, draft.kind) == (one.hamlet_id, one.household_id, one.kind)


def _is_same_visit(draft: Draft, line: int, one: SupportSession) -> bool:
    return draft.occurred_on == one.occurred_on and _is_same_household(draft, line, one)


def _is_same_line(draft: Draft, line: int, _one: SupportSession) -> bool:
    return draft.line == line
