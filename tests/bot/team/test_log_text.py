"""A visit in one sentence: stored at once when clear, asked about when not, corrected, undone, never lost."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.messages import Incoming
from db.engine import Database
from db.outreach import members, sessions
from db.outreach.audit import OPERATOR
from db.outreach.models import AuditEntry, Household, Member, SessionOutcome, SupportSession
from tests.support import outreach
from tests.support.chats import Chats
from tests.support.clock import NOON, FakeClock
from tests.support.incoming import edited, said

VISIT = "hôm qua ấp 3 nhà bác Năm cài vneid cho 2 cụ, mở tài khoản ngân hàng 1"
YESTERDAY = date(2026, 11, 21)


@pytest.fixture
async def an(chats: Chats) -> Member:
    """A member of ấp 3 and ấp 5; ấp 9 is somebody else's."""
    return await chats.member("an", "3", "5")


async def stored(chats: Chats) -> list[tuple[object, ...]]:
    """What the sessions say: people, elderly, whether in the trash."""
    rows = await chats.rows(SupportSession, "people", "elderly", "voided_at")
    return [(people, elderly, voided is not None) for people, elderly, voided in rows]


@pytest.mark.usefixtures("an")
class TestClear:
    async def test_it_is_stored_at_once_with_a_receipt(self, chats: Chats) -> None:
        assert await chats.say("an", VISIT) == (
            "✅ **Đã ghi.**\nấp 3 · Bác Năm · hôm qua, 21/11/2026\n2 người (2 người lớn, 2 người cao tuổi)\n"
            "VNeID mức 2: 2 · Tài khoản thanh toán: 1"
        )
        assert chats.labels("an") == ["✏️ Sửa", "↩️ Hoàn tác"]
        assert await chats.rows(SupportSession, "occurred_on", "kind", "source") == [
            (YESTERDAY, "house_visit", "sentence")
        ]
        assert await chats.rows(Household, "name") == [("Bác Năm",)]

    async def test_it_happened_when_the_message_was_written_whenever_that_arrives(self, chats: Chats) -> None:
        await chats.say("an", "ấp 3 nhà bác Năm cài vneid 2 người", at=NOON - timedelta(days=3))
        assert await chats.rows(SupportSession, "occurred_on") == [(date(2026, 11, 19),)]

    async def test_a_message_that_comes_twice_is_one_visit_and_one_receipt(self, chats: Chats) -> None:
        message = said(VISIT, by="an")
        assert await chats.send(message) == await chats.send(message)
        assert len(await stored(chats)) == 1

    async def test_several_lines_are_several_visits_in_one_receipt(self, chats: Chats) -> None:
        answer = await chats.say("an", "ấp 3 hộ 12: 3 người, vneid 2\nấp 5 nhà ông Bảy 2 người, skđt 1")
        assert answer.startswith("✅ **Đã ghi 2 đợt.**")
        assert chats.labels("an") == ["✏️ Sửa đợt 1", "↩️ Hoàn tác đợt 1", "✏️ Sửa đợt 2", "↩️ Hoàn tác đợt 2"]

    async def test_a_household_on_record_is_meant_by_any_of_its_names(self, chats: Chats, database: Database) -> None:
        async with database.transaction() as session:
            [place] = [one for one in await chats.places() if one.name == "3"]
            await outreach.household(session, "Hoàng Văn Năm", place=place)
        await chats.say("an", "ap 3 nha bac nam cai vneid cho 2 nguoi")
        assert await chats.rows(Household, "name") == [("Hoàng Văn Năm",)]

    async def test_an_id_number_is_not_kept_and_said_so(self, chats: Chats) -> None:
        answer = await chats.say("an", "ấp 3 nhà bác Năm cccd 012345678901 cài vneid cho 2 người")
        assert "đã che đi, không lưu" in answer
        assert "012345678901" not in answer


