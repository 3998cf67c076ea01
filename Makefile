# Two commands matter: `make demo` and `make test`. Everything else is a convenience.
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
# Two processes share the tests, file by file; one (WORKERS=0) is easier to look into.
WORKERS ?= 2
# The home whose release `make pictures` shows; never one with people's data.
RELEASED ?= demo
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
export DAGSTER_DISABLE_TELEMETRY := yes
export STREAMLIT_BROWSER_GATHER_USAGE_STATS := false

.DEFAULT_GOAL := help
.PHONY: help setup demo test check docs pictures lock format clean

help:
	@echo "make demo    set up, build the sample company, run the night's work, open the dashboard"
	@echo "make test    set up and run every check and test"
	@echo "make check   lint, types, architecture only"
	@echo "make docs    build the documentation into build/site; a broken link ends it"
	@echo "make pictures  take the pictures of the documentation from the sample company in demo/ (needs chromium)"
	@echo "make lock    resolve requirements.lock again"

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v < (3, 14) else f"Parley needs Python 3.11, 3.12 or 3.13; {sys.executable} is {v[0]}.{v[1]}. Try: make PYTHON=python3.12 ...")'
	@echo "==> environment: $(VENV) (first time: one to two minutes)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@if $(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)" 2>/dev/null; then \
	   $(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode --link-mode copy requirements.lock && \
	   $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable . ; \
	 else \
	   echo "==> uv cannot be had here; falling back to pip (slower)" ; \
	   $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	   $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . ; \
	 fi
	@touch $@

setup: $(VENV)/.ready

demo: setup
	@$(BIN)/parley demo $(ARGS)

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

test: check
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile $(ARGS)

# Not --quiet: MkDocs counts the warnings that --strict forbids only while it shows them.
docs: setup
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "==> build/site/index.html; to read it: $(BIN)/mkdocs serve"

pictures: setup
	@$(BIN)/python -m tests.dashboards.take_pictures $(RELEASED)

lock:
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-strip-extras --no-header --python-version 3.11 --upgrade -o requirements.lock

format: setup
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache build/site demo
