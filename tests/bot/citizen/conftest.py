"""A small library with the shipped phrases, and a citizen in front of it."""

from __future__ import annotations

import pytest

from content.library import Library
from tests.support.articles import article, library_of
from tests.support.citizen import Citizen

INSTALL = article(
    "vneid.install",
    "Tải và cài đặt VNeID",
    summary="Mở cửa hàng ứng dụng, gõ VNeID rồi bấm **Cài đặt**.",
    questions=["Tải VNeID ở đâu", "Máy tôi chưa có VNeID"],
    sections={
        "Các bước": "1. Mở cửa hàng ứng dụng.\n2. Gõ **VNeID**.\n3. Bấm **Cài đặt**, chưa được thì hỏi {to_cong_nghe}.",
        "Lệ phí": "Cài VNeID không mất tiền.",
        "Ở đâu": "Cài VNeID ở nhà, hoặc nhờ {cong_an_xa}.",
    },
    related=["vneid.forgot_password", "vneid.unwritten", "cccd.renew", "scam.check"],
    guide=True,
    sources=3,
)
FORGOT = article(
    "vneid.forgot_password",
    "Quên mật khẩu VNeID",
    summary="Bấm **Quên mật khẩu** rồi làm theo màn hình.",
    questions=["Lấy lại mật khẩu VNeID thế nào"],
    sections={"Lệ phí": "Lấy lại mật khẩu không mất tiền.", "Lưu ý": "Cần số điện thoại đã đăng ký."},
)
RENEW = article(
    "cccd.renew",
    "Đổi thẻ căn cước",
    summary="Đến Công an xã để đổi thẻ căn cước.",
    sections={
        "Các bước": "1. Đến nơi làm.\n2. Lăn tay.",
        "Giấy tờ": "Đổi thẻ căn cước mang thẻ cũ theo.",
        "Thời gian": "Đổi thẻ căn cước mất 7 ngày.",
    },
)
CHECK = article("scam.check", "Kiểm tra dấu hiệu lừa đảo", summary="Ai giục chuyển tiền là lừa đảo.")
VICTIM = article(
    "scam.victim",
    "Đã lỡ bị lừa",
    summary="Gọi ngay ngân hàng.",
    sections={"Các bước": "1. Gọi ngân hàng.\n2. Báo công an.", "Giấy tờ": "Mang biên lai."},
    urgent=True,
)
HUMAN = article("help.human", "Gặp cán bộ hỗ trợ", summary="Đến trụ sở xã gặp cán bộ. {lien_he}", sources=0)


@pytest.fixture(scope="session")
def small(library: Library) -> Library:
    return library_of(library, INSTALL, FORGOT, RENEW, CHECK, VICTIM, HUMAN)


@pytest.fixture
def citizen(small: Library) -> Citizen:
    return Citizen(small)
