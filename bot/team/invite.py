"""The office invites people into the team: role, hamlets, then a link with its QR code, which can be taken back."""

from __future__ import annotations

from datetime import timedelta

from bot.messages import Button, Picture, Reply
from bot.service import Result, Service, Turn, payload
from bot.team import access, hamlet_choice
from bot.team.ids import read_id
from bot.team.places import full_name
from content.numbers import moment
from db import links
from db.links import Sort
from db.outreach import hamlets, members
from db.outreach.models import Hamlet, Role

NAME = "tm"


async def press(turn: Turn, words: str) -> Result:
    """Role, then hamlets, then the link: "r:member", "h:12" (on and off), "all", "make"; "v:7" takes number 7 back."""
    texts = turn.library.texts.people
    action, _, value = words.partition(":")
    if action == "v":
        taken = await members.revoke(turn.session, turn.commune.slug, read_id(value) or 0, turn.actor, turn.now)
        return Result((Reply(texts.revoked if taken else texts.not_revoked),))
    role, chosen = _allowed(turn, str(turn.form.get("role", ""))), list(turn.form.get("hamlets", ()))
    if action == "r":
        role, chosen = _allowed(turn, value), []
    if role is None or not action:
        return _ask_role(turn)
    every = await hamlets.all_of(turn.session, turn.commune.slug)
    ids = hamlet_choice.toggled(every, chosen, words)
    needs_none = not every or access.at_least(role, access.EVERY_HAMLET)
    if needs_none or (action == "make" and ids):
        return await _invited(turn, role, [one for one in every if one.id in ids])
    buttons = hamlet_choice.rows(turn, NAME, every, ids, Button(texts.invite_make_button, payload(NAME, "make")))
    question = turn.say(texts.invite_nowhere if action == "make" else texts.invite_hamlet, role=texts.roles[role])
    return Result((Reply(question, buttons),), {"role": role.value, "hamlets": sorted(ids)})


def _allowed(turn: Turn, role: str) -> Role | None:
    """That role, if it is not above the one of whoever invites."""
    return Role(role) if role in set(Role) and turn.may(Role(role)) else None


def _ask_role(turn: Turn) -> Result:
    texts = turn.library.texts.people
    buttons = tuple(
        (Button(texts.roles[role][:1].upper() + texts.roles[role][1:], payload(NAME, "r", role)),)
        for role in Role
        if turn.may(role)
    )
    return Result((Reply(texts.invite_role, buttons),), {"step": "role"})


async def _invited(turn: Turn, role: Role, places: list[Hamlet]) -> Result:
    texts = turn.library.texts.people
    commune = turn.commune.slug
    code = await members.invite(
        turn.session, commune=commune, role=role, hamlets=places, created_by=turn.actor, now=turn.now
    )  # fmt: skip
    number = (await members.find_invitation(turn.session, commune, code, turn.now)).id
    link = await links.make(turn.session, commune, Sort.INVITATION, code)
    until = turn.now + timedelta(days=members.INVITATION_DAYS)
    names = ", ".join(full_name(turn, one) for one in places)
    told = turn.say(
        texts.invited, role=texts.roles[role], places=turn.say(texts.places, hamlets=names) if names else "",
        until=moment(until),
        addresses="\n".join(turn.entrances.addresses(link)),
    )  # fmt: skip
    back = ((Button(texts.revoke_button, payload(NAME, "v", number)),),)
    best = turn.entrances.best(link)
    return Result((Reply(told, back, picture=Picture("qr", texts.invite_qr, text=best)),), {})


SERVICE = Service(NAME, Role.OFFICE, press, commands=("/moi",))
