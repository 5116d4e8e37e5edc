"""What stands on a poster or name card, put together from the commune's profile, the article and content/texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from content import numbers
from content.article import Article
from content.commune import Commune
from content.poster_texts import PosterTexts

THINGS = 3
_AT_HOME = ("localhost", "127.0.0.1", "0.0.0.0", "::1")  # noqa: S104 - addresses that nobody else can open
_TELEGRAM = "https://t.me/"


@dataclass(frozen=True, slots=True)
class PosterFacts:
    """What a poster is.

    address: in its code. telegram: the bot's user name, where there is one. site: the web chat's address. hamlet: with
    the commune's word, "" for the whole commune. article: what it is about. number, place: to know it again.
    """

    address: str
    site: str
    telegram: str | None = None
    hamlet: str = ""
    article: Article | None = None
    number: int = 0
    place: str = ""


def telegram_in(addresses: tuple[str, ...]) -> str | None:
    """The bot's user name, from the addresses of any link."""
    names = [one.removeprefix(_TELEGRAM).partition("?")[0] for one in addresses if one.startswith(_TELEGRAM)]
    return names[0] if names else None


def typed_site(site: str) -> str:
    """What people type into a browser; empty when nobody but this computer would get there."""
    parts = urlsplit(site)
    return "" if parts.hostname in _AT_HOME else f"{parts.netloc}{parts.path.rstrip('/')}"


class PosterWords:
    """The texts of one poster. Where something is not known, as the commune's telephone, nothing is said of it."""

    def __init__(self, facts: PosterFacts, commune: Commune, texts: PosterTexts) -> None:
        self.facts = facts
        self._commune = commune
        self._texts = texts

    @property
    def team(self) -> str:
        """Whose poster it is."""
        return self._say(self._texts.team, province=self._commune.province)

    @property
    def heading(self) -> str:
        """What it is about."""
        return self.facts.article.title if self.facts.article else self._say(self._texts.title)

    @property
    def where(self) -> str:
        """The hamlet and commune, or the commune and its province."""
        if self.facts.hamlet:
            return _begun(self._say(self._texts.where, hamlet=self.facts.hamlet))
        return _begun(f"{self._commune.name}, {self._commune.province}")

    @property
    def things(self) -> tuple[str, ...]:
        """Three things that the bot helps with."""
        article, lines = self.facts.article, self._texts.lines
        if article is None:
            return lines
        told = [self._texts.sections[one.heading] for one in article.sections if one.heading in self._texts.sections]
        return (*told, *lines)[:THINGS]

    @property
    def asked(self) -> str:
        """Who answers: on a poster about one topic, where the heading does not say it."""
        return self._say(self._texts.asked)

    @property
    def free(self) -> str:
        """That it costs nothing."""
        return self._say(self._texts.free)

    @property
    def scan_title(self) -> str:
        """Over how to scan."""
        return self._texts.scan_title

    @property
    def scan(self) -> str:
        """How to scan."""
        return self._say(self._texts.scan)

    @property
    def by_hand_title(self) -> str:
        """Over the other ways in."""
        return self._texts.by_hand

    @property
    def by_hand(self) -> tuple[str, ...]:
        """The ways in for who can't scan."""
        site = typed_site(self.facts.site)
        ways = [
            self._say(self._texts.telegram, name=f"@{self.facts.telegram}") if self.facts.telegram else "",
            self._say(self._texts.site, address=site) if site else "",
            self._say(self._texts.person),
        ]
        return tuple(way for way in ways if way)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The same on a name card."""
        name = self._say(self._texts.card_telegram, name=f"@{self.facts.telegram}") if self.facts.telegram else ""
        return tuple(one for one in (name, typed_site(self.facts.site)) if one)

    @property
    def card_phone(self) -> str:
        """The commune's telephone on a name card; empty when it is not known."""
        phone = self._commune.office.phone
        return self._say(self._texts.card_phone, phone=phone) if phone else ""

    @property
    def card_scan(self) -> str:
        """Under a card's code; followed by the addresses, where there are any."""
        return self._texts.card_scan if self.addresses else self._texts.scan_title

    @property
    def never(self) -> str:
        """What nobody of us asks."""
        return self._texts.never

    @property
    def never_more(self) -> str:
        """Who asks it nevertheless."""
        return self._say(self._texts.never_more)

    @property
    def contact(self) -> str:
        """How to reach a person, as far as the profile tells."""
        office = self._commune.office
        known = [
            self._say(self._texts.phone, phone=office.phone) if office.phone else "",
            self._say(self._texts.address, address=office.address) if office.address else "",
            self._say(self._texts.hours, hours=office.hours) if office.hours else "",
        ]
        return ", ".join([self._say(self._texts.contact), *(one for one in known if one)])

    def footer(self, printed_on: date) -> str:
        """To know it again."""
        number = self._say(self._texts.printed, number=self.facts.number)
        day = self._say(self._texts.printed_on, day=numbers.day(printed_on))
        return " · ".join(part for part in (number, self.facts.place, day) if part)

    def _say(self, text: str, **values: object) -> str:
        return self._commune.fill(text).format(**values)


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
