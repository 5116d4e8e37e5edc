"""Small conversations as a citizen has them: what is said and pressed, and what is seen."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.citizen.decision import Way
from bot.citizen.desk import CitizenDesk, Memory, Unanswered
from content.library import Library
from tests.support.articles import COMMUNE, article, library_of
from tests.support.citizen import Citizen

WAYS_OUT = ["Xem các mục", "Gặp người hỗ trợ"]
FEEDBACK = ["👍 Có ích", "👎 Chưa giúp được"]


def unanswered(citizen: Citizen) -> Unanswered | None:
    assert citizen.outcome is not None
    return citizen.outcome.unanswered


def feedback(citizen: Citizen) -> tuple[str, bool] | None:
    assert citizen.outcome is not None
    return citizen.outcome.feedback


def way(citizen: Citizen) -> Way | None:
    assert citizen.outcome is not None
    return citizen.outcome.decision.way if citizen.outcome.decision else None


# --- the beginning ----------------------------------------------------------------------------------------------------


def test_start_greets_in_the_commune_s_name_and_offers_what_most_people_need(citizen: Citizen) -> None:
    assert citizen.sends_payload("start").startswith("Dạ chào bà con! Đây là **Đại sứ số** của xã Tân Lợi")
    assert citizen.buttons[0] == ["Tải và cài đặt VNeID"]
    assert citizen.buttons[-1] == WAYS_OUT


def test_help_says_what_the_bot_does_and_what_never_to_send(citizen: Citizen) -> None:
    text = citizen.sends_payload("help")
    assert "Đừng gửi số căn cước, mật khẩu hay mã OTP" in text
    assert "/xoadulieu" in text
    assert citizen.buttons == [WAYS_OUT]


def test_from_the_menu_to_an_article(citizen: Citizen) -> None:
    assert citizen.sends_payload("menu") == "Bà con muốn xem mục nào?"
    citizen.presses("VNeID, căn cước, cư trú")
    assert citizen.buttons == [["Tải và cài đặt VNeID"], ["Quên mật khẩu VNeID"], ["‹ Các mục khác"]]
    assert "Bấm **Quên mật khẩu**" in citizen.presses("Quên mật khẩu VNeID")


def test_the_menu_is_left_and_entered_page_by_page(library: Library) -> None:
    many = library_of(library, *(article(f"vneid.t{n}", f"Bài {n}") for n in range(1, 20)))
    citizen = Citizen(many)
    citizen.sends_payload("menu")
    citizen.presses("VNeID, căn cước, cư trú")
    citizen.presses("Xem tiếp ›")
    assert citizen.buttons[0] == ["Bài 9"]
    citizen.presses("Xem tiếp ›")
    assert citizen.buttons == [["Bài 17"], ["Bài 18"], ["Bài 19"], ["‹ Các mục khác"]]
    assert citizen.presses("‹ Các mục khác") == "Bà con muốn xem mục nào?"


def test_a_person_is_one_press_away(citizen: Citizen) -> None:
    citizen.sends_payload("start")
    assert citizen.presses("Gặp người hỗ trợ").startswith("**Gặp cán bộ hỗ trợ**\n\nĐến trụ sở xã gặp cán bộ. UBND xã")


# --- a sure answer ----------------------------------------------------------------------------------------------------


def test_a_question_gets_the_answer_with_its_sources(citizen: Citizen) -> None:
    text = citizen.says("quên mk vneid r", vneid__forgot_password=0.9)

    assert text == "**Quên mật khẩu VNeID**\n\nBấm **Quên mật khẩu** rồi làm theo màn hình."
    assert citizen.reply.note.startswith("Nguồn: [Báo số 1](https://bao.vn/1)")
    assert citizen.buttons == [["Lệ phí", "Lưu ý"], FEEDBACK]
    assert way(citizen) is Way.ANSWER
    assert unanswered(citizen) is None


def test_a_question_for_one_side_gets_that_side_at_once(citizen: Citizen) -> None:
    text = citizen.says("đổi căn cước mất bao lâu", cccd__renew=0.9)
    assert text == "**Đổi thẻ căn cước**\n\nĐổi thẻ căn cước mất 7 ngày."


def test_an_emergency_gets_its_steps_whatever_it_asks_for(citizen: Citizen) -> None:
    text = citizen.says("lỡ chuyển tiền rồi, giờ đi đâu", scam__victim=0.9)
    assert "1. Gọi ngân hàng.\n2. Báo công an." in text


def test_sections_are_read_one_after_another(citizen: Citizen) -> None:
    citizen.says("đổi căn cước", cccd__renew=0.9)
    assert citizen.presses("Giấy tờ") == "**Đổi thẻ căn cước: giấy tờ**\n\nĐổi thẻ căn cước mang thẻ cũ theo."
    assert citizen.presses("Thời gian") == "**Đổi thẻ căn cước: thời gian**\n\nĐổi thẻ căn cước mất 7 ngày."
    assert citizen.presses("Các bước") == "**Đổi thẻ căn cước: các bước**\n\n1. Đến nơi làm.\n2. Lăn tay."


def test_a_guide_is_walked_through_step_by_step(citizen: Citizen) -> None:
    citizen.says("cài vneid", vneid__install=0.9)
    assert "bước 1/3" in citizen.presses("Các bước")
    assert "bước 2/3" in citizen.presses("Tiếp ›")
    assert "bước 1/3" in citizen.presses("‹ Trước")
    citizen.presses("Tiếp ›")
    assert "bước 3/3" in citizen.presses("Tiếp ›")
    assert citizen.presses("✓ Làm được rồi").startswith("Mừng quá!")
    assert feedback(citizen) == ("vneid.install", True)


def test_who_gets_stuck_in_a_guide_is_led_to_a_person(citizen: Citizen) -> None:
    citizen.says("cài vneid", vneid__install=0.9)
    for label in ("Các bước", "Tiếp ›", "Tiếp ›", "Chưa làm được"):
        citizen.presses(label)
    assert citizen.buttons == [WAYS_OUT]
    assert feedback(citizen) == ("vneid.install", False)
    assert unanswered(citizen) == Unanswered("cài vneid", "not_helpful", "vneid.install")


def test_all_sources_can_be_seen(citizen: Citizen) -> None:
    citizen.says("cài vneid", vneid__install=0.9)
    citizen.presses("Nguồn (3)")
    assert citizen.reply.note.count("https://bao.vn/") == 3


# --- did it help? -----------------------------------------------------------------------------------------------------


def test_yes_is_recorded_and_answered_with_what_people_ask_next(citizen: Citizen) -> None:
    citizen.says("cài vneid", vneid__install=0.9)
    citizen.presses("👍 Có ích")
    assert feedback(citizen) == ("vneid.install", True)
    assert unanswered(citizen) is None
    assert citizen.buttons == [["Quên mật khẩu VNeID"], ["Đổi thẻ căn cước"]]


def test_no_is_recorded_with_the_question_for_the_office(citizen: Citizen) -> None:
    citizen.says("cài vneid máy cũ", vneid__install=0.9)
    citizen.presses("👎 Chưa giúp được")
    assert feedback(citizen) == ("vneid.install", False)
    assert unanswered(citizen) == Unanswered("cài vneid máy cũ", "not_helpful", "vneid.install")
    assert citizen.buttons == [WAYS_OUT]


def test_no_said_twice_reaches_the_office_once(citizen: Citizen) -> None:
    citizen.says("cài vneid máy cũ", vneid__install=0.9)
    citizen.presses("👎 Chưa giúp được")
    citizen.sends_payload("n:vneid.install")
    assert feedback(citizen) == ("vneid.install", False)
    assert unanswered(citizen) is None


def test_no_to_an_article_out_of_the_menu_has_no_question(citizen: Citizen) -> None:
    citizen.sends_payload("t:vneid.install")
    citizen.presses("👎 Chưa giúp được")
    assert feedback(citizen) == ("vneid.install", False)
    assert unanswered(citizen) is None


def test_no_to_another_article_takes_no_blame_for_an_earlier_question(citizen: Citizen) -> None:
    citizen.says("cài vneid", vneid__install=0.9)
    citizen.presses("👍 Có ích")
    citizen.presses("Đổi thẻ căn cước")
    citizen.presses("👎 Chưa giúp được")
    assert feedback(citizen) == ("cccd.renew", False)
    assert unanswered(citizen) is None


def test_no_in_an_old_message_takes_no_blame_for_a_newer_question(citizen: Citizen) -> None:
    citizen.says("cài vneid", vneid__install=0.9)
    citizen.says("đổi căn cước", cccd__renew=0.9)
    citizen.sends_payload("n:vneid.install")
    assert feedback(citizen) == ("vneid.install", False)
    assert unanswered(citizen) is None


# --- unsure -----------------------------------------------------------------------------------------------------------


def test_an_unclear_question_is_asked_back_with_up_to_three_buttons(citizen: Citizen) -> None:
    text = citizen.says("vneid", vneid__install=0.15, vneid__forgot_password=0.14, cccd__renew=0.13, scam__check=0.12)
    assert text == "Có phải bà con muốn hỏi một trong mấy việc này không?"
    assert citizen.buttons == [
        ["Tải và cài đặt VNeID"],
        ["Quên mật khẩu VNeID"],
        ["Đổi thẻ căn cước"],
        ["Không phải"],
    ]
    assert way(citizen) is Way.CLARIFY
    assert unanswered(citizen) is None


def test_the_choice_leads_to_the_article_and_keeps_the_question(citizen: Citizen) -> None:
    citizen.says("vneid hỏng", vneid__install=0.15, vneid__forgot_password=0.14)
    assert citizen.presses("Quên mật khẩu VNeID").startswith("**Quên mật khẩu VNeID**")
    citizen.presses("👎 Chưa giúp được")
    assert unanswered(citizen) == Unanswered("vneid hỏng", "not_helpful", "vneid.forgot_password")


def test_none_of_these_tells_the_office_and_offers_search_results_that_were_not_refused(citizen: Citizen) -> None:
    question = "tải vneid ở đâu hay lấy lại mật khẩu vneid thế nào"
    citizen.says(question, vneid__install=0.15, cccd__renew=0.14)
    text = citizen.presses("Không phải")

    assert unanswered(citizen) == Unanswered(question, "none_of_these", "vneid.install")
    assert "Có vài mục gần với câu hỏi" in text
    assert ["Quên mật khẩu VNeID"] in citizen.buttons
    assert ["Tải và cài đặt VNeID"] not in citizen.buttons, "search finds it too, but it was refused"
    assert citizen.buttons[-1] == WAYS_OUT


def test_none_of_these_pressed_again_is_an_old_button_and_claims_nothing(citizen: Citizen) -> None:
    citizen.says("vneid", vneid__install=0.15, cccd__renew=0.14)
    citizen.presses("Không phải")
    text = citizen.sends_payload("none")
    assert text.startswith("Nút này đã cũ")
    assert unanswered(citizen) is None


def test_one_possibility_is_asked_for_as_one(citizen: Citizen) -> None:
    assert citizen.says("vneid", vneid__install=0.15) == "Có phải bà con muốn hỏi việc này không?"
    assert citizen.buttons == [["Tải và cài đặt VNeID"], ["Không phải"]]


def test_yes_to_one_possibility_is_as_good_as_the_button(citizen: Citizen) -> None:
    citizen.says("vneid", vneid__install=0.15)
    assert citizen.says("ừ đúng rồi", chat__affirm=0.9).startswith("**Tải và cài đặt VNeID**")
    assert way(citizen) is Way.SMALL_TALK


def test_yes_to_several_possibilities_says_nothing(citizen: Citizen) -> None:
    citizen.says("vneid", vneid__install=0.15, cccd__renew=0.14)
    assert citizen.says("ừ", chat__affirm=0.9) == "Dạ. Cần hỏi việc gì, gõ vào đây hoặc bấm một mục."


def test_no_to_the_possibilities_is_as_good_as_the_button(citizen: Citizen) -> None:
    citizen.says("quên mật khẩu vneid", vneid__install=0.15, cccd__renew=0.14)
    citizen.says("không phải", chat__deny=0.9)
    assert unanswered(citizen) == Unanswered("quên mật khẩu vneid", "none_of_these", "vneid.install")


def test_a_possibility_whose_article_was_withdrawn_since_is_not_shown(library: Library) -> None:
    both = library_of(library, article("vneid.install", "Cài VNeID"), article("vneid.what", "VNeID là gì"))
    citizen = Citizen(both)
    citizen.says("vneid", vneid__install=0.15)

    fewer = Citizen(library_of(library, article("vneid.what", "VNeID là gì")))
    fewer.memory = citizen.memory
    assert fewer.says("ừ", chat__affirm=0.9).startswith("Dạ. Cần hỏi việc gì")


# --- lost -------------------------------------------------------------------------------------------------------------


def test_a_question_outside_the_field_is_not_answered_at_random(citizen: Citizen) -> None:
    text = citizen.says("giá lúa hôm nay", out_of_scope=0.9, vneid__install=0.05)
    assert text.startswith("Câu này bot chưa biết chắc nên không dám trả lời bừa.")
    assert citizen.buttons == [WAYS_OUT]
    assert way(citizen) is Way.FALLBACK
    assert unanswered(citizen) == Unanswered("giá lúa hôm nay", "refused", "out_of_scope")


def test_lost_offers_what_search_finds(citizen: Citizen) -> None:
    text = citizen.says("quên mật khẩu vneid", out_of_scope=0.9)
    assert "Có vài mục gần với câu hỏi" in text
    assert citizen.buttons[0] == ["Quên mật khẩu VNeID"]
    assert citizen.buttons[-1] == WAYS_OUT


def test_lost_with_nothing_understood_at_all(citizen: Citizen) -> None:
    citizen.says("xyzzy")
    assert unanswered(citizen) == Unanswered("xyzzy", "refused", None)


def test_a_text_without_a_letter_is_asked_for_one(citizen: Citizen) -> None:
    outcome = citizen.desk.empty(Memory(topic="cccd.renew"))
    assert outcome.replies[0].text.startswith("Chưa thấy chữ nào trong tin nhắn.")
    assert outcome.memory == Memory(topic="cccd.renew")


def test_without_rasa_search_answers_what_it_is_sure_of(citizen: Citizen) -> None:
    assert citizen.says_without_rasa("lấy lại mật khẩu vneid thế nào").startswith("**Quên mật khẩu VNeID**")
    assert way(citizen) is Way.ANSWER


def test_without_rasa_search_asks_back_where_it_is_not(citizen: Citizen) -> None:
    citizen.says_without_rasa("mật khẩu vneid của tôi")
    assert way(citizen) is Way.CLARIFY
    assert ["Quên mật khẩu VNeID"] in citizen.buttons


# --- follow-ups -------------------------------------------------------------------------------------------------------


def test_the_fee_asked_for_after_an_answer_is_that_answer_s_fee(citizen: Citizen) -> None:
    citizen.says("quên mk", vneid__forgot_password=0.9)
    text = citizen.says("lệ phí bao nhiêu", dvc__pay=0.9, out_of_scope=0.1)
    assert text == "**Quên mật khẩu VNeID: lệ phí**\n\nLấy lại mật khẩu không mất tiền."
    assert way(citizen) is Way.ANSWER


def test_follow_ups_go_on_about_the_same_topic(citizen: Citizen) -> None:
    citizen.says("đổi căn cước", cccd__renew=0.9)
    assert "mang thẻ cũ" in citizen.says("cần mang giấy tờ gì", out_of_scope=0.9)
    assert "mất 7 ngày" in citizen.says("mất bao lâu vậy", out_of_scope=0.9)


def test_how_after_a_guide_begins_the_guide(citizen: Citizen) -> None:
    citizen.says("cài vneid", vneid__install=0.9)
    assert "bước 1/3" in citizen.says("làm thế nào", out_of_scope=0.9)


def test_a_side_that_was_not_written_gets_the_answer_again(citizen: Citizen) -> None:
    citizen.says("quên mk", vneid__forgot_password=0.9)
    assert citizen.says("ở đâu", out_of_scope=0.9).startswith("**Quên mật khẩu VNeID**\n\nBấm")


def test_a_follow_up_may_follow_a_pressed_button(citizen: Citizen) -> None:
    citizen.sends_payload("t:cccd.renew")
    assert "mất 7 ngày" in citizen.says("bao lâu", out_of_scope=0.9)


def test_a_question_with_a_topic_of_its_own_is_no_follow_up(citizen: Citizen) -> None:
    citizen.says("quên mk", vneid__forgot_password=0.9)
    assert citizen.says("lệ phí cài vneid bao nhiêu", vneid__install=0.9).endswith("Cài VNeID không mất tiền.")


def test_without_anything_before_a_bare_side_is_an_ordinary_question(citizen: Citizen) -> None:
    citizen.says("lệ phí bao nhiêu", out_of_scope=0.9)
    assert way(citizen) is Way.FALLBACK


def test_after_a_follow_up_no_is_about_the_follow_up(citizen: Citizen) -> None:
    citizen.says("đổi căn cước", cccd__renew=0.9)
    citizen.says("bao lâu", out_of_scope=0.9)
    citizen.sends_payload("n:cccd.renew")
    assert unanswered(citizen) == Unanswered("bao lâu", "not_helpful", "cccd.renew")


# --- small talk -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "intent", "beginning", "last_row"),
    [
        ("chào cháu", "chat.greet", "Dạ chào bà con!", WAYS_OUT),
        ("cảm ơn nhé", "chat.thanks", "Dạ không có gì.", None),
        ("thôi chào", "chat.bye", "Dạ chào bà con. Nhớ đừng đọc mã OTP cho ai", None),
        ("ngu thế", "chat.abuse", "Bot là máy nên có lúc trả lời chưa đúng ý", WAYS_OUT),
        ("hỏi mãi không được", "chat.upset", "Xin lỗi vì chưa giúp được.", WAYS_OUT),
        ("không", "chat.deny", "Dạ, vậy bà con gõ lại câu hỏi", WAYS_OUT),
        ("ừ", "chat.affirm", "Dạ.", WAYS_OUT),
    ],
)
def test_small_talk_gets_a_kind_sentence(
    citizen: Citizen, text: str, intent: str, beginning: str, last_row: list[str] | None
) -> None:
    assert citizen.says_meaning(text, {intent: 0.9}).startswith(beginning)
    assert (citizen.buttons[-1] if citizen.buttons else None) == last_row
    assert way(citizen) is Way.SMALL_TALK
    assert unanswered(citizen) is None


def test_small_talk_in_between_loses_no_topic(citizen: Citizen) -> None:
    citizen.says("đổi căn cước", cccd__renew=0.9)
    citizen.says("cảm ơn", chat__thanks=0.9)
    assert "mất 7 ngày" in citizen.says("à mất bao lâu", out_of_scope=0.9)


def test_all_small_talk_that_rasa_knows_has_its_answer(library: Library) -> None:
    citizen = Citizen(library)
    for intent in library.groups["chat"]:
        assert citizen.says_meaning("dạ", {intent: 0.9})


# --- what is not text -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "promise"),
    [
        ("photo", "không lưu ảnh"),
        ("voice", "không lưu lại"),
        ("contact", "không lưu danh bạ"),
        ("location", "không lưu vị trí"),
        ("document", "không lưu tệp"),
        ("video", "không lưu lại"),
        ("sticker", "Bot chỉ đọc được chữ"),
        ("other", "Bot chỉ đọc được chữ"),
        ("poll", "Bot chỉ đọc được chữ"),
    ],
)
def test_what_is_not_text_gets_a_kind_sentence_and_a_way_on(citizen: Citizen, sort: str, promise: str) -> None:
    assert promise in citizen.shares(sort)
    assert citizen.buttons[-1] == WAYS_OUT


def test_a_photo_in_between_loses_no_topic(citizen: Citizen) -> None:
    citizen.says("đổi căn cước", cccd__renew=0.9)
    citizen.shares("photo")
    assert "mất 7 ngày" in citizen.says("mất bao lâu", out_of_scope=0.9)


# --- privacy ----------------------------------------------------------------------------------------------------------


def test_everything_is_forgotten_after_a_yes(citizen: Citizen) -> None:
    citizen.says("đổi căn cước", cccd__renew=0.9)
    assert "Xoá rồi không lấy lại được" in citizen.sends_payload("forget")
    assert citizen.buttons == [["Xoá hết", "Giữ lại"]]
    assert citizen.outcome is not None
    assert not citizen.outcome.forget

    assert citizen.presses("Xoá hết").startswith("Đã xoá.")
    assert citizen.outcome.forget
    assert citizen.memory == Memory()
    citizen.says("lệ phí bao nhiêu", out_of_scope=0.9)
    assert way(citizen) is Way.FALLBACK


def test_nothing_is_forgotten_after_a_no(citizen: Citizen) -> None:
    citizen.says("đổi căn cước", cccd__renew=0.9)
    citizen.sends_payload("forget")
    assert citizen.presses("Giữ lại").startswith("Không xoá gì cả.")
    assert citizen.outcome is not None
    assert not citizen.outcome.forget
    assert "mất 7 ngày" in citizen.says("bao lâu", out_of_scope=0.9)


# --- old and made-up buttons ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "payload",
    ["t:vneid.gone", "s:vneid.gone:2", "g:vneid.gone:1", "src:vneid.gone", "y:vneid.gone", "n:vneid.gone",
     "m:vneid:999", "m:vneid.install:0", "m:nothing", "hello", "", "../../etc/passwd", "t:", "forget:maybe"],
)  # fmt: skip
def test_a_button_that_means_nothing_any_more_gets_a_kind_sentence(citizen: Citizen, payload: str) -> None:
    citizen.says("đổi căn cước", cccd__renew=0.9)
    before = citizen.memory

    assert citizen.sends_payload(payload).startswith("Nút này đã cũ.")
    assert citizen.buttons[-1] == WAYS_OUT
    assert citizen.memory == before
    assert feedback(citizen) is None
    assert unanswered(citizen) is None


@pytest.mark.parametrize("payload", ["s:cccd.renew:4", "s:cccd.renew:99", "g:cccd.renew:9", "g:cccd.renew:0"])
def test_a_section_or_step_that_was_withdrawn_leads_to_the_article(citizen: Citizen, payload: str) -> None:
    assert citizen.sends_payload(payload) == "**Đổi thẻ căn cước**\n\nĐến Công an xã để đổi thẻ căn cước."


PAYLOADS = st.text(max_size=64) | st.builds(
    "{}:{}:{}".format,
    st.sampled_from(["t", "s", "g", "src", "y", "n", "m", "forget", "none"]),
    st.sampled_from(["vneid.install", "cccd.renew", "scam.victim", "help.human", "vneid", "vneid.gone", ""]),
    st.integers(-1, 30),
)
INTENTS = st.sampled_from(["vneid.install", "cccd.renew", "chat.deny", "chat.affirm", "chat.upset", "out_of_scope"])
EVENTS = st.one_of(
    st.tuples(st.just("press"), PAYLOADS | st.sampled_from(["menu", "start", "none", "forget", "forget:yes"])),
    st.tuples(st.just("say"), st.dictionaries(INTENTS, st.floats(0, 1), max_size=4)),
    st.tuples(st.just("share"), st.sampled_from(["photo", "sticker", ""])),
    st.tuples(st.just("follow"), st.sampled_from(["bao lâu", "lệ phí bao nhiêu", "làm thế nào"])),
)


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=8))
def test_whatever_happens_in_whatever_order_there_is_one_answer_with_words_in_it(
    small: Library, events: list[tuple[str, object]]
) -> None:
    citizen = Citizen(small)
    for kind, what in events:
        if isinstance(what, dict):
            ranking = dict(sorted(what.items(), key=lambda guess: -guess[1]))
            text = citizen.says_meaning("quên mật khẩu", ranking)
        elif kind == "press":
            text = citizen.sends_payload(str(what))
        elif kind == "share":
            text = citizen.shares(str(what))
        else:
            text = citizen.says(str(what), out_of_scope=0.9)
        assert text
        assert "{" not in text
        assert citizen.memory.topic is None or citizen.memory.topic in small.articles


# --- the rest ---------------------------------------------------------------------------------------------------------


def test_our_own_failure_is_told_with_a_way_out(citizen: Citizen) -> None:
    reply = citizen.desk.trouble()
    assert "Cần gấp thì hỏi tổ công nghệ số của ấp" in reply.text
    assert [[button.label for button in row] for row in reply.buttons] == [WAYS_OUT]


def test_the_desk_speaks_from_the_newest_library(library: Library) -> None:
    versions = [
        library_of(library, article("vneid.what", "VNeID là gì", summary="Bản cũ.")),
        library_of(library, article("vneid.what", "Ứng dụng VNeID", summary="Bản mới.")),
    ]
    current = versions[0]
    desk = CitizenDesk(lambda: current, COMMUNE.slug)
    assert desk.press("t:vneid.what", Memory()).replies[0].text.endswith("Bản cũ.")
    assert desk.search("ứng dụng").ranking == ()

    current = versions[1]
    assert desk.press("t:vneid.what", Memory()).replies[0].text.endswith("Bản mới.")
    assert desk.search("ứng dụng").ranking[0].intent == "vneid.what"
