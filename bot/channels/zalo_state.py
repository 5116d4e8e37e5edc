"""What an operator must know of the Official Account: what is wrong, and what to do about it. For doctor and health."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.channels.zalo_webhook import Refusal
from content.numbers import moment
from db.zalo import Trouble, ZaloAccount

AUTHORIZE = "quản trị viên OA phải đồng ý lại: chạy daisuso zalo authorize"
REFUSALS_MATTER_FOR = timedelta(days=1)
REFRESH_LATE = timedelta(hours=23)
"""By then somebody should have refreshed the token: nothing has been running, or it could not."""

_TROUBLES = {
    Trouble.NO_GRANT: "chưa có mã truy cập: chạy daisuso zalo authorize",
    Trouble.REFRESH_REFUSED: f"Zalo không đổi mã truy cập; {AUTHORIZE}",
    Trouble.REFRESH_LOST: f"lần đổi mã truy cập gần nhất không rõ kết quả, mã cũ không dùng lại được; {AUTHORIZE}",
    Trouble.TOKEN_REFUSED: f"Zalo không nhận mã truy cập mới đổi; {AUTHORIZE}",
}
_REFUSALS = {
    Refusal.MALFORMED: "nội dung không đọc được",
    Refusal.UNSIGNED: "không có chữ ký",
    Refusal.OLD: "quá 2 giờ so với đồng hồ máy này: kiểm tra giờ của máy",
    Refusal.WRONG: "chữ ký sai: kiểm tra DAISUSO_ZALO_OA_SECRET_KEY và DAISUSO_ZALO_APP_ID",
    Refusal.APP_SECRET: "Zalo ký bằng khoá của ứng dụng (App Secret) chứ không phải khoá của OA: hai khoá bị đặt lẫn",
    Refusal.OA_ID: "Zalo ký với mã OA ở chỗ mã ứng dụng: khác tài liệu, báo người làm phần mềm",
    Refusal.HEADER_TIME: "Zalo ký với giờ ở tiêu đề chứ không phải trong tin: khác tài liệu, báo người làm phần mềm",
    Refusal.HMAC: "chữ ký kiểu HMAC: khác tài liệu, báo người làm phần mềm",
}


def problems(row: ZaloAccount | None, now: datetime) -> list[str]:
    """What keeps the account from receiving or sending, the worst first; nothing when all is well."""
    if row is None or row.access_token is None or row.expires_at is None:
        found = [_TROUBLES[Trouble.NO_GRANT]]
    elif row.trouble:
        found = [_trouble(row, Trouble(row.trouble), row.expires_at, now)]
    elif row.refreshed_at and now - row.refreshed_at > REFRESH_LATE and row.expires_at > now:
        found = [f"mã truy cập sắp hết hạn ({moment(row.expires_at)}) mà chưa đổi được: xem nhật ký, mạng"]
    else:
        found = []
    if row and row.stopped_by:
        found.append(
            f"Zalo không cho OA này gửi tin ({row.stopped_by}): xem gói dịch vụ, quyền và xác thực ở oa.zalo.me"
        )
    if row and row.refused_at and row.refused_why and _still_matters(row.refused_at, row.event_at, now):
        found.append(f"từ chối một sự kiện lúc {moment(row.refused_at)}: {_REFUSALS[Refusal(row.refused_why)]}")
    return found


def _trouble(row: ZaloAccount, trouble: Trouble, expires_at: datetime, now: datetime) -> str:
    detail = f" ({row.trouble_detail})" if row.trouble_detail else ""
    works = trouble is not Trouble.TOKEN_REFUSED and expires_at > now
    return f"{_TROUBLES[trouble]}{detail}" + (f"; mã hiện tại còn dùng được đến {moment(expires_at)}" if works else "")


def _still_matters(refused_at: datetime, event_at: datetime | None, now: datetime) -> bool:
    """A genuine event that came later shows that the settings are right: the other was somebody's try."""
    return now - refused_at < REFUSALS_MATTER_FOR and (event_at is None or event_at < refused_at)
