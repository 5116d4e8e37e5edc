"""Rasa starts with a token or not at all, and not without the parent that it shall die with."""

import os
import subprocess
import sys

import launch
import pytest
from examples import PROJECT


def launched(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """What came of a start; only those are tried that end before Rasa itself is loaded."""
    kept: dict[str, str] = {name: value for name, value in os.environ.items() if not name.startswith("RASA_")}
    return subprocess.run(
        [sys.executable, "launch.py", *arguments],
        cwd=PROJECT,
        env={**kept, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


@pytest.mark.parametrize("variables", [{}, {"RASA_TOKEN": ""}], ids=["not set", "empty"])
def test_no_server_is_started_without_a_token(variables: dict[str, str]) -> None:
    refused = launched("serve", "model.tar.gz", "5005", **variables)
    assert refused.returncode == 1
    assert "RASA_TOKEN is not set" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_token_is_given_to_rasa_and_taken_out_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASA_TOKEN", "-secret")
    command = launch.serve_command("model.tar.gz", "5005")
    assert "--auth-token=-secret" in command, "a token that begins with a dash is no option"
    assert "RASA_TOKEN" not in os.environ


def test_the_server_listens_on_the_loopback_unless_it_is_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    for address, given in [("127.0.0.1", []), ("0.0.0.0", ["0.0.0.0"])]:  # noqa: S104 - only compared
        monkeypatch.setenv("RASA_TOKEN", "-secret")
        command = launch.serve_command("model.tar.gz", "5005", *given)
        assert command[command.index("-i") + 1] == address


def test_it_does_not_start_when_the_parent_has_ended_already() -> None:
    nobody_s_child = launched("train", "models", "nlu", RASA_DIES_WITH_PARENT=str(2**22 + 1))
    assert (nobody_s_child.returncode, nobody_s_child.stdout, nobody_s_child.stderr) == (1, "", "")


def test_training_takes_what_the_hash_of_the_model_covers() -> None:
    command = launch.train_command("models", "nlu")
    for option, value in {"--config": "config.yml", "--domain": "domain.yml", "--nlu": "data"}.items():
        assert command[command.index(option) + 1] == value
    assert command[command.index("--fixed-model-name") + 1] == "nlu"


def test_training_takes_merged_data_when_it_is_given_some() -> None:
    command = launch.train_command("models", "nlu", "/var/merged/data")
    assert command[command.index("--nlu") + 1] == "/var/merged/data"
