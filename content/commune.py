"""A commune's profile: its names, contacts and words, and how they are put into texts."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from content.article import Strict, Text
from content.indicators import Plan
from content.periods import Calendar

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
PLACEHOLDERS = frozenset({"xa", "thon", "cong_an_xa", "trung_tam", "to_cong_nghe", "lien_he"})


def _in_quotes(value: object) -> object:
    """YAML reads 21:00 without quotes as the number 1260."""
    if not isinstance(value, str | time):
        raise ValueError('giờ phải viết trong ngoặc kép: "21:00"')
    return value


Hour = Annotated[time, BeforeValidator(_in_quotes)]


class Contact(Strict):
    """How to reach one office of the commune; what the commune has not told us stays empty and is never guessed."""

    phone: str | None = None
    address: str | None = None
    hours: str | None = None


class Commune(Strict):
    """One commune as the bot speaks of it. `hamlet_word` is thôn, xóm, ấp or bản."""

    slug: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    name: Text
    province: Text
    hamlet_word: Text
    hamlets: tuple[Text, ...] = ()
    """Names without the word: "3", "Khuổi Mèo"."""
    office: Contact = Contact()
    police: Contact = Contact()
    service_centre: Contact = Contact()
    answer_within_hours: Annotated[int, Field(ge=1, le=72)] = 4
    """After so long without anybody taking it, a request for help is brought to mind again."""
    quiet_from: Hour = time(21)
    quiet_until: Hour = time(6, 30)
    """Between these, Vietnamese time, alerts and notices to citizens wait; when both are the same, never."""
    reporting_periods: Calendar = Calendar.DECREE
    plan: Plan | None = None

    @property
    def full_hamlets(self) -> tuple[str, ...]:
        """The hamlets' names with the commune's own word: "ấp 3", "xóm Khuổi Mèo"."""
        return tuple(f"{self.hamlet_word} {name}" for name in self.hamlets)

    def is_quiet(self, at: time) -> bool:
        """Whether citizens are left alone at that hour of theirs."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= at < self.quiet_until
        return at >= self.quiet_from or at < self.quiet_until

    def fill(self, text: str) -> str:
        """Puts the commune's own names and numbers where a text has placeholders such as {cong_an_xa}."""
        return PLACEHOLDER.sub(lambda match: self._values().get(match[1], match[0]), text)

    def _values(self) -> dict[str, str]:
        return {
            "xa": self.name,
            "thon": self.hamlet_word,
            "cong_an_xa": _with_phone(f"Công an {self.name}", self.police),
            "trung_tam": _with_phone(f"Trung tâm Phục vụ hành chính công {self.name}", self.service_centre),
            "to_cong_nghe": f"tổ công nghệ số của {self.hamlet_word}",
            "lien_he": self._contact_sentence(),
        }

    def _contact_sentence(self) -> str:
        known = [
            f"địa chỉ {self.office.address}" if self.office.address else "",
            f"điện thoại {self.office.phone}" if self.office.phone else "",
            f"giờ làm việc {self.office.hours}" if self.office.hours else "",
        ]
        details = ", ".join(part for part in known if part)
        name = f"UBND {self.name}, {self.province}"
        if details:
            return f"{name}: {details}."
        return f"{name} (xã chưa đưa số điện thoại và giờ làm việc lên đây, nên hỏi trưởng {self.hamlet_word})."


def _with_phone(name: str, contact: Contact) -> str:
    return f"{name} ({contact.phone})" if contact.phone else name
