"""What a sentence leaves in doubt, in Vietnamese sentences: what is unclear, what was kept, what to do."""

from __future__ import annotations

from bot.team.quick_log.visit import Problem

TEXTS = {
    "unknown_hamlet": "Không thấy “{name}” trong danh sách của xã. Đã ghi nguyên như bác viết, bác chọn lại giúp.",
    "ambiguous_household": "Có nhiều hộ giống “{name}”: {names}. Bác chọn hộ đúng giúp.",
    "more_than_people": "“{outcome}” có {count} người nhưng chỉ giúp {people} người. Bác xem lại số nào đúng.",
    "group_more_than_people": "Nhóm {group} có {count} người nhưng chỉ giúp {people} người. Bác xem lại số nào đúng.",
    "more_listed_than_people": "Ghi {people} người nhưng kể ra {count}, tạm ghi {people} người. Bác xem số nào đúng.",
    "too_many_people": "{people} người một lần thì nhiều quá. Bác xem lại con số giúp.",
    "negative_count": "Số người không thể là số âm, nên phần đó để trống. Bác ghi lại giúp.",
    "future_date": "Ngày {day} chưa tới. Bác ghi lại ngày đã đi giúp.",
    "old_date": "Ngày {day} đã quá {days} ngày. Bác xem lại ngày giúp.",
    "doubtful_date": "Chưa rõ “{words}” là ngày nào, tạm ghi {day}. Bác xem lại giúp.",
    "doubtful_outcome": "Tạm hiểu “csk” là chữ ký số. Nếu là sổ sức khoẻ thì bác sửa giúp.",
    "guessed_count": "Chưa ghi mấy người, tạm tính 1 người. Bác sửa nếu chưa đúng.",
    "vague_count": "Con số chưa rõ (vài, khoảng...), tạm ghi {people} người. Bác sửa nếu chưa đúng.",
    "guessed_kind": "Tạm ghi là {kind}. Bác sửa nếu chưa đúng.",
    "personal_number": (
        "Có số giống số căn cước, số điện thoại hoặc mật mã: đã che đi, không lưu. Lần sau bác đừng gửi các số này."
    ),
    "left_out": "Chưa hiểu câu “{words}” nên không ghi. Nếu đó là một lượt hỗ trợ, bác gửi lại riêng câu đó.",
}
"""By code; docs and the card that asks for confirmation use the same codes."""


def problem(code: str, **values: object) -> Problem:
    """A problem with its sentence filled in."""
    return Problem(code, TEXTS[code].format(**values))
