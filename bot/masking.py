"""Hides personal numbers and secrets in a text before it is stored or sent anywhere.

Citizens are told not to send them, and send them all the same. What helps to recognise a scam stays: the beginning of a
telephone number (its country or exchange), hotlines, sums of money.
"""

from __future__ import annotations

import re

HIDDEN = "[đã che]"

_GAP = r"[ .\-]?"
_LONG_NUMBER = re.compile(rf"(?<![\w.,/])\d(?:{_GAP}\d){{7,18}}(?![\w/]|[.,]\d)")
_PHONE = re.compile(rf"(?<!\w)(\+?\d(?:{_GAP}\d){{2,3}})((?:{_GAP}\d){{5,9}})(?!\w|[.,]\d)")
_HOTLINE = re.compile(r"^(1[89]00|18001|113|111|112|114|115)")
_MONEY = re.compile(r"^\d{1,3}([.,]\d{3})+$")
_MONEY_UNIT = re.compile(
    r"^\s*(đ|đồng|dong|vnd|vnđ|k|nghìn|nghin|ngàn|ngan|triệu|trieu|tr|tỷ|ty|usd|đô)\b", re.IGNORECASE
)
_CODE_NAME = r"(?:otp|mã xác (?:thực|nhận|minh)|ma xac (?:thuc|nhan|minh)|passcode|mã pin|ma pin|cvv)"
_CODE_AFTER = re.compile(rf"({_CODE_NAME}[^\d\n]{{0,30}}?)(?<!\d)\d(?:{_GAP}\d){{2,7}}(?!\d)", re.IGNORECASE)
_CODE_BEFORE = re.compile(rf"(?<![\d.,])\d{{4,8}}(?= (?:là|la) [^\n]{{0,12}}{_CODE_NAME})", re.IGNORECASE)
_PASSWORD = re.compile(
    r"\b((?:mật khẩu|mat khau|mk|pass(?:word)?|pw)(?: (?:của|cua) \w+)?(?: (?:là|la)\b:?| ?[:=]) ?)"
    r"(?!(?:gì|gi|sao|j|cái|cai)\b)(\S{3,})",
    re.IGNORECASE,
)
_E_MAIL = re.compile(r"\b([\w.+-])[\w.+-]*@(\w[\w-]*(?:\.\w+)+)")


def mask(text: str) -> str:
    """The text with ID, card and account numbers, one-time codes, passwords and the ends of phone numbers hidden."""
    text = _E_MAIL.sub(rf"\1{HIDDEN}@\2", text)
    text = _PASSWORD.sub(rf"\1{HIDDEN}", text)
    text = _CODE_AFTER.sub(rf"\1{HIDDEN}", text)
    text = _CODE_BEFORE.sub(HIDDEN, text)
    return _LONG_NUMBER.sub(_hide_long_number, _PHONE.sub(_hide_phone, text))


def _hide_phone(match: re.Match[str]) -> str:
    beginning, rest = match.groups()
    digits = re.sub(r"\D", "", beginning + rest)
    is_phone = (
        beginning.startswith("+") or (digits.startswith("0") and 10 <= len(digits) <= 11) or digits.startswith("00")
    )
    if not is_phone or _HOTLINE.match(digits):
        return match[0]
    return beginning + HIDDEN


def _hide_long_number(match: re.Match[str]) -> str:
    number = match[0]
    digits = re.sub(r"\D", "", number)
    is_money = _MONEY.match(number) or _MONEY_UNIT.match(match.string[match.end() :])
    is_date = len(digits) == 8 and re.match(r"^\d{1,2}[.\-]\d{1,2}[.\-]\d{4}$", number)
    if is_money or is_date or _HOTLINE.match(digits):
        return number
    return HIDDEN
