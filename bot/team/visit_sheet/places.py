"""Which hamlet and which household a sheet's names mean. What might be another one is asked about, never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.team.quick_log.matching import match_household
from bot.team.quick_log.visit import HouseholdName
from bot.team.visit_sheet.template import Choice
from content.commune import Commune
from db.outreach import hamlets, households
from db.outreach.models import Hamlet, Household
from db.outreach.names import are_alike, key

MOST_NAMED = 3
"""Households that are named when one of them may be meant."""

_NUMBER = re.compile(r"(?:(?:ho|nha|so)\s+)*(\d{1,5}[a-z]?)")
_NEW = re.compile(r"m[ớo]i\s*:\s*(.+)", re.IGNORECASE | re.DOTALL)


class UnclearError(Exception):
    """A name that means nothing certain. `reason` names the sentence, `values` fill it in."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, values


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household that is not there yet: saving the sheet adds it, once for all its rows."""

    hamlet_id: int
    name: str
    number: str | None = None

    @property
    def same(self) -> tuple[int, str]:
        """What two rows about the same new household share."""
        return self.hamlet_id, spelt(self.name)


class Places:
    """The commune's hamlets, and the households of those for which whoever sends the sheet may log."""

    def __init__(
        self, commune: Commune, every: Sequence[Hamlet], own: Sequence[Hamlet], homes: Sequence[Household]
    ) -> None:
        """`every` holds also the hamlets that were merged into another: their names are still said."""
        self.own = tuple(own)
        self._commune = commune
        self._own_ids = {hamlet.id for hamlet in own}
        by_id = {hamlet.id: hamlet for hamlet in every}
        self._by_name = {hamlet.name_key: by_id[hamlet.merged_into_id or hamlet.id] for hamlet in every}
        self._homes: dict[int, list[Household]] = defaultdict(list)
        for home in homes:
            self._homes[home.hamlet_id].append(home)
        self._labels = {
            hamlet_id: {spelt(label): home for home, label in labels(of_hamlet).items()}
            for hamlet_id, of_hamlet in self._homes.items()
        }

    @classmethod
    async def load(cls, session: AsyncSession, commune: Commune, own: Sequence[Hamlet]) -> Places:
        """Reads them from the database."""
        every = await hamlets.every(session, commune.slug)
        homes = await households.of_hamlets(session, commune.slug, [hamlet.id for hamlet in own])
        return cls(commune, every, own, homes)

    def full_name(self, hamlet: Hamlet) -> str:
        """A hamlet with the commune's own word."""
        return f"{self._commune.hamlet_word} {hamlet.name}"

    def choices(self) -> list[Choice]:
        """The households for the template."""
        return [
            Choice(self.full_name(hamlet), label)
            for hamlet in self.own
            for label in labels(self._homes[hamlet.id]).values()
        ]

    def hamlet(self, written: str) -> Hamlet:
        """The hamlet that is meant; where there is only one to choose from, it need not be written.

        Raises:
            UnclearError: none, or one for which this sheet may not speak.
        """
        if not written and len(self.own) == 1:
            return self.own[0]
        if not written:
            raise UnclearError("no_hamlet")
        names = [key(written)]
        first, _, rest = names[0].partition(" ")
        if rest and first in {key(self._commune.hamlet_word), "ap", "thon", "xom", "ban", "buon", "lang", "khom"}:
            names.append(rest)
        found = next((self._by_name[name] for one in names for name in (one, one.lstrip("0")) if name in self._by_name),
                     None)  # fmt: skip
        if found is None:
            known = ", ".join(self.full_name(hamlet) for hamlet in self.own)
            raise UnclearError("unknown_hamlet", value=written, hamlets=known)
        if found.id not in self._own_ids:
            raise UnclearError("foreign_hamlet", value=self.full_name(found))
        return found

    def household(self, written: str, hamlet: Hamlet, before: Household | None = None) -> Household | NewHousehold:
        """The household that is meant, or a new one. `before`: what this very row meant when it was imported.

        Raises:
            UnclearError: several may be meant, or one that is only like it.
        """
        said_new = _NEW.fullmatch(written)
        name = said_new[1].strip() if said_new else written
        homes = self._homes[hamlet.id]
        if before is not None and before.hamlet_id == hamlet.id and spelt(before.name) == spelt(name):
            return before
        if numbered := _NUMBER.fullmatch(key(name)):
            return self._numbered(name, numbered[1], hamlet, said_new=bool(said_new))
        if said_new:
            if any(spelt(home.name) == spelt(name) for home in homes):
                raise UnclearError("same_new_household", value=name)
            return NewHousehold(hamlet.id, name)
        if label := self._labels.get(hamlet.id, {}).get(spelt(name)):
            return label
        same = [home for home in homes if spelt(home.name) == spelt(name)]
        if not same and name.isascii():  # typed without diacritics: they are not wrong, they are missing
            same = [home for home in homes if home.name_key == key(name)]
        if len(same) == 1:
            return same[0]
        if same:
            raise UnclearError("ambiguous_household", value=name, names=self._named(hamlet, same))
        if alike := self._alike(name, hamlet):
            raise UnclearError("alike_household", value=name, names=self._named(hamlet, alike))
        return NewHousehold(hamlet.id, name)

    def _numbered(self, name: str, number: str, hamlet: Hamlet, *, said_new: bool) -> Household | NewHousehold:
        wanted = number.lstrip("0") or number
        same = [home for home in self._homes[hamlet.id] if (home.number or "").strip().lstrip("0").lower() == wanted]
        if not same:
            return NewHousehold(hamlet.id, f"hộ {wanted.upper()}", wanted.upper())
        if said_new:
            raise UnclearError("same_new_household", value=name)
        if len(same) > 1:
            raise UnclearError("ambiguous_household", value=name, names=self._named(hamlet, same))
        return same[0]

    def _alike(self, name: str, hamlet: Hamlet) -> list[Household]:
        homes = self._homes[hamlet.id]
        full = self.full_name(hamlet)
        match = match_household(name, full, [HouseholdName(home.id, full, home.name, home.number) for home in homes])
        meant = {home.id for home in (match.household, *match.candidates) if home}
        return [home for home in homes if home.id in meant or are_alike(home.name, name)]

    def _named(self, hamlet: Hamlet, homes: Sequence[Household]) -> str:
        shown = labels(self._homes[hamlet.id])
        names = [f"“{shown[home]}”" for home in homes[:MOST_NAMED]]
        return ", ".join(names) + (", …" if len(homes) > MOST_NAMED else "")


def labels(homes: Sequence[Household]) -> Mapping[Household, str]:
    """What to call each household of a hamlet so that no two are called the same."""
    named = {home: f"{home.name} (hộ {home.number})" if _has_own_number(home) else home.name for home in homes}
    twice = Counter(spelt(label) for label in named.values())
    return {home: f"{label} (mã {home.id})" if twice[spelt(label)] > 1 else label for home, label in named.items()}


def spelt(name: str) -> str:
    """A name as it is spelt, whatever the capitals and spaces: diacritics count."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _has_own_number(home: Household) -> bool:
    return home.number is not None and home.number not in home.name.split()