@pytest.mark.usefixtures("an")
class TestOpen:
    async def test_what_is_missing_is_asked_and_the_rest_is_kept_over_a_restart(self, chats: Chats) -> None:
        assert "Đợt này ở đâu ạ?" in await chats.say("an", "nhà cô Tư cài vneid 2 người")
        assert await stored(chats) == []
        chats.restart()
        assert "ấp 5 · Cô Tư" in await chats.press("an", "ấp 5")
        assert await stored(chats) == [(2, 0, False)]

    async def test_a_typed_answer_does_as_well_as_a_button(self, chats: Chats) -> None:
        chats.talk.nlu.meanings["ấp 3 cài vneid cho 2 người"] = "team.log_visit"
        await chats.say("an", "ấp 3 cài vneid cho 2 người")
        assert "Thăm hộ nào" in chats.last("an")
        assert "Chị Lan" in await chats.say("an", "chị Lan")

    async def test_a_like_household_is_asked_about_and_never_merged_alone(self, chats: Chats) -> None:
        await chats.say("an", "ấp 3 nhà Trần Thị Bông 2 người vneid 2")
        assert "Có phải" in await chats.say("an", "hôm qua ấp 3 nhà Trần Thị Bôngg 1 người vneid 1")
        await chats.press("an", "Không, là hộ mới")
        assert len(await chats.rows(Household, "name")) == 2

    async def test_the_same_household_twice_that_day_is_asked_about(self, chats: Chats) -> None:
        await chats.say("an", VISIT)
        assert "đã được ghi" in await chats.say("an", "hôm qua ấp 3 nhà bác Năm 1 người skđt 1")
        await chats.press("an", "Cùng một lần, bỏ")
        assert len(await stored(chats)) == 1
        await chats.say("an", "hôm qua ấp 3 nhà bác Năm 1 người skđt 1")
        await chats.press("an", "Lần khác, ghi thêm")
        assert len(await stored(chats)) == 2

    @pytest.mark.parametrize(
        ("sentence", "told", "right", "people"),
        [
            ("ấp 3 nhà bác Năm 2 người, vneid 5", "nhiều hơn số người được giúp", "5 người", 5),
            ("ấp 3 nhà bác Năm 10000 người vneid 3", "không thể quá 999 người", "4 người", 4),
            ("mai ấp 3 nhà bác Năm 2 người vneid 1", "chưa tới", "hôm qua", 2),
        ],
    )
    async def test_what_can_t_be_is_told_kept_and_mended(
        self, chats: Chats, sentence: str, told: str, right: str, people: int
    ) -> None:
        assert told in await chats.say("an", sentence)
        assert await stored(chats) == []
        assert "Đã ghi" in await chats.say("an", right)
        assert await stored(chats) == [(people, 0, False)]

    async def test_the_clear_ones_of_a_message_are_stored_and_the_open_one_waits(self, chats: Chats) -> None:
        answer = await chats.say("an", "ấp 3 nhà bác Năm vneid 2\nấp 9 nhà bà Chín vneid 1")
        assert "Đã ghi" in answer
        assert "ấp 9** không thuộc nơi bác phụ trách" in answer
        assert len(await stored(chats)) == 1
        await chats.press("an", "Bỏ đợt này")
        assert len(await stored(chats)) == 1

    async def test_a_question_is_still_answered_while_something_is_open(self, chats: Chats) -> None:
        chats.talk.nlu.meanings["quên mật khẩu VNeID"] = "vneid.forgot_password"
        await chats.say("an", "nhà cô Tư cài vneid 2 người")
        assert "Quên mật khẩu" in await chats.say("an", "quên mật khẩu VNeID")
        assert "Đã ghi" in await chats.press("an", "ấp 5")

    async def test_a_button_of_an_old_question_answers_nothing(self, chats: Chats) -> None:
        await chats.say("an", "nhà cô Tư cài vneid 2 người")
        await chats.press("an", "ấp 5")
        old = chats.payload("an", "ấp 5")
        assert "xong rồi hoặc đã quá lâu" in await chats.press("an", "ấp 5")
        await chats.say("an", "nhà ông Bảy cài vneid 1 người")
        assert chats.payload("an", "ấp 5") != old

    async def test_ten_thousand_letters_are_no_visit_and_no_fault(self, chats: Chats) -> None:
        await chats.say("an", "ấp 3 " + "a" * 10_000)
        assert await stored(chats) == []


