"""Tab-separated files as the command line takes them: a header line, one record a line, no quoting."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from bot.errors import OperatorError


def read_rows(file: Path, needed: Sequence[str]) -> list[dict[str, str]]:
    """The records by column name; columns beyond the needed ones are there too, empty where a line is short.

    Raises:
        OperatorError: the file can't be read, is empty, or a line lacks a needed column; the message names the line.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
            numbered = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or "không phải bảng chữ UTF-8"
        raise OperatorError(f"Không đọc được {file}: {reason}.") from None
    if not numbered:
        raise OperatorError(f"{file} không có dòng nào sau dòng tiêu đề.")
    for number, row in numbered:
        if any(not row.get(column, "").strip() for column in needed):
            raise OperatorError(f"{file}, dòng {number}: cần cột {' và '.join(needed)}, cách nhau bằng dấu tab.")
    return [{column: value for column, value in row.items() if column} for _, row in numbered]
