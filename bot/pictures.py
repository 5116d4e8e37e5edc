"""Draws the pictures of replies when they are sent: QR codes, certificates, and bar charts that are read on a phone."""

from __future__ import annotations

import io
import textwrap

import qrcode

from bot.certificate_picture import draw_certificate
from bot.messages import Picture
from content.numbers import number

WIDTH_INCHES = 6.4
DOTS_PER_INCH = 125
BAR_INCHES = 0.55
BAR, TARGET, INK = "#0b6e4f", "#b3261e", "#1b1b1b"
QUIET_ZONE = 4
"""Modules of white around a QR code, as its standard wants."""
_PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1}
"""Behind a number, where the target's line would cross it."""
LABEL_WIDTH, LABEL_LINES = 22, 2
TITLE_WIDTH = 48
"""Letters of a line; what is longer is broken, so that the bars keep their room."""


def draw(picture: Picture) -> bytes:
    """The picture as PNG. Slow enough (a tenth of a second) to be called in a thread."""
    if picture.sort == "certificate":
        return draw_certificate(picture)
    return _qr(picture.text) if picture.sort == "qr" else _bars(picture)


def _shown(value: float) -> str:
    return number(value, 0 if float(value).is_integer() else 1)


def _qr(text: str) -> bytes:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_Q, border=QUIET_ZONE, box_size=12)
    code.add_data(text)
    code.make(fit=True)
    file = io.BytesIO()
    code.make_image().save(file)
    return file.getvalue()


def _bars(picture: Picture) -> bytes:
    # Imported when the first chart is drawn: most processes never draw one, and it takes half a second.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height = 1.2 + BAR_INCHES * max(1, len(picture.values))
    figure = Figure(figsize=(WIDTH_INCHES, height), dpi=DOTS_PER_INCH, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    places = list(range(len(picture.values)))
    axes.barh(places, picture.values, color=BAR, height=0.6)
    labels = [textwrap.fill(label, LABEL_WIDTH, max_lines=LABEL_LINES, placeholder="…") for label in picture.labels]
    axes.set_yticks(places, labels=labels, fontsize=13, color=INK, parse_math=False)
    axes.invert_yaxis()
    most = max([*picture.values, picture.target or 0, 1])
    axes.set_xlim(0, most * 1.18)
    for place, value in zip(places, picture.values, strict=True):
        axes.text(
            value + most * 0.015,
            place,
            _shown(value),
            fontsize=13,
            color=INK,
            va="center",
            bbox=_PAPER,
        )
    if picture.target is not None:
        axes.axvline(picture.target, color=TARGET, linestyle="--", linewidth=2)
        axes.set_xlabel(f"Vạch đỏ: mục tiêu {_shown(picture.target)}", fontsize=12, color=INK)
    axes.set_xticks([])
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)
    title = textwrap.fill(picture.title, TITLE_WIDTH)
    figure.suptitle(title, fontsize=15, color=INK, x=0.02, ha="left", parse_math=False)
    file = io.BytesIO()
    figure.savefig(file, format="png", facecolor="white")
    return file.getvalue()
