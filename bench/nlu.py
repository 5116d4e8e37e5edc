"""How well, how fast and how big: understanding by different pipelines on the same training data and test questions.

`make bench-nlu` trains each pipeline in Rasa, serves it over HTTP, and asks every question of tests/nlu/questions.tsv.
The peers are Rasa's default pipeline (what `rasa init` writes) and scikit-learn's TF-IDF + LinearSVC as its
documentation shows it, without Rasa. Memory is the peak of training and the resident size of the server after all
questions. Out-of-scope recall is taken at the threshold that refuses 5 % of the in-scope questions, so that pipelines
are compared at equal cost.

Rasa's default pipeline trains for hours on all sentences; `--per-topic 30` trains every pipeline of the run on the same
30 of each topic instead.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psutil
import yaml
from rich.console import Console
from rich.table import Table

from bot.evaluation import Question, read_questions
from bot.nlu import Guess, RasaClient
from bot.rasa_model import python_of, rasa_environment
from bot.rasa_server import RasaServer
from content.library import OUT_OF_SCOPE

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "rasa_project"
QUESTIONS = ROOT / "tests" / "nlu" / "questions.tsv"
FALSE_REFUSALS = 0.05
CLIENTS = 16
LOAD_SECONDS = 10.0

OURS: dict[str, Any] = next(iter(yaml.safe_load((PROJECT / "config.yml").read_text())["pipeline"]))
RASA_DEFAULT: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True},
    {"name": "EntitySynonymMapper"},
]


def _ours(**changed: Any) -> list[dict[str, Any]]:
    return [OURS | changed]


PIPELINES: dict[str, list[dict[str, Any]]] = {
    "ours": _ours(),
    "ours, no words as typed": _ours(views=["bare_words", "bare_letters"]),
    "ours, no bare words": _ours(views=["words", "bare_letters"]),
    "ours, no bare letters": _ours(views=["words", "bare_words"]),
    "rasa default": RASA_DEFAULT,
}
PEER = "scikit-learn, no Rasa"


@dataclass
class Measured:
    """One pipeline's results; times in seconds but for the parse times (ms), memory in MB."""

    train_seconds: float
    train_mb: float
    rankings: list[tuple[Guess, ...]] = field(default_factory=list)
    parse_ms: list[float] = field(default_factory=list)
    server_mb: float = 0.0
    per_second: float = 0.0


