"""Starts Rasa for the programme: `python launch.py serve MODEL PORT [ADDRESS]`, `train FOLDER NAME [DATA]`, `validate`.

What Rasa's own command leaves open: the server's token comes from the environment (RASA_TOKEN), where a process list
does not show it; there must be one, for without it anybody who reaches the port could run code through PUT /model. With
RASA_DIES_WITH_PARENT=PID the process ends with its parent of that id, however that one ended. Telemetry is off.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # prctl(2)


def die_with_parent(parent: int) -> None:
    """Asks the kernel to kill this process when its parent ends; Linux only, elsewhere nothing happens."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before it was asked for
        sys.exit(1)


def serve_command(model: str, port: str, address: str = "127.0.0.1") -> list[str]:
    """Rasa's arguments for a server with one model."""
    token = os.environ.pop("RASA_TOKEN", "")
    if not token:
        sys.exit("RASA_TOKEN is not set: an open Rasa server lets anybody run code on this machine.")
    return ["run", "--enable-api", "-m", model, "-p", port, "-i", address, f"--auth-token={token}"]


def train_command(folder: str, name: str, data: str = "data") -> list[str]:
    """Rasa's arguments for training a model into `folder`/`name`.tar.gz, from other data than ours if need be."""
    inputs = ["--config", "config.yml", "--nlu", data, "--domain", "domain.yml"]
    return ["train", "nlu", *inputs, "--out", folder, "--fixed-model-name", name]


def validate_command() -> list[str]:
    """Rasa's arguments for checking the training data against the domain."""
    return ["data", "validate", "--data", "data", "--domain", "domain.yml", "--config", "config.yml"]


def main() -> None:
    """Sets the environment and hands over to Rasa."""
    if parent := os.environ.get("RASA_DIES_WITH_PARENT"):
        die_with_parent(int(parent))
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    sys.path.insert(0, os.getcwd())  # where config.yml finds the components
    what, *arguments = sys.argv[1:]
    command = {"serve": serve_command, "train": train_command, "validate": validate_command}[what](*arguments)

    from rasa.__main__ import main as rasa  # slow (TensorFlow): only after the checks above

    sys.argv = ["rasa", *command]
    rasa()


if __name__ == "__main__":
    main()
