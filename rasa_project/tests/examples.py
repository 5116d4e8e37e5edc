"""A small set of questions about three topics, and where the project lies; for several tests."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ROOT = PROJECT.parent

EXAMPLES = {
    "vneid.forgot_password": [
        "quên mật khẩu VNeID thì làm sao",
        "tôi không nhớ mật khẩu tài khoản định danh",
        "lấy lại mật khẩu VNeID thế nào",
        "đặt lại mật khẩu đã quên",
        "nhập mật khẩu cứ báo sai",
        "mất mật khẩu rồi đăng nhập kiểu gì",
        "mk vneid quên r lm s",
    ],
    "vneid.register_level1": [
        "đăng ký định danh mức 1 tại nhà",
        "cách tạo tài khoản mức 1 trên điện thoại",
        "mức 1 tự đăng ký được không",
        "làm mức 1 cần gì",
        "đăng ký mức 1 mất bao lâu",
        "tài khoản mức 1 đăng ký ở đâu",
    ],
    "vneid.register_level2": [
        "đăng ký định danh mức 2 tại công an xã",
        "cách làm tài khoản mức 2",
        "mức 2 phải ra công an không",
        "làm mức 2 cần gì",
        "đăng ký mức 2 mất bao lâu",
        "tài khoản mức 2 đăng ký ở đâu",
    ],
}
TEXTS = [text for texts in EXAMPLES.values() for text in texts]
INTENTS = [intent for intent, texts in EXAMPLES.items() for _ in texts]
