"""What people see on a PDF's pages, and what a phone's camera reads off them."""

from __future__ import annotations

from pathlib import Path

import cv2
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

    def code(self, page: int = 0, scale: float = SCREEN) -> str:
        """What the QR code on a page says, seen at so many times 72 dots an inch; empty without one."""
        picture = self._pages[page].render(scale=scale, grayscale=True).to_numpy()
        said, *_ = cv2.QRCodeDetectorAruco().detectAndDecode(picture.copy())
        return str(said)
