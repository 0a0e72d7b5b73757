# The chores, the same at home and in CI. Each target makes .venv itself: all it takes is Python 3.11+ with venv and pip.

PYTHON ?= python3
JOBS ?= 4
TROUBLE ?= 10
COMMANDS ?= 10

VENV := .venv
BIN := $(VENV)/bin
OURS := bot commands config integrations tests
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" pyproject.toml

export PYTHONDONTWRITEBYTECODE := # starting a process a thousand times is quicker with compiled files

.PHONY: help demo test cover check format lint types imports docs site faults soak bench lock clean
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/runtime ## the whole product on this machine: no account, no token, no network
	$(BIN)/python -m bot sandbox

test: $(VENV)/dev ## all tests but the long fault runs
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder -m "not faults"

cover: $(VENV)/dev ## do their own tests reach every branch of the core and the workflow?
	$(BIN)/python -m pytest tests/core tests/workflow -n $(JOBS) --dist worksteal --cov --cov-fail-under=100

check: $(VENV)/dev ## format, lint, types, imports and docs
	@$(MAKE) --no-print-directory --jobs 2 format lint types imports docs

format: $(VENV)/dev ## is everything formatted? (ruff format does it)
	$(BIN)/ruff format --check $(OURS)

lint: $(VENV)/dev ## ruff's rules
	$(BIN)/ruff check $(OURS)

types: $(VENV)/dev ## mypy, strict
	$(BIN)/mypy

imports: $(VENV)/dev ## who may import whom, the contracts in pyproject.toml
	$(BIN)/lint-imports --no-logo

docs: $(VENV)/dev ## are the generated pages and schema what is committed?
	$(BIN)/python -m bot docs --check

site: $(VENV)/dev ## the documentation as a site, in build/site
	$(BIN)/python -m mkdocs build --strict --quiet

faults: $(VENV)/dev ## kills, races, repeats and forgeries in full; writes docs/proof.md
	$(BIN)/python -m pytest tests/faults tests/workflow tests/journeys/test_years.py tests/sandbox/test_browser.py \
		$$($(BIN)/python -m tests.proof) -n 3 --maxschedchunk 1 --full --timeout 1200 --proof docs/proof.md

soak: $(VENV)/dev ## twenty minutes of faults, kills and many commands; TROUBLE=1 COMMANDS=1 are the minutes of each
	$(BIN)/python -m tests.soak --trouble $(TROUBLE) --commands $(COMMANDS)

bench: $(VENV)/dev ## speed and memory beside their baselines; writes docs/proof.md
	$(BIN)/python -m tests.bench --proof docs/proof.md

lock: $(VENV)/dev ## renew requirements.txt and requirements-dev.txt from pyproject.toml (UPGRADE=--upgrade takes newer ones)
	$(LOCK) $(UPGRADE) --extra postgresql --extra sentry --group install --output-file requirements.txt
	$(LOCK) $(UPGRADE) --extra postgresql --extra sentry --group dev --constraint requirements.txt --output-file requirements-dev.txt

clean: ## remove .venv and what tools left
	rm -rf $(VENV) build dist *.egg-info .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis
	rm -rf .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo >&2 "Python 3.11 or newer is needed; $(PYTHON) is not. Name another one: make PYTHON=/path/to/python3.13"; exit 1; }
	@echo "Making $(VENV) (once, about half a minute)"
	@$(PYTHON) -m venv --clear $(VENV) || { \
		echo >&2 "$(PYTHON) has no venv or pip; Debian and Ubuntu keep them in the package python3-venv."; exit 1; }

$(VENV)/runtime: requirements.txt pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes -r requirements.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev: requirements-dev.txt requirements.txt pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes -r requirements-dev.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $(VENV)/runtime $@
