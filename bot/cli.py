"""The `daisuso` command. Every command is thin: options in, the programme's own functions, a readable result out."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.logging import RichHandler
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from bot import (
    __version__,
    cli_demo,
    cli_indicators,
    cli_jobs,
    cli_learn,
    cli_office,
    cli_official,
    cli_people,
    cli_posters,
    cli_reports,
    cli_sheets,
    cli_team,
    cli_zalo,
    evaluation,
)
from bot import app as application
from bot.citizen.decision import Decision
from bot.citizen.desk import Memory
from bot.citizen.scam_check import ScamCheck
from bot.doctor import State, examine
from bot.masking import mask
from bot.messages import MAX_TEXT, Reply
from bot.stages import Stages
from bot.terminal import (
    FAILED,
    AsJson,
    err,
    or_exit,
    out,
    print_json,
    read_settings,
    run_to_end,
    tell_quietly,
)
from bot.tsv import read_rows
from bot.understanding import understand
from content.article import ContentError
from content.library import read_library

TABLE_WIDTH = 132

app = typer.Typer(
    help="Đại sứ số: a commune's digital ambassador.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
content = typer.Typer(help="The articles and phrases that the bot speaks.", no_args_is_help=True)
app.add_typer(content, name="content")
app.add_typer(cli_learn.app, name="learn")
app.add_typer(cli_team.app, name="team")
app.add_typer(cli_people.members_app, name="members")
app.add_typer(cli_people.commune_app, name="commune")
app.add_typer(cli_office.app, name="office")
app.add_typer(cli_official.app, name="official")
app.add_typer(cli_jobs.app, name="jobs")
app.add_typer(cli_zalo.app, name="zalo")
app.command("invite")(cli_people.invite)
app.command("import")(cli_sheets.import_sheet)
app.command("form")(cli_sheets.print_form)
app.command("poster")(cli_posters.poster)
app.command("indicators")(cli_indicators.indicators)
app.command("report")(cli_reports.report)
app.command("export")(cli_reports.export)
app.command("demo")(cli_demo.demo)


def _version(wanted: bool) -> None:
    if wanted:
        out.print(__version__)
        raise typer.Exit


@app.callback()
def main(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Đại sứ số: a commune's digital ambassador.

    Example: daisuso ask "quen mat khau vneid"
    """


@app.command()
def run() -> None:
    """Start everything: Rasa, database, web chat, and Telegram if its token is set. Ctrl-C or SIGTERM stops it.

    Example: DAISUSO_PORT=9000 daisuso run
    """
    _log_to_console()
    settings = read_settings()
    with Stages(out) as stages:

        def started(addresses: application.Addresses) -> None:
            stages.close()
            out.print(f"\n[bold]Đại sứ số[/] đang chạy (hồ sơ xã: {settings.commune}). Dừng bằng Ctrl-C.")
            out.print(f"  Hỏi đáp     {addresses.chat}")
            out.print(f"  Văn phòng   {addresses.office}")
            if addresses.set_up:
                out.print("  Tạo tài khoản văn phòng đầu tiên (dùng một lần, trong 24 giờ):")
                out.print(f"              {addresses.set_up}")
            out.print(f"  Sức khoẻ    {addresses.health}")
            out.print(f"  Telegram    {'bật' if settings.telegram_token else 'tắt, chưa đặt DAISUSO_TELEGRAM_TOKEN'}")
            out.print(f"  Zalo OA     {'bật' if settings.zalo else 'tắt, chưa đặt DAISUSO_ZALO_APP_ID'}\n")

        async def until_stopped() -> None:
            with contextlib.suppress(asyncio.CancelledError):
                await application.run(settings, stages.tell, started)

        run_to_end(until_stopped())


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="What a citizen writes.")],
    as_json: AsJson = False,
) -> None:
    """Show what a citizen would get for a text.

    Example: daisuso ask "lam can cuoc het bao nhieu tien" --json
    """
    settings = read_settings()

    async def answer() -> tuple[Decision | None, tuple[Reply, ...], str]:
        async with application.open_desk(settings, tell_quietly) as (desk, nlu):
            masked = mask(text[:MAX_TEXT])
            understanding = await understand(masked, nlu, desk)
            outcome = desk.answer(masked, understanding, Memory())
            return outcome.decision, outcome.replies, understanding.by

    decision, replies, by = run_to_end(answer())
    assert decision is not None, "a text always leads to a decision"
    if as_json:
        print_json(
            {
                "topic": decision.topic,
                "confidence": round(decision.confidence, 4),
                "candidates": [{"topic": g.intent, "confidence": round(g.confidence, 4)} for g in decision.candidates],
                "decision": decision.way.value,
                "understood_by": by,
                "replies": [reply.to_json() for reply in replies],
            }
        )
        return
    for reply in replies:
        _show(reply)
    out.print(f"[dim]{decision.way.value}, {decision.topic or 'không rõ chủ đề'}, {decision.confidence:.0%}, {by}[/]")


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="TSV with the columns text, label and perhaps also, style.")],
    as_json: AsJson = False,
    misses: Annotated[bool, typer.Option("--misses", help="List the questions that went wrong.")] = False,
) -> None:
    """Measure the real way of answering on labelled questions, overall and by style.

    answered, clarified and refused are shares of all rows; oos_recall of the out_of_scope rows; the rest of the others.

    Example: daisuso evaluate tests/nlu/questions.tsv --misses
    """
    settings = read_settings()
    questions = or_exit(lambda: evaluation.read_questions(file))

    async def measure() -> list[evaluation.Result]:
        async with application.open_desk(settings, tell_quietly) as (desk, nlu):
            steps = iter(track(questions, description="Đang hỏi", console=err, transient=True))
            results = await evaluation.evaluate(questions, desk, nlu, lambda: next(steps, None))
            next(steps, None)
            return results

    results = run_to_end(measure())
    overall, styles = evaluation.figures(results), evaluation.by_style(results)
    missed = [evaluation.miss_to_json(result) for result in results if result.is_miss or result.wrong_outright]
    if as_json:
        report: dict[str, Any] = overall.to_json() | {"by_style": {name: f.to_json() for name, f in styles.items()}}
        print_json(report | {"misses": missed} if misses else report)
        return
    out.print(_table(overall, styles), width=max(out.width, TABLE_WIDTH), crop=False)
    if misses:
        for miss in missed:
            became = f"{miss['label']} -> {miss['decision']} {miss['topics']} {miss['ranking']}"
            out.print(f"{escape(str(miss['text']))}\n  [dim]{escape(became)}[/]")


