"""A text as the scam check's patterns see it: without diacritics, in small letters, with the tricks of spelling undone.

Every letter remembers which piece of the text it came from, so that a citizen is shown the very words of the message.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from bot.citizen.spelling import strip_diacritics
from bot.masking import HIDDEN

MAX_CHARACTERS = 4000
"""Longer texts are cut: no scam needs more to show, and a check must stay quick."""

_LOOKS_LIKE = str.maketrans(
    "асеорхуіјѕһԁԛԝкмтнвАСЕОРХУІЈЅКМТНВοαενικρτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧıɡℓ",
    "aceopxyijshdqwkmtnbACEOPXYIJSKMTHBoaevikptuxABEZHIKMNOPTYXigl",
)
"""Cyrillic and Greek letters that a reader takes for Latin ones."""

_SHORT = {
    "ck": "chuyen khoan", "ctk": "chu tai khoan", "stk": "so tai khoan", "tk": "tai khoan", "nh": "ngan hang",
    "mk": "mat khau", "pass": "mat khau", "ko": "khong", "k": "khong", "hok": "khong", "hong": "khong", "hem": "khong",
    "kg": "khong", "kh": "khach", "hk": "khong", "khg": "khong", "kô": "khong", "hông": "khong", "hổng": "khong",
    "dc": "duoc", "đc": "duoc", "dt": "dien thoai", "sdt": "so dien thoai", "ng": "nguoi", "nv": "nhan vien",
    "cccd": "can cuoc", "nt": "nhan tin", "tn": "tin nhan", "cax": "cong an xa", "vks": "vien kiem sat", "r": "roi",
    "h": "gio", "j": "gi", "z": "vay", "v": "vay", "ngta": "nguoi ta", "onl": "online", "fb": "facebook", "zl": "zalo",
    "kb": "ket ban", "ib": "nhan tin", "lh": "lien he", "ph": "phut", "trc": "truoc", "tr": "trieu", "ntn": "nhan tin",
    "bn": "bao nhieu", "đt": "dien thoai", "opt": "otp", "ootp": "otp", "0tp": "otp", "vk": "vo", "lun": "luon",
    "wa": "qua", "mng": "moi nguoi", "mn": "moi nguoi", "nvu": "nhiem vu", "hh": "hoa hong", "tg": "thoi gian",
    "t": "toi", "m": "may",
    "cmt": "binh luan", "tele": "telegram", "fbook": "facebook", "apk": "apk", "vs": "voi", "ah": "a", "j4": "gi",
}  # fmt: skip
"""How young people and hurried ones write; Southern "hông", "hổng" too."""

_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdghklmnpqrstvx])?"
    r"(?:uye|uya|uoi|uou|ieu|yeu|oai|oay|oeo|uay|uyu|[iuy]e|uo|ua|ia|oa|oe|ue|uy|ui|uu|oi|oo|ai|ao|au|ay|eo|eu|iu|[aeiouy])"
    r"(?:ng|nh|ch|[cmnpt])?"
)
_TELEX = (re.compile(r"(?<=[aeiouyw])[sfrxj]|w|[sfrxj]$"), re.compile(r"(aa|ee|oo|dd)"))
_PIECES = re.compile(
    re.escape(HIDDEN) + r"|\d{1,3}(?:[.,]\d{3})+(?!\d)|\d+[.,]\d+|\d+"
    r"|[^\W\d_]+(?:[.][^\W\d_](?=[.]|\b)){2,}|\b[^\W\d_](?:[.][^\W\d_]\b)+|[^\W\d_]+|\s+|.",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the clean text that stands as one word in the plain one."""

    start: int
    end: int
    word: str


@dataclass(frozen=True, slots=True)
class PlainText:
    """What patterns are matched against: `text`, and for each of its letters where in `clean` it came from."""

    clean: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def words(self, start: int, end: int, longest: int = 80) -> str:
        """The message's own words behind a stretch of the plain text, cut to `longest` characters."""
        if start >= end:
            return ""
        shown = " ".join(self.clean[self.starts[start] : self.ends[end - 1]].split())
        return shown if len(shown) <= longest else shown[: longest - 1].rstrip() + "…"


def clean(text: str) -> str:
    """The text as a reader sees it: without invisible characters, styled and full-width letters made ordinary."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]))
    return "".join(
        letter
        for letter in text
        if letter in "\n\t" or unicodedata.category(letter) not in {"Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me"}
    )


def latin(text: str) -> str:
    """Letters of other alphabets that look like Latin ones, made Latin."""
    return text.translate(_LOOKS_LIKE)


def plain(cleaned: str, replaced: tuple[Piece, ...] = ()) -> PlainText:
    """The plain form of a clean text; `replaced` are stretches (in order) that one word stands for."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def add(word: str, start: int, end: int) -> None:
        pieces.append(word)
        aligned = len(word) == end - start
        starts.extend(start + i if aligned else start for i in range(len(word)))
        ends.extend(start + i + 1 if aligned else end for i in range(len(word)))

    def add_words(start: int, end: int) -> None:
        for match in _PIECES.finditer(cleaned, start, end):
            is_unit = match[0].lower() == "k" and cleaned[max(0, match.start() - 1)].isdigit()  # 500k is no "không"
            add("k" if is_unit else _plain_piece(match[0]), match.start(), match.end())

    at = 0
    for piece in replaced:
        add_words(at, piece.start)
        add(f" {piece.word} ", piece.start, piece.end)
        at = piece.end
    add_words(at, len(cleaned))
    return PlainText(cleaned, "".join(pieces), tuple(starts), tuple(ends))


def _plain_piece(piece: str) -> str:
    if piece.lower() == HIDDEN:
        return "<hidden>"
    if piece.isspace():
        return "\n" if "\n" in piece else " "
    if piece[0].isdigit():
        return re.sub(r"[.,](?=\d{3}(?:\D|$))", "", piece) if piece.count(".") + piece.count(",") else piece
    if not piece[0].isalpha():
        return piece
    if "." in piece:
        piece = piece.replace(".", "")
    lower = latin(piece).lower()
    bare = strip_diacritics(lower)
    short = _SHORT.get(lower)  # by the letters as written: "Hồng", "hẻm", "cả" are no short forms
    if short:
        return short
    bare = re.sub(r"([a-z])\1{2,}", r"\1", bare)
    return bare if _SYLLABLE.fullmatch(bare) else _untyped(bare)


def _untyped(word: str) -> str:
    """A word typed in Telex without the keyboard's help: "chuyeern" -> "chuyen"; others come back as they are."""
    steps: tuple[Callable[[str], str], ...] = (
        lambda it: _TELEX[1].sub(lambda match: match[0][0], it),
        lambda it: _TELEX[0].sub("", it),
    )
    fixed = word
    for step in steps:
        fixed = step(fixed)
    return fixed if len(word) > 2 and _SYLLABLE.fullmatch(fixed) else word
