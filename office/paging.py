"""Long lists in pages: which rows to fetch, and what the macro ui.pages shows."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

ROWS = 50
PARAMETER = "trang"


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of a list: `number` counts from 1 and is never past the last one."""

    number: int
    total: int
    size: int = ROWS

    @property
    def count(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        """The number of the page's first row; 0 when there is none."""
        return self.offset + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The number of the page's last row."""
        return min(self.offset + self.size, self.total)


def paging_of(request: Request, total: int, size: int = ROWS) -> Paging:
    """The page that a request asks for (?trang=2), brought into what there is."""
    asked = request.query_params.get(PARAMETER, "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1
    found = Paging(1, total, size)
    return Paging(min(max(1, number), found.count), total, size)