@pytest.mark.usefixtures("an")
class TestAfterwards:
    async def test_undo_puts_it_into_the_trash_from_which_it_comes_back(self, chats: Chats, clock: FakeClock) -> None:
        await chats.say("an", VISIT)
        clock.advance(seconds=1)
        assert "Đã bỏ đợt này" in await chats.press("an", "Hoàn tác")
        assert await stored(chats) == [(2, 2, True)]
        await chats.say("an", "/thungrac")
        assert chats.labels("an") == ["Lấy lại đợt 1"]
        clock.advance(seconds=1)
        assert "Đã lấy lại" in await chats.press("an", "Lấy lại")
        assert await stored(chats) == [(2, 2, False)]

    async def test_a_correction_changes_only_what_it_names(self, chats: Chats) -> None:
        await chats.say("an", VISIT)
        await chats.press("an", "Sửa")
        assert "4 người (4 người lớn, 2 người cao tuổi)" in await chats.say("an", "4 người")
        assert "VNeID mức 2: 2" in chats.last("an")

    async def test_a_correction_that_can_t_be_leaves_all_as_it_was(self, chats: Chats) -> None:
        await chats.say("an", VISIT)
        await chats.press("an", "Sửa")
        assert "Vẫn giữ như cũ" in await chats.say("an", "1 người")
        assert "không thuộc nơi bác phụ trách" in await chats.say("an", "ấp 9")
        assert await stored(chats) == [(2, 2, False)]

    async def test_an_edited_message_corrects_its_visits_and_a_line_that_is_gone_goes_into_the_trash(
        self, chats: Chats
    ) -> None:
        message = said("ấp 3 nhà bác Năm 2 người vneid 2\nấp 5 nhà ông Bảy 1 người vneid 1", by="an")
        await chats.send(message)
        answer = await chats.send(edited(message, "ấp 3 nhà bác Năm 3 người vneid 2"))
        assert "Đã bỏ 1 đợt" in answer
        assert await stored(chats) == [(3, 0, False), (1, 0, True)]

    async def test_every_change_is_in_the_audit_log(self, chats: Chats) -> None:
        await chats.say("an", VISIT)
        await chats.press("an", "Sửa")
        await chats.say("an", "4 người")
        await chats.press("an", "Hoàn tác")
        actions = [row for row in await chats.rows(AuditEntry, "action", "actor") if str(row[0]).startswith("session")]
        assert actions == [(f"session.{verb}", "member:1") for verb in ("created", "edited", "voided")]

    async def test_another_member_s_session_can_t_be_touched(self, chats: Chats) -> None:
        await chats.say("an", VISIT)
        await chats.member("binh", "3")
        undo = chats.payload("an", "Hoàn tác")
        chats.read["binh"] = chats.read["an"][-1:]
        assert "không còn nữa" in await chats.press("binh", "Hoàn tác")
        assert undo.startswith("do:dot:u:")
        assert await stored(chats) == [(2, 2, False)]


async def test_a_removed_member_is_a_citizen_from_that_moment(chats: Chats, an: Member, database: Database) -> None:
    await chats.say("an", "nhà cô Tư cài vneid 2 người")
    async with database.transaction() as session:
        member = await session.get_one(Member, an.id)
        await members.remove(session, member, OPERATOR, NOON)
    await chats.press("an", "ấp 5")
    await chats.say("an", VISIT)
    assert await stored(chats) == []


_runs = count(1)
LINES = ("ấp 3 nhà bác Năm 2 người vneid 2", "ấp 5 nhà ông Bảy 1 người skđt 1", "ấp 3 hộ 12 3 người, csk 1")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(st.tuples(st.sampled_from(["an", "binh"]), st.sampled_from(LINES), st.booleans()), max_size=5),
    order=st.randoms(use_true_random=False),
)
async def test_shuffled_and_doubled_streams_end_in_the_same_tables(
    database: Database, clock: FakeClock, told: list[tuple[str, str, bool]], order: object
) -> None:
    """Messages, edits and repetitions of two members, as bad coverage brings them."""
    tables = []
    for is_shuffled in (False, True):
        run = next(_runs)
        chats = Chats(database, clock)
        await chats.places("3", "5", "9")
        for who in ("an", "binh"):
            await chats.member(f"{who}{run}", "3", "5")
        stream: list[Incoming] = []
        for number, (who, line, is_edited) in enumerate(told):
            sent = NOON - timedelta(days=number, minutes=5)
            message = said(line, by=f"{who}{run}", message_id=f"m{number}", sent_at=sent)
            stream += [message, message]
            if is_edited:
                later = said(f"{line}, 1 người nghèo", by=message.sender, message_id=f"m{number}",
                             sent_at=sent + timedelta(minutes=1), is_edit=True)  # fmt: skip
                stream.append(later)
        if is_shuffled:
            order.shuffle(stream)  # type: ignore[attr-defined]
        for message in stream:
            await chats.send(message)
        tables.append(await table_of(database, run))
        async with database.transaction() as session:
            for table in (SessionOutcome, SupportSession, Household):
                await session.execute(delete(table))
    assert tables[0] == tables[1]


async def table_of(database: Database, run: int) -> list[tuple[object, ...]]:
    """The sessions of one run's members, without what differs from run to run."""
    async with database.snapshot() as session:
        found = []
        for member in await members.all_of(session, "tan-loi"):
            if member.name.endswith(str(run)) and member.name.removesuffix(str(run)) in {"an", "binh"}:
                name = member.name.removesuffix(str(run))
                for one in await sessions.of_member(session, member.id, date(2026, 1, 1), date(2026, 12, 31)):
                    found.append((name, one.occurred_on, one.people, one.poor, one.hamlet.name))
        return sorted(found)
