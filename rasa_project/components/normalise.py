"""Brings the many spellings of Vietnamese chat to one: Unicode form, letter case, tone marks, elongation, teencode.

Knows nothing of Rasa or scikit-learn. What is lost for good (the diacritics of a text typed without them) is left to
the classifier, which looks at both spellings.
"""

from __future__ import annotations

import re
import unicodedata

from components.keyboard import decode

# "hoà" and "hòa", "thuý" and "thúy" are both taught in schools: the mark is moved to where the older convention puts
# it.
_TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"
_MARK_ON_SECOND = re.compile(rf"(?<![qg])([ou])([aey])([{_TONE_MARKS}])(?![a-z\u0300-\u036f])")

_ELONGATED = re.compile(r"([^\W\d_])\1{2,}")
_SPACES = re.compile(r"\s+")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_URL = re.compile(r"https?://\S+|www\.\S+")

# Only what is unambiguous as a whole word. "k" and "m" alone stay out where they are also units ("50k").
TEENCODE = {
    "ko": "không",
    "k": "không",
    "kh": "không",
    "khg": "không",
    "kg": "không",
    "hok": "không",
    "hông": "không",
    "hong": "không",
    "hổng": "không",
    "hem": "không",
    "kô": "không",
    "khong": "không",
    "đc": "được",
    "dc": "được",
    "đx": "được",
    "dx": "được",
    "r": "rồi",
    "rùi": "rồi",
    "rui": "rồi",
    "ntn": "như thế nào",
    "nthn": "như thế nào",
    "lm": "làm",
    "ls": "làm sao",
    "lsao": "làm sao",
    "s": "sao",
    "mk": "mật khẩu",
    "mkhau": "mật khẩu",
    "pass": "mật khẩu",
    "pw": "mật khẩu",
    "password": "mật khẩu",
    "tk": "tài khoản",
    "tkhoan": "tài khoản",
    "acc": "tài khoản",
    "đt": "điện thoại",
    "dt": "điện thoại",
    "đthoai": "điện thoại",
    "dthoai": "điện thoại",
    "sdt": "số điện thoại",
    "sđt": "số điện thoại",
    "cccd": "căn cước công dân",
    "cmnd": "chứng minh nhân dân",
    "cmt": "chứng minh nhân dân",
    "cm": "chứng minh",
    "bhyt": "bảo hiểm y tế",
    "bhxh": "bảo hiểm xã hội",
    "gplx": "giấy phép lái xe",
    "dvc": "dịch vụ công",
    "ubnd": "ủy ban nhân dân",
    "ub": "ủy ban",
    "ca": "công an",
    "cax": "công an xã",
    "nh": "ngân hàng",
    "ck": "chuyển khoản",
    "đky": "đăng ký",
    "dky": "đăng ký",
    "đki": "đăng ký",
    "dki": "đăng ký",
    "đn": "đăng nhập",
    "gđ": "gia đình",
    "gd": "gia đình",
    "ng": "người",
    "ngta": "người ta",
    "vs": "với",
    "z": "vậy",
    "zậy": "vậy",
    "dzậy": "vậy",
    "zay": "vậy",
    "j": "gì",
    "ji": "gì",
    "bn": "bao nhiêu",
    "bnh": "bao nhiêu",
    "tn": "tin nhắn",
    "nt": "nhắn tin",
    "lđ": "lừa đảo",
    "fb": "facebook",
    "zl": "zalo",
    "ac": "anh chị",
    "ad": "admin",
    "e": "em",
    "a": "anh",
    "c": "chị",
    "mn": "mọi người",
    "mng": "mọi người",
    "trc": "trước",
    "ms": "mới",
    "cx": "cũng",
    "cg": "cũng",
    "nma": "nhưng mà",
    "vned": "vneid",
    "vnid": "vneid",
    "vneld": "vneid",
    "vnied": "vneid",
    "vneidd": "vneid",
}


def normalise(text: str) -> str:
    """The text as the classifier reads it: lower case, NFC, one tone-mark convention, teencode spelt out.

    Diacritics that were typed are kept. Digits are kept, because "mức 1" is not "mức 2". Addresses become the word
    "link".
    """
    text = _URL.sub(" link ", unicodedata.normalize("NFC", text).lower())
    text = _ELONGATED.sub(r"\1", _move_tone_marks(text))
    words = (TEENCODE.get(token) or decode(token) for token in _TOKEN.findall(text))
    return _SPACES.sub(" ", " ".join(words)).strip()


def strip_diacritics(text: str) -> str:
    """The text as it is typed on a keyboard without Vietnamese: "mật khẩu" -> "mat khau", "đ" -> "d"."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _move_tone_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", _MARK_ON_SECOND.sub(r"\1\3\2", decomposed))
