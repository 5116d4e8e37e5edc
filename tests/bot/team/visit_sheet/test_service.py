"""The sheet of visits in the chat: handed out, read without saving, saved on a press, the same twice adds nothing."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from bot.messages import MAX_FILE_BYTES
from bot.team.visit_sheet.service import ALL, DROP, RIGHT, UNDO
from db.outreach import hamlets, households, members, sessions
from db.outreach.audit import OPERATOR
from tests.bot.team.visit_sheet.conftest import ME, Team, buttons, forged
from tests.support import outreach
from tests.support.clock import NOON, FakeClock
from tests.support.incoming import pressed, said
from tests.support.rows import COMMUNE
from tests.support.sheets import filled

DAY = date(2026, 11, 20)
NAM = {"day": DAY, "hamlet": "ấp 3", "household": "Hoàng Văn Năm", "people": 3, "elderly": 1, "vneid_level2": 2}
BONG = {"day": DAY, "hamlet": "ấp 3", "household": "Trần Thị Bông (hộ 12)", "people": 1, "scam_awareness": 1}
NEW = {"day": DAY, "hamlet": "ấp 5", "household": "Võ Thị Sáu", "people": 2, "note": "hẹn quay lại"}
WRONG = {"day": "31/2/2026", "hamlet": "ấp 3", "household": "Hoàng Văn Năm", "people": "hai"}


class TestTemplate:
    async def test_it_holds_the_members_own_hamlets_and_their_households(self, team: Team) -> None:
        lists = openpyxl.load_workbook(io.BytesIO(team.template)).worksheets[1]
        assert [row[0].value for row in lists["A2:A9"] if row[0].value] == ["ấp 3", "ấp 5"]
        assert [(row[0].value, row[1].value) for row in lists["C2:D9"] if row[0].value] == [
            ("ấp 3", "Hoàng Văn Năm"),
            ("ấp 3", "Trần Thị Bông (hộ 12)"),
        ]

    async def test_a_citizen_gets_none(self, team: Team) -> None:
        reply = await team.asks_for_the_template("ba-an")
        assert reply.document is None

    async def test_sent_back_as_it_is_it_says_that_nothing_was_written(self, team: Team) -> None:
        assert "chưa có dòng nào" in (await team.sends(team.template)).text


class TestDryRun:
    async def test_nothing_is_saved_before_the_press(self, team: Team) -> None:
        reply = await team.sends_rows(NAM, NEW)
        assert "2 lượt mới" in reply.text
        assert "1 hộ mới: Võ Thị Sáu" in reply.text
        assert buttons(reply) == ["💾 Lưu tất cả", "Bỏ"]
        assert await team.sessions() == []
        assert len(await team.households()) == 3

    async def test_errors_are_told_by_row_and_column(self, team: Team) -> None:
        reply = await team.sends_rows(NAM, WRONG)
        assert "Dòng 6, cột B (Ngày): Không hiểu ngày “31/2/2026”" in reply.text
        assert "Dòng 6, cột F (Số người được giúp): “hai” không phải số người" in reply.text
        assert buttons(reply) == ["💾 Chỉ lưu 1 dòng đúng", "Bỏ"]

    async def test_with_nothing_right_there_is_nothing_to_press(self, team: Team) -> None:
        assert buttons(await team.sends_rows(WRONG)) == []

    async def test_only_the_first_errors_are_told(self, team: Team) -> None:
        reply = await team.sends_rows(*[WRONG] * 30)
        assert "và 52 chỗ nữa" in reply.text

    async def test_dropping_it_saves_nothing(self, team: Team) -> None:
        reply = await team.sends_rows(NAM)
        await team.presses(reply, "Bỏ")
        assert "đã xử lý xong" in (await team.presses(reply, "Lưu tất cả")).text
        assert await team.sessions() == []

    async def test_a_later_sheet_takes_the_place_of_one_that_waits(self, team: Team) -> None:
        first = await team.sends_rows(NAM)
        await team.sends_rows(BONG)
        assert "đã xử lý xong" in (await team.presses(first, "Lưu tất cả")).text


class TestSaving:
    async def test_all_rows_become_sessions_of_the_member(self, team: Team) -> None:
        reply = await team.saves(NAM, NEW)
        first, second = await team.sessions()
        assert "2 lượt mới" in reply.text
        assert (first.people, first.elderly, first.occurred_on, first.source) == (3, 1, date(2026, 11, 20), "excel")
        assert (second.note, second.hamlet_id) == ("hẹn quay lại", 2)
        assert (await team.households())[-1].name == "Võ Thị Sáu"

    async def test_only_the_right_rows_if_that_is_chosen(self, team: Team) -> None:
        reply = await team.presses(await team.sends_rows(WRONG, NAM), "Chỉ lưu 1 dòng")
        assert "1 dòng có lỗi chưa lưu" in reply.text
        assert len(await team.sessions()) == 1

    async def test_a_new_household_in_two_rows_is_one(self, team: Team) -> None:
        await team.saves(NEW, NEW | {"day": date(2026, 11, 21), "household": "võ thị sáu"})
        assert len(await team.households()) == 4
        assert len({one.household_id for one in await team.sessions()}) == 1

    async def test_pressing_twice_saves_once(self, team: Team) -> None:
        reply = await team.sends_rows(NAM)
        await team.presses(reply, "Lưu tất cả")
        assert "đã xử lý xong" in (await team.presses(reply, "Lưu tất cả")).text
        assert len(await team.sessions()) == 1

    async def test_what_was_right_and_is_not_any_more_is_told_instead_of_saved(self, team: Team) -> None:
        reply = await team.sends_rows(NEW)
        async with team.database.transaction() as session:
            place = await hamlets.by_name(session, COMMUNE, "5")
            await outreach.household(session, "Võ Thị Sau", place=place)
        answer = await team.presses(reply, "Lưu tất cả")
        assert "dữ liệu đã thay đổi" in answer.text
        assert "gần giống hộ đã có: “Võ Thị Sau”" in answer.text
        assert await team.sessions() == []

    async def test_undoing_takes_back_the_whole_sheet_and_it_may_come_again(self, team: Team) -> None:
        receipt = await team.saves(NAM, BONG)
        assert "Đã bỏ 2 lượt" in (await team.presses(receipt, "Hoàn tác")).text
        assert await team.sessions() == []
        assert "không còn lượt nào" in (await team.presses(receipt, "Hoàn tác")).text
        await team.saves(NAM | {"people": 4}, BONG)
        assert [one.people for one in await team.sessions()] == [4, 1]


class TestTheSameAgain:
    async def test_the_same_file_adds_nothing(self, team: Team) -> None:
        file = filled(team.template, NAM, BONG, NEW)
        await team.presses(await team.sends(file), "Lưu tất cả")
        again = await team.sends(file)
        assert "3 dòng đã nhập từ trước" in again.text
        assert buttons(again) == []
        assert len(await team.sessions()) == 3

    async def test_nor_does_a_sheet_without_our_marks_or_with_rows_moved(self, team: Team) -> None:
        await team.saves(NAM, BONG, NAM | {"day": date(2026, 11, 21)})
        await team.asks_for_the_template()  # a fresh one: other marks
        again = await team.sends_rows(NAM | {"day": date(2026, 11, 21)}, NAM, BONG)
        assert "3 dòng đã nhập từ trước" in again.text

    async def test_rows_sorted_away_from_their_marks_are_the_same_visits(self, team: Team) -> None:
        await team.saves(NAM, BONG)
        assert "2 dòng đã nhập từ trước" in (await team.sends_rows(BONG, NAM)).text

    async def test_a_row_copied_with_its_mark_is_a_second_visit(self, team: Team) -> None:
        file = filled(team.template, NAM)
        book = openpyxl.load_workbook(io.BytesIO(file))
        mark = book.worksheets[0]["A5"].value
        await team.saves(NAM, BONG | {"mark": mark})
        assert len(await team.sessions()) == 2

    async def test_a_changed_row_corrects_its_visit(self, team: Team) -> None:
        await team.saves(NAM, BONG)
        again = await team.sends_rows(NAM | {"people": 4, "day": date(2026, 11, 19)}, BONG)
        assert "1 lượt sửa" in again.text
        await team.presses(again, "Lưu tất cả")
        first, _ = await team.sessions()
        assert (first.people, first.occurred_on) == (4, date(2026, 11, 19))
        assert (
            "2 dòng đã nhập từ trước"
            in (await team.sends_rows(NAM | {"people": 4, "day": date(2026, 11, 19)}, BONG)).text
        )

    @pytest.mark.parametrize("other", [{"household": "Trần Thị Bông (hộ 12)"}, {"day": date(2026, 10, 20)}])
    async def test_a_row_used_again_for_another_visit_leaves_the_old_one_alone(
        self, team: Team, other: dict[str, object]
    ) -> None:
        await team.saves(NAM)
        again = await team.sends_rows(NAM | other)
        assert "1 lượt mới" in again.text
        assert "lượt cũ giữ nguyên" in again.text
        await team.presses(again, "Lưu tất cả")
        assert len(await team.sessions()) == 2

    async def test_an_edit_in_the_chat_stands_when_the_old_file_comes_again(self, team: Team) -> None:
        await team.saves(NAM)
        async with team.database.transaction() as session:
            [stored] = await sessions.of_origin(session, COMMUNE, "sheet:")
            changed = sessions.content_of(stored)
            changed = outreach.visit(stored.hamlet, stored.household, people=7, occurred_on=changed.occurred_on)
            await sessions.edit(session, stored, changed, actor=OPERATOR, written_at=FakeClock().now, now=NOON)
        assert "1 dòng đã nhập từ trước" in (await team.sends_rows(NAM)).text

    async def test_a_visit_that_was_deleted_for_good_does_not_come_back(self, team: Team, clock: FakeClock) -> None:
        await team.saves(NAM)
        async with team.database.transaction() as session:
            [stored] = await sessions.of_origin(session, COMMUNE, "sheet:")
            await sessions.void(session, stored, reason="", actor=OPERATOR, written_at=clock(), now=clock())
        assert "1 dòng đã nhập rồi bị bỏ" in (await team.sends_rows(NAM)).text
        clock.advance(days=31)
        async with team.database.transaction() as session:
            assert await sessions.empty_trash(session, clock()) == 1
        assert "1 dòng đã nhập rồi bị bỏ" in (await team.sends_rows(NAM)).text
        assert await team.sessions() == []


class TestNames:
    async def test_a_household_that_may_be_another_one_is_asked_about(self, team: Team) -> None:
        for written in ("Hoàng Văn Nam", "bác Năm", "Hoàng Năm"):
            reply = await team.sends_rows(NAM | {"household": written})
            assert f"“{written}” gần giống hộ đã có: “Hoàng Văn Năm”" in reply.text, written

    async def test_said_to_be_new_it_is_new_also_when_the_row_is_corrected_later(self, team: Team) -> None:
        await team.saves(NAM | {"household": "mới: bác Năm"})
        again = await team.sends_rows(NAM | {"household": "mới: bác Năm", "people": 5})
        assert "1 lượt sửa" in again.text
        assert (await team.households())[-1].name == "bác Năm"

    @pytest.mark.parametrize("written", ["hoang van nam", "12", "hộ 12", "trần thị bông"])
    async def test_one_that_can_be_only_one_is_that(self, team: Team, written: str) -> None:
        assert "hộ mới" not in (await team.sends_rows(NAM | {"household": written})).text

    async def test_two_of_one_name_must_be_told_apart(self, team: Team) -> None:
        async with team.database.transaction() as session:
            place = await hamlets.by_name(session, COMMUNE, "3")
            await outreach.household(session, "Hoàng Văn Năm", place=place)
        reply = await team.sends_rows(NAM)
        assert "Có nhiều hộ tên “Hoàng Văn Năm”" in reply.text
        await team.asks_for_the_template()
        assert "1 lượt mới" in (await team.sends_rows(NAM | {"household": "Hoàng Văn Năm (mã 4)"})).text

    @pytest.mark.parametrize("written", ["3", 3, "Ấp 3", "thôn 3", "ap 03"])
    async def test_a_hamlet_is_known_with_and_without_its_word(self, team: Team, written: object) -> None:
        assert "1 lượt mới" in (await team.sends_rows(NAM | {"hamlet": written})).text

    async def test_somebody_elses_hamlet_is_refused(self, team: Team) -> None:
        reply = await team.sends_rows(NAM | {"hamlet": "ấp 7", "household": "Lê Văn Tám"})
        assert "ấp 7 không thuộc nơi bác phụ trách" in reply.text

    async def test_an_unknown_hamlet_is_told_with_those_that_there_are(self, team: Team) -> None:
        assert "Chọn một trong: ấp 3, ấp 5" in (await team.sends_rows(NAM | {"hamlet": "ấp 30"})).text

    async def test_a_second_visit_of_one_day_is_asked_about(self, team: Team) -> None:
        await team.saves(NAM)
        await team.asks_for_the_template()
        reply = await team.sends_rows(NAM | {"people": 4}, BONG, BONG)
        assert "đã có một lượt ngày 20/11/2026" in reply.text
        assert "Dòng 6 cũng là hộ này" in reply.text


class TestWhoMay:
    async def test_a_citizens_file_is_not_even_fetched(self, team: Team) -> None:
        reply = await team.sends(filled(team.template, NAM), by="ba-an")
        assert team.post.fetched == []
        assert "lượt" not in reply.text

    async def test_a_removed_member_can_save_nothing(self, team: Team) -> None:
        reply = await team.sends_rows(NAM)
        async with team.database.transaction() as session:
            [me] = [one for one in await members.all_of(session, COMMUNE) if one.name == ME]
            await members.remove(session, me, OPERATOR, NOON)
        await team.presses(reply, "Lưu tất cả")
        assert await team.sessions() == []

    async def test_nobody_saves_or_undoes_what_somebody_else_has_sent(self, team: Team) -> None:
        reply = await team.sends_rows(NAM)
        assert "đã xử lý xong" in (await team.presses(reply, "Lưu tất cả", by="chu-bay")).text
        receipt = await team.presses(reply, "Lưu tất cả")
        assert "không còn lượt nào" in (await team.presses(receipt, "Hoàn tác", by="chu-bay")).text
        assert len(await team.sessions()) == 1

    @pytest.mark.parametrize("made_up", [(ALL, 99), (RIGHT, 0), (DROP, 12**9), (UNDO, "0" * 16), ("x",), (ALL, "x")])
    async def test_made_up_payloads_do_nothing(self, team: Team, made_up: tuple[object, ...]) -> None:
        assert await team.talk.answer(pressed(forged(*made_up), by=ME))
        assert await team.sessions() == []


class TestFiles:
    @pytest.mark.parametrize(
        ("content", "name", "part"),
        [
            (b"%PDF-1.7", "a.xlsx", "không phải tệp Excel"),
            (b"ngay,ap", "a.csv", "không phải tệp Excel"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", "Excel đời cũ"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "mật khẩu"),
        ],
    )
    async def test_what_is_no_workbook_is_told(self, team: Team, content: bytes, name: str, part: str) -> None:
        reply = await team.sends(content, name)
        assert part in reply.text
        assert name in reply.text

    async def test_a_file_too_large_is_not_fetched(self, team: Team) -> None:
        assert "lớn quá" in (await team.sends(b"", size=MAX_FILE_BYTES + 1)).text
        assert team.post.fetched == []

    async def test_one_that_is_gone_is_asked_for_again(self, team: Team) -> None:
        message = team.post.file(b"", by=ME)
        team.post.files.clear()
        assert "chưa tới nơi" in await team.talk.said(message)

    async def test_other_documents_are_nobodys_and_not_remembered(self, team: Team) -> None:
        await team.sends(b"%PDF-1.7", "cccd.pdf")
        assert team.post.fetched == []

    async def test_notes_are_masked_before_they_wait(self, team: Team) -> None:
        reply = await team.sends_rows(NAM | {"note": "cccd 079085001234"})
        assert "đã che đi" in reply.text
        await team.presses(reply, "Lưu tất cả")
        assert "079085001234" not in (await team.sessions())[0].note

    async def test_a_text_in_between_is_answered_and_the_sheet_still_waits(self, team: Team) -> None:
        reply = await team.sends_rows(NAM)
        await team.talk.answer(said("cài VNeID thế nào", by=ME))
        await team.presses(reply, "Lưu tất cả")
        assert len(await team.sessions()) == 1


async def test_a_household_merged_meanwhile_is_the_one_it_was_merged_into(team: Team) -> None:
    await team.saves(NEW)
    async with team.database.transaction() as session:
        place = await hamlets.by_name(session, COMMUNE, "5")
        assert place is not None
        [old] = await households.of_hamlets(session, COMMUNE, [place.id])
        into = await outreach.household(session, "Phan Văn Bảy", place=place)
        await households.merge(session, old, into, OPERATOR, NOON)
    again = await team.sends_rows(NEW | {"household": "Phan Văn Bảy", "people": 4})
    assert "1 lượt sửa" in again.text
