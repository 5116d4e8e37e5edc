"""`daisuso import` and `daisuso form`: the Excel sheet of visits, and the paper form for visits from house to house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from bot import app as application
from bot.cli_people import entrances_of
from bot.errors import OperatorError
from bot.service import TIME_ZONE
from bot.settings import Settings
from bot.team.visit_sheet import report
from bot.team.visit_sheet.places import Places
from bot.team.visit_sheet.planning import Plan, make_plan
from bot.team.visit_sheet.reading import read_sheet
from bot.team.visit_sheet.rows import Problem
from bot.team.visit_sheet.saving import Author, Saved, save
from bot.team.visit_sheet.template import make_template
from bot.team.visit_sheet.words import Words
from bot.team.visit_sheet.workbook import SheetError
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
from db import links
from db.clock import utc_now
from db.engine import Database
from db.links import Sort
from db.outreach import hamlets, households
from db.outreach.audit import OPERATOR
from db.outreach.models import Hamlet, Household
from db.outreach.names import key
from office.household_form import FLAGS, FormHousehold, make_forms

MOST_FORMS = 1000

OtherCommune = Annotated[str, typer.Option("--commune", help="A commune's profile; else the configured one.")]


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
    """Read a filled sheet of visits: tells what is wrong by row and column, and saves nothing unless asked to.

    The same file may come again: rows that were imported add nothing, changed ones correct their visits. Exit code 1
    when rows are wrong.

    Example: daisuso import --template mau.xlsx --commune tan-loi
    """
    settings = read_settings()
    library = or_exit(lambda: application.open_library(settings)).current
    profile = or_exit(lambda: _profile(library, commune or settings.commune))
    if template is not None:
        write_file(template, with_database(settings, lambda database: _template(database, profile, library)))
        out.print(escape(f"Đã ghi tệp mẫu {template}. Điền xong, đọc thử bằng: daisuso import {template}"))
        return
    if file is None:
        exit_with("Cần tên một tệp .xlsx, hoặc --template và tên tệp mẫu sẽ ghi.")
    if save_all and save_right:
        exit_with("Chọn một trong hai: --save hoặc --save-right-ones.")
    content = read_file(file)
    words = Words(profile, library.texts)
    plan, done = with_database(
        settings,
        lambda database: _import(database, content, file.name, words, save_all=save_all, save_right=save_right),
    )
    if as_json:
        print_json(_to_json(plan, done))
    else:
        _show(plan, done, words, asked=save_all or save_right)
    if plan.problems:
        raise typer.Exit(FAILED)


def print_form(
    file: Annotated[Path, typer.Option("--out", help="The PDF file to write.")],
    commune: OtherCommune = "",
    hamlet: Annotated[list[str] | None, typer.Option("--hamlet", help="Its households; may be repeated.")] = None,
    household: Annotated[list[int] | None, typer.Option("--household", help="By number; may be repeated.")] = None,
    blank: Annotated[bool, typer.Option("--blank", help="One empty form, to be copied.")] = False,
) -> None:
    """Print the form for visits from house to house: A4, a household a page, with its QR code; or a blank one.

    Example: daisuso form --hamlet 3 --out phieu-ap-3.pdf
    """
    settings = read_settings()
    library = or_exit(lambda: application.open_library(settings)).current
    profile = or_exit(lambda: _profile(library, commune or settings.commune))
    if blank and (hamlet or household):
        exit_with("--blank là một phiếu trống: không đi cùng --hamlet hay --household.")

    async def collect(database: Database) -> list[FormHousehold]:
        return await _forms(settings, database, profile, hamlet or [], household or [])

    forms = [FormHousehold()] if blank else with_database(settings, collect)
    texts = library.texts
    write_file(file, make_forms(forms, commune=profile, texts=texts.household_form, log=texts.log, printed_on=_today()))
    out.print(escape(f"Đã ghi {len(forms)} phiếu vào {file}."))


async def _template(database: Database, commune: Commune, library: Library) -> bytes:
    async with database.snapshot() as session:
        places = await Places.load(session, commune, await _hamlets(session, commune))
    names = [places.full_name(hamlet) for hamlet in places.own]
    return make_template(commune, names, places.choices(), library.texts, _today())


async def _import(
    database: Database, content: bytes, name: str, words: Words, *, save_all: bool, save_right: bool
) -> tuple[Plan, Saved | None]:
    try:
        rows = read_sheet(content, commune=words.commune, texts=words.texts, today=_today())
    except SheetError as error:
        raise OperatorError(words.refusal(name, error).replace("**", "")) from None
    slug = words.commune.slug
    async with database.transaction() as session:
        plan = await make_plan(
            session, rows, commune=words.commune, own=await _hamlets(session, words.commune), words=words
        )
        if not plan.to_save or not (save_right or (save_all and not plan.problems)):
            return plan, None
        now = utc_now()
        return plan, await save(session, plan, commune=slug, author=Author(OPERATOR), written_at=now, now=now)


async def _forms(
    settings: Settings, database: Database, commune: Commune, hamlet: Sequence[str], household: Sequence[int]
) -> list[FormHousehold]:
    entrances = await entrances_of(settings, database)
    async with database.transaction() as session:  # the first code of a commune makes its key
        every = await _hamlets(session, commune)
        known = {key(one.name): one for one in every}
        wanted = [key(name.removeprefix(commune.hamlet_word)) for name in hamlet]
        if unknown := [name for name, its in zip(hamlet, wanted, strict=True) if its not in known]:
            raise OperatorError(f"Không có {commune.hamlet_word} {', '.join(unknown)}. Đang có: {_names(every)}.")
        places = [known[its] for its in dict.fromkeys(wanted)] or ([] if household else every)
        found = await households.of_hamlets(session, commune.slug, [place.id for place in places])
        order = {place.id: position for position, place in enumerate(every)}
        found.sort(key=lambda one: order[one.hamlet_id])
        for number in household:
            one = await households.by_id(session, commune.slug, number)
            if one is None:
                raise OperatorError(f"Không có hộ mã {number} ở {commune.name}.")
            found.append(one)
        if not found:
            raise OperatorError("Ở đó chưa có hộ nào. In phiếu trống bằng: daisuso form --blank --out phieu.pdf")
        if len(found) > MOST_FORMS:
            raise OperatorError(
                f"{len(found)} phiếu thì nhiều quá cho một tệp. Chọn từng {commune.hamlet_word}: --hamlet"
            )
        names = {one.id: one.name for one in await hamlets.every(session, commune.slug)}
        pillars = await households.pillars(session, found)
        codes = {one.id: await links.make(session, commune.slug, Sort.HOUSEHOLD, one.id) for one in found}
    return [
        FormHousehold(
            hamlet=names[one.hamlet_id], name=one.name, number=one.number or "", people=one.people, adults=one.adults,
            flags=frozenset(flag for flag in FLAGS if getattr(one, flag)), address=entrances.best(codes[one.id]),
            pillars=_known(one, {pillar.value: count for pillar, count in pillars[one.id].items()}),
        )
        for one in found
    ]  # fmt: skip


def _known(household: Household, counts: dict[str, int]) -> dict[str, int]:
    """Without a survey a nought is only what nobody has counted yet."""
    return counts if household.surveyed_at else {pillar: count for pillar, count in counts.items() if count}


async def _hamlets(session: AsyncSession, commune: Commune) -> list[Hamlet]:
    found = await hamlets.all_of(session, commune.slug)
    if not found:
        raise OperatorError(
            f"{commune.name} chưa có {commune.hamlet_word} nào trong cơ sở dữ liệu. "
            f"Chạy: daisuso commune load content/communes/{commune.slug}.yml"
        )
    return found


def _names(places: Sequence[Hamlet]) -> str:
    return ", ".join(place.name for place in places)


def _profile(library: Library, slug: str) -> Commune:
    profile = library.communes.get(slug)
    if profile is None:
        raise OperatorError(f"Không có hồ sơ xã {slug}. Đang có: {', '.join(sorted(library.communes))}.")
    return profile


def _today() -> date:
    return utc_now().astimezone(TIME_ZONE).date()


def _show(plan: Plan, done: Saved | None, words: Words, *, asked: bool) -> None:
    for title, style, problems in (("Lỗi", "red", plan.problems), ("Xem lại", "yellow", plan.remarks)):
        if problems:
            table = Table(title=f"{title} ({len(problems)})", title_style=style, title_justify="left")
            for header, options in (("Dòng", "right"), ("Cột", "center"), ("Tiêu đề", "left"), (title, "left")):
                table.add_column(header, justify=options)  # type: ignore[arg-type]
            for problem in problems:
                table.add_row(str(problem.row), problem.column, escape(problem.header), escape(problem.text))
            out.print(table)
    out.print(escape(f"Đọc được: {', '.join(report.counts(plan, words)) or 'không có gì'}."))
    if done:
        out.print(f"[green]Đã lưu[/]: {done.new} lượt mới, {done.changed} lượt sửa, {done.households} hộ mới.")
    elif not plan.to_save:
        out.print("Không có gì mới để lưu.")
    elif asked:
        out.print("[red]Chưa lưu gì[/] vì có dòng lỗi. Sửa tệp, hoặc lưu riêng các dòng đúng bằng --save-right-ones.")
    else:
        out.print(
            "Đây là đọc thử, [bold]chưa lưu gì[/]. Lưu bằng --save, hoặc chỉ lưu dòng đúng bằng --save-right-ones."
        )


def _to_json(plan: Plan, done: Saved | None) -> dict[str, object]:
    return {
        "problems": [_problem(problem) for problem in plan.problems],
        "remarks": [_problem(problem) for problem in plan.remarks],
        "rows": [{"row": one.row.number, "fate": one.fate.value} for one in plan.rows],
        "new_households": [home.name for home in plan.new_households],
        "saved": {"new": done.new, "changed": done.changed, "households": done.households} if done else None,
    }


def _problem(problem: Problem) -> dict[str, object]:
    return {"row": problem.row, "column": problem.column, "header": problem.header, "text": problem.text}
