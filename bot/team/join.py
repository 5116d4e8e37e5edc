"""Joining by an invitation, for everybody who opens one; and leaving again.

The invitation is used up when the name is given, not when the link is opened: chat apps open links for their previews.
Somebody who is a member already is asked first, and stays the same person with the same figures.
"""

from __future__ import annotations

import re

from bot.messages import Button, Reply
from bot.service import Result, Service, Turn, payload
from bot.team.places import full_name
from db.links import Sort
from db.outreach import members
from db.outreach.members import InvitationError
from db.outreach.models import Invitation, Role
from db.outreach.names import key

JOIN = "moi"
LEAVE = "roi"

MOST_WORDS = 7
_NAME = re.compile(r"[^\W\d_][^\d_@#<>*\[\]{}|\\/?!:;,\"]{1,59}")
_OPENING = re.compile(
    r"(dạ|vâng|thưa|ạ)?[ ,]*((tôi|em|cháu|mình|chị|anh|cô|chú|bác)\s+)?(tên\s+)?((tôi|em|cháu|mình)\s+)?là\s+(?=\S)",
    re.IGNORECASE,
)
"""How people begin who answer in a whole sentence: "tên tôi là", "em là"."""
_NO = {"thoi", "huy", "khong", "bo qua", "khong tham gia"}


async def open_invitation(turn: Turn, code: str) -> Result:
    """Greets, and asks for the name."""
    try:
        return await _asked(turn, await members.find_invitation(turn.session, turn.commune.slug, code, turn.now))
    except InvitationError as error:
        return _refused(turn, error)


async def _asked(turn: Turn, invitation: Invitation) -> Result:
    texts = turn.library.texts.people
    role, places = texts.roles[invitation.role], await _places(turn, invitation)
    cancel, form = Button(texts.cancel_button, payload(JOIN, "x")), {"invitation": invitation.id}
    if turn.member:
        old = turn.member
        question = turn.say(
            texts.already_member, name=old.name, role=texts.roles[old.role], new_role=role, places=places
        )  # fmt: skip
        return Result((Reply(question, ((Button(texts.accept_button, payload(JOIN, "y")), cancel),)),), form)
    return Result((Reply(turn.say(texts.welcome, role=role, places=places), ((cancel,),)),), form)


async def give_name(turn: Turn, text: str) -> Result | None:
    """Joins under that name. A member's texts and what surely is a question go where they always go."""
    texts = turn.library.texts.people
    if "invitation" not in turn.form or turn.member or turn.is_question:
        return None
    said = " ".join(text.split())
    if key(said) in _NO:
        return Result((Reply(texts.cancelled),), {})
    name = _OPENING.sub("", said, count=1) if _OPENING.match(said) else said
    if not _NAME.fullmatch(name) or len(name.split()) > MOST_WORDS:
        return Result((Reply(texts.bad_name, ((Button(texts.cancel_button, payload(JOIN, "x")),),)),))
    try:
        invitation = await _opened(turn)
    except InvitationError as error:
        return _refused(turn, error)
    member = await members.join(turn.session, invitation, turn.conversation, name, turn.now)
    reply = turn.say(
        texts.joined, name=name, role=texts.roles[member.role], places=await _places(turn, invitation)
    )  # fmt: skip
    return Result((Reply(reply),), {})


async def press(turn: Turn, words: str) -> Result | None:
    """The buttons: "x" declines, "y" is a member who accepts."""
    texts = turn.library.texts.people
    if words not in {"x", "y"}:
        return None
    if "invitation" not in turn.form and turn.member:
        return Result((Reply(texts.is_member),))
    if words == "x" or turn.member is None:
        return Result((Reply(texts.cancelled),), {})
    try:
        invitation = await _opened(turn)
    except InvitationError as error:
        return _refused(turn, error)
    member = turn.staff
    await members.accept(turn.session, invitation, member, turn.now)
    reply = turn.say(
        texts.accepted, name=member.name, role=texts.roles[member.role], places=await _places(turn, invitation)
    )  # fmt: skip
    return Result((Reply(reply),), {})


async def ask_again(turn: Turn, _words: str) -> Result:
    """After something else was begun and ended meanwhile."""
    try:
        return await _asked(turn, await _opened(turn))
    except InvitationError as error:
        return _refused(turn, error)


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


async def _opened(turn: Turn) -> Invitation:
    """The invitation whose form is open."""
    number = int(turn.form.get("invitation", 0))
    return await members.find_invitation_again(turn.session, turn.commune.slug, number, turn.now)


def _refused(turn: Turn, error: InvitationError) -> Result:
    texts = turn.library.texts.people
    is_own = turn.member is not None and error.used_by_id == turn.member.id
    return Result((Reply(texts.is_member if is_own else turn.say(texts.refused[error.reason])),), {})


async def _places(turn: Turn, invitation: Invitation) -> str:
    places = await members.places_of(turn.session, invitation)
    names = ", ".join(full_name(turn, place) for place in places)
    return turn.say(turn.library.texts.people.places, hamlets=names) if names else ""


JOINING = Service(
    JOIN, None, press, say=give_name, open=open_invitation, resume=ask_again, links=(Sort.INVITATION,)
)  # fmt: skip
LEAVING = Service(LEAVE, Role.MEMBER, leave, commands=("/roito",))
