"""Numbers, days and moments as Vietnamese readers write them: 1.234, 87,3 %, 22/11/2026."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def number(value: float | Decimal, decimals: int = 0) -> str:
    """A number with points between thousands and a comma before decimals; halves are rounded up, as in reports."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{rounded:,f}".translate(str.maketrans(",.", ".,"))


def percent(value: float | Decimal, decimals: int = 1) -> str:
    """A share that is given in percent: 87.25 -> "87,3 %"; without decimals when they would be zero."""
    shown = number(value, decimals)
    whole, comma, rest = shown.partition(",")
    return f"{whole if comma and not rest.strip('0') else shown} %"


def day(value: date | datetime) -> str:
    """A day, 2/9/2026; of a moment the day it is in Vietnam."""
    local = value.astimezone(TIME_ZONE) if isinstance(value, datetime) else value
    return f"{local.day}/{local.month}/{local.year}"


def moment(value: datetime) -> str:
    """A moment by the clock in Vietnam: "14:05, 22/11/2026"."""
    local = value.astimezone(TIME_ZONE)
    return f"{local:%H:%M}, {day(local)}"
