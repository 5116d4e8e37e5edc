"""Members: who speaks for the outreach in the chat, with what role, in which hamlets; how they join and leave."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from db import persons
from db.models import Conversation
from db.outreach import audit, invitation_codes
from db.outreach import hamlets as hamlets_of_commune
from db.outreach.models import Hamlet, HelpRequest, Invitation, Member, MemberAccount, MemberHamlet, Role

INVITATION_DAYS = 7
_CODE_BYTES = 12
"""16 letters: short enough for a link that somebody types, too many to guess."""


class InvitationError(Exception):
    """An invitation that makes nobody a member: `reason` is unknown, used, expired or revoked; `used_by_id` by whom."""

    def __init__(self, reason: str, used_by_id: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.used_by_id = used_by_id


async def by_account(session: AsyncSession, commune: str, channel: str, sender: str) -> Member | None:
    """The member for whom that chat account speaks; None for everybody else, also for who was removed."""
    query = (
        select(Member)
        .join(MemberAccount, MemberAccount.member_id == Member.id)
        .where(
            MemberAccount.commune == commune,
            MemberAccount.channel == channel,
            MemberAccount.sender == sender,
            Member.removed_at.is_(None),
        )
        .options(selectinload(Member.hamlets))
    )
    return (await session.scalars(query)).one_or_none()


async def of_conversation(session: AsyncSession, conversation: Conversation) -> Member | None:
    """The member who speaks in a chat: by its account, or by one that its owner has linked with it (db/persons.py)."""
    own = await by_account(session, conversation.commune, conversation.channel, conversation.sender)
    if own is not None or conversation.person_id is None:
        return own
    query = (
        select(Member)
        .join(MemberAccount, MemberAccount.member_id == Member.id)
        .join(Conversation, Conversation.id == MemberAccount.conversation_id)
        .where(Conversation.person_id == conversation.person_id, Member.removed_at.is_(None))
        .options(selectinload(Member.hamlets))
        .order_by(MemberAccount.id)
    )
    return (await session.scalars(query.limit(1))).one_or_none()


async def all_of(session: AsyncSession, commune: str) -> list[Member]:
    """A commune's present members, by name."""
    query = (
        select(Member)
        .where(Member.commune == commune, Member.removed_at.is_(None))
        .options(selectinload(Member.hamlets))
        .order_by(Member.name, Member.id)
    )
    return list(await session.scalars(query))


async def serving(session: AsyncSession, commune: str, hamlet_id: int | None, roles: Collection[Role]) -> list[Member]:
    """Present members with one of the roles who serve a hamlet; None means any hamlet."""
    query = (
        select(Member)
        .where(Member.commune == commune, Member.removed_at.is_(None), Member.role.in_(roles))
        .order_by(Member.id)
    )
    if hamlet_id is not None:
        query = query.join(MemberHamlet, MemberHamlet.member_id == Member.id).where(MemberHamlet.hamlet_id == hamlet_id)
    return list(await session.scalars(query))


async def conversations_of(session: AsyncSession, members: Collection[Member]) -> dict[int, list[Conversation]]:
    """The private chats in which members get their notices, by member id: where they joined.

    Who has blocked us there gets them in the linked chat that was used last. In one chat, never in both: a notice that
    comes twice is read as two.
    """
    query = (
        select(MemberAccount.member_id, Conversation)
        .join(Conversation, Conversation.id == MemberAccount.conversation_id)
        .where(MemberAccount.member_id.in_([member.id for member in members]))
        .order_by(Conversation.id)
    )
    found: dict[int, list[Conversation]] = {member.id: [] for member in members}
    for member_id, conversation in (await session.execute(query)).all():
        found[member_id].append(await _reachable(session, conversation))
    return found


