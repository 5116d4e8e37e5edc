"""A visit in one sentence: stored at once when clear, asked about when not, corrected, undone, never lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from db.engine import Database
from db.outreach import members
from db.outreach.audit import OPERATOR
from db.outreach.models import AuditEntry, Household, Member, SupportSession
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

    async def test_a_part_of_a_household_s_name_is_asked_about_once(self, chats: Chats, database: Database) -> None:
        async with database.transaction() as session:
            [place] = [one for one in await chats.places() if one.name == "3"]
            await outreach.household(session, "Hoàng Văn Năm", place=place)
        assert "Có phải" in await chats.say("an", "ap 3 nha bac nam cai vneid cho 2 nguoi")
        assert "Hoàng Văn Năm" in await chats.press("an", "Đúng, Hoàng Văn Năm")
        assert "Đã ghi" in await chats.say("an", "hôm qua ấp 3 nhà bác Năm 1 người skđt 1")
        assert await chats.rows(Household, "name") == [("Hoàng Văn Năm",)]

    async def test_a_name_that_differs_in_its_diacritics_is_asked_about(self, chats: Chats) -> None:
        await chats.say("an", "hôm qua ấp 3 nhà bác Năm 2 người vneid 2")
        assert "Có phải" in await chats.say("an", "ấp 3 nhà bác Nam 1 người vneid 1")
        await chats.press("an", "Không, là hộ mới")
        assert [name for (name,) in await chats.rows(Household, "name")] == ["Bác Năm", "Bác Nam"]

    async def test_it_is_understood_while_rasa_is_away(self, chats: Chats) -> None:
        chats.talk.nlu.is_down = True
        assert "Đã ghi" in await chats.say("an", VISIT)
        assert "Thăm hộ nào" in await chats.say("an", "ap 3 cai vneid cho 3 nguoi")

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
            ("ấp 3 nhà bác Năm 3 người, 5 cụ, vneid 2", "một nhóm đông hơn số người được giúp", "5 người", 5),
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
        assert [row[0] for row in await stored(chats)] == [people]

    async def test_more_of_a_group_than_people_become_all_of_them_when_that_is_right(self, chats: Chats) -> None:
        await chats.say("an", "ấp 3 nhà bác Năm 3 người, 5 cụ, vneid 2")
        assert "5 người (5 người lớn, 5 người cao tuổi)" in await chats.press("an", "Đúng là 5 người")

    async def test_people_listed_that_are_more_than_said_are_asked_about(self, chats: Chats) -> None:
        asked = await chats.say("an", "ấp 3 nhà bác Năm 3 người: 2 cụ, 2 chị, vneid 2")
        assert "Ghi 3 người nhưng kể ra 4" in asked
        assert "4 người" in await chats.say("an", "4")

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

    async def test_a_question_that_was_asked_in_full_is_repeated_in_a_line_with_its_buttons(self, chats: Chats) -> None:
        assert "Đợt này ở đâu ạ?" in await chats.say("an", "nhà cô Tư cài vneid 2 người")
        buttons = chats.labels("an")
        for line in ("ấp 5 nhà ông Bảy cài vneid 1 người", "ấp 5 nhà bà Tám 2 người, ssk 1"):
            await chats.say("an", line)
            assert (
                chats.last("an") == "⏳ **Còn chờ:** cô Tư · hôm nay, 22/11/2026 · 2 người · VNeID mức 2: 2 – ở đâu ạ?"
            )
            assert chats.labels("an") == buttons
        assert "Đã ghi" in await chats.press("an", "ấp 3")

    async def test_the_next_question_is_asked_in_full(self, chats: Chats) -> None:
        await chats.say("an", "nhà cô Tư 2 người")
        assert "Bác bấm một việc" in await chats.press("an", "ấp 3")

    async def test_a_text_of_ten_thousand_letters_is_told_to_be_too_long(self, chats: Chats) -> None:
        assert "chưa ghi gì" in await chats.say("an", "ấp 3 nhà " + "a" * 10_000)
        assert await stored(chats) == []

    async def test_of_a_message_that_is_too_long_it_is_told_how_far_it_was_read(self, chats: Chats) -> None:
        lines = [f"ấp 3 hộ {number}: 1 người, vneid 1" for number in range(1, 300)]
        answer = await chats.say("an", "\n".join(lines))
        count = len(await stored(chats))
        assert 100 < count < 299
        assert f"hộ {count}: 1 người, vneid 1**. Phần sau chưa ghi" in answer

    async def test_a_question_waits_for_days_and_beneath_a_correction(self, chats: Chats, clock: FakeClock) -> None:
        await chats.say("an", "ấp 3 nhà bác Năm 2 người vneid 2\nấp 5 nhà ông Tám 1 người")
        clock.advance(days=3)
        await chats.press("an", "Sửa")
        answer = await chats.say("an", "3 người")
        assert "Đã sửa" in answer
        assert "ông Tám" in answer
        assert "Đã ghi" in await chats.press("an", "Chỉ thăm hỏi")
        assert await stored(chats) == [(3, 0, False), (1, 0, False)]

    async def test_another_whole_visit_is_no_answer_to_the_open_question(self, chats: Chats) -> None:
        await chats.say("an", "nhà cô Tư cài vneid 2 người")
        assert "Đã ghi" in await chats.say("an", "ấp 5 nhà ông Bảy cài vneid 1 người")
        assert "ấp 3 · Cô Tư" in await chats.say("an", "3")

    @pytest.mark.parametrize(
        ("sentence", "answers", "end"),
        [
            ("ấp 5 nhà ông Sáu vneid", ["2"], "2 người"),
            ("ấp 5 nhà ông Sáu vneid", ["đúng"], "1 người"),
            ("ấp 5 nhà ông Tám", ["hai vợ chồng", "không có"], "2 người"),
            ("ấp 3 cài vneid cho 2 người", ["chi hoa"], "Chi hoa"),
            ("ấp 3 cài vneid cho 2 người", ["nhà số 12"], "Hộ 12"),
            ("ấp 3 nhà bác Chín -2 người, vneid 2", ["2 người"], "2 người"),
        ],
    )
    async def test_answers_are_taken_as_people_type_them(
        self, chats: Chats, sentence: str, answers: list[str], end: str
    ) -> None:
        chats.talk.nlu.meanings[sentence] = "team.log_visit"
        await chats.say("an", sentence)
        for answer in answers:
            await chats.say("an", answer)
        assert "Đã ghi" in chats.last("an")
        assert end in chats.last("an")

    async def test_small_talk_makes_no_household(self, chats: Chats) -> None:
        chats.talk.nlu.meanings |= {"ấp 3 vneid 2 người": "team.log_visit", "em cảm ơn": "chat.thanks"}
        await chats.say("an", "ấp 3 vneid 2 người")
        await chats.say("an", "em cảm ơn")
        assert "là tên hộ phải không" in await chats.say("an", "thôi để sau")
        await chats.press("an", "Không phải")
        assert await chats.rows(Household, "name") == []


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

    async def test_a_line_that_is_removed_leaves_the_others_what_they_were(
        self, chats: Chats, clock: FakeClock
    ) -> None:
        lines = [
            "ấp 3 nhà bác Năm 2 người vneid 2",
            "ấp 5 nhà ông Bảy 1 người vneid 1",
            "ấp 5 nhà cô Thoa 3 người cks 1",
        ]
        message = said("\n".join(lines), by="an")
        await chats.send(message)
        clock.advance(minutes=1)
        later = replace(edited(message, "\n".join(lines[1:])), sent_at=clock())
        answer = await chats.send(later)
        assert "không có gì khác" in answer
        assert "Đã bỏ 1 đợt" in answer
        assert await stored(chats) == [(2, 0, True), (1, 0, False), (3, 0, False)]

    async def test_an_edit_of_the_next_day_keeps_the_day_of_the_message(self, chats: Chats, clock: FakeClock) -> None:
        message = said("hôm nay ấp 3 nhà bác Năm 2 người vneid 2", by="an")
        await chats.send(message)
        clock.advance(days=1)
        await chats.send(replace(edited(message, "hôm nay ấp 3 nhà bác Năm 3 người vneid 2"), sent_at=clock()))
        assert await chats.rows(SupportSession, "people", "occurred_on") == [(3, date(2026, 11, 22))]

    async def test_an_edit_after_the_undo_counts_again(self, chats: Chats, clock: FakeClock) -> None:
        message = said(VISIT, by="an")
        await chats.send(message)
        await chats.press("an", "Hoàn tác")
        clock.advance(minutes=1)
        assert "Đã sửa" in await chats.send(replace(edited(message, f"{VISIT}, skđt 1"), sent_at=clock()))
        assert await stored(chats) == [(2, 2, False)]

    async def test_an_edited_answer_corrects_the_draft_that_is_still_open(self, chats: Chats, clock: FakeClock) -> None:
        chats.talk.nlu.meanings["ấp 5 nhà ông Tám"] = "team.log_visit"
        await chats.say("an", "ấp 5 nhà ông Tám")
        answer = said("3 người", by="an")
        assert "Bác bấm một việc" in await chats.send(answer)
        clock.advance(minutes=1)
        later = replace(edited(answer, "4 người"), sent_at=clock())
        assert "4 người" in await chats.send(later)
        assert "⏳" in await chats.send(replace(later, text="bốn lăm gì đó?", message_id=answer.message_id))
        await chats.press("an", "VNeID mức 2")
        assert await stored(chats) == [(4, 0, False)]

    @pytest.mark.parametrize(
        ("sentence", "answer", "new", "told"),
        [
            ("ấp 5 nhà ông Tám vneid 1, ssk 1, 2 người, -1 cụ", "3 người", "4 người", "4 người"),
            ("nhà cô Tư cài vneid 2 người", "3", "ấp 5", "ấp 5 · Cô Tư"),
            ("ấp 5 nhà ông Tám 2 người", "vneid 2, ssk 1", "skđt 2", "2 người (2 người lớn)\nSổ sức khỏe điện tử: 2"),
            ("ấp 3 cài vneid cho 2 người", "chị Lan", "chị Hoa", "ấp 3 · Chị Hoa"),
            ("ấp 5 nhà ông Sáu vneid", "2", "3", "3 người"),
        ],
    )
    async def test_an_edited_answer_corrects_the_visit_that_was_stored(
        self, chats: Chats, clock: FakeClock, sentence: str, answer: str, new: str, told: str
    ) -> None:
        chats.talk.nlu.meanings[sentence] = "team.log_visit"
        await chats.say("an", sentence)
        message = said(answer, by="an", sent_at=clock())
        assert "Đã ghi" in await chats.send(message)
        clock.advance(minutes=1)
        later = replace(edited(message, new), sent_at=clock())
        corrected = await chats.send(later)
        assert "Đã sửa" in corrected
        assert told in corrected
        assert len(await stored(chats)) == 1
        clock.advance(minutes=1)
        unclear = await chats.send(replace(later, text="à ừ thì", sent_at=clock()))
        assert "Bác bấm Sửa" in unclear
        assert chats.labels("an") == ["✏️ Sửa", "↩️ Hoàn tác"]

    async def test_an_edit_that_comes_before_its_answer_counts(self, chats: Chats, clock: FakeClock) -> None:
        await chats.say("an", "ấp 5 nhà ông Tám vneid 2")
        chats.talk.nlu.meanings["ấp 3 nhà bà Chín"] = "team.log_visit"
        await chats.say("an", "ấp 3 nhà bà Chín")
        answer = said("3 người", by="an", sent_at=clock())
        clock.advance(minutes=1)
        await chats.send(replace(edited(answer, "4 người"), sent_at=clock()))
        assert "4 người" in await chats.send(answer)
        await chats.press("an", "VNeID mức 2")
        await chats.send(answer)
        assert [row[0] for row in await stored(chats)] == [2, 4]

    async def test_a_correction_may_take_something_out_and_name_another_household(
        self, chats: Chats, clock: FakeClock
    ) -> None:
        await chats.say("an", VISIT)
        for correction, told in (
            ("bỏ tài khoản ngân hàng", "mức 2: 2"),
            ("0 cụ", "(2 người lớn)"),
            ("nhà cô Tư", "Cô Tư"),
        ):
            clock.advance(minutes=1)
            await chats.press("an", "Sửa")
            clock.advance(minutes=1)
            assert told in await chats.say("an", correction)
        assert "Tài khoản thanh toán" not in chats.last("an")
        await chats.press("an", "Sửa")
        history = await chats.press("an", "Lịch sử")
        assert "hộ: Bác Năm → Cô Tư" in history
        assert "người cao tuổi: 2 → 0" in history

    async def test_a_correction_to_a_like_household_asks_first(self, chats: Chats, clock: FakeClock) -> None:
        await chats.say("an", "hôm qua ấp 3 nhà Trần Thị Bông 2 người vneid 2")
        await chats.say("an", "ấp 3 nhà bác Năm 1 người vneid 1")
        clock.advance(minutes=1)
        await chats.press("an", "Sửa")
        assert "Có phải" in await chats.say("an", "nhà Trần Thị Bôngg")
        assert "Trần Thị Bông" in await chats.press("an", "Đúng, Trần Thị Bông")
        assert len(await chats.rows(Household, "name")) == 2

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
