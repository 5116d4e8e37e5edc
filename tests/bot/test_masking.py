"""Personal numbers and secrets never reach the database; what a question needs to be understood stays."""

from __future__ import annotations

import re
import unicodedata
from time import perf_counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.masking import mask
from bot.messages import MAX_TEXT

# What is hidden stands between { and }.
HIDDEN = """
số căn cước {079190012345} của tôi
cccd {079 190 012 345} nhé
CCCD: {079.190.012.345}
căn cước số {079-190-012-345}, cấp năm 2021
tôi là Nguyễn Văn A,{079190012345},ấp 3
cccd{079190012345}
cccd {079190012345}k biết đúng không
số cccd {079190012345} k biết đúng không
cccd Hà Nội {001190012345}
hai vợ chồng {079190012345}, {079190054321}
chép từ bảng: {079190012345},{079190054321}
chứng minh {271234567} Đồng Nai cấp
gửi số {271234567} đồng ý không
cccd {079190012345} đ
cmnd {271 234 567}
cmnd {271.234.567}
cmnd {113456789} cũ
sổ bảo hiểm {7916123456}
thẻ bảo hiểm y tế DN{4797912345678}
thẻ {4111 1111 1111 1111} hết hạn 12/27
thẻ {9704-3660-1234-5678-901}
stk {19001234567890} Techcombank
chuyển vào stk:{1130001234567} nhé
số dài dán liền {07919001234507919005432107}
OTP là {123456}
mã OTP: {12 34 56}
otp cua toi la {482913}
OTP {482913} k biết đúng k
nó hỏi otp, tôi đọc {482913} rồi
mã OTP 6 số là {123456}
mã OTP mà ngân hàng vừa gửi cho tôi lúc nãy là {123456}
passcode 6 số của tôi là {123456}
mã xác thực {1234}
ma xac nhan cua ban: {928374}
{123456} là mã OTP
{123 456} la ma xac thuc
{123456} is your OTP code
Your verification code is {123456}
nó bảo đọc mã, mã là {482913}
mã pin thẻ {4321}
cvv {123}
mật khẩu là {Abc@123}
mật khẩu vneid là {Abc@123} đúng chưa
Mật khẩu VNeID của tôi là {hoanghoa}, sao không vào được
mat khau: {hoanghoa}
mk: {123456}
mk fb la {hoanghoa90}
pass {123456} mà sai
mật khẩu {Hoa123456}.
password={secret}
MẬT KHẨU = {Matkhau1!}
thư n{guyenvana}@gmail.com
OTP {482913}, mật khẩu {Abc@1234}, cccd {079190012345}
""".strip().splitlines()

PHONES = """
0912{345678}
sđt 0912{345678} gọi lại nha
sđt: 0912{.345.678}
0912{ 345 678}
0912{-345-678}
0912{345678}nha
sđt0912{345678}
(024) 3{825 1234}
0241{2345678}
+84 91{2 345 678}
+8491{2345678}
(+84) 91{2 345 678}
0084{912345678}
00 84{ 912 345 678}
{84912345678}
+1 (415{) 555-2671}
+44 20{ 7946 0958}
+855 1{2 345 678}
số lạ +2346{12345678} gọi
1. 0912{345678}
""".strip().splitlines()

KEPT = """
gọi 1900.0368
gọi 1900 0368 bấm phím 1
gọi 18001096 hay 1800 1096
tổng đài 1900 545 415
số 19003456 có phải lừa đảo không
gọi 113, 114, 115 hay 111
gọi 113 114 115
ai hỏi mã OTP thì gọi 113
bị hỏi OTP, gọi ngay 1900.0368
lộ otp, nhắn tới số 5656
OTP gửi về đầu số 8088 à
mất OTP bị trừ 500.000 đồng
mất otp bị trừ 500k
đọc OTP xong mất 2 triệu
đọc OTP xong mất 1500k
đọc otp xong bị trừ 1500 nghìn
chuyển 50.000.000 đồng
chuyển 50.000.000đ cho nó
nó đòi 50,000,000 VND
TK cua ban +50.000.000 VND
số dư 12.345.678 VND
trả 50000000đ
mất 120 000 000 đồng
phạt 12.000.000 - 15.000.000 đồng
lương 15 triệu, thưởng 2 tỷ 500 triệu
phí 600.000 hay 1.200.000 vậy
ngày 15/3/2026
sinh 01/01/1950
hẹn ngày 15.03.2026 14h30
từ 15-03-2026 đến 20-03-2026
cập nhật 2026-03-15
năm 2025-2026
các năm 2024 2025 2026
OTP từ năm 2026
định danh mức 2
lên mức 2 cần gì
Nghị định 69/2024/NĐ-CP
OTP theo Nghị định 154/2024/NĐ-CP
OTP theo Quyết định 1234/QĐ-NHNN
đổi mật khẩu theo 69/2024/NĐ-CP
Quyết định 1234/QĐ-UBND
số nhà 123/45/6 đường 30/4
số 24 ấp 3
ấp 3 hộ 12 cài VNeID cho 2 cụ, mở tài khoản cho 1
thửa đất số 123, tờ bản đồ 45
mã OTP 6 số không gửi về
3 ngày không nhận được OTP
mã OTP có hiệu lực 3 phút
nhập sai mật khẩu 5 lần
mật khẩu 8 ký tự
mật khẩu là gì
mat khau la gi vay
mật khẩu vneid có bao nhiêu ký tự
quên mật khẩu là mất hết hả
quen mat khau la khong vao duoc ha
quên mật khẩu: phải làm sao
quên mk vneid r lm s
trang fb của xã mk là trang nào
đổi mật khẩu là 20/11/2026
trang vietcombank88888888.com có thật không
https://12345678.xyz là gì
sim 4G 3 ngày 90.000
CT07, mẫu 01/ĐKKH
""".strip().splitlines()

