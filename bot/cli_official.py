"""`daisuso official`: official figures of the indicators - listed, entered, withdrawn, read from Excel."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from bot import app as application
from bot.cli_indicators import OtherCommune, profile_of, read_day, today
from bot.errors import OperatorError
from bot.settings import Settings
from bot.terminal import (
    FAILED,
    AsJson,
    exit_with,
    or_exit,
    out,
    print_json,
    read_file,
    read_settings,
    with_database,
    write_file,
)
from content.commune import Commune
from content.library import Library
from content.numbers import day, moment, number, percent
from db.clock import utc_now
from db.engine import Database
from db.indicators import official
from db.indicators.models import OfficialFigure
from db.indicators.official import Entered, Entry, FigureError
from db.outreach import hamlets
from db.outreach.audit import OPERATOR
from db.outreach.models import AuditEntry, Hamlet
from office import official_sheet
from office.official_sheet import Fate, Planned, Saved, Sheet
from office.official_template import make_template
from office.workbook import SheetError

Done = TypeVar("Done")

app = typer.Typer(help="Official figures of the indicators.", no_args_is_help=True)


@app.command("list")
def list_figures(
    commune: OtherCommune = "",
    indicator: Annotated[str, typer.Option("--indicator", help="Only of this indicator, by its id.")] = "",
    history: Annotated[
        bool, typer.Option("--history", help="With what each was before, who changed it, when.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List a commune's official figures, the latest first, with those that were withdrawn.

    Example: daisuso official list --commune tan-loi
    """
    settings, library, profile = _begin(commune)
    wanted = [indicator] if indicator else None

    async def find(database: Database) -> list[tuple[OfficialFigure, list[AuditEntry]]]:
        async with database.snapshot() as session:
            found = await official.all_of(session, profile.slug, indicators=wanted)
            return [(one, await official.history(session, one) if history else []) for one in found]

    found = with_database(settings, find)
    if as_json:
        print_json([_to_json(one, changes) for one, changes in found])
        return
    if not found:
        out.print(escape(f"{profile.name} chưa có số chính thức nào. Nhập bằng: daisuso official set, hoặc từ Excel."))
    for one, changes in found:
        out.print(escape(_line(one, profile, library)))
        for change in changes:
            before = "" if change.before is None else f"{_said(change.before)} -> "
            out.print(escape(f"    {moment(change.at)}, {change.actor}: {before}{_said(change.after or {})}"))


@app.command("set")
def set_figure(
    indicator: Annotated[str, typer.Argument(help="Its id: daisuso indicators --json shows them.")],
    as_of: Annotated[str, typer.Option("--as-of", help="The day of which the figure tells, as 2026-10-31.")],
    source: Annotated[str, typer.Option("--source", help="Who gave it, in which paper.")],
    count: Annotated[int | None, typer.Option("--count", help="How many have it.")] = None,
    total: Annotated[int | None, typer.Option("--total", help="Of how many.")] = None,
    share: Annotated[str, typer.Option("--percent", help="Only the share, where no counts are given: 87.3")] = "",
    hamlet: Annotated[str, typer.Option("--hamlet", help="Of this hamlet; else of the whole commune.")] = "",
    commune: OtherCommune = "",
) -> None:
    """Enter an official figure, or correct the one of that indicator, place and day. What it was stays readable.

    Example: daisuso official set vneid_account --as-of 2026-10-31 --count 4100 --total 5200 --source "Công an xã"
    """
    settings, library, profile = _begin(commune)
    day_of = or_exit(lambda: read_day(as_of))
    given = or_exit(lambda: _share(share))

    async def enter(database: Database) -> Entered:
        async with database.transaction() as session:
            place = await _hamlet(session, profile, hamlet)
            entry = Entry(indicator, day_of, source, place.id if place else None, count, total, given)
            done = await _in_words(
                library,
                official.enter(
                    session, profile.slug, entry, known=library.indicators, actor=OPERATOR, now=utc_now(),
                    today=today(),
                ),
            )  # fmt: skip
            await session.refresh(done.figure, ["hamlet"])
            return done

    done: Entered = with_database(settings, enter)
    verb = "Đã nhập" if done.is_new else "Đã sửa" if done.is_changed else "Đã có từ trước, như cũ"
    out.print(escape(f"{verb}: {_line(done.figure, profile, library)}"))


