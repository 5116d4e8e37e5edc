"""Writes screenshots small enough for pages that are read on a phone."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image

COLOURS = 64
MAX_BYTES = 120_000


def save(screenshot: bytes, file: Path) -> None:
    """Writes a PNG with few colours; ends the script when it is too heavy all the same."""
    with Image.open(BytesIO(screenshot)) as taken:
        taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    size = file.stat().st_size
    sys.stdout.write(f"{file}: {size // 1000} kB\n")
    if size > MAX_BYTES:
        sys.exit(f"more than {MAX_BYTES // 1000} kB: too heavy for a page that is read on a phone")