async def invite(
    session: AsyncSession,
    *,
    commune: str,
    role: Role,
    hamlets: Sequence[Hamlet],
    created_by: str,
    now: datetime,
    days: int = INVITATION_DAYS,
) -> str:
    """Makes an invitation and returns its code, which is shown once and not kept."""
    code = secrets.token_urlsafe(_CODE_BYTES)
    places = list(dict.fromkeys(hamlet.id for hamlet in hamlets))
    invitation = Invitation(
        commune=commune, code_hash=invitation_codes.hashed(code), role=role.value, hamlet_ids=places,
        created_at=now, created_by=created_by, expires_at=now + timedelta(days=days),
    )  # fmt: skip
    session.add(invitation)
    await session.flush()
    audit.record(
        session, commune=commune, actor=created_by, action="invitation.created", subject_id=invitation.id,
        before=None, after={"role": role.value, "hamlet_ids": invitation.hamlet_ids}, now=now,
    )  # fmt: skip
    return code


async def find_invitation(session: AsyncSession, commune: str, code: str, now: datetime) -> Invitation:
    """The invitation that a code opens, locked until the transaction ends.

    Raises:
        InvitationError: there is none, or it is used, expired or revoked.
    """
    return await _usable(session, commune, Invitation.code_hash == invitation_codes.hashed(code), now)


async def find_invitation_again(session: AsyncSession, commune: str, invitation_id: int, now: datetime) -> Invitation:
    """Like `find_invitation`, for somebody who has opened it: nobody needs to keep the code.

    Raises:
        InvitationError: it has been used, expired or revoked meanwhile.
    """
    return await _usable(session, commune, Invitation.id == invitation_id, now)


async def join(
    session: AsyncSession, invitation: Invitation, conversation: Conversation, name: str, now: datetime
) -> Member:
    """Uses an invitation: the conversation's account speaks for a new member from now on.

    An account that spoke for another member of the commune speaks for the new one alone.
    """
    member = Member(commune=invitation.commune, name=name, role=invitation.role, joined_at=now)
    session.add(member)
    await session.flush()
    places = await places_of(session, invitation)
    for hamlet in places:
        session.add(MemberHamlet(member_id=member.id, hamlet_id=hamlet.id, commune=member.commune))
    await _free_account(session, conversation)
    session.add(
        MemberAccount(
            commune=member.commune, member_id=member.id, channel=conversation.channel, sender=conversation.sender,
            conversation_id=conversation.id, linked_at=now,
        )
    )  # fmt: skip
    invitation.used_at, invitation.used_by_id = now, member.id
    await invitation_codes.hide(session, invitation)
    audit.record(
        session, commune=member.commune, actor=audit.by_member(member), action="member.joined", subject_id=member.id,
        before=None, after={"role": member.role, "hamlet_ids": [hamlet.id for hamlet in places]}, now=now,
    )  # fmt: skip
    await session.flush()
    return member


async def accept(session: AsyncSession, invitation: Invitation, member: Member, now: datetime) -> None:
    """Uses an invitation for somebody who is a member already: its role and hamlets take the place of the old ones."""
    places = await places_of(session, invitation)
    actor = audit.by_member(member)
    await change(session, member, role=Role(invitation.role), hamlets=places, actor=actor, now=now)
    invitation.used_at, invitation.used_by_id = now, member.id
    await invitation_codes.hide(session, invitation)


async def places_of(session: AsyncSession, invitation: Invitation) -> list[Hamlet]:
    """The hamlets that an invitation is for, in the commune's order; for a merged one that which it is part of now."""
    ids = await hamlets_of_commune.present_ids(session, invitation.commune)
    wanted = {ids[hamlet_id] for hamlet_id in invitation.hamlet_ids if hamlet_id in ids}
    return [one for one in await hamlets_of_commune.all_of(session, invitation.commune) if one.id in wanted]


async def remove(session: AsyncSession, member: Member, actor: str, now: datetime) -> None:
    """Ends a membership, by oneself or by the office: from this moment the accounts are anybody's."""
    if member.removed_at is not None:
        return
    member.removed_at = now
    await session.execute(delete(MemberAccount).where(MemberAccount.member_id == member.id))
    # Nobody cares for them any more: they are brought to the others' minds at once (bot/reminders.py).
    await session.execute(
        update(HelpRequest)
        .where(HelpRequest.taken_by_id == member.id, HelpRequest.state == "taken")
        .values(state="open", taken_by_id=None, taken_at=None, reminded_at=None, reminders=0)
    )
    audit.record(
        session, commune=member.commune, actor=actor, action="member.removed", subject_id=member.id,
        before={"role": member.role}, after=None, now=now,
    )  # fmt: skip


