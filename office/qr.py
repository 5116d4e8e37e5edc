"""QR codes as pictures in a page."""

from __future__ import annotations

import base64
import io

import qrcode


def picture_of(text: str) -> str:
    """The address of a picture (PNG, within the page itself) with the text as QR code."""
    file = io.BytesIO()
    qrcode.make(text, error_correction=qrcode.ERROR_CORRECT_M, box_size=6, border=4).save(file)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
