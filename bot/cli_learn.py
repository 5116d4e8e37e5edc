"""`daisuso learn`: what citizens asked in vain, the office's decisions about it, and the training that follows."""

from __future__ import annotations

import getpass
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from bot import app as application
from bot.learning.run import Learned, Outcome, learn
from bot.terminal import (
    FAILED,
    AsJson,
    exit_with,
    or_exit,
    out,
    print_json,
    read_settings,
    run_to_end,
    tell_quietly,
    with_database,
)
from content.library import OUT_OF_SCOPE
from content.numbers import day
from db import learning
from db.clock import utc_now
from db.engine import Database
from db.question_groups import QuestionGroup

app = typer.Typer(help="Learn from questions that got no good answer.", no_args_is_help=True)

By = Annotated[str, typer.Option("--by", help="Who decides; your login name if left out.", show_default=False)]
REASONS = {"refused": "không hiểu", "none_of_these": "không nút nào đúng", "not_helpful": "bài chưa giúp được"}


@app.command("list")
def list_(
    as_json: AsJson = False,
    decided: Annotated[bool, typer.Option("--decided", help="Show those that have been decided instead.")] = False,
) -> None:
    """Show the questions that wait for a decision, like ones together, those asked most often first.

    Example: daisuso learn list
    """
    settings = read_settings()

    async def look(database: Database) -> tuple[list[QuestionGroup], list[learning.DecidedQuestion]]:
        async with database.snapshot() as session:
            if decided:
                return [], await learning.decided(session, settings.commune)
            return await learning.waiting_groups(session, settings.commune), []

    groups, questions = with_database(settings, look)
    if as_json:
        print_json([_group_to_json(group) for group in groups] + [_question_to_json(one) for one in questions])
        return
    for group in groups:
        reasons = ", ".join(f"{REASONS.get(reason, reason)} {n}" for reason, n in group.reasons.items())
        guess = f", bot tưởng là {next(iter(group.topics))}" if group.topics else ""
        out.print(f"[bold]{group.representative.id}[/]  {group.count}×  {escape(group.representative.text)}")
        out.print(f"[dim]    {reasons}{guess}, từ {day(group.first_asked)} đến {day(group.last_asked)}[/]")
        for example in group.examples:
            out.print(f"[dim]    – {escape(example)}[/]")
    for one in questions:
        when = day(one.decided_at)
        out.print(f"[bold]{one.id}[/]  {one.verdict}  {escape(one.text)}  [dim]({escape(one.decided_by)}, {when})[/]")
    if not groups and not questions:
        out.print("Chưa có quyết định nào." if decided else "Không có câu hỏi nào đang chờ.")


@app.command()
def assign(
    question: Annotated[int, typer.Argument(help="The number that `daisuso learn list` shows.", metavar="ID")],
    topic: Annotated[str, typer.Argument(help="A topic of content/topics.yml, out_of_scope or ignore.")],
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Decide what a question, and all that are grouped with it, belongs to. A later decision replaces an earlier one.

    Example: daisuso learn assign 12 vneid.forgot_password
    """
    settings = read_settings()
    topics = or_exit(lambda: application.open_library(settings)).current.topics
    if topic not in topics and topic not in {OUT_OF_SCOPE, learning.IGNORE}:
        exit_with(
            f"Không có chủ đề {topic!r}. Dùng một chủ đề trong content/topics.yml, {OUT_OF_SCOPE} (ngoài phạm vi) "
            f"hoặc {learning.IGNORE} (bỏ qua)."
        )

    async def decide(database: Database) -> int:
        async with database.snapshot() as session:
            ids = await learning.group_of(session, settings.commune, question)
        async with database.transaction() as session:
            return await learning.decide(
                session, settings.commune, ids, verdict=topic, by=by or getpass.getuser(), now=utc_now()
            )

    count = with_database(settings, decide)
    if not count:
        exit_with(f"Không có câu hỏi số {question}. Xem các số bằng: daisuso learn list")
    if as_json:
        print_json({"question": question, "verdict": topic, "decided": count})
        return
    out.print(f"Đã ghi {count} câu vào {topic}. Dạy cho bot bằng: daisuso learn run")


@app.command()
def run(by: By = "", as_json: AsJson = False) -> None:
    """Train a model with all decisions, compare it, and let the running bot take it if it is no worse.

    Exit code 1 when the new model is worse and was refused.

    Example: daisuso learn run
    """
    settings = read_settings()
    learned: Learned = run_to_end(learn(settings, utc_now, tell_quietly, by=by or getpass.getuser()))
    if as_json:
        print_json(learned.to_json())
    else:
        _show(learned)
    if learned.outcome is Outcome.REFUSED:
        raise typer.Exit(FAILED)


def _show(learned: Learned) -> None:
    if learned.outcome is Outcome.NOTHING_NEW:
        out.print("Không có quyết định mới nào để học.")
        return
    if measured := learned.measured:
        table = Table()
        for heading in ("", "đúng", "trên", "đúng ngay", "đúng trong lựa chọn", "nhầm bài", "từ chối nhầm"):
            table.add_column(heading, justify="right" if heading else "left")
        rows = {
            "kiểm tra, trước": measured.gate_before,
            "kiểm tra, sau": measured.gate_after,
            "câu mới dạy, trước": measured.new_before,
            "câu mới dạy, sau": measured.new_after,
        }
        for name, row in rows.items():
            shares = (row[figure] for figure in ("top1_also", "offered", "wrong_outright", "in_scope_refused"))
            table.add_row(name, str(row["right"]), str(row["n"]), *(_percent(share) for share in shares))
        out.print(table)
    if learned.outcome is Outcome.REFUSED:
        out.print(escape(learned.reason))
        return
    after = {
        True: "Bot đang chạy đã đổi sang mô hình này.",
        False: "Bot đang chạy chưa đổi được sang mô hình này, lý do ở nhật ký của bot; lần khởi động sau sẽ dùng.",
        None: "Bot chưa chạy; lần khởi động sau sẽ dùng.",
    }[learned.live]
    out.print(f"Đã nhận mô hình mới với {learned.sentences} câu được dạy ({learned.new_sentences} câu mới). {after}")


def _group_to_json(group: QuestionGroup) -> dict[str, Any]:
    return {
        "id": group.representative.id,
        "text": group.representative.text,
        "count": group.count,
        "reasons": group.reasons,
        "topics": group.topics,
        "first_asked": group.first_asked.isoformat(),
        "last_asked": group.last_asked.isoformat(),
        "examples": list(group.examples),
        "question_ids": list(group.ids),
    }


def _question_to_json(question: learning.DecidedQuestion) -> dict[str, Any]:
    return {
        "id": question.id,
        "text": question.text,
        "verdict": question.verdict,
        "decided_by": question.decided_by,
        "decided_at": question.decided_at.isoformat(),
    }


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"