async def open_invitations(session: AsyncSession, commune: str, now: datetime) -> list[Invitation]:
    """Those that somebody could still use, the newest first."""
    query = (
        select(Invitation)
        .where(
            Invitation.commune == commune,
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now,
        )
        .order_by(Invitation.id.desc())
    )
    return list(await session.scalars(query))


async def revoke(session: AsyncSession, commune: str, invitation_id: int, actor: str, now: datetime) -> bool:
    """Takes an invitation back; False when it was used, or is none of the commune's."""
    query = select(Invitation).where(Invitation.commune == commune, Invitation.id == invitation_id).with_for_update()
    invitation = (await session.scalars(query)).one_or_none()
    if invitation is None or invitation.used_at is not None:
        return False
    if invitation.revoked_at is None:
        invitation.revoked_at = now
        await invitation_codes.hide(session, invitation)
        audit.record(
            session, commune=commune, actor=actor, action="invitation.revoked", subject_id=invitation.id, before=None,
            after=None, now=now,
        )  # fmt: skip
    return True


async def change(
    session: AsyncSession, member: Member, *, role: Role, hamlets: Sequence[Hamlet], actor: str, now: datetime
) -> None:
    """Gives a member another role or other hamlets."""
    await session.refresh(member, ["hamlets"])
    before = {"role": member.role, "hamlet_ids": [hamlet.id for hamlet in member.hamlets]}
    member.role = role.value
    await session.execute(delete(MemberHamlet).where(MemberHamlet.member_id == member.id))
    places = list(dict.fromkeys(hamlet.id for hamlet in hamlets))
    for hamlet_id in places:
        session.add(MemberHamlet(member_id=member.id, hamlet_id=hamlet_id, commune=member.commune))
    await session.flush()
    await session.refresh(member, ["hamlets"])
    audit.record(
        session, commune=member.commune, actor=actor, action="member.changed", subject_id=member.id, before=before,
        after={"role": role.value, "hamlet_ids": places}, now=now,
    )  # fmt: skip


async def set_target(session: AsyncSession, member: Member, households: int | None, actor: str, now: datetime) -> None:
    """How many households a member is to visit in a reporting month; None for no target."""
    before, member.monthly_target = member.monthly_target, households
    if before != households:
        audit.record(
            session, commune=member.commune, actor=actor, action="member.target_set", subject_id=member.id,
            before={"monthly_target": before}, after={"monthly_target": households}, now=now,
        )  # fmt: skip


async def _usable(session: AsyncSession, commune: str, condition: ColumnElement[bool], now: datetime) -> Invitation:
    query = select(Invitation).where(Invitation.commune == commune, condition).with_for_update()
    invitation = (await session.scalars(query)).one_or_none()
    if invitation is None:
        raise InvitationError("unknown")
    if invitation.used_at is not None:
        raise InvitationError("used", invitation.used_by_id)
    if invitation.revoked_at is not None:
        raise InvitationError("revoked")
    if invitation.expires_at <= now:
        await invitation_codes.hide(session, invitation)
        raise InvitationError("expired")
    return invitation


async def _reachable(session: AsyncSession, conversation: Conversation) -> Conversation:
    """That chat, or if it is blocked one of the same person that is not."""
    if conversation.blocked_at is None or conversation.person_id is None:
        return conversation
    linked = await persons.conversations_of(session, conversation.person_id)
    return max((one for one in linked if not one.blocked_at), key=lambda one: one.last_seen_at, default=conversation)


async def _free_account(session: AsyncSession, conversation: Conversation) -> None:
    await session.execute(
        delete(MemberAccount).where(
            MemberAccount.commune == conversation.commune,
            MemberAccount.channel == conversation.channel,
            MemberAccount.sender == conversation.sender,
        )
    )
