"""Who may do what: the one place where roles are compared. `bot/service_desk.py` asks it before every service.

A citizen has no role and reaches no service that wants one, whatever the text, payload, command or link says.
"""

from __future__ import annotations

from collections.abc import Collection

from db.outreach.models import Member, Role

_RANK = {Role.MEMBER: 1, Role.AMBASSADOR: 2, Role.OFFICE: 3, Role.ADMIN: 4}

EVERY_HAMLET = Role.OFFICE
"""From this role on all hamlets of the commune are one's own."""


def at_least(role: Role, least: Role) -> bool:
    """Whether a role is that one or above."""
    return _RANK[role] >= _RANK[least]


def may(member: Member | None, least: Role) -> bool:
    """Whether somebody has at least that role; a removed member has none."""
    if member is None or member.removed_at is not None:
        return False
    return at_least(Role(member.role), least)


def may_see_hamlet(member: Member | None, hamlet_id: int, own: Collection[int]) -> bool:
    """Whether somebody may see and log for a hamlet; `own` are the ids of the hamlets that the member serves."""
    if not may(member, Role.MEMBER):
        return False
    return may(member, EVERY_HAMLET) or hamlet_id in own
