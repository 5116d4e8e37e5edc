"""The office's part in the chat: inviting people and ending memberships."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.messages import Button, Picture, Reply
from bot.service import TIME_ZONE, Result, Service, Turn, payload
from bot.team import access
from bot.team.places import full_name
from db import links
from db.links import Sort
from db.outreach import hamlets, members
from db.outreach.models import Member, Role

INVITE = "tm"
LIST = "tv"
MOST_MEMBERS = 30
ROW = 3


async def invite(turn: Turn, words: str) -> Result:
    """Role, then hamlets, then the link: "r:member", "h:12" (on and off), "all", "make"."""
    texts = turn.library.texts.people
    action, _, value = words.partition(":")
    form: dict[str, Any] = dict(turn.form)
    own = Role(turn.staff.role)
    if action == "r" and value in set(Role) and access.at_least(own, Role(value)):
        form = {"role": value, "hamlets": []}
    elif "role" not in form:
        below = [role for role in Role if access.at_least(own, role)]
        roles = tuple(
            (Button(texts.roles[role][:1].upper() + texts.roles[role][1:], payload(INVITE, "r", role)),)
            for role in below
        )
        return Result((Reply(texts.invite_role, roles),), {"step": "role"})
    every = await hamlets.all_of(turn.session, turn.commune.slug)
    chosen = set(form["hamlets"])
    if action == "h" and value.isdecimal() and int(value) in {one.id for one in every}:
        chosen ^= {int(value)}
    if action == "all":
        chosen = set() if chosen == {one.id for one in every} else {one.id for one in every}
    if action == "make":
        return await _invited(turn, Role(form["role"]), [one for one in every if one.id in chosen])
    marks = [
        Button(("☑ " if one.id in chosen else "☐ ") + full_name(turn, one), payload(INVITE, "h", one.id))
        for one in every
    ]
    rows = [tuple(marks[start : start + ROW]) for start in range(0, len(marks), ROW)]
    rows.append(
        (
            Button(texts.invite_every_button, payload(INVITE, "all")),
            Button(texts.invite_make_button, payload(INVITE, "make")),
        )
    )
    question = turn.say(texts.invite_hamlet, role=texts.roles[form["role"]])
    return Result((Reply(question, tuple(rows)),), {"role": form["role"], "hamlets": sorted(chosen)})


async def _invited(turn: Turn, role: Role, places: list[Any]) -> Result:
    texts = turn.library.texts.people
    code = await members.invite(
        turn.session, commune=turn.commune.slug, role=role, hamlets=places, created_by=turn.actor, now=turn.now
    )
    link = await links.make(turn.session, turn.commune.slug, Sort.INVITATION, code)
    until = (turn.now + timedelta(days=members.INVITATION_DAYS)).astimezone(TIME_ZONE)
    names = ", ".join(full_name(turn, one) for one in places)
    told = turn.say(
        texts.invited, role=texts.roles[role], places=turn.say(texts.places, hamlets=names) if names else "",
        until=f"{until.day}/{until.month}/{until.year}", addresses="\n".join(turn.entrances.addresses(link)),
    )  # fmt: skip
    best = turn.entrances.best(link)
    return Result((Reply(told, picture=Picture("qr", texts.invite_qr, text=best)),), {})


async def people(turn: Turn, words: str) -> Result:
    """The list, a card "c:12", the question "r:12" and the end of a membership "y:12"."""
    texts = turn.library.texts.people
    action, _, value = words.partition(":")
    if action == "n":
        return Result((Reply(texts.not_removed),))
    every = await members.all_of(turn.session, turn.commune.slug)
    member = next((one for one in every if str(one.id) == value), None)
    if action in {"c", "r", "y"}:
        return await _one(turn, action, member)
    if not every:
        return Result((Reply(texts.list_empty),))
    rows = tuple(
        (Button(f"{one.name} - {texts.roles[one.role]}"[:60], payload(LIST, "c", one.id)),)
        for one in every[:MOST_MEMBERS]
    )
    return Result((Reply(turn.say(texts.list_title, count=len(every)), rows),))


async def _one(turn: Turn, action: str, member: Member | None) -> Result:
    texts = turn.library.texts.people
    if member is None:
        return Result((Reply(texts.gone),))
    role = Role(member.role)
    if action == "c":
        names = ", ".join(full_name(turn, one) for one in member.hamlets) or texts.no_hamlets
        since = member.joined_at.astimezone(TIME_ZONE)
        card = turn.say(
            texts.card, name=member.name, role=texts.roles[role], since=f"{since.day}/{since.month}/{since.year}",
            hamlets=texts.every_hamlet if access.at_least(role, access.EVERY_HAMLET) else names,
        )  # fmt: skip
        return Result((Reply(card, ((Button(texts.remove_button, payload(LIST, "r", member.id)),),)),))
    if member.id == turn.staff.id or (turn.staff.role != Role.ADMIN and access.at_least(role, Role(turn.staff.role))):
        return Result((Reply(texts.too_high),))
    if action == "r":
        yes = Button(texts.remove_yes_button, payload(LIST, "y", member.id))
        no = Button(texts.remove_no_button, payload(LIST, "n"))
        return Result((Reply(turn.say(texts.remove_question, name=member.name), ((yes, no),)),))
    await members.remove(turn.session, member, turn.actor, turn.now)
    return Result((Reply(turn.say(texts.removed, name=member.name)),))


INVITING = Service(INVITE, Role.OFFICE, invite, commands=("/moi",))
LISTING = Service(LIST, Role.OFFICE, people, commands=("/thanhvien",))
