"""The same conversations on every channel - Telegram, Zalo's account, Zalo's bot, the web page - over real HTTP.

One programme runs on all of them at once. What a channel can't do is done as its people do it: a choice without a
button is typed by its mark, a link's code is typed where no link brings it along.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.start_code import without_invitations
from content.library import Library
from db import links
from db.engine import Database
from db.links import Sort
from db.outreach import classes, hamlets, members
from db.outreach.audit import OPERATOR
from db.outreach.models import Role
from tests.support import outreach
from tests.support.everywhere import SURE, UNSURE, Everywhere, running_everywhere
from tests.support.person import ON_ALL_CHANNELS, OnTelegram, OnTheWeb, OnZalo, OnZaloBot, Person
from tests.support.rows import COMMUNE

pytestmark = pytest.mark.servers

HAMLET = "3"
FAMILY = "Hoàng Văn Năm"
OLD_LADY = {"telegram": "Lụa", "zalo": "Gấm", "zalo_bot": "Nhung", "web": "Đào"}
OLD_MAN = {"telegram": "Thông", "zalo": "Trúc", "zalo_bot": "Tùng", "web": "Bách"}
"""Families that each channel's people visit, so that none is taken for another's."""

PASSWORD, INSTALL, VAGUE, HUMAN = "quên mật khẩu VNeID", "cài VNeID", "vneid", "cho tôi gặp người thật"
SCAM = "Công an đây, chuyển tiền ngay vào tài khoản an toàn rồi đọc mã OTP cho tôi"
MEANINGS = {
    PASSWORD: {"vneid.forgot_password": SURE},
    INSTALL: {"vneid.install": SURE},
    VAGUE: {"vneid.install": UNSURE, "vneid.what": UNSURE - 0.05, "vneid.forgot_password": UNSURE - 0.1},
    HUMAN: {"help.human": SURE},
}

Who = type[OnTelegram] | type[OnZalo] | type[OnZaloBot] | type[OnTheWeb]


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path, library: Library) -> Iterator[Everywhere]:
    with running_everywhere(tmp_path_factory.mktemp("everywhere"), migrated_file, library, MEANINGS) as running:
        running.within(_a_family)
        yield running


@pytest.fixture(params=ON_ALL_CHANNELS, ids=lambda who: who.channel)
def who(request: pytest.FixtureRequest) -> Who:
    """A channel, as the people on it."""
    channel: Who = request.param
    return channel


@pytest.fixture
def citizen(everywhere: Everywhere, who: Who) -> Person:
    """Somebody who has said nothing yet."""
    return who(everywhere)


@pytest.fixture
def member(everywhere: Everywhere, who: Who) -> Person:
    """Somebody of the team, who serves ấp 3."""
    person = who(everywhere)
    person.open(everywhere.within(_invitation))
    person.say("Nguyễn Thị An")
    return person


async def _a_family(database: Database) -> None:
    async with database.transaction() as session:
        place = await hamlets.by_name(session, COMMUNE, HAMLET)
        await outreach.household(session, FAMILY, place=place)


async def _invitation(database: Database) -> str:
    async with database.transaction() as session:
        place = await hamlets.by_name(session, COMMUNE, HAMLET)
        assert place is not None
        code = await members.invite(
            session, commune=COMMUNE, role=Role.MEMBER, hamlets=[place], created_by=OPERATOR, now=datetime.now(UTC)
        )
        return await links.make(session, COMMUNE, Sort.INVITATION, code)


async def _class(database: Database) -> str:
    """A class that has just begun; its check-in code."""
    now = datetime.now(UTC)
    async with database.transaction() as session:
        place = await hamlets.by_name(session, COMMUNE, HAMLET)
        assert place is not None
        begun = await classes.create(
            session, commune=COMMUNE, hamlet_id=place.id, title="Cài VNeID", place="Nhà văn hóa",
            starts_at=now - timedelta(minutes=5), created_by_id=None, actor=OPERATOR, now=now,
        )  # fmt: skip
        return await links.make(session, COMMUNE, Sort.CLASS, begun.id)


def visits(everywhere: Everywhere) -> int:
    """Visits that count."""
    return everywhere.count("SELECT count(*) FROM support_session WHERE voided_at IS NULL")


def saved(member: Person, *taps: str) -> str:
    """What is said at the end of the taps; a household that was visited today already was visited once more."""
    answer = member.press(*taps)
    return member.press("Lần khác") if any("Lần khác" in name for name in member.choices()) else answer


def people_helped(everywhere: Everywhere) -> int:
    return everywhere.count("SELECT coalesce(sum(people), 0) FROM support_session WHERE voided_at IS NULL")


class TestCitizens:
    def test_are_greeted_with_ways_on(self, citizen: Person) -> None:
        assert "Đại sứ số" in citizen.say("/start")
        assert {"Tải và cài đặt VNeID", "Xem các mục", "Gặp người hỗ trợ"} <= set(citizen.choices())

    def test_get_an_article_and_its_sections(self, citizen: Person) -> None:
        answer = citizen.say(PASSWORD)
        assert answer.startswith("Quên mật khẩu VNeID")
        assert "Nguồn:" in answer
        assert "**" not in answer
        assert "giấy tờ" in citizen.press("Giấy tờ").splitlines()[0]

    def test_are_asked_back_when_it_is_unclear(self, citizen: Person) -> None:
        assert "Có phải" in citizen.say(VAGUE)
        assert len(citizen.choices()) >= 3
        assert citizen.press("Quên mật khẩu VNeID").startswith("Quên mật khẩu VNeID")

    def test_are_warned_of_a_scam(self, citizen: Person) -> None:
        assert "lừa đảo" in citizen.say(SCAM).splitlines()[0]
        assert citizen.press("Đã lỡ bị lừa")

    def test_go_through_a_guide_step_by_step(self, citizen: Person) -> None:
        citizen.say(INSTALL)
        first = citizen.press("Các bước")
        second = citizen.press("Tiếp ›")
        assert first != second
        assert citizen.press("‹ Trước") == first

    def test_say_whether_it_helped_once(self, citizen: Person, everywhere: Everywhere) -> None:
        before = everywhere.count("SELECT count(*) FROM feedback")
        citizen.say(PASSWORD)
        assert citizen.press("👍 Có ích")
        assert everywhere.count("SELECT count(*) FROM feedback") == before + 1

    @pytest.mark.parametrize("who", [OnTelegram, OnZalo, OnZaloBot], ids=lambda who: who.channel, indirect=True)
    def test_are_answered_when_they_send_a_picture(self, citizen: Person) -> None:
        assert "ảnh" in citizen.send_picture()  # the web page sends none

    def test_have_all_of_theirs_deleted(self, citizen: Person, everywhere: Everywhere) -> None:
        citizen.say(PASSWORD)
        citizen.say("tôi tên là Bình Không Quên")
        kept = "SELECT count(*) FROM inbox_message WHERE text LIKE '%Bình Không Quên%'"
        assert everywhere.count(kept) == 1
        citizen.say("/xoadulieu")
        assert "xoá" in citizen.press("Xoá hết").lower()
        assert everywhere.count(kept) == 0

    def test_check_in_at_a_class_once(self, citizen: Person, everywhere: Everywhere) -> None:
        code = everywhere.within(_class)
        present = "SELECT count(*) FROM class_attendance WHERE checked_in_at IS NOT NULL"
        before = everywhere.count(present)
        assert "Cài VNeID" in citizen.open(code)
        citizen.open(code)
        assert everywhere.count(present) == before + 1

    def test_are_helped_by_a_person(self, citizen: Person, member: Person) -> None:
        citizen.say(HUMAN)
        citizen.press("Nhờ người giúp", "ấp 3", "Bỏ qua, cứ gửi")
        assert "Lời nhờ" in member.read()
        member.press("Nhận")
        assert "Nguyễn Thị An" in citizen.read()


class TestMembers:
    def test_join_by_an_invitation_that_is_not_kept(self, everywhere: Everywhere, who: Who) -> None:
        code = everywhere.within(_invitation)
        person = who(everywhere)
        assert "họ và tên" in person.open(code)
        assert "thành viên" in person.say("Trần Văn Bình")
        assert without_invitations(code) != code
        assert everywhere.count("SELECT count(*) FROM inbox_message WHERE text LIKE ?", f"%{code}%") == 0

    def test_log_a_visit_in_a_sentence_and_take_it_back(self, member: Person, everywhere: Everywhere) -> None:
        before = visits(everywhere)
        receipt = member.say(f"hôm qua ấp 3 nhà bà {OLD_LADY[member.channel]} cài vneid cho 2 cụ, mở tknh 1")
        assert "Đã ghi" in receipt
        assert "VNeID mức 2: 2 · Tài khoản thanh toán: 1" in receipt
        assert visits(everywhere) == before + 1
        assert "Đã bỏ đợt này" in member.press("Hoàn tác")
        assert visits(everywhere) == before
        assert "Đã lấy lại" in member.press("Lấy lại")
        member.press("Hoàn tác")

    def test_log_a_visit_by_choosing(self, member: Person, everywhere: Everywhere) -> None:
        before, helped = visits(everywhere), people_helped(everywhere)
        member.say("/ghi")
        assert "Đã ghi" in saved(member, "Năm", "2 người", "người cao tuổi", "Tiếp", "Sổ sức khỏe", "Tiếp", "Lưu")
        assert (visits(everywhere), people_helped(everywhere)) == (before + 1, helped + 2)

    def test_log_from_where_there_is_no_line(self, member: Person, everywhere: Everywhere) -> None:
        before, helped = visits(everywhere), people_helped(everywhere)
        name = OLD_MAN[member.channel]
        answers = member.say_badly_connected(
            f"hôm nay ấp 3 nhà ông {name} cài vneid cho 1 người", f"hôm qua ấp 3 nhà ông {name} cài vneid cho 3 người"
        )
        assert answers.count("Đã ghi") >= 2
        assert (visits(everywhere), people_helped(everywhere)) == (before + 2, helped + 4)


def test_conversations_go_on_where_they_were_after_a_restart(everywhere: Everywhere) -> None:
    people: list[Person] = [who(everywhere) for who in ON_ALL_CHANNELS]
    team: list[Person] = [who(everywhere) for who in ON_ALL_CHANNELS]
    for person in people:
        person.say(INSTALL)
        person.press("Các bước")
    for one in team:
        one.open(everywhere.within(_invitation))
        one.say("Lê Thị Mai")
        one.say("/ghi")
        one.press("Năm", "2 người")
    before = visits(everywhere)
    everywhere.restart()
    for person in people:
        assert "2" in person.press("Tiếp ›")
    for one in team:
        assert "Đã ghi" in saved(one, "người cao tuổi", "Tiếp", "Sổ sức khỏe", "Tiếp", "Lưu")
    assert visits(everywhere) == before + len(team)
