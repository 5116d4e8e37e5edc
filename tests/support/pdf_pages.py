"""What people see on a PDF's pages, and what a phone's camera reads off them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2

SCREEN = 1.0
"""72 dots an inch: what is left of a page in a bad photograph."""


class PdfPages:
    """The pages of a PDF, as a file or as its content."""

    def __init__(self, source: bytes | Path) -> None:
        self._pages = list(pypdfium2.PdfDocument(source))

    def __len__(self) -> int:
        return len(self._pages)

    def text(self, page: int = 0) -> str:
        """All that is written on a page."""
        return str(self._pages[page].get_textpage().get_text_bounded())

    def size(self, page: int = 0) -> tuple[float, float]:
        """Width and height in points."""
        width, height = self._pages[page].get_size()
        return float(width), float(height)

    def right_edge(self, page: int = 0) -> float:
        """How far to the right anything reaches, in points."""
        return max(float(item.get_bounds()[2]) for item in self._pages[page].get_objects())

    def overlaps(self, page: int = 0) -> list[str]:
        """Lines of text that stand on one another."""
        seen: list[tuple[float, float, float, float]] = []
        wrong = []
        written = self._pages[page].get_textpage()
        for item in self._pages[page].get_objects():
            if item.type != pypdfium2.raw.FPDF_PAGEOBJ_TEXT:
                continue
            left, bottom, right, top = (float(one) for one in item.get_bounds())
            if any(
                left < right_of - 1 and left_of < right - 1 and bottom < top_of - 1 and bottom_of < top - 1
                for left_of, bottom_of, right_of, top_of in seen
            ):
                wrong.append(str(written.get_text_bounded(left, bottom, right, top)))
            seen.append((left, bottom, right, top))
        return wrong

    def code(self, page: int = 0, scale: float = SCREEN) -> str:
        """What the QR code on a page says, seen at so many times 72 dots an inch; empty without one."""
        said, *_ = cv2.QRCodeDetectorAruco().detectAndDecode(self._picture(page, scale))
        return str(said)

    def codes(self, page: int = 0, scale: float = SCREEN, *, is_copied: bool = False) -> list[str]:
        """What all QR codes on a page say; of a copy, every dot is black or white."""
        _, said, *_ = cv2.QRCodeDetectorAruco().detectAndDecodeMulti(self._picture(page, scale, is_copied=is_copied))
        return [str(one) for one in said]

    def margin(self, dots: int, page: int = 0) -> float:
        """How many of its dots the whitest frame around a page's only code is wide; a code has `dots` in a row."""
        picture = self._picture(page, 3 * SCREEN, is_copied=True)
        found, corners = cv2.QRCodeDetectorAruco().detect(picture)
        assert found
        (left, top), (right, bottom) = corners[0].min(axis=0), corners[0].max(axis=0)
        dot = (right - left + 1) / dots
        width = 0.0
        while width < dots and _is_white(picture, left, top, right, bottom, (width + 0.5) * dot):
            width += 0.25
        return width

    def _picture(self, page: int, scale: float, *, is_copied: bool = False) -> Any:
        picture = self._pages[page].render(scale=scale, grayscale=True).to_numpy().copy()
        return np.where(picture < 128, 0, 255).astype(np.uint8) if is_copied else picture


def _is_white(picture: Any, left: float, top: float, right: float, bottom: float, out: float) -> bool:
    """Whether nothing stands on the lines that far outside of a rectangle."""
    x0, y0, x1, y1 = (round(one) for one in (left - out, top - out, right + out, bottom + out))
    rows, columns = picture.shape[:2]
    if x0 < 0 or y0 < 0 or x1 >= columns or y1 >= rows:
        return True  # the paper's edge
    frame = [picture[y0, x0:x1], picture[y1, x0:x1], picture[y0:y1, x0], picture[y0:y1, x1]]
    return all(int(line.min()) == 255 for line in frame)
