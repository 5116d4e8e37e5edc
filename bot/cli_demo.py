"""`daisuso demo`: a year of made-up data in a commune, to see every page with, and its removal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from time import monotonic
from typing import Annotated

import typer
from rich.markup import escape

from bot import app as application
from bot.errors import OperatorError
from bot.settings import Settings
from bot.terminal import AsJson, exit_with, or_exit, out, print_json, read_settings, tell_quietly, with_database
from content.article import ContentError
from content.demo import DemoTexts, read_demo
from content.library import Library
from content.numbers import number
from db.clock import utc_now
from db.demo import fill as filling
from db.demo import removal
from db.demo.fill import Filled
from db.demo.mark import DemoError
from db.demo.removal import Removed
from db.engine import Database
from db.outreach import hamlets

_STEPS = {
    "people": "Thêm thành viên và hộ mẫu",
    "sessions": "Ghi đợt hỗ trợ mẫu của một năm",
    "classes": "Mở lớp học mẫu",
    "citizens": "Thêm yêu cầu, câu hỏi, đánh giá mẫu",
    "official": "Nhập số chính thức mẫu",
}
_WHY_NOT = {
    "already": "{name} đang có dữ liệu mẫu. Xóa bằng: daisuso demo --remove",
    "real_sessions": (
        "{name} đã có đợt hỗ trợ thật: dữ liệu mẫu sẽ làm sai mọi số liệu cho tới khi xóa. "
        "Dùng một cơ sở dữ liệu khác (DAISUSO_VAR), hoặc thêm --force nếu vẫn muốn."
    ),
    "no_hamlets": "Hồ sơ {name} chưa có danh sách {word}: điền vào mục hamlets của hồ sơ rồi chạy lại.",
    "nothing": "{name} không có dữ liệu mẫu.",
}


def demo(
    commune: Annotated[str, typer.Option("--commune", help="A commune's profile; else the configured one.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take the made-up data out again.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Fill in even beside real sessions.")] = False,
    as_json: AsJson = False,
) -> None:
    """Fill a commune with a year of made-up data, to see every page with; --remove takes exactly that out again.

    Real data that is added meanwhile stays. The office's page shows "Dữ liệu mẫu" as long as there is any.

    Example: daisuso demo --commune tan-loi
    """
    settings = read_settings()
    library = or_exit(lambda: application.open_library(settings)).current
    slug = commune or settings.commune
    if slug not in library.communes:
        exit_with(f"Không có hồ sơ xã {slug}. Đang có: {', '.join(library.communes)}.")
    profile = library.communes[slug]
    began = monotonic()

    def why_not(error: DemoError) -> OperatorError:
        return OperatorError(_WHY_NOT[error.reason].format(name=profile.name, word=profile.hamlet_word))

    if remove:
        gone = with_database(settings, lambda database: _remove(database, slug, why_not))
        if as_json:
            print_json(asdict(gone))
        else:
            _show_removed(gone)
        return
    texts = or_exit(lambda: _texts(settings))
    filled = with_database(settings, lambda database: _fill(database, slug, library, texts, force, why_not))
    if as_json:
        print_json(asdict(filled))
        return
    out.print(
        escape(
            f"{profile.name} có dữ liệu mẫu của một năm (trong {monotonic() - began:.0f} giây): "
            f"{filled.hamlets} {profile.hamlet_word}, {filled.members} thành viên, {number(filled.households)} hộ, "
            f"{number(filled.sessions)} đợt hỗ trợ."
        )
    )
    out.print("Người, hộ và số liệu đều là bịa. Xóa hết bằng: daisuso demo --remove")


async def _fill(
    database: Database, slug: str, library: Library, texts: DemoTexts, force: bool,
    why_not: Callable[[DemoError], OperatorError],
) -> Filled:  # fmt: skip
    now = utc_now()
    try:
        async with database.transaction() as session:
            if not await hamlets.all_of(session, slug):
                await hamlets.load(session, slug, library.communes[slug].hamlets, now)
            return await filling.fill(
                session, slug, texts=texts, known=library.indicators, now=now, with_real=force,
                tell=lambda step: tell_quietly(_STEPS[step]),
            )  # fmt: skip
    except DemoError as error:
        raise why_not(error) from None


async def _remove(database: Database, slug: str, why_not: Callable[[DemoError], OperatorError]) -> Removed:
    try:
        async with database.transaction() as session:
            return await removal.remove(session, slug, utc_now())
    except DemoError as error:
        raise why_not(error) from None


def _show_removed(gone: Removed) -> None:
    out.print(
        f"Đã xóa dữ liệu mẫu: {number(gone.sessions)} đợt hỗ trợ, {number(gone.households)} hộ, "
        f"{gone.members} thành viên."
    )
    if gone.reports:
        out.print(f"Đã xóa {gone.reports} báo cáo lập trong lúc có dữ liệu mẫu, vì số liệu không thật.")
    if gone.kept_households:
        out.print(f"Giữ lại tên {gone.kept_households} hộ vì đã có đợt hỗ trợ thật ghi cho các hộ đó.")
    if gone.kept_classes:
        out.print(f"Giữ lại {gone.kept_classes} lớp vì đã có đợt hỗ trợ thật của các lớp đó.")


def _texts(settings: Settings) -> DemoTexts:
    try:
        return read_demo(settings.content)
    except ContentError as error:
        raise OperatorError(f"Không đọc được dữ liệu mẫu: {error.problems[0]}") from None
    except OSError as error:
        raise OperatorError(f"Không đọc được content/demo.yml ({error.strerror}).") from None
