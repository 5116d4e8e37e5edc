"""What channels allow of broadcasts, as far as it decides who can be reached; the rest is their own business.

Zalo's Official Account (facts of 2026): within 48 hours of a person's last message ours are free; after that only paid
templates, which Zalo approves one by one, reach them. We send none, and say how many that would be.
"""

from __future__ import annotations

from datetime import datetime, timedelta

FREE_WINDOW = {"zalo": timedelta(hours=48)}
"""How long after somebody's last message we may write to them of our own accord; elsewhere for ever."""

WINDOW_MARGIN = timedelta(minutes=15)
"""A copy that is written just before the window closes would be refused."""

FETCHED = ("web",)
"""Whose copies wait until that person opens the page; a broadcast is done without them."""


def is_open(channel: str, last_seen_at: datetime, now: datetime) -> bool:
    """Whether somebody who wrote last at that moment can be written to for nothing."""
    window = FREE_WINDOW.get(channel)
    return window is None or now < last_seen_at + window - WINDOW_MARGIN
