"""The model is trained when what it is made from has changed; a training that fails or is stopped leaves nothing."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import psutil
import pytest

from bot.errors import OperatorError
from bot.rasa_model import KEPT_MODELS, inputs_hash, model_file, python_of, train
from tests.support.fake_rasa import make_project
from tests.support.processes import eventually

TRAINS = """
import pathlib, sys
what, folder, name = sys.argv[1:]
print("2026-11-22 INFO  rasa.engine.training.hooks  - Starting to train component 'X'.")
print("2026-11-22 INFO  rasa.engine.training.hooks  - Finished training component 'X'.")
pathlib.Path(folder, name + ".tar.gz").write_text(what)
"""
FAILS_AFTER_WRITING = TRAINS + "print('the reason')\nsys.exit(1)"
NEVER_ENDS = """
import pathlib, signal, subprocess, sys
what, folder, name = sys.argv[1:]
worker = subprocess.Popen(["sleep", "1000"])
pathlib.Path(folder, name + ".tar.gz").write_text("half")
pathlib.Path("started").write_text(str(worker.pid))
signal.pause()
"""


def ignore(_stage: str) -> None:
    """For those who want to hear nothing of the stages."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_project(tmp_path / "project", TRAINS)


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var"


def models_in(var: Path) -> set[str]:
    return {file.name for file in (var / "models").iterdir()}


class TestTheHashOfTheInputs:
    @pytest.mark.parametrize(
        "changed",
        [
            "config.yml",
            "domain.yml",
            "requirements.lock",
            "components/classifier.py",
            "components/another.py",
            "data/nlu/vneid.yml",
            "data/nlu/scam.yml",
            "data/nlu/more/scam.yaml",
        ],
    )
    def test_changes_with_what_the_model_is_made_from(self, project: Path, changed: str) -> None:
        before = inputs_hash(project)
        file = project / changed
        file.parent.mkdir(exist_ok=True)
        file.write_text((file.read_text() if file.exists() else "") + "# changed\n")
        assert inputs_hash(project) != before

    @pytest.mark.parametrize(
        "changed",
        ["README.md", "launch.py", "tests/test_data.py", ".rasa/cache/x.yml", "components/__pycache__/classifier.pyc"],
    )
    def test_stays_when_something_else_changes(self, project: Path, changed: str) -> None:
        before = inputs_hash(project)
        (project / changed).parent.mkdir(parents=True, exist_ok=True)
        (project / changed).write_text("changed")
        assert inputs_hash(project) == before

    def test_comes_back_with_the_old_content_wherever_the_project_lies(self, project: Path, tmp_path: Path) -> None:
        before = inputs_hash(project)
        (project / "config.yml").write_text("pipeline: [X]\n")
        assert inputs_hash(project) != before
        assert inputs_hash(make_project(tmp_path / "elsewhere")) == before

    def test_tells_where_lines_stand_apart_from_what_they_say(self, project: Path) -> None:
        before = inputs_hash(project)
        (project / "data" / "nlu" / "vneid.yml").rename(project / "data" / "nlu" / "cccd.yml")
        assert inputs_hash(project) != before


class TestTraining:
    async def test_makes_the_model_of_the_present_inputs_and_tells_its_stages(self, project: Path, var: Path) -> None:
        stages: list[str] = []
        model = await train(project, var, stages.append)
        assert model == model_file(project, var)
        assert model.read_text() == "train"
        assert stages == ["đang học từ các câu hỏi mẫu", "đang ghi mô hình"]
        assert models_in(var) == {model.name}

    async def test_the_newest_models_are_kept_and_older_ones_deleted(self, project: Path, var: Path) -> None:
        made = []
        for number in range(KEPT_MODELS + 2):
            (project / "config.yml").write_text(f"# {number}\n")
            made.append(await train(project, var, ignore))
            os.utime(made[-1], (number, number))
        assert models_in(var) == {model.name for model in made[-KEPT_MODELS:]}

    async def test_a_failure_leaves_no_model_and_names_the_log_with_the_reason(self, project: Path, var: Path) -> None:
        (project / "launch.py").write_text(FAILS_AFTER_WRITING)
        with pytest.raises(OperatorError) as failure:
            await train(project, var, ignore)
        log = var / "logs" / "rasa-train.log"
        assert str(log) in str(failure.value)
        assert "the reason" in log.read_text()
        assert models_in(var) == set()

    async def test_a_training_that_ends_well_without_a_model_is_a_failure(self, project: Path, var: Path) -> None:
        (project / "launch.py").write_text("print('nothing to learn')")
        with pytest.raises(OperatorError):
            await train(project, var, ignore)

    async def test_a_failure_keeps_the_models_of_before(self, project: Path, var: Path) -> None:
        good = await train(project, var, ignore)
        (project / "config.yml").write_text("pipeline: [X]\n")
        (project / "launch.py").write_text(FAILS_AFTER_WRITING)
        with pytest.raises(OperatorError):
            await train(project, var, ignore)
        assert models_in(var) == {good.name}

    async def test_stopping_it_ends_its_processes_and_leaves_no_model(self, project: Path, var: Path) -> None:
        (project / "launch.py").write_text(NEVER_ENDS)
        training = asyncio.create_task(train(project, var, ignore))
        started = project / "started"
        await asyncio.to_thread(eventually, lambda: started.exists() and started.read_text(), 10)
        worker = psutil.Process(int(started.read_text()))
        trainer = worker.parent()
        assert trainer
        training.cancel()
        with pytest.raises(asyncio.CancelledError):
            await training
        await asyncio.to_thread(eventually, lambda: not (trainer.is_running() or is_alive(worker)), 5)
        assert models_in(var) == set()

    async def test_the_log_may_hold_lines_of_any_sensible_length(self, project: Path, var: Path) -> None:
        (project / "launch.py").write_text("print('x' * 500_000)\n" + TRAINS)
        assert (await train(project, var, ignore)).exists()

    async def test_missing_environment_is_told_with_its_remedy(self, project: Path, var: Path) -> None:
        (project / ".venv" / "bin" / "python").unlink()
        with pytest.raises(OperatorError, match="make install"):
            await train(project, var, ignore)
        with pytest.raises(OperatorError, match="make install"):
            python_of(project)

    async def test_environment_that_cannot_be_run_is_told(self, project: Path, var: Path) -> None:
        python = project / ".venv" / "bin" / "python"
        python.unlink()
        python.write_text("half installed")
        with pytest.raises(OperatorError, match="make install"):
            await train(project, var, ignore)

    async def test_folder_that_cannot_be_written_is_told(self, project: Path, var: Path) -> None:
        put_a_file_in_the_way_of(var / "models")
        with pytest.raises(OperatorError, match=str(var / "models")):
            await train(project, var, ignore)


def put_a_file_in_the_way_of(folder: Path) -> None:
    """So that the folder can't be made, whoever runs the tests."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.touch()


def is_alive(process: psutil.Process) -> bool:
    """Whether it still runs; one that ended but has not been fetched by its parent does not."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