def main() -> None:
    """Runs the pipelines named on the command line, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("pipelines", nargs="*", help=f"of: {', '.join([*PIPELINES, PEER])}")
    parser.add_argument("--per-topic", type=int, help="train on so many sentences of each topic at most")
    arguments = parser.parse_args()
    questions = read_questions(QUESTIONS)
    measured = {}
    with _training_data(arguments.per_topic) as data:
        for name in arguments.pipelines or [*PIPELINES, PEER]:
            Console(stderr=True).print(f"{name}...")
            if name == PEER:
                measured[name] = _measure_peer(data, questions)
            else:
                measured[name] = asyncio.run(_measure(PIPELINES[name], data, questions))
    _print(measured, questions)


@contextmanager
def _training_data(per_topic: int | None) -> Iterator[Path]:
    """The folder of training data: the project's own, or one with an even choice of so many sentences a topic."""
    if per_topic is None:
        yield PROJECT / "data"
        return
    by_topic: dict[str, list[str]] = {}
    for file in sorted((PROJECT / "data" / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(file.read_text())["nlu"]:
            by_topic.setdefault(entry["intent"], []).extend(entry["examples"].splitlines())
    lines = ['version: "3.1"', "nlu:"]
    for topic, sentences in by_topic.items():
        count = min(per_topic, len(sentences))
        kept = [sentences[number * len(sentences) // count] for number in range(count)]
        lines += [f"- intent: {topic}", "  examples: |", *(f"    {sentence}" for sentence in kept)]
    with TemporaryDirectory(prefix="daisuso-bench-data-") as folder:
        file = Path(folder) / "nlu" / "thinned.yml"
        file.parent.mkdir()
        file.write_text("\n".join(lines) + "\n")
        yield Path(folder)


async def _measure(pipeline: list[dict[str, Any]], data: Path, questions: list[Question]) -> Measured:
    with _project(pipeline, data) as project:
        begun = time.monotonic()
        command = [python_of(project), "launch.py", "train", str(project), "model"]
        peak = _run_measured(command, project)
        result = Measured(time.monotonic() - begun, peak)
        async with httpx.AsyncClient() as http:
            server = RasaServer(project, project, http)
            await server.start(project / "model.tar.gz")
            try:
                client = RasaClient(lambda: server.endpoint, http)
                for question in questions:
                    asked = time.perf_counter()
                    result.rankings.append((await client.parse(question.text)).ranking)
                    result.parse_ms.append(1000 * (time.perf_counter() - asked))
                result.per_second = await _throughput(client, questions)
                assert server.pid is not None
                result.server_mb = psutil.Process(server.pid).memory_info().rss / 2**20
            finally:
                await server.stop()
    return result


async def _throughput(client: RasaClient, questions: list[Question]) -> float:
    """Questions a second with 16 clients that ask one after the other."""
    end = time.monotonic() + LOAD_SECONDS
    done = 0

    async def ask(first: int) -> None:
        nonlocal done
        number = first
        while time.monotonic() < end:
            await client.parse(questions[number % len(questions)].text)
            number += CLIENTS
            done += 1

    await asyncio.gather(*(ask(first) for first in range(CLIENTS)))
    return done / LOAD_SECONDS


def _measure_peer(data: Path, questions: list[Question]) -> Measured:
    """The peer runs in Rasa's interpreter, where scikit-learn is, by a script of its own."""
    with TemporaryDirectory() as folder:
        asked = Path(folder) / "questions.json"
        asked.write_text(json.dumps([question.text for question in questions]))
        command = [python_of(PROJECT), str(ROOT / "bench" / "nlu_peer.py"), str(data / "nlu"), str(asked)]
        done = subprocess.run(command, env=rasa_environment(PROJECT), check=True, capture_output=True, text=True)
    report = json.loads(done.stdout)
    rankings = [tuple(Guess(intent, score) for intent, score in ranking) for ranking in report["rankings"]]
    return Measured(report["train_seconds"], report["mb"], rankings, report["parse_ms"], report["mb"])


@contextmanager
def _project(pipeline: list[dict[str, Any]], data: Path) -> Iterator[Path]:
    """A copy of rasa_project with another pipeline and that data."""
    with TemporaryDirectory(prefix="daisuso-bench-") as folder:
        project = Path(folder)
        for name in ("launch.py", "domain.yml"):
            shutil.copy(PROJECT / name, project)
        shutil.copytree(PROJECT / "components", project / "components")
        shutil.copytree(data, project / "data")
        (project / ".venv").symlink_to(PROJECT / ".venv")
        rest = {"recipe": "default.v1", "assistant_id": "bench", "language": "vi", "policies": []}
        (project / "config.yml").write_text(yaml.safe_dump({**rest, "pipeline": pipeline}))
        yield project


def _run_measured(command: list[str], project: Path) -> float:
    """Runs a command and returns its peak resident size (MB). The kernel keeps one peak a parent: it gets its own."""
    done = subprocess.run(
        [sys.executable, "-c", _PARENT, *command],
        cwd=project,
        env=rasa_environment(project),
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stdout.splitlines()[-1]) / 1024


_PARENT = """
import os, resource, subprocess, sys
del os.environ["RASA_DIES_WITH_PARENT"]  # its parent is this process now
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def _print(measured: dict[str, Measured], questions: list[Question]) -> None:
    styles = sorted({question.style for question in questions if question.is_in_scope})
    table = Table(title=f"{len(questions)} questions of {QUESTIONS.relative_to(ROOT)}; shares in percent")
    costs = ("train s", "train MB", "p50 ms", "p95 ms", "16 clients/s", "server MB")
    columns = ("top-1", "top-3", "oos at 5 %", *styles, *costs)
    table.add_column("pipeline", no_wrap=True)
    for column in columns:
        table.add_column(column.replace("_", " "), justify="right")
    for name, result in measured.items():
        by_style = [_top(result, questions, 1, style) for style in styles]
        cuts = quantiles(result.parse_ms, n=20)
        table.add_row(
            name,
            f"{_top(result, questions, 1):.1f}",
            f"{_top(result, questions, 3):.1f}",
            f"{_oos_recall(result, questions):.1f}",
            *(f"{share:.0f}" for share in by_style),
            *(f"{n:.0f}" for n in (result.train_seconds, result.train_mb)),
            *(f"{n:.1f}" for n in (cuts[9], cuts[18])),
            f"{result.per_second:.0f}" if result.per_second else "-",
            f"{result.server_mb:.0f}",
        )
    Console(width=max(200, os.get_terminal_size().columns if os.isatty(1) else 0)).print(table)


def _top(result: Measured, questions: list[Question], first: int, style: str | None = None) -> float:
    """Percent of in-scope questions whose accepted topic is among the first so many."""
    rows = [
        bool(question.accepted & {guess.intent for guess in ranking[:first]})
        for question, ranking in zip(questions, result.rankings, strict=True)
        if question.is_in_scope and style in {None, question.style}
    ]
    return 100 * sum(rows) / len(rows)


def _oos_recall(result: Measured, questions: list[Question]) -> float:
    """Percent of out-of-scope questions refused at the threshold that refuses 5 % of the others."""
    scores: dict[bool, list[float]] = {True: [], False: []}
    for question, ranking in zip(questions, result.rankings, strict=True):
        confidence = {guess.intent: guess.confidence for guess in ranking}
        best = max((c for intent, c in confidence.items() if intent != OUT_OF_SCOPE), default=0.0)
        scores[question.is_in_scope].append(best - confidence.get(OUT_OF_SCOPE, 0.0))
    threshold = sorted(scores[True])[int(FALSE_REFUSALS * len(scores[True]))]
    return 100 * sum(score < threshold for score in scores[False]) / len(scores[False])


if __name__ == "__main__":
    main()
