"""What tests of several parts of the bot need."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.settings import Settings
from content import library as library_module
from content.library import Library, read_library
from tests.conftest import ROOT


@pytest.fixture
def bare_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Those of somebody who has set nothing but the folder for data."""
    for name in list(os.environ):
        if name.startswith("DAISUSO_"):
            monkeypatch.delenv(name)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("DAISUSO_VAR", str(tmp_path / "var"))


@pytest.fixture
def content_is_read_once(monkeypatch: pytest.MonkeyPatch, library: Library) -> None:
    """The shipped content, which takes longer to read than most tests to run; another folder is read as ever."""

    def read(folder: Path) -> Library:
        return library if folder == ROOT / "content" else read_library(folder)

    monkeypatch.setattr(library_module, "read_library", read)
