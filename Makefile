.DEFAULT_GOAL := help
SHELL := /bin/bash

# Machines that forbid writing bytecode make every start of Rasa 15 s slower.
unexport PYTHONDONTWRITEBYTECODE

PYTHON_CODE := bench bot content db office scripts tests rasa_project/components rasa_project/tests rasa_project/launch.py

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
	.venv/bin/daisuso content check
	.venv/bin/pytest --numprocesses auto -m "not servers"
	cd rasa_project && .venv/bin/python -m pytest

.PHONY: test
test: check ## everything: the quick part, then with real Rasa, PostgreSQL, Chromium and processes
	@scripts/install-test-tools.sh
	cd rasa_project && .venv/bin/python launch.py validate
	.venv/bin/pytest -m servers --ignore tests/e2e --numprocesses auto --dist loadfile
	.venv/bin/pytest -m servers tests/e2e --ignore tests/e2e/test_broadcast.py --numprocesses 2 --dist loadfile
	.venv/bin/pytest -m servers tests/e2e/test_broadcast.py

.PHONY: bench-nlu
bench-nlu: ## compare pipelines of understanding, Rasa's default among them (hours: that one trains long)
	@scripts/install.sh dev
	.venv/bin/python -m bench.nlu

.PHONY: examples
examples: ## after editing articles: write their questions into Rasa's training data
	@scripts/install.sh dev
	.venv/bin/python -m scripts.article_examples

.PHONY: format
format: ## put the code in shape
	.venv/bin/ruff format $(PYTHON_CODE)
	.venv/bin/ruff check --fix $(PYTHON_CODE)

COMPILE := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --custom-compile-command "make lock"

.PHONY: lock
lock: ## pin the dependencies anew (needs uv)
	$(COMPILE) --python-version 3.11 pyproject.toml --output-file requirements.lock
	$(COMPILE) --python-version 3.11 pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock
	cd rasa_project && $(COMPILE) --python-version 3.10 requirements.in --output-file requirements.lock
	cd rasa_project && $(COMPILE) --python-version 3.10 requirements-dev.in --constraints requirements.lock --output-file requirements-dev.lock
