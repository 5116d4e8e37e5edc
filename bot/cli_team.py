"""`daisuso team`: what the programme makes of a member's words."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape

from bot import app as application
from bot.errors import OperatorError
from bot.messages import MAX_TEXT
from bot.team.quick_log import KnownPlaces, Visit, read_visits
from bot.terminal import AsJson, exit_with, or_exit, out, read_settings
from bot.tsv import read_rows
from content import numbers
from content.commune import Commune
from content.library import Library

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
FIGURES = ("people", "adults", "elderly", "poor", "ethnic_minority", "disabled")

app = typer.Typer(help="What community team members do in the chat.", no_args_is_help=True)


@app.callback()
def main() -> None:
    """What community team members do in the chat."""


@app.command()
def parse(
    text: Annotated[str, typer.Argument(help="What a member writes.")] = "",
    file: Annotated[Path | None, typer.Option("--file", help="TSV with the columns text, sent_on, commune.")] = None,
    commune: Annotated[str, typer.Option("--commune", help="A commune's profile; else the configured one.")] = "",
    sent: Annotated[str, typer.Option("--sent", help="Day of the message, as 2026-11-27; else today.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show what is understood of a sentence about house visits. Saves nothing.

    A file gives one object a line with --json; its empty sent_on and commune mean the options.

    Example: daisuso team parse "hôm qua ấp 3 nhà bác Năm cài vneid cho 2 cụ" --commune tan-loi
    """
    settings = read_settings()
    if file is None and not text.strip():
        exit_with("Cần một câu, hoặc --file và tên một tệp TSV.")
    library = or_exit(lambda: application.open_library(settings)).current
    rows = [{"text": text}] if file is None else or_exit(lambda: read_rows(file, ("text",)))
    for row in rows:
        slug = row.get("commune", "").strip() or commune or settings.commune
        day = row.get("sent_on", "").strip() or sent
        visits = or_exit(lambda row=row, slug=slug, day=day: _read(row["text"], _day(day), _profile(library, slug)))
        if as_json:
            shown = {"visits": [visit.to_json() for visit in visits]}
            sys.stdout.write(json.dumps(shown, ensure_ascii=False) + "\n")
        else:
            _show(row["text"] if file else "", visits)


def _read(text: str, sent_on: date, commune: Commune) -> tuple[Visit, ...]:
    return read_visits(text[:MAX_TEXT], sent_on, KnownPlaces(commune.hamlet_word, commune.full_hamlets))


def _profile(library: Library, slug: str) -> Commune:
    profile = library.communes.get(slug)
    if profile is None:
        raise OperatorError(f"Không có hồ sơ xã {slug}. Đang có: {', '.join(sorted(library.communes))}.")
    return profile


def _day(written: str) -> date:
    if not written:
        return datetime.now(HERE).date()
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise OperatorError(f"{written} không phải ngày dạng 2026-11-27.") from None
    return moment.astimezone(HERE).date() if moment.tzinfo else moment.date()


def _show(text: str, visits: tuple[Visit, ...]) -> None:
    if text:
        out.print(f"[bold]{escape(text)}[/]")
    if not visits:
        out.print("Không thấy lượt hỗ trợ nào trong câu này.")
    for visit in visits:
        told: dict[str, Any] = visit.to_json()
        where = " · ".join(part for part in (visit.hamlet, visit.household) if part) or "chưa rõ nơi"
        out.print(escape(f"{numbers.day(visit.occurred_on)} · {visit.kind} · {where}"))
        figures = [f"{name} {told[name]}" for name in FIGURES if told[name] is not None]
        figures += [f"{code} {count}" for code, count in visit.outcomes.items()]
        out.print("  " + (", ".join(figures) or "chưa có số"))
        if visit.note:
            out.print(escape(f"  ghi chú: {visit.note}"))
        if visit.missing:
            out.print(f"  còn thiếu: {', '.join(visit.missing)}")
        for problem in visit.problems:
            out.print(escape(f"  ! {problem.text} ({problem.code})"))
