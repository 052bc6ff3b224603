# Waymark: `make run` to see it, `make test` to check it. See README.md.
SHELL := /bin/sh
# The system's own Python where it will do: it is built with optimisation, which pyenv leaves out unless told to, and then
# everything takes a quarter longer (docs/decisions/0035-the-systems-own-python.md).
PYTHON ?= $(shell for python in /usr/bin/python3 python3; do \
  $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PORT
# Where the environment forbids it, each of some two hundred processes of the tests would compile all of Waymark anew.
unexport PYTHONDONTWRITEBYTECODE
# What does not need each other (packages of tests, styles, the model, checks of types) is made side by side.
MAKEFLAGS += --jobs=2
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install --require-hashes

.PHONY: run setup checks test proof bench screenshots story translations format lock clean

run: setup
	@$(BIN)/waymark db upgrade
	@$(BIN)/waymark seed reference
	@$(BIN)/waymark seed demo
	@$(BIN)/waymark worker --once
	@exec $(BIN)/waymark serve --with-worker --port $(PORT)

setup: $(VENV)/.runtime $(VENV)/.assets $(VENV)/.model

$(BIN)/python:
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Waymark needs Python 3.11 or newer with venv; set PYTHON to one: make run PYTHON=python3.12"; exit 1; }
	@echo "Making the virtual environment of $(PYTHON)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock requirements-assets.lock pyproject.toml | $(BIN)/python
	@echo "Installing packages"
	@$(PIP) -r requirements.lock -r requirements-assets.lock
	@$(BIN)/python -m pip --quiet --disable-pip-version-check install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.assets: $(VENV)/.runtime $(shell find app/web/assets app/translations -name node_modules -prune -o -type f -print 2>/dev/null)
	@echo "Building styles, scripts and translations"
	@$(BIN)/python -m app.web.assets.build
	@$(BIN)/python -m app.web.translations
	@touch $@

$(VENV)/.model: $(VENV)/.runtime $(wildcard search_index/lexicon/*.* search_index/lexicon/*/*.t*)
	@echo "Learning everyday words (about a minute, once)"
	@$(BIN)/waymark search learn
	@touch $@

$(VENV)/.tests: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing what tests need"
	@$(PIP) -r requirements.lock -r requirements-dev.lock
	@$(BIN)/python -m tests.system_packages
	@$(BIN)/python -m tests.pages.browser
	@touch $@

checks: $(VENV)/.tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# As many as there are cores: with three on two cores it takes a seventh longer.
PROCESSES ?= 2

# The town that both runs walk is seeded in the first, which begins with the longest files, so that nobody waits in the end.
test: checks setup
	@WAYMARK_TEST_TOWN=$$(mktemp -d) && export WAYMARK_TEST_TOWN && trap 'rm -rf "$$WAYMARK_TEST_TOWN"' EXIT INT TERM && set -x \
	  && $(BIN)/python -m pytest $(QUICK_PROOFS) tests/contract tests/integration tests/relevance tests/unit --numprocesses $(PROCESSES) --dist loadfile --no-loadscope-reorder \
	  && $(BIN)/python -m pytest tests/pages --numprocesses $(PROCESSES) --dist worksteal

# Proofs that are over in half a minute at their small size; `make proof` runs them, and the others, at length.
QUICK_PROOFS := $(wildcard tests/proof/test_booking_*.py tests/proof/test_follow_up_*.py) tests/proof/test_rubbish.py

proof: setup $(VENV)/.tests
	WAYMARK_PROOF_CASES=$${WAYMARK_PROOF_CASES:-20000} $(BIN)/python -m pytest --timeout=14400 tests/proof tests/integration/test_forms_take_rubbish.py

$(VENV)/.bench: requirements-bench.lock $(VENV)/.tests
	@$(PIP) -r requirements.lock -r requirements-bench.lock
	@touch $@

bench: setup $(VENV)/.bench
	$(BIN)/python -m tests.bench

screenshots: setup $(VENV)/.tests
	$(BIN)/python -m tests.pages.screenshots docs/screenshots

# Walk the whole story of one person in a browser, and leave its pictures in the folder `story`.
story: setup $(VENV)/.tests
	WAYMARK_STORY=story $(BIN)/python -m pytest tests/pages/test_the_whole_story.py

# After adding or changing words: update the catalogues, then fill in the Welsh.
translations: setup
	$(BIN)/python -m app.web.translations update

format: $(VENV)/.tests
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Write the locks anew from pyproject.toml. They hold hashes and name no index.
lock:
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	for group in assets dev bench; do \
	  uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 --group $$group -c requirements.lock -o requirements-$$group.lock; \
	done

clean:
	rm -rf $(VENV) instance search_index/data app/web/static app/web/assets/node_modules build *.egg-info