MARK = "[đã che]"


def _shown(marked: str) -> str:
    return re.sub(r"\{.*?\}", MARK, marked)


def _typed(marked: str) -> str:
    return marked.replace("{", "").replace("}", "")


@pytest.mark.parametrize("marked", HIDDEN)
def test_numbers_and_secrets_are_hidden(marked: str) -> None:
    assert mask(_typed(marked)) == _shown(marked)


@pytest.mark.parametrize("marked", PHONES)
def test_of_a_telephone_number_at_most_the_beginning_stays(marked: str) -> None:
    assert mask(_typed(marked)) == _shown(marked)


@pytest.mark.parametrize("text", KEPT)
def test_what_a_question_needs_stays(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize("text", ["mật khẩu là Abc@123", "mã xác thực là 123456"])
def test_letters_typed_in_two_parts_hide_nothing_less(text: str) -> None:
    in_parts = unicodedata.normalize("NFD", text)
    assert in_parts != text
    assert mask(in_parts) == mask(text)
    assert MARK in mask(in_parts)


def test_each_line_is_looked_at() -> None:
    assert mask("cccd\n079190012345\nsđt\n0912345678") == f"cccd\n{MARK}\nsđt\n0912{MARK}"


# --- for any number, however it is written ----------------------------------------------------------------------------

GAPS = st.sampled_from(["", " ", ".", "-"])
BEFORE = st.sampled_from(["", "số ", "cccd:", "tôi là An, ", "(", "A,", "stk ", "\n", "ấp 3, ", "là "])
AFTER = st.sampled_from(["", " của tôi", ".", ", ấp 3", "nha", " k biết đúng k", "?", "\n", ")", " tr hợp này"])


@st.composite
def spaced(draw: st.DrawFn, digits: st.SearchStrategy[str]) -> str:
    """A number in groups of one size, with one sort of gap: as people write it."""
    number, gap, size = draw(digits), draw(GAPS), draw(st.integers(2, 4))
    return gap.join(number[start : start + size] for start in range(0, len(number), size))


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


@given(spaced(digits(12).map(lambda number: "0" + number[1:])), BEFORE, AFTER)
def test_no_id_number_of_12_digits_gets_through(number: str, before: str, after: str) -> None:
    assert mask(f"{before}{number}{after}") == f"{before}{MARK}{after}"


@given(digits(9), BEFORE, AFTER)
def test_no_id_number_of_9_digits_gets_through(number: str, before: str, after: str) -> None:
    assert mask(f"{before}{number}{after}") == f"{before}{MARK}{after}"


@given(spaced(st.sampled_from("3459").flatmap(lambda first: digits(15).map(first.__add__))), BEFORE, AFTER)
def test_no_card_number_gets_through(number: str, before: str, after: str) -> None:
    assume(not number.endswith("000"))  # "4.111.111.111.111.000" may be a sum of money
    assert mask(f"{before}{number}{after}") == f"{before}{MARK}{after}"


@given(spaced(digits(9).map(lambda number: "0" + number)), BEFORE, AFTER)
def test_of_no_telephone_number_more_than_4_digits_get_through(number: str, before: str, after: str) -> None:
    kept = re.sub(r"\D", "", mask(f"{before}{number}{after}"))
    assert len(kept) <= len(re.sub(r"\D", "", before + after)) + 4


@given(digits(6), st.sampled_from(["OTP là ", "mã OTP: ", "ma otp cua toi la ", "mã xác thực ", "Passcode "]), AFTER)
def test_no_one_time_code_gets_through(code: str, before: str, after: str) -> None:
    assert code not in mask(f"{before}{code}{after}")


@given(
    st.from_regex(r"[A-Za-z]{3,8}[@#!$]?[0-9]{2,4}", fullmatch=True),
    st.sampled_from([" là ", ": ", " = ", " của tôi là "]),
)
def test_no_password_with_figures_gets_through(password: str, between: str) -> None:
    assert password not in mask(f"mật khẩu{between}{password}")


@given(st.integers(1, 999_999), st.sampled_from([".", ",", ""]), st.sampled_from([" đồng", "đ", " VND", " vnđ"]))
def test_no_sum_of_money_is_hidden(thousands: int, separator: str, currency: str) -> None:
    sum_of_money = f"{thousands * 1000:,}".replace(",", separator) + currency
    assert mask(f"nó đòi {sum_of_money} thì sao") == f"nó đòi {sum_of_money} thì sao"


@given(st.dates().map(lambda day: day.replace(year=1900 + day.year % 200)), st.sampled_from(["/", ".", "-"]))
def test_no_date_is_hidden(day: object, separator: str) -> None:
    text = f"hẹn ngày {day:%d{separator}%m{separator}%Y} được không"
    assert mask(text) == text


@given(st.text(max_size=60) | st.sampled_from([*map(_typed, HIDDEN), *map(_typed, PHONES), *KEPT]))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.text(st.characters(exclude_categories=["Nd", "Cs"], exclude_characters="@"), max_size=60))
def test_a_text_without_figures_and_secrets_stays(text: str) -> None:
    assume(not re.search(r"mật|mat|mk|pass|pw", unicodedata.normalize("NFC", text), re.IGNORECASE))
    assert mask(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("piece", ["1 ", "a.", "mk ", "otp ", "(1) ", "mật khẩu a", "0912345678 "])
def test_no_message_holds_up_the_others(piece: str) -> None:
    text = (piece * MAX_TEXT)[:MAX_TEXT]
    started = perf_counter()
    mask(text)
    assert perf_counter() - started < 1  # takes some milliseconds; runaway patterns take minutes
