"""Hides personal numbers and secrets in a text before it is stored or sent anywhere.

Citizens are told not to send them, and send them all the same. What helps to understand a question or to recognise a
scam stays: the beginning of a telephone number (its country or exchange), hotlines, sums of money, dates, names of web
sites. In doubt a number is hidden.
"""

from __future__ import annotations

import re
import unicodedata

HIDDEN = "[đã che]"

_GAP = r"(?:\) | \(|[ .\-–()\xa0])?"
"""What people write between the digits of one number."""

_LONG_NUMBER = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{7,}}")
_PHONE = re.compile(rf"(?<!\d)(\+?\d(?:{_GAP}\d){{2,3}})((?:{_GAP}\d){{5,12}})(?!{_GAP}\d)")

_YEAR = r"(?:19|20)\d\d"
_DATE = rf"\d{{1,2}}[.\- ]\d{{1,2}}[.\- ]{_YEAR}(?: \d{{1,2}})?|{_YEAR}-\d\d-\d\d"
_HOTLINE = r"1[89]00(?:[ .\-]?\d){4}(?:(?:[ .\-]?\d){2})?|11[1-5]"
_HARMLESS = re.compile(rf"(?:{_DATE}|{_YEAR}|{_HOTLINE})(?:[ .\-–](?:{_DATE}|{_YEAR}|{_HOTLINE}))*")

_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[. ]\d{3})*[. ]000")
_NO_CURRENCY = r"(?! (?:nai|th[áa]p|ph[úu]|xo[àa]i|h[ớo]i|v[ăa]n|đăng|dang|h[ỷy]|xu[âa]n|[ýy]|ch[íi]|th[ờo]i)\b)"
"""Đồng Nai, Đồng Tháp, ..., đồng ý."""
_CURRENCY = re.compile(rf"(?:[.,]\d\d?)?\s*(?:đ(?!/)|(?:đồng|dong){_NO_CURRENCY}|vnd|vnđ|usd|đô)\b", re.IGNORECASE)
_SMALL_SUM = re.compile(r"(?:k|tr|\s*(?:nghìn|nghin|ngàn|ngan|triệu|trieu|tỷ|ty))\b", re.IGNORECASE)
_IN_A_HOST_NAME = re.compile(
    r"[\w-]*\.(?:vn|com|net|org|info|xyz|top|cc|vip|club|online|site|shop|live|icu|pro|me|us|app|link|store|asia)\b"
)

_CODE_NAME = (
    r"(?:otp|passcode|cvv|cvc|(?:verification|security) code|mã (?:xác (?:thực|nhận|minh)|pin|bảo mật|kích hoạt)"
    r"|ma (?:xac (?:thuc|nhan|minh)|pin|bao mat|kich hoat))"
)
_BETWEEN = r"(?:[^\d\n]|\d(?= ?(?:chữ |chu )?(?:số|so)\b)){0,45}?"  # "mã OTP 6 số họ vừa nhắn là"
_CODE_AFTER = re.compile(
    rf"\b((?:{_CODE_NAME}{_BETWEEN}|(?:mã|ma|code)(?: số| so)?(?: (?:là|la)\b|:) ?))"
    rf"(?<!\d)(\d(?:{_GAP}\d){{2,7}})(?!{_GAP}\d)",
    re.IGNORECASE,
)
_CODE_BEFORE = re.compile(
    rf"()(?<![\d.,])(\d(?:{_GAP}\d){{3,7}})(?= (?:là|la|is) [^\n]{{0,20}}?{_CODE_NAME})", re.IGNORECASE
)
_THREE_DIGITS = re.compile(r"cv[vc]", re.IGNORECASE)
_CALLED = re.compile(
    r"(?:gọi|goi|đài|dai|hotline|(?:đến|den|tới|toi|về|ve) (?:đầu số|dau so|số|so))(?: số| so| cho)? ?$", re.IGNORECASE
)
_OF_A_YEAR = re.compile(r"(?:năm|nam) $", re.IGNORECASE)

