.DEFAULT_GOAL := help
SHELL := /bin/bash

# Machines that forbid writing bytecode make every start of Rasa 15 s slower.
unexport PYTHONDONTWRITEBYTECODE

PYTHON_CODE := bot content db office tests rasa_project/components rasa_project/tests

.PHONY: help
help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.PHONY: install
install: ## make both environments (nothing to do when they are current)
	@scripts/install.sh

.PHONY: run
run: install ## start everything: Rasa, database, web chat, and Telegram if a token is set
	@exec .venv/bin/daisuso run

.PHONY: check
check: ## the quick part of the tests: style, types, content, tests without servers
	@scripts/install.sh dev
	.venv/bin/ruff format --check $(PYTHON_CODE)
	.venv/bin/ruff check $(PYTHON_CODE)
	.venv/bin/mypy
	rasa_project/.venv/bin/python -m pytest --version >/dev/null 2>&1 || true
	.venv/bin/daisuso content check
	.venv/bin/pytest -q -m "not servers"

.PHONY: test
test: check ## everything: the quick part, then with real Rasa, PostgreSQL, Chromium and processes
	@scripts/install-test-tools.sh
	cd rasa_project && RASA_TELEMETRY_ENABLED=false .venv/bin/python -m rasa data validate nlu --data data --domain domain.yml
	.venv/bin/pytest -q -m servers

.PHONY: format
format: ## put the code in shape
	.venv/bin/ruff format $(PYTHON_CODE)
	.venv/bin/ruff check --fix $(PYTHON_CODE)

.PHONY: lock
lock: ## pin the dependencies anew (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.10 --custom-compile-command "make lock" rasa_project/requirements.in --output-file rasa_project/requirements.lock
