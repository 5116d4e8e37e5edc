"""Documentation is tested: what can be set, run or started is explained, and what is explained exists."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.cli import app
from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
ENV_EXAMPLE = (ROOT / ".env.example").read_text()
COMPOSE = (ROOT / "docker-compose.yml").read_text()
PAGES = [ROOT / "README.md", ROOT / "THIRD_PARTY.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_explained(name: str) -> None:
    assert re.search(rf"^(# )?DAISUSO_{name.upper()}=", ENV_EXAMPLE, re.MULTILINE)


def test_every_explained_setting_exists() -> None:
    explained = set(re.findall(r"^(?:# )?DAISUSO_(\w+)=", ENV_EXAMPLE, re.MULTILINE))
    only_compose = {"DOMAIN"}
    assert explained - only_compose == {name.upper() for name in Settings.model_fields}


def test_every_variable_of_the_compose_file_is_explained() -> None:
    used = set(re.findall(r"\$\{(\w+)", COMPOSE))
    explained = set(re.findall(r"^(?:# )?(\w+)=", ENV_EXAMPLE, re.MULTILINE))
    assert used - explained == set()


def test_example_settings_are_a_valid_configuration(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(ENV_EXAMPLE)
    settings = Settings(_env_file=file)  # type: ignore[call-arg] # pydantic-settings' own way to name a file
    assert settings.telegram_token is None
    assert settings.commune == "tan-loi"


def test_compose_file_follows_the_compose_specification() -> None:
    checker = Path(sys.executable).parent / "check-jsonschema"
    command = [str(checker), "--builtin-schema", "vendor.compose-spec", str(ROOT / "docker-compose.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_service_is_watched_and_restarted() -> None:
    services = yaml.safe_load(COMPOSE)["services"]
    assert set(services) == {"database", "rasa", "bot", "proxy"}
    for name, service in services.items():
        assert service["restart"] == "unless-stopped", name
        dockerfile = ROOT / service["build"]["dockerfile"] if "build" in service else None
        assert "healthcheck" in service or (dockerfile and "HEALTHCHECK" in dockerfile.read_text()), name


@pytest.mark.parametrize("dockerfile", ["docker/bot.Dockerfile", "docker/rasa.Dockerfile"])
def test_our_images_do_not_run_as_root(dockerfile: str) -> None:
    users = re.findall(r"^USER (\w+)", (ROOT / dockerfile).read_text(), re.MULTILINE)
    assert users
    assert "root" not in users


def test_no_secret_is_written_into_the_compose_file() -> None:
    for name in ("POSTGRES_PASSWORD", "RASA_TOKEN", "DAISUSO_RASA_TOKEN", "DAISUSO_TELEGRAM_TOKEN"):
        for value in re.findall(rf"^\s*{name}: (.*)$", COMPOSE, re.MULTILINE):
            assert value.startswith("${"), name


def test_every_command_is_in_the_readme() -> None:
    for command in app.registered_commands:
        name = command.name or (command.callback.__name__ if command.callback else "")
        assert f"daisuso {name}" in README, name


def test_every_recipe_that_the_documents_name_exists() -> None:
    recipes = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        name
        for page in PAGES
        for name in re.findall(r"`make ([a-z-]+)`|^make ([a-z-]+)", page.read_text(), re.MULTILINE)
    }
    assert {first or second for first, second in named} - recipes == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    text = page.read_text()
    targets = re.findall(r"\]\(([^)#]+)", text) + re.findall(r'src="([^"]+)"', text)
    broken = [
        t
        for t in targets
        if not t.startswith(("http", "{")) and t not in {"...", "địa chỉ"} and not (page.parent / t).exists()
    ]
    assert broken == []


def test_the_architecture_names_every_module_of_the_bot() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    modules = [path for path in (ROOT / "bot").glob("*.py") if path.stem not in {"__init__", "errors", "settings"}]
    assert [module.name for module in modules if module.name not in page] == []


def test_no_file_names_a_package_registry() -> None:
    hosts = ("pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org", "deb.debian" + ".org")
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    texts = [ROOT / name for name in files if not name.endswith((".png", ".ico", ".ttf", ".ogg"))]
    assert [
        str(f.relative_to(ROOT)) for f in texts if f.exists() and any(host in f.read_text() for host in hosts)
    ] == []
