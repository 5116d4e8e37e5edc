"""Web addresses and telephone numbers in a text, and the tricks they play to look like official ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from bot.citizen.scam_text import Piece, latin
from bot.citizen.spelling import strip_diacritics
from bot.masking import HIDDEN
from content.scam import OfficialDomains, is_under

_SYLLABLE_ENDINGS = frozenset(
    [
        "la",
        "in",
        "my",
        "me",
        "to",
        "so",
        "co",
        "ai",
        "us",
        "id",
        "do",
        "no",
        "ca",
        "eu",
        "tv",
        "ee",
        "fit",
        "mom",
        "one",
        "ga",
        "link",
        "live",
        "life",
        "space",
    ]
)
"""Endings that are also words: alone ("xong.la") they make no address of two words that were typed without a space."""

_DOT = r"(?:\s?(?:\[\.\]|\(\.\)|\{\.\}|[。｡．])\s?|\s+\.\s+|\s+\.(?=\w)|\s+(?i:chấm|cham|dot)\s+)"
_HOST_LETTER = r"[^\W_]"
_CONFUSABLE_DIGITS = {"0": "o", "1": "il", "3": "e", "5": "s", "4": "a", "8": "b"}
_TWO_FOR_ONE = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_PREFIXED = re.compile(
    r"(?:\+|(?<![\d.,])00)[ .]?(\d{1,3})(?=[\d .\-()]*(?:\d{3}|\[đã che\]))"
    r"|(?<!\w)\+(\d{2,3})(?!\d)(?!\s?%|\s?[dđk]\b)"
)
_SUM = re.compile(
    r"\+(?:[\d.,]+\s?(?:vn[dđ]|usd|đ|d|k|tr|triệu|trieu|đồng|dong|%)|\d{1,3}(?:[.,]000)+(?!\d))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Link:
    """An address in a clean text. `host` is in small letters without "www."; `path` begins with "/" or is empty."""

    start: int
    end: int
    shown: str
    host: str
    path: str
    before_at: str = ""


class LinkJudge:
    """Finds addresses and says what is wrong with them, as keys of content.scam.LinkSignals."""

    def __init__(self, domains: OfficialDomains) -> None:
        self._domains = domains
        self._names = tuple(dict.fromkeys(name for owner in domains.official for name in owner.names))
        self._odd = frozenset(domains.odd_endings)
        endings = "|".join(sorted({*domains.endings, *domains.odd_endings}, key=len, reverse=True))
        label = rf"{_HOST_LETTER}(?:{_HOST_LETTER}|-){{0,62}}"
        self._address = re.compile(
            r"(?P<scheme>\bh(?:tt|xx)ps?\s?:\s?//\s?)?"
            rf"(?:(?P<user>(?<![\w.\-])[\w.\-]{{0,64}}(?:{re.escape(HIDDEN)})?)@)?"
            rf"(?P<host>(?:(?<=[/@]){re.escape(HIDDEN)}|\d{{1,3}}(?:\.\d{{1,3}}){{3}}|{label}(?:(?:\.|{_DOT}){label}){{1,6}}))"
            r"(?P<port>:\d{2,5})?(?P<path>/[^\s<>\"'“”]*)?",
            re.IGNORECASE,
        )
        self._ending = re.compile(rf"(?:{endings}|xn--[a-z0-9]+)", re.IGNORECASE)

    def find(self, cleaned: str) -> tuple[Link, ...]:
        """The web addresses of a clean text, in order, without e-mail addresses."""
        return tuple(self._found(cleaned))

    def is_official(self, link: Link) -> bool:
        """Whether an address belongs to somebody of the official list and hides nothing."""
        return not link.before_at and self._domains.owner_of(link.host) is not None and not self._is_free(link)

    def tricks(self, link: Link) -> tuple[str, ...]:
        """What is suspicious about an address, the worst first; empty for official and well-known ones."""
        if link.before_at:
            return ("before_at",)
        if self.is_official(link) or (is_under(link.host, self._domains.known) and not self._is_free(link)):
            return ()
        found = [trick for trick in (self._name_trick(link.host), self._place_trick(link)) if trick]
        if re.search(r"\.apk+\b", link.path + " " + link.host, re.IGNORECASE):
            found.append("apk")
        return tuple(found) or ("unknown",)

    def _place_trick(self, link: Link) -> str | None:
        if link.host == HIDDEN or re.fullmatch(r"[\d.]+", link.host):
            return "ip_address"
        if is_under(link.host, self._domains.shorteners):
            return "shortener"
        if self._is_free(link):
            return "free_page"
        if link.host.rpartition(".")[2] in self._odd:
            return "odd_ending"
        if any(lure in link.host.replace("-", "").replace(".", "") for lure in self._domains.lures):
            return "lure"
        return None

    def _name_trick(self, host: str) -> str | None:
        if self._is_free_host(host) and host in self._domains.free_pages:
            return None
        if is_under(host, self._domains.shorteners):
            return None
        if host == HIDDEN:
            return None
        bare = strip_diacritics(latin(host))
        if bare != host or "xn--" in host:
            return "letters"
        officials = [domain for owner in self._domains.official for domain in owner.domains if "." in domain]
        dashed = host.replace("-", ".")
        if any(f".{domain}." in f".{dashed}." for domain in officials):
            return "subdomain"
        labels = [label for label in host.split(".")[:-1] if label not in {"www", "com", "net", "org", "gov", "edu"}]
        if "gov" in host.split(".") or any(label.endswith(("govvn", "gov-vn")) for label in labels):
            return "subdomain"
        if any(self._borrows(label) for label in labels):
            return "lookalike"
        if any(self._borrows(reading) for label in labels for reading in _readings(label)):
            return "letters"
        if any(self._nearly(part) for label in labels for part in (label, *label.split("-"))):
            return "lookalike"
        return None

    def _borrows(self, label: str) -> bool:
        whole = label.replace("-", "")
        parts = [re.sub(r"^\d+|\d+$", "", part) for part in (*label.split("-"), whole)]
        return any(
            name in whole if len(name) >= 5 else _is_made_of(parts, name, self._domains.lures) for name in self._names
        )

    def _nearly(self, part: str) -> bool:
        return len(part) >= 5 and any(
            len(name) >= 5 and abs(len(name) - len(part)) <= 1 and _one_slip_apart(part, name) for name in self._names
        )

    def _is_free(self, link: Link) -> bool:
        return self._is_free_host(link.host)

    def _is_free_host(self, host: str) -> bool:
        return is_under(host, self._domains.free_pages) and not is_under(host, ["chat.zalo.me"])

    def _found(self, cleaned: str) -> Iterator[Link]:
        at = 0
        while match := self._address.search(cleaned, at):
            at = match.end()
            link = self._link(match)
            if link is not None:
                at = link.end
                yield link

    def _link(self, match: re.Match[str]) -> Link | None:
        written = match["host"]
        if written.lower() == HIDDEN:  # mask() took an IP address for a number
            return Link(match.start(), match.end(), match[0], HIDDEN, match["path"] or "")
        labels = [label.strip() for label in re.split(rf"{_DOT}|\.", written) if label and label.strip()]
        keep = len(labels)
        while keep > 1 and not match["scheme"] and not self._ending.fullmatch(labels[keep - 1]):
            keep -= 1
        host = ".".join(labels[:keep]).lower()
        end = match.end() if keep == len(labels) else match.start("host") + _end_of_label(written, labels, keep)
        path = (match["path"] or "").rstrip(".,;:!?)") if keep == len(labels) else ""
        if keep == len(labels) and match["path"]:
            end = match.start("path") + len(path)
        numeric = re.fullmatch(r"\d{1,3}(\.\d{1,3}){3}", host)
        if not numeric and not self._is_address(labels[:keep], host, written, path, scheme=bool(match["scheme"])):
            return None
        if numeric and not (match["scheme"] or path or match["port"]):
            return None  # a version or a date
        user = match["user"] or ""
        if user and not match["scheme"]:
            return None  # an e-mail address
        host = unicodedata.normalize("NFC", host).removeprefix("www.")
        return Link(match.start(), end, " ".join(match.string[match.start() : end].split()), host, path, user)

    def _is_address(self, labels: list[str], host: str, written: str, path: str, *, scheme: bool) -> bool:
        if scheme:
            return len(labels) > 1
        if len(labels) < 2 or not self._ending.fullmatch(labels[-1]):
            return False
        ending = labels[-1].lower()
        is_clear = bool(path) or "-" in host or any(letter.isdigit() for letter in host) or len(labels) > 2
        if re.search(r"\s", written):  # "vneid . top", but not "xong . top 10"
            return self._is_name_like(labels[0]) or len(labels) > 2
        if ending in _SYLLABLE_ENDINGS and not is_clear:
            return self._is_name_like(labels[0])
        return True

    def _is_name_like(self, label: str) -> bool:
        low = strip_diacritics(latin(label.lower()))
        return "-" in low or len(low) > 6 or self._borrows(low) or any(lure in low for lure in self._domains.lures)


def pieces(links: tuple[Link, ...], official: set[Link]) -> tuple[Piece, ...]:
    """What stands for the addresses in a plain text."""
    return tuple(Piece(link.start, link.end, "<official>" if link in official else "<link>") for link in links)


def foreign_numbers(cleaned: str) -> tuple[tuple[int, int], ...]:
    """Where telephone numbers of other countries stand in a clean text; Việt Nam's own +84 is none.

    Source: ITU-T E.164, country code 84.
    """
    found = []
    for match in _PREFIXED.finditer(cleaned):
        code = match[1] or match[2]
        if _SUM.match(cleaned, match.start()):
            continue
        if not code.startswith(("84", "0")) and not "84".startswith(code):
            end = cleaned.find("]", match.end()) + 1 if cleaned.startswith(HIDDEN, match.end()) else match.end()
            found.append((match.start(), end))
    return tuple(found)


def _end_of_label(written: str, labels: list[str], keep: int) -> int:
    at = 0
    for label in labels[:keep]:
        at = written.index(label, at) + len(label)
    return at


def _is_made_of(parts: list[str], name: str, lures: list[str]) -> bool:
    """Whether a short name stands alone, or beside something that scammers add to names."""
    for part in parts:
        rest = part.removeprefix(name) if part.startswith(name) else part.removesuffix(name)
        if rest == "" or (rest != part and (rest in _BESIDE or any(lure in rest for lure in lures))):
            return True
    return False


_BESIDE = frozenset(
    [
        "vn",
        "bank",
        "vnn",
        "online",
        "app",
        "pay",
        "web",
        "cskh",
        "vip",
        "pro",
        "card",
        "digibank",
        "smart",
        "hcm",
        "hn",
        "mobile",
        "viet",
        "nam",
        "vietnam",
        "cs",
    ]
)
"""What scammers put beside a short name: "vcb-digibank", "evnhcm"."""


def _readings(label: str) -> Iterator[str]:
    """What an eye may read a label as: "vietc0mbank", "evrn-hoantien"."""
    for two, one in _TWO_FOR_ONE:
        if two in label:
            yield label.replace(two, one)
    choices = [_CONFUSABLE_DIGITS.get(letter, letter) for letter in label[:40]]
    if sum(len(choice) > 1 for choice in choices) <= 4 and any(letter in _CONFUSABLE_DIGITS for letter in label):
        yield from ("".join(letters) for letters in product(*choices))


def _one_slip_apart(a: str, b: str) -> bool:
    """Whether one letter was added, left out, changed, or swapped with its neighbour."""
    if a == b:
        return False
    while a and b and a[0] == b[0]:
        a, b = a[1:], b[1:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    return (len(a) <= 1 and len(b) <= 1) or (len(a) == len(b) == 2 and a == b[::-1])
