"""Scams are recognised by their words and links, honest messages are left alone, whoever was robbed is heard first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.citizen.scam_check import Danger, ScamCheck, ScamChecks, Verdict
from bot.citizen.spelling import strip_diacritics
from bot.masking import mask
from content.library import Library
from tests.bot.citizen.scam_examples import HONEST, SCAMS


@pytest.fixture(scope="session")
def scams(library: Library) -> ScamCheck:
    return ScamCheck(library.scam_signals, library.official_domains)


def names(verdict: Verdict) -> set[str]:
    return {sign.name for sign in verdict.signs}


def test_nearly_all_our_scams_are_flagged(scams: ScamCheck) -> None:
    missed = [text for text in SCAMS if scams.check(mask(text)).level is Danger.NONE]
    assert len(missed) <= 0.03 * len(SCAMS), missed


def test_nearly_none_of_our_honest_messages_are(scams: ScamCheck) -> None:
    blamed = [text for text in HONEST if scams.check(mask(text)).level is not Danger.NONE]
    assert len(blamed) <= 0.05 * len(HONEST), blamed


@pytest.mark.parametrize("text", [*SCAMS, *HONEST])
def test_the_verdict_is_the_same_without_diacritics_and_in_capitals(scams: ScamCheck, text: str) -> None:
    level = scams.check(mask(text)).level
    assert (level is Danger.NONE) == (scams.check(mask(strip_diacritics(text))).level is Danger.NONE)
    assert (level is Danger.NONE) == (scams.check(mask(text).upper()).level is Danger.NONE)


def test_the_signs_come_with_reasons_and_with_the_words_of_the_message(scams: ScamCheck) -> None:
    verdict = scams.check("Em bên ngân hàng, chị đọc mã OTP để em mở khoá")
    worst = verdict.signs[0]
    assert verdict.level is Danger.SCAM
    assert worst.name == "Đòi mã OTP, mật khẩu, số thẻ"
    assert worst.words == "đọc mã OTP"
    assert "ngân hàng" in worst.reason.lower()


def test_who_has_paid_is_pointed_to_the_way_out(scams: ScamCheck) -> None:
    verdict = scams.check("lỡ đọc mã otp cho nó rồi")
    assert verdict.topic == "scam.victim"
    assert "Đã lỡ làm theo" in names(verdict)


def test_the_tone_is_told_with_the_words_that_set_it(scams: ScamCheck) -> None:
    verdict = scams.check("chị ơi nhận hàng gia công tại nhà, thu nhập tốt, cọc nguyên liệu trước nha")
    tone = next(sign for sign in verdict.signs if sign.name == "Lời lẽ giống tin lừa đảo")
    assert tone.words in "chị ơi nhận hàng gia công tại nhà, thu nhập tốt, cọc nguyên liệu trước nha"
    assert 1 <= len(tone.words.split()) <= 8


def test_a_warning_of_scams_is_not_blamed_for_its_tone(scams: ScamCheck) -> None:
    text = "Công an cảnh báo thủ đoạn tuyển cộng tác viên online, nạp tiền làm nhiệm vụ nhận hoa hồng"
    assert scams.check(text).level is Danger.NONE


def test_a_false_address_stays_suspicious_among_honest_words(scams: ScamCheck) -> None:
    text = "Tiền điện tháng 11 nhà bác 215.000đ, đóng tại quầy, ngân hàng hoặc evn-cskh.top, cảm ơn bác như mọi tháng"
    assert "Tên miền nhái" in names(scams.check(text))


def test_accented_words_are_no_short_forms_of_others(scams: ScamCheck) -> None:
    assert "Tự xưng công an, viện kiểm sát, toà án" not in names(scams.check("Em báo cho cả nhà cùng biết tin mừng"))
    assert scams.check("Mai tăng ca, tổ trưởng nhắn một tiếng 45 ngàn").level is Danger.NONE


def test_cccd_is_an_identity_card(scams: ScamCheck) -> None:
    verdict = scams.check("có người lấy cccd của em đi vay tiền qua app, giờ bị đòi nợ")
    assert "Giấy tờ của mình bị người khác dùng" in names(verdict)


@pytest.mark.parametrize(
    "text",
    [
        "con gửi tiền học rồi mẹ nhé",
        "Con gửi mẹ 2 triệu mua thuốc, mẹ nhận được nhắn con nha",
        "Cho em xin mã QR để trả tiền phở nha chị",
        "Chị gửi em số tài khoản đi, em trả tiền hàng bữa trước",
        "Đơn hàng giao rồi, con trả tiền mặt rồi",
    ],
)
def test_everyday_money_talk_is_left_in_peace(scams: ScamCheck, text: str) -> None:
    assert scams.check(text).level is Danger.NONE


def test_no_verdict_holds_no_signs(scams: ScamCheck) -> None:
    assert scams.check("Mẹ ơi cuối tuần con về") == Verdict(Danger.NONE, (), None)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Bà liên quan vụ án ma tuý, nộp tiền để xác minh nếu không sẽ bị tạm giam", "scam.fake_police"),
        ("Gửi bác file VNeID_moi.apk bác bấm vào cài nhé", "scam.fake_app"),
        ("Thẻ của chị được nâng hạn mức, đọc giúp em 3 số mặt sau thẻ", "scam.fake_bank"),
        ("Điện lực thông báo nhà bác nợ tiền điện, 2 giờ nữa cắt điện", "scam.fake_utility"),
        ("Chị chuyển vào tài khoản hội viên shipper rồi, không huỷ là trừ 3,5 triệu mỗi tháng", "scam.fake_delivery"),
        ("Mẹ ơi con bị tai nạn đang cấp cứu, chuyển viện phí gấp", "scam.fake_family"),
        ("Tuyển CTV online, like video ngày 300k", "scam.job"),
        ("Nhóm VIP đầu tư coin cam kết lãi 30%/tháng", "scam.investment"),
        ("Chúc mừng bạn trúng thưởng xe SH", "scam.prize"),
        ("Vay nhanh không thế chấp, giải ngân trong 5 phút", "scam.loan"),
        ("Quen trên mạng, anh ấy gửi quà bị giữ ở hải quan", "scam.romance"),
        ("Em chuyển nhầm cho chị 3 triệu, chị chuyển lại vào tài khoản này", "scam.qr"),
        ("Luật sư hỗ trợ lấy lại tiền bị lừa, chuyển phí trước", "scam.recovery"),
        ("Bình chọn giúp cháu em với", "scam.hacked_account"),
        ("+224 00[đã che]", "scam.spam_calls"),
    ],
)
def test_the_verdict_points_to_the_article_that_fits(scams: ScamCheck, text: str, topic: str) -> None:
    assert scams.check(mask(text)).topic == topic


@pytest.mark.parametrize(
    ("link", "sign"),
    [
        ("vneid-capnhat.com", "Tên miền nhái"),
        ("dichvucongs.top", "Tên miền nhái"),
        ("vnied.com", "Tên miền nhái"),
        ("vietcombannk.com", "Tên miền nhái"),
        ("https://vcb-digibank.vip/login", "Tên miền nhái"),
        ("vietc0mbank.com", "Tên miền dùng chữ giả giống chữ thật"),
        ("vnеid.com", "Tên miền dùng chữ giả giống chữ thật"),
        ("xn--vned-vpa.com", "Tên miền dùng chữ giả giống chữ thật"),
        ("https://vneid.gov.vn.capnhat.top/a", "Đặt tên trang thật ở đầu để che tên giả"),
        ("dichvucong-gov-vn.com", "Đặt tên trang thật ở đầu để che tên giả"),
        ("https://vneid.gov.vn@evil.top/a", "Giấu địa chỉ thật sau dấu @"),
        ("http://103.45.67.89/vneid", "Địa chỉ chỉ toàn số"),
        ("tai-app.com/vneid.apk", "Link tải tệp .apk"),
        ("bit.ly/3xYz", "Link rút gọn"),
        ("quatet.xyz", "Đuôi địa chỉ lạ"),
        ("nhanqua2026.com", "Tên miền chứa chữ dụ dỗ"),
        ("hxxps://vneid-moi[.]top", "Tên miền nhái"),
        ("vneid . top", "Tên miền nhái"),
        ("vneid chấm top", "Tên miền nhái"),
        ("vne\u200bid-moi.top", "Tên miền nhái"),
        ("ｖｎｅｉｄ-moi.top", "Tên miền nhái"),
        ("VNEID-MOI.TOP", "Tên miền nhái"),
    ],
)
def test_each_trick_of_a_link_is_seen(scams: ScamCheck, link: str, sign: str) -> None:
    verdict = scams.check(mask(link))
    assert verdict.level is not Danger.NONE
    assert sign in names(verdict)
    assert scams.is_to_be_checked(mask(link))


@pytest.mark.parametrize(
    "link",
    [
        "https://vneid.gov.vn",
        "dichvucong.gov.vn",
        "https://dichvucong.bocongan.gov.vn/a?b=c",
        "cskh.evnspc.vn",
        "https://www.vietcombank.com.vn/vi-VN",
        "my.vnpt.com.vn",
        "https://thcs-tanloi.edu.vn",
        "https://vnexpress.net/canh-bao-123.html",
    ],
)
def test_official_and_well_known_links_are_no_sign(scams: ScamCheck, link: str) -> None:
    assert scams.check(link).level is Danger.NONE


@pytest.mark.parametrize(
    "text", ["xong.roi", "3.5 triệu", "ngày 22.11.2026", "a@gmail.com", "bản 1.2.3", "thôi.Mai gặp"]
)
def test_what_only_looks_like_a_link_is_none(scams: ScamCheck, text: str) -> None:
    assert names(scams.check(text)) == set()


@pytest.mark.parametrize("number", ["+224 620[đã che]", "0023[đã che]", "+1 (845) 123-4567", "+23176123456"])
def test_foreign_numbers_are_suspicious(scams: ScamCheck, number: str) -> None:
    assert scams.check(f"số {number} gọi").level is not Danger.NONE


@pytest.mark.parametrize("number", ["+84 912[đã che]", "0912345678", "0084912345678", "+1.000.000VND", "19000368"])
def test_vietnamese_numbers_and_sums_are_not(scams: ScamCheck, number: str) -> None:
    assert scams.check(number).level is Danger.NONE


@pytest.mark.parametrize(
    "text",
    [
        "chuyeern khoanr gaaps 5 trieeuj vaof taif khoanr nayf ddeer minh oan",
        "doc ma o.t.p cho em",
        "đọc mã ootp cho em nha chị",
        "ck gấppppp vào stk này để xác minh ko là bị bắt",
        "cài аpp theo link em gửi",
    ],
)
def test_odd_spelling_hides_nothing(scams: ScamCheck, text: str) -> None:
    assert scams.check(text).level is Danger.SCAM


class TestWhatIsToBeChecked:
    @pytest.mark.parametrize(
        "text",
        [
            "vneid-moi.top",
            "0900[đã che]",
            "+224 62[đã che] nháy máy",
            "có người xưng công an gọi bảo tôi dính đường dây rửa tiền",
            "tin nhắn này có phải lừa đảo không: tài khoản bị khoá sau 24h",
            "so la goi noi toi trung thuong xe sh, bat dong thue",
            "[BANK A] Tai khoan cua quy khach se bi khoa sau 24h",
            "Ma OTP cua ban la [đã che]. Khong cung cap cho bat ky ai",
            "Tuyển CTV online 300-500k/ngày, chỉ cần like, nạp 399k để kích hoạt",
        ],
    )
    def test_pasted_and_reported_things_are(self, scams: ScamCheck, text: str) -> None:
        assert scams.is_to_be_checked(text)
        assert scams.is_to_be_checked(strip_diacritics(text).replace("da che", "đã che"))

    @pytest.mark.parametrize(
        "text",
        [
            "làm căn cước ở đâu",
            "quên mật khẩu vneid",
            "link tải vneid ở đâu",
            "vneid báo lỗi",
            "cán bộ gọi bảo hồ sơ thiếu giấy tờ, bổ sung thế nào",
            "đổi mật khẩu vneid thế nào",
            "không nhận được mã otp",
            "lừa đảo thì báo ở đâu",
            "dấu hiệu nhận biết lừa đảo",
            "chào cháu",
            "",
        ],
    )
    def test_ordinary_questions_are_not(self, scams: ScamCheck, text: str) -> None:
        assert not scams.is_to_be_checked(text)
        assert not scams.is_to_be_checked(strip_diacritics(text))


class TestEmergency:
    @pytest.mark.parametrize(
        "text",
        [
            "lỡ chuyển tiền rồi",
            "đã đọc mã otp cho nó",
            "tôi vừa chuyển 5 triệu cho bọn lừa đảo",
            "lỡ bấm link lạ với cài app rồi",
            "bị lừa mất 20 triệu",
            "điện thoại tự chạy không tắt được",
            "chưa chuyển tiền, nhưng đã đọc mã otp cho họ rồi",
            "lo doc ma otp roi lam sao day",
            "loxw chuyeern khoanr cho nos roofi",
            "em ck cho nó r mà nó chặn luôn",
            "nhỡ tay ck cho shop ma 3tr nó chặn mình rồi",
            "mk bấm vô link nhập mk ngân hàng rồi h sao",
            "trót bấm vào đường link lạ và điền mật khẩu",
        ],
    )
    def test_what_has_happened_is_heard(self, scams: ScamCheck, text: str) -> None:
        assert scams.is_emergency(text)
        assert scams.is_emergency(strip_diacritics(text).upper())

    @pytest.mark.parametrize(
        "text",
        [
            "có nên chuyển tiền cho họ không",
            "tôi chưa chuyển tiền cho nó",
            "may mà không đọc mã otp cho nó",
            "suýt chuyển tiền cho bọn lừa đảo",
            "chưa ck cho nó",
            "bác chưa chuyển tiền cho ai cả",
            "họ bắt chuyển tiền",
            "nếu lỡ chuyển tiền thì sao",
            "quên mật khẩu vneid",
            "đã nộp lệ phí hồ sơ rồi mà chưa thấy kết quả",
            "lỡ tay xoá ứng dụng vneid",
            "con chuyển tiền cho mẹ rồi nha",
            "làm căn cước mất bao nhiêu tiền",
        ],
    )
    def test_what_has_not_is_no_emergency(self, scams: ScamCheck, text: str) -> None:
        assert not scams.is_emergency(text)
        assert not scams.is_emergency(strip_diacritics(text))

    def test_the_words_that_show_it_are_given(self, scams: ScamCheck) -> None:
        assert scams.emergency_words("cháu ơi bác lỡ đọc mã OTP cho nó") != ()


@given(st.text(max_size=300) | st.text(alphabet="vneid.gov.vn/@:-+08[]đã chekhông \n\u200b", max_size=80))
def test_any_text_gets_a_verdict(scams: ScamCheck, text: str) -> None:
    verdict = scams.check(text)
    assert (verdict.level is Danger.NONE) == (verdict.signs == ())
    assert all(sign.words for sign in verdict.signs)
    assert scams.is_emergency(text) == (scams.emergency_words(text) != ())
    assert scams.is_to_be_checked(text) in {True, False}


def test_the_check_is_made_anew_only_when_signs_or_domains_change(library: Library) -> None:
    signals, domains = library.scam_signals, library.official_domains
    checks = ScamChecks()
    first = checks.of(signals, domains)
    assert checks.of(signals.model_copy(), domains.model_copy()) is first
    other = domains.model_copy(update={"known": ("example.vn",)})
    assert checks.of(signals, other) is not first
