"""People who ask for the lessons in words, with rules so narrow that they take no question away from the articles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from db.outreach.names import key

_WHO = r"(?:toi|minh|em|chau|con|bac|ba|ong|co|chu)"
_POLITE = (
    rf"(?:(?:da|vang|thua|a|oi|cho|giup|{_WHO}|muon|xin|can|duoc|hay|bat dau|de) )*"  # "dạ cho tôi muốn", "bác muốn"
)
_END = r"(?: (?:di|nao|nhe|voi|a|thoi|ngay|tiep|nhi|ho))*"
_LIST = re.compile(
    rf"{_POLITE}(?:hoc bai|hoc tiep|vao hoc|hoc bai moi|hoc bai tiep theo|bai tiep theo|(?:xem |vao |mo |hoc )?"
    rf"(?:(?:cac|danh sach|nhung|mot|may) )?bai hoc(?: (?:5|nam) phut)?|(?:hoc )?khoa hoc"
    rf"|binh dan hoc vu(?: so)?){_END}"
)
_ABOUT = re.compile(rf"{_POLITE}(?:hoc|hoc bai|bai hoc|xem bai|day {_WHO})(?: (?:ve|cach|bai|bai ve))* (?P<of>.+)")


def wants_list(text: str) -> bool:
    """Whether somebody wants to learn, and says no more: "học bài", "cho tôi học tiếp"."""
    return _LIST.fullmatch(key(text)) is not None


def subject_of(text: str, subjects: Mapping[str, Sequence[str]]) -> str | None:
    """The subject about which somebody wants to learn: "cho tôi học về vneid"; None for anything else."""
    found = _ABOUT.fullmatch(key(text))
    if found is None:
        return None
    of = re.sub(rf"{_END}$", "", found["of"])
    return next((subject for subject, words in subjects.items() if of in words), None)
