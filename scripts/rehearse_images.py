"""Rehearses the images without a Docker engine: `python scripts/rehearse_images.py DOCKERFILE... -- NAME=value...`.

For each Dockerfile a clean folder gets exactly what COPY may take (.dockerignore obeyed), a fresh virtual environment
of the FROM line's Python stands in for the base image, the RUN steps run in it, then CMD starts with the variables
given after `--` (NAME=value) until the HEALTHCHECK passes. What needs a real image is left out and said: users, a
read-only root, base packages.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
HEALTHY_WITHIN_SECONDS = 90
LEFT_OUT = ("useradd", "install --directory")


def instructions(dockerfile: Path) -> list[tuple[str, str]]:
    """The file's instructions as (name, rest), continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", dockerfile.read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines if line.strip()]


def is_let_in(path: str) -> bool:
    """Whether .dockerignore lets the build see a path."""
    rules = [rule for rule in (ROOT / ".dockerignore").read_text().splitlines() if rule and not rule.startswith("#")]
    kept = True
    for rule in rules:
        pattern = rule.removeprefix("!")
        if fnmatch(path, pattern) or path.startswith(pattern + "/"):
            kept = rule.startswith("!")
    return kept


def copy(arguments: str, app: Path) -> None:
    """COPY: sources below the top folder into the clean one."""
    *sources, target = arguments.split()
    for source in sources:
        if not is_let_in(source):
            sys.exit(f"COPY {source}: .dockerignore keeps it out")
        place = ROOT / source
        if place.is_dir():
            shutil.copytree(place, app / target, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        else:
            shutil.copy(place, app / target)


def environment(base: str, folder: Path) -> dict[str, str]:
    """A fresh virtual environment of the FROM line's Python, and no variables of this shell but the few it needs."""
    version = re.match(r"python:(\d+\.\d+)", base)
    if version is None:
        sys.exit(f"FROM {base}: only python images can be rehearsed")
    subprocess.run([f"python{version[1]}", "-m", "venv", folder / "venv"], check=True)
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "REQUESTS_"))}
    return {
        **kept,
        "PATH": f"{folder / 'venv' / 'bin'}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
    }


def run_step(command: str, app: Path, variables: dict[str, str]) -> None:
    """RUN, without the parts that make users."""
    steps = [step.strip() for step in command.split("&&")]
    for step in steps:
        if step.startswith(LEFT_OUT):
            print(f"  left out: {step}", flush=True)
            continue
        begun = time.monotonic()
        subprocess.run(["sh", "-c", step], cwd=app, env=variables, check=True, stdout=subprocess.DEVNULL)
        print(f"  RUN {step} ({time.monotonic() - begun:.0f} s)", flush=True)


def wait_until_healthy(
    check: list[str], process: subprocess.Popen[bytes], app: Path, variables: dict[str, str]
) -> None:
    """Runs the HEALTHCHECK's command until it passes."""
    deadline = time.monotonic() + HEALTHY_WITHIN_SECONDS
    while subprocess.run(check, cwd=app, env=variables, stderr=subprocess.DEVNULL, check=False).returncode:
        if process.poll() is not None or time.monotonic() > deadline:
            sys.exit("  CMD never became healthy")
        time.sleep(1)


def rehearse(dockerfile: Path, extra: dict[str, str]) -> None:
    """Builds and starts one image's stand-in."""
    print(dockerfile.name, flush=True)
    with TemporaryDirectory(prefix="daisuso-image-") as place:
        folder = Path(place)
        app = folder / "app"
        app.mkdir()
        variables: dict[str, str] = {}
        check: list[str] = []
        for name, rest in instructions(dockerfile):
            match name:
                case "FROM":
                    variables = environment(rest, folder)
                case "ENV":
                    variables |= dict(pair.split("=", 1) for pair in shlex.split(rest))
                case "COPY":
                    copy(rest, app)
                case "RUN":
                    run_step(rest, app, variables)
                case "HEALTHCHECK":
                    check = json.loads(rest[rest.index("CMD") + 3 :])
                case "CMD":
                    command = json.loads(rest)
        process = subprocess.Popen(command, cwd=app, env=variables | extra)
        try:
            wait_until_healthy(check, process, app, variables)
            print("  healthy", flush=True)
        finally:
            process.terminate()
            process.wait(timeout=20)


def main() -> None:
    """Reads the command line."""
    arguments, _, pairs = " ".join(sys.argv[1:]).partition(" -- ")
    extra = dict(pair.split("=", 1) for pair in shlex.split(pairs))
    for dockerfile in arguments.split():
        rehearse(ROOT / dockerfile, extra)


if __name__ == "__main__":
    main()