_PASSWORD_NAME = r"\b(?:mật khẩu|mat khau|mk|pass(?:word)?|pwd?)"  # noqa: S105 - it finds them
_PASSWORD = re.compile(
    rf"({_PASSWORD_NAME}(?: [^\W\d]\w*){{0,4}}?(?: (?:là|la|is)\b:?| ?[:=]) ?|{_PASSWORD_NAME} (?=\S*\d)(?=\S{{6}}))"
    r"(?!\[đã che\])(\S{2,}[^\s.,;:])",
    re.IGNORECASE,
)
_NO_PASSWORD = re.compile(
    "bao|bat|bi|buoc|cach|cai|can|chi|cho|chua|chu|con|cua|cung|dau|day|de|den|dung|duoc|gi|giong|hai|hay|het|hoac|khac"
    "|khi|khong|khoa|kho|lai|lam|loai|loi|luc|mai|mat|minh|mot|nao|nay|neu|ngay|nhap|nhieu|nhu|nhung|phai|qua|quen|sai"
    "|sao|sau|se|so|tai|tat|the|thi|thoi|toi|trang|trong|trung|tui|vay|ve|viec|voi|xong|yeu"
)
"""Words that follow "mat khau la" in questions typed without diacritics."""

_E_MAIL = re.compile(r"\b([\w.+-])[\w.+-]*@(\w[\w-]*(?:\.\w+)+)")


def mask(text: str) -> str:
    """The text with ID, card and account numbers, one-time codes, passwords and the ends of phone numbers hidden.

    Letters come back in composed form (NFC), whichever way they were typed.
    """
    text = unicodedata.normalize("NFC", text)
    text = _E_MAIL.sub(rf"\1{HIDDEN}@\2", text)
    text = _PASSWORD.sub(_hide_password, text)
    text = _CODE_BEFORE.sub(_hide_code, _CODE_AFTER.sub(_hide_code, text))
    return _LONG_NUMBER.sub(_hide_long_number, _PHONE.sub(_hide_phone, text))


def _hide_password(match: re.Match[str]) -> str:
    before, token = match.groups()
    word = token.strip(".,;:!?()\"'”“…").lower()
    is_word = word.isalpha() and (not word.isascii() or _NO_PASSWORD.fullmatch(word) or len(word) < 3)
    number = re.match(r"[\d.]*", word)
    assert number is not None
    rest = word[number.end() :] + match.string[match.end() :]
    is_sum = _is_money(number[0], rest) or (number[0] and _SMALL_SUM.match(rest))
    is_date_or_law = re.match(r"\d+/\d", word)
    return match[0] if is_word or is_sum or is_date_or_law or _HARMLESS.fullmatch(word) else before + HIDDEN


def _hide_code(match: re.Match[str]) -> str:
    before, code = match.groups()
    after = match.string[match.end() :]
    digits = re.sub(r"\D", "", code)
    is_something_else = (
        (len(digits) == 3 and not _THREE_DIGITS.match(before))
        or (len(digits) == 4 and _OF_A_YEAR.search(before))
        or _CALLED.search(before)
        or re.fullmatch(_HOTLINE, code)
        or _is_money(code, after)
        or _SMALL_SUM.match(after)
        or after.startswith("/")
    )
    return match[0] if is_something_else else before + HIDDEN


def _hide_phone(match: re.Match[str]) -> str:
    beginning, rest = match.groups()
    digits = re.sub(r"\D", "", beginning + rest)
    is_phone = (
        beginning.startswith("+")
        or (digits.startswith("00") and len(digits) >= 13)  # with 12 it is an ID number of Hà Nội or the North
        or (digits.startswith("0") and 10 <= len(digits) <= 11)
    )
    if not is_phone or _is_money(match[0].lstrip("+"), match.string[match.end() :]):
        return match[0]
    return beginning + HIDDEN


def _hide_long_number(match: re.Match[str]) -> str:
    number, before, after = match[0], match.string[: match.start()], match.string[match.end() :]
    is_in_a_host_name = re.search(r"(?:[a-z-]|//)$", before, re.IGNORECASE) and _IN_A_HOST_NAME.match(after)
    if _HARMLESS.fullmatch(number) or _is_money(number, after) or is_in_a_host_name:
        return number
    return HIDDEN


def _is_money(number: str, after: str) -> bool:
    """Whether a number is a sum by its own form, or by what follows it. No sum begins with 0, many ID numbers do."""
    return not number.startswith("0") and bool(_THOUSANDS.fullmatch(number) or _CURRENCY.match(after))