@app.command()
def scam(
    text: Annotated[str, typer.Argument(help="A message, link, number or description.")] = "",
    file: Annotated[Path | None, typer.Option("--file", help="TSV with a column text: one message a row.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check messages for signs of a scam: verdict, signs with the words that show them, fitting article.

    Example: daisuso scam "Cong an thong bao: truy cap vneid-gov.top de cap nhat" --json
    """
    settings = read_settings()
    texts = [row["text"] for row in or_exit(lambda: read_rows(file, ["text"]))] if file else [text]
    library = or_exit(lambda: application.open_library(settings)).current
    check = ScamCheck(library.scam_signals, library.official_domains)
    verdicts = [check.check(mask(message[:MAX_TEXT])) for message in texts]
    if as_json:
        for verdict in verdicts:
            sys.stdout.write(json.dumps(verdict.to_json(), ensure_ascii=False) + "\n")
        return
    for message, verdict in zip(texts, verdicts, strict=True):
        if file:
            out.print(f"[bold]{escape(message)}[/]")
        out.print(f"{library.scam_signals.levels.of(verdict.level.value).title} ({verdict.level.value})")
        for sign in verdict.signs:
            out.print(escape(f"  - {sign.name}: “{sign.words}”. {sign.reason}"))


@content.command("check")
def content_check() -> None:
    """Check every content file; errors name file and line.

    Example: daisuso content check
    """
    settings = read_settings()
    try:
        library = read_library(settings.content)
    except ContentError as error:
        for problem in error.problems:
            out.print(escape(str(problem)))
        err.print(f"[red]{len(error.problems)} lỗi.[/] Sửa các dòng trên rồi chạy lại.")
        raise typer.Exit(FAILED) from None
    topics = sum(len(topics) for group, topics in library.groups.items() if group != "chat")
    courses = f"{len(library.lessons)} bài học, {len(library.communes)} hồ sơ xã"
    out.print(f"Tốt: {len(library.articles)} bài cho {topics} chủ đề, {courses}.")


@app.command()
def doctor() -> None:
    """Tell what is configured, reachable and missing, and what to do. Exit code 1 when something is broken.

    Example: daisuso doctor
    """
    settings = read_settings()
    logging.disable()
    marks = {State.OK: "[green]✓[/]", State.OFF: "[dim]–[/]", State.HINT: "[yellow]![/]", State.BROKEN: "[red]✗[/]"}

    async def look() -> bool:
        healthy = True
        async for finding in examine(settings):
            out.print(f"{marks[finding.state]} [bold]{finding.subject}[/]: {escape(finding.detail)}")
            healthy = healthy and finding.state is not State.BROKEN
        return healthy

    if not run_to_end(look()):
        raise typer.Exit(FAILED)


def _show(reply: Reply) -> None:
    out.print(escape(reply.text).replace("**", ""))
    for row in reply.buttons:
        out.print("  " + "  ".join(f"[cyan]\\[{escape(button.label)}][/]" for button in row))
    if reply.note:
        out.print(f"[dim]{escape(reply.note)}[/]")


def _table(overall: evaluation.Figures, styles: dict[str, evaluation.Figures]) -> Table:
    table = Table(caption="percent, except n")
    table.add_column("", no_wrap=True)
    for measure in overall.to_json():
        longest_word = max(len(word) for word in measure.split("_"))
        table.add_column(measure.replace("_", " "), justify="right", min_width=max(longest_word, len("100.0")))
    for name, row in {"all": overall, **styles}.items():
        table.add_row(name, *(_cell(value) for value in row.to_json().values()))
    return table


def _cell(value: float | int | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{100 * value:.1f}"


def _log_to_console() -> None:
    if err.is_terminal:
        handler: logging.Handler = RichHandler(console=err, show_path=False, rich_tracebacks=False)
        handler.setFormatter(logging.Formatter("%(name)s: %(message)s", datefmt="%H:%M:%S"))
    else:  # in a file or a journal, a line is a message
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # httpx writes whole addresses at INFO, and ours hold tokens.
    for name in ("httpx", "httpcore", "apscheduler", "alembic", "watchfiles", "telegram", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.WARNING)


if __name__ == "__main__":
    app()
