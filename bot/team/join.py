"""Joining by an invitation, for everybody who opens one; and leaving again.

The invitation is used up when the name is given, not when the link is opened: chat apps open links for their previews.
"""

from __future__ import annotations

import re

from bot.messages import Button, Reply
from bot.service import Result, Service, Turn, payload
from db.links import Sort
from db.outreach import hamlets, members
from db.outreach.members import InvitationError
from db.outreach.models import Invitation, Role

JOIN = "moi"
LEAVE = "roi"
_NAME = re.compile(r"[^\W\d_][^\d_@#<>*\[\]{}|\\/]{1,59}")


async def open_invitation(turn: Turn, code: str) -> Result:
    """Greets, and asks for the name."""
    texts = turn.library.texts.people
    try:
        invitation = await members.find_invitation(turn.session, turn.commune.slug, code, turn.now)
    except InvitationError as error:
        return Result((Reply(texts.refused[error.reason]),), {})
    role, places = texts.roles[invitation.role], await _places(turn, invitation)
    cancel = ((Button(texts.cancel_button, payload(JOIN, "x")),),)
    question = turn.say(texts.welcome, role=role, places=places)
    if turn.member:
        question = turn.say(
            texts.already_member,
            name=turn.member.name,
            role=texts.roles[turn.member.role],
            new_role=role,
            places=places,
        )
    return Result((Reply(question, cancel),), {"code": code})


async def give_name(turn: Turn, text: str) -> Result | None:
    """Joins under that name."""
    texts = turn.library.texts.people
    code = str(turn.form.get("code", ""))
    name = " ".join(text.split())
    if not code:
        return None
    if not _NAME.fullmatch(name):
        return Result((Reply(texts.bad_name, ((Button(texts.cancel_button, payload(JOIN, "x")),),)),))
    try:
        invitation = await members.find_invitation(turn.session, turn.commune.slug, code, turn.now)
    except InvitationError as error:
        return Result((Reply(texts.refused[error.reason]),), {})
    member = await members.join(turn.session, invitation, turn.conversation, name, turn.now)
    role, places = texts.roles[member.role], await _places(turn, invitation)
    reply = turn.say(texts.joined, name=name, role=role, places=places)
    return Result((Reply(reply),), {})


async def press(turn: Turn, words: str) -> Result | None:
    """The button that declines."""
    return Result((Reply(turn.library.texts.people.cancelled),), {}) if words == "x" else None


async def leave(turn: Turn, words: str) -> Result:
    """Asks, and ends the membership."""
    texts = turn.library.texts.people
    if words == "y":
        await members.remove(turn.session, turn.staff, turn.actor, turn.now)
        return Result((Reply(texts.left),))
    if words == "n":
        return Result((Reply(texts.stayed),))
    yes, no = Button(texts.leave_yes_button, payload(LEAVE, "y")), Button(texts.leave_no_button, payload(LEAVE, "n"))
    return Result((Reply(texts.leave_question, ((yes, no),)),))


async def _places(turn: Turn, invitation: Invitation) -> str:
    every = await hamlets.all_of(turn.session, turn.commune.slug)
    names = [f"{turn.commune.hamlet_word} {one.name}" for one in every if one.id in invitation.hamlet_ids]
    return turn.say(turn.library.texts.people.places, hamlets=", ".join(names)) if names else ""


JOINING = Service(JOIN, None, press, say=give_name, open=open_invitation, links=(Sort.INVITATION,))
LEAVING = Service(LEAVE, Role.MEMBER, leave, commands=("/roito",))
