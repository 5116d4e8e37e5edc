"""`daisuso report` and `daisuso export`: the office's papers, and everything recorded, as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from bot import app as application
from bot.errors import OperatorError
from bot.terminal import AsJson, exit_with, or_exit, out, print_json, read_settings, with_database
from content.commune import Commune
from content.library import Library
from content.numbers import TIME_ZONE, day
from content.periods import Period, PeriodKind, period_of, read_period
from db.clock import utc_now
from db.engine import Database
from db.outreach.audit import OPERATOR
from db.reports import File
from office.reports import desk
from office.reports.compose import NotBegunError
from office.reports.export import export as export_tables

OtherCommune = Annotated[str, typer.Option("--commune", help="A commune's profile; else the configured one.")]
Folder = Annotated[Path, typer.Option("--out", help="The folder to write into; it is made if need be.")]


def report(
    folder: Folder = Path(),
    commune: OtherCommune = "",
    period: Annotated[
        str, typer.Option("--period", help="2026-10, 2026-Q3, 2026-H1 or 2026; else the month that ended last.")
    ] = "",
    freeze: Annotated[bool, typer.Option("--issue", help="Issue it: from then on it stays as it is.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a report: a Word document to be signed, its annex in Excel, the figures as CSV.

    A draft counts anew each time and keeps what the office has edited. An issued report is written as it was issued;
    what was logged later is an adjustment in the next one.

    Example: daisuso report --commune tan-loi --period 2026-10 --out bao-cao
    """
    settings = read_settings()
    library = or_exit(lambda: application.open_library(settings)).current
    profile = or_exit(lambda: _profile(library, commune or settings.commune))
    wanted = or_exit(lambda: _period(period, profile))
    opened, files = with_database(settings, lambda database: _report(database, profile, library, wanted, freeze))
    paths = _write(folder, files)
    if as_json:
        print_json({"issued": bool(opened.issued_at), "files": paths, "report": opened.report.to_json()})
        return
    if opened.issued_at:
        out.print(f"Báo cáo {wanted.name} đã ban hành ngày {day(opened.issued_at)}, ghi ra như lúc ban hành:")
    else:
        out.print(f"Bản nháp báo cáo {wanted.name}, số liệu đến hết ngày {day(opened.report.period.counted_to)}:")
    for path in paths:
        out.print(escape(f"  {path}"))
    if opened.outdated:
        out.print("[yellow]Có đoạn đã sửa tay mà số liệu nay đã đổi[/]: xem lại ở trang Báo cáo trước khi ban hành.")


def export(
    folder: Folder = Path(),
    commune: OtherCommune = "",
    with_names: Annotated[
        bool, typer.Option("--with-names", help="With names of people and what they wrote, for the office alone.")
    ] = False,
) -> None:
    """Write everything recorded: an Excel workbook, and a CSV file for each table. Ids are pseudonyms.

    Example: daisuso export --commune tan-loi --out xuat
    """
    settings = read_settings()
    library = or_exit(lambda: application.open_library(settings)).current
    profile = or_exit(lambda: _profile(library, commune or settings.commune))
    files = with_database(
        settings, lambda database: export_tables(database, profile, with_names=with_names, now=utc_now())
    )
    for path in _write(folder, files):
        out.print(escape(f"  {path}"))
    if with_names:
        out.print("[yellow]Các tệp này có tên người và ghi chú[/]: chỉ dùng trong cơ quan, xong việc thì xóa.")


async def _report(
    database: Database, commune: Commune, library: Library, period: Period, freeze: bool
) -> tuple[desk.Opened, Sequence[File]]:
    opened = await desk.read(database, commune.slug, period.code)
    if opened is None or opened.issued_at is None:
        try:
            opened = await desk.draft(database, commune, library, period, actor=OPERATOR, now=utc_now())
        except NotBegunError:
            raise OperatorError(f"Kỳ {period.name} chưa bắt đầu (từ ngày {day(period.first)}).") from None
        if freeze:
            opened = await desk.issue(
                database, commune.slug, period.code, actor=OPERATOR, now=utc_now(), version=opened.version
            )
    return opened, await desk.files(database, commune.slug, period.code)


def _period(written: str, commune: Commune) -> Period:
    if not written:
        today = utc_now().astimezone(TIME_ZONE).date()
        return period_of(today, PeriodKind.MONTH, commune.reporting_periods).previous
    try:
        return read_period(written, commune.reporting_periods)
    except ValueError:
        raise OperatorError(f"{written} không phải kỳ báo cáo. Ghi như 2026-10, 2026-Q3, 2026-H1 hoặc 2026.") from None


def _profile(library: Library, slug: str) -> Commune:
    profile = library.communes.get(slug)
    if profile is None:
        raise OperatorError(f"Không có hồ sơ xã {slug}. Đang có: {', '.join(sorted(library.communes))}.")
    return profile


def _write(folder: Path, files: Sequence[File]) -> list[str]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            (folder / file.name).write_bytes(file.content)
    except OSError as error:
        exit_with(f"Không ghi được vào {folder} ({error.strerror}). Chọn nơi khác.")
    return [str(folder / file.name) for file in files]
