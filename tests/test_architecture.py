"""The house rules that no tool checks: who may import whom, and that nobody writes a module nobody finds."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "content", "db", "office")
LONGEST_MODULE = 400

# Package or module -> what of ours it must not import. docs/architecture.md says why.
FORBIDDEN = {
    "db": ("bot", "content", "office"),
    "content": ("bot", "db", "office"),
    "office": ("bot",),
    "bot/citizen": ("bot.channels", "bot.inbox", "bot.conversation", "bot.app", "db", "telegram", "fastapi", "httpx"),
    "bot/team/quick_log": ("bot.channels", "bot.inbox", "bot.conversation", "bot.app", "db", "content", "telegram"),
    "bot/conversation.py": ("bot.channels", "bot.inbox", "bot.app", "telegram", "fastapi"),
    "bot/inbox.py": ("bot.channels", "bot.app", "telegram", "fastapi"),
    "bot/channels": ("bot.app", "bot.cli", "bot.citizen", "bot.conversation"),
}


def _modules(place: str) -> list[Path]:
    path = ROOT / place
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def _imports(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("place", FORBIDDEN)
def test_dependencies_point_one_way(place: str) -> None:
    wrong = [
        f"{module.relative_to(ROOT)} imports {name}"
        for module in _modules(place)
        for name in _imports(module)
        for forbidden in FORBIDDEN[place]
        if name == forbidden or name.startswith(forbidden + ".")
    ]
    assert wrong == []


def test_rasa_project_stands_alone() -> None:
    wrong = [
        f"{module.relative_to(ROOT)} imports {name}"
        for module in _modules("rasa_project/components")
        for name in _imports(module)
        if name.partition(".")[0] in PACKAGES
    ]
    assert wrong == []


def test_no_module_grows_past_what_one_can_keep_in_mind() -> None:
    lengths = {module: len(module.read_text().splitlines()) for package in PACKAGES for module in _modules(package)}
    assert {str(module.relative_to(ROOT)): n for module, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(module.relative_to(ROOT))
        for package in (*PACKAGES, "tests", "scripts", "rasa_project/components")
        for module in _modules(package)
        if module.read_text().strip() and not ast.get_docstring(ast.parse(module.read_text()))
    ]
    assert silent == []
