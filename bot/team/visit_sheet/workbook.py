"""Workbooks as the sheet of visits reads them; office/workbook.py opens them, for the office's page too."""

from __future__ import annotations

from office.workbook import MOST_PARTS, MOST_UNPACKED, Cell, SheetError, Value, read_cells

__all__ = ["MOST_PARTS", "MOST_ROWS", "MOST_UNPACKED", "Cell", "SheetError", "Value", "read_cells"]

MOST_ROWS = 500
"""Visits in one sheet: more than a team makes in a year, and saved within some seconds."""
