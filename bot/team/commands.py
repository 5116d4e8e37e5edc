"""The commands of the team's services, each with the role that it wants; what members are shown of them."""

from __future__ import annotations

from bot.messages import Reply
from bot.service import Result, Service, Turn
from bot.team.access import at_least
from db.outreach.models import Role

NAME = "lenh"
HELP = "/help"

SHOWN: dict[str, Role] = {
    "/ghi": Role.MEMBER,
    "/homnay": Role.MEMBER,
    "/nhiemvu": Role.MEMBER,
    "/thongke": Role.MEMBER,
    "/chitieu": Role.MEMBER,
    "/yeucau": Role.MEMBER,
    "/lop": Role.MEMBER,
    "/motcua": Role.MEMBER,
    "/sukien": Role.MEMBER,
    "/mau": Role.MEMBER,
    "/thungrac": Role.MEMBER,
    "/roito": Role.MEMBER,
    "/moi": Role.OFFICE,
    "/thanhvien": Role.OFFICE,
}
"""In the order in which they are shown; that each belongs to a service of that role is tested."""


def of_role(role: Role) -> list[str]:
    """The commands that somebody with that role may use."""
    return [command for command, least in SHOWN.items() if at_least(role, least)]


async def show(turn: Turn, _words: str) -> Result:
    """What a member can do; after /help also what everybody can."""
    texts = turn.library.texts.commands
    role = Role(turn.staff.role)
    title = turn.say(texts.title, role=turn.library.texts.people.roles[role])
    lines = [f"{command} - {texts.meaning[command.removeprefix('/')]}" for command in of_role(role)]
    shown = Reply("\n".join([title, *lines, "", texts.sentence]))
    if turn.incoming.text.strip().lower().startswith(HELP):
        return Result((shown, Reply(turn.say(turn.library.phrases.help))))
    return Result((shown,))


async def say(turn: Turn, _text: str) -> Result:
    """Asked in words."""
    return await show(turn, "")


SERVICE = Service(NAME, Role.MEMBER, show, say=say, commands=("/trogiup", "/lenh", HELP), intents=("team.help",))