@app.command("withdraw")
def withdraw(
    number_of: Annotated[int, typer.Argument(metavar="ID", help="Its number in `daisuso official list`.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it is wrong.")],
    commune: OtherCommune = "",
) -> None:
    """Withdraw a wrong official figure: it counts nowhere, and stays readable with its reason.

    Example: daisuso official withdraw 12 --reason "nhầm số của xã khác"
    """
    settings, library, profile = _begin(commune)

    async def take(database: Database) -> tuple[OfficialFigure, bool]:
        async with database.transaction() as session:
            figure = await official.by_id(session, profile.slug, number_of)
            if figure is None:
                raise OperatorError(f"Không có số chính thức mã {number_of} ở {profile.name}.")
            return figure, await _in_words(
                library, official.withdraw(session, figure, reason=reason, actor=OPERATOR, now=utc_now())
            )

    figure, is_changed = with_database(settings, take)
    out.print(escape(f"{'Đã rút' if is_changed else 'Đã rút từ trước'}: {_line(figure, profile, library)}"))


@app.command("import")
def import_sheet(
    file: Annotated[Path | None, typer.Argument(help="A filled sheet, .xlsx.")] = None,
    template: Annotated[Path | None, typer.Option("--template", help="Write an empty sheet to this file.")] = None,
    commune: OtherCommune = "",
    save_all: Annotated[bool, typer.Option("--save", help="Save, if every row is right.")] = False,
    save_right: Annotated[
        bool, typer.Option("--save-right-ones", help="Save the right rows, tell the others.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Read official figures from Excel: tells what is wrong by row and column, and saves nothing unless asked to.

    The same file may come again: what is there already adds nothing, a changed row corrects. Exit code 1 when rows are
    wrong.

    Example: daisuso official import --template so-chinh-thuc.xlsx --commune tan-loi
    """
    settings, library, profile = _begin(commune)
    if template is not None:
        names = with_database(settings, lambda database: _hamlet_names(database, profile))
        write_file(template, make_template(profile, names, library.indicators, library.texts.official))
        out.print(escape(f"Đã ghi tệp mẫu {template}. Điền xong, đọc thử bằng: daisuso official import {template}"))
        return
    if file is None or (save_all and save_right):
        exit_with("Cần tên một tệp .xlsx (hoặc --template), và nhiều nhất một trong hai: --save, --save-right-ones.")
    content = read_file(file)

    async def read(database: Database) -> tuple[Sheet, list[Planned], Saved | None]:
        async with database.transaction() as session:
            sheet = official_sheet.read(
                content, commune=profile, hamlets=await hamlets.all_of(session, profile.slug),
                indicators=library.indicators, texts=library.texts.official, today=today(),
            )  # fmt: skip
            planned = await official_sheet.plan(session, profile.slug, sheet.rows)
            if not (save_right or (save_all and not sheet.problems)):
                return sheet, planned, None
            return sheet, planned, await official_sheet.save(
                session, profile.slug, sheet.rows, indicators=library.indicators, actor=OPERATOR, now=utc_now(),
                today=today(),
            )  # fmt: skip

    try:
        sheet, planned, saved = with_database(settings, read)
    except SheetError as error:
        reason = library.texts.visit_sheet.files[error.reason].format(**error.values)
        exit_with(f"{file.name}: {reason}")
    if as_json:
        print_json(_sheet_json(sheet, planned, saved))
    else:
        _show_sheet(sheet, planned, saved, library, asked=save_all or save_right)
    if sheet.problems:
        raise typer.Exit(FAILED)


def _begin(commune: str) -> tuple[Settings, Library, Commune]:
    settings = read_settings()
    library = or_exit(lambda: application.open_library(settings)).current
    return settings, library, or_exit(lambda: profile_of(library, commune or settings.commune))


async def _in_words(library: Library, work: Awaitable[Done]) -> Done:
    try:
        return await work
    except FigureError as error:
        raise OperatorError(library.texts.official.error(error.reason, **error.values)) from None


async def _hamlet(session: AsyncSession, commune: Commune, name: str) -> Hamlet | None:
    if not name:
        return None
    found = await hamlets.by_name(session, commune.slug, name.removeprefix(commune.hamlet_word).strip())
    if found is None:
        names = ", ".join(one.name for one in await hamlets.all_of(session, commune.slug))
        raise OperatorError(f"Không có {commune.hamlet_word} {name}. Đang có: {names or 'chưa có nơi nào'}.")
    return found


async def _hamlet_names(database: Database, commune: Commune) -> list[str]:
    async with database.snapshot() as session:
        return [one.name for one in await hamlets.all_of(session, commune.slug)]


def _share(written: str) -> Decimal | None:
    try:
        return Decimal(written.removesuffix("%").strip().replace(",", ".")) if written else None
    except InvalidOperation:
        raise OperatorError(f"{written} không phải tỷ lệ. Ghi như 87.3") from None


def _line(one: OfficialFigure, commune: Commune, library: Library) -> str:
    texts = library.texts.official
    indicator = library.indicators.get(one.indicator)
    place = f"{commune.hamlet_word} {one.hamlet.name}" if one.hamlet else texts.commune
    told = f"{one.id}. {indicator.short if indicator else one.indicator}, {place}, chốt {day(one.as_of)}: "
    told += f"{_amount(one.count, one.total, one.percent)}; nguồn: {one.source}"
    return told + (f" ({texts.withdrawn}: {one.withdraw_reason})" if one.withdrawn_at else "")


def _amount(count: int | None, total: int | None, share: Decimal | None) -> str:
    shown = percent(share) if share is not None else ""
    if count is None:
        return shown
    return number(count) if total is None else f"{number(count)}/{number(total)} ({shown})"


def _said(stored: Mapping[str, Any]) -> str:
    """A figure as the log keeps it."""
    share = Decimal(stored["percent"]) if stored.get("percent") is not None else None
    if stored.get("total"):
        share = Decimal(stored["count"] * 100) / stored["total"]
    told = f"{_amount(stored.get('count'), stored.get('total'), share)}; nguồn: {stored.get('source')}"
    return f"{told} (đã rút: {stored.get('reason')})" if stored.get("withdrawn") else told


def _show_sheet(
    sheet: Sheet, planned: Sequence[Planned], saved: Saved | None, library: Library, *, asked: bool
) -> None:
    if sheet.problems:
        table = Table(title=f"Lỗi ({len(sheet.problems)})", title_style="red", title_justify="left")
        for header in ("Dòng", "Cột", "Tiêu đề", "Lỗi"):
            table.add_column(header)
        for problem in sheet.problems:
            table.add_row(str(problem.row), problem.column, escape(problem.header), escape(problem.text))
        out.print(table)
    fates = library.texts.official.fates
    counts = [f"{sum(one.fate is fate for one in planned)} {fates[fate.value]}" for fate in Fate]
    out.print(f"Đọc được {len(planned)} số: {', '.join(counts)}.")
    for one in planned:
        if one.fate is Fate.CHANGED and one.before is not None:
            entry, before = one.row.entry, one.before
            old, new = _amount(before.count, before.total, before.percent), _entered(entry)
            out.print(escape(f"  dòng {one.row.number}: {library.indicators[entry.indicator].short}: {old} -> {new}"))
    if saved is not None:
        out.print(f"[green]Đã lưu[/]: {saved.new} số mới, {saved.changed} số sửa, {saved.same} số như cũ.")
    elif asked:
        out.print("[red]Chưa lưu gì[/] vì có dòng lỗi. Sửa tệp, hoặc lưu riêng các dòng đúng bằng --save-right-ones.")
    else:
        out.print("Đây là đọc thử, [bold]chưa lưu gì[/]. Lưu bằng --save, hoặc lưu các dòng đúng: --save-right-ones.")


def _entered(entry: Entry) -> str:
    share = entry.percent
    if entry.count is not None and entry.total:
        share = Decimal(entry.count * 100) / entry.total
    return _amount(entry.count, entry.total, share)


def _sheet_json(sheet: Sheet, planned: Sequence[Planned], saved: Saved | None) -> dict[str, object]:
    return {
        "problems": [
            {"row": one.row, "column": one.column, "header": one.header, "text": one.text} for one in sheet.problems
        ],
        "rows": [{"row": one.row.number, "fate": one.fate.value} for one in planned],
        "saved": {"new": saved.new, "changed": saved.changed, "same": saved.same} if saved else None,
    }


def _to_json(one: OfficialFigure, changes: Sequence[AuditEntry]) -> dict[str, object]:
    shown: dict[str, object] = {"id": one.id, "hamlet": one.hamlet.name if one.hamlet else None}
    shown |= official.as_json(one) | {"entered_by": one.entered_by, "entered_at": one.entered_at.isoformat()}
    shown["percent"] = None if one.percent is None else float(one.percent)
    shown["history"] = [
        {"at": it.at.isoformat(), "by": it.actor, "action": it.action, "before": it.before, "after": it.after}
        for it in changes
    ]
    return shown
