"""Who stands in the audit log: its actors ("member:12", "office:thu-hoai", "operator") as names that people know."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from db.office import accounts
from db.outreach import audit, members
from office.messages import message
from office.site import Site

OTHERS = {audit.SYSTEM: "actors.system", audit.OPERATOR: "actors.operator", audit.CITIZEN: "actors.citizen"}


class Actors:
    """Names of actors; of somebody whose name was deleted it says what he was."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    def name(self, actor: str) -> str:
        """The name of an actor."""
        if actor in self._names:
            return self._names[actor]
        kind = actor.partition(":")[0]
        if kind in {"member", "office"}:
            return message(f"actors.former_{kind}")
        return message(OTHERS[actor]) if actor in OTHERS else actor

    def knows(self, actor: str) -> bool:
        """Whether an actor is somebody who is there today."""
        return actor in self._names

    def choices(self) -> list[tuple[str, str]]:
        """All that are known by name, for a filter."""
        return sorted(self._names.items(), key=lambda one: one[1])


async def actors_of(session: AsyncSession, site: Site) -> Actors:
    """The names of a commune's members and office accounts."""
    people = {audit.by_member(one): one.name for one in await members.all_of(session, site.commune)}
    staff = {accounts.by_account(one): one.name for one in await accounts.all_of(session, site.commune)}
    return Actors(people | staff)
