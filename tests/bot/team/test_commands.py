"""What members are shown of the commands: those of their role, all of them, and none to citizens."""

from __future__ import annotations

import pytest

from bot.services import SERVICES
from bot.team.commands import SHOWN
from db.outreach.models import Role
from tests.support.chats import Chats


def test_each_is_that_of_a_service_for_that_role() -> None:
    offered = {command: service.least for service in SERVICES for command in service.commands}
    assert {command: offered.get(command) for command in SHOWN} == SHOWN


def test_no_service_of_the_team_is_forgotten() -> None:
    with_commands = {service.name: service.commands for service in SERVICES if service.least and service.commands}
    del with_commands["lenh"]  # the list itself
    assert [name for name, commands in with_commands.items() if not set(commands) & set(SHOWN)] == []


async def test_a_member_sees_the_members_and_the_office_its_own_as_well(chats: Chats) -> None:
    await chats.member("an", "3")
    await chats.member("sep", role=Role.OFFICE)
    for_an, for_sep = await chats.say("an", "/trogiup"), await chats.say("sep", "/trogiup")
    for command, least in SHOWN.items():
        assert (f"{command} - " in for_an) == (least is Role.MEMBER)
        assert f"{command} - " in for_sep


@pytest.mark.parametrize("command", ["/trogiup", "/help"])
async def test_a_citizen_sees_none_of_them(chats: Chats, command: str) -> None:
    answer = await chats.say("khach", command)
    assert "/menu" in answer
    assert not any(shown in answer for shown in SHOWN)


async def test_help_shows_a_member_the_citizens_help_as_well(chats: Chats) -> None:
    await chats.member("an", "3")
    answer = await chats.say("an", "/help")
    assert "/ghi - " in answer
    assert "/menu" in answer
