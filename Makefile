# `make run` and `make test` need nothing prepared but Python 3.11 or newer; see README.md.
# CI (.ci/run) calls the same targets.

SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin

.PHONY: help setup run test test-fast check lint format types layers migrations schema docs bench evaluate lock clean clean-venv

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

setup:  ## make .venv with everything locked; does nothing when nothing changed
	@scripts/setup.sh

run: setup  ## serve on http://127.0.0.1:8000, data in ./data; Ctrl-C stops all
	@exec $(BIN)/majlis up --data-dir data --offer-demo

test: setup  ## the whole suite, browser included; coverage of the fast part
	@scripts/test.sh $(ARGS)

test-fast: setup  ## what takes long and what needs a browser left out
	@scripts/test.sh --fast $(ARGS)

check: lint types layers migrations docs  ## everything but the tests

lint: setup  ## ruff: rules and format
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

format: setup  ## put the format right
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

types: setup  ## mypy --strict
	@$(BIN)/mypy

layers: setup  ## imports only look down
	@$(BIN)/lint-imports

migrations: setup  ## migrations, models and schema.sql are one
	@$(BIN)/python scripts/schema.py check

schema: setup  ## write schema.sql anew, after any change of migrations
	@$(BIN)/python scripts/schema.py write

docs: setup  ## what the documents say is so
	@$(BIN)/pytest -q -p no:cacheprovider tests/config/test_documents.py

bench: setup  ## the benchmark table, and bench/results/*.json
	@$(BIN)/python -m bench $(ARGS)

evaluate: setup  ## our figures beside published ones, DATA=folder: writes evaluation.json (ARGS=--strict fails on a miss)
	@$(BIN)/python -m majlis.config.evaluating $(or $(DATA),../shared/data) $(ARGS)

lock:  ## work the locks out anew (needs uv)
	@scripts/lock.sh

clean:  ## caches and build products
	@rm -rf .build build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* coverage.xml
	@find src tests bench scripts -name __pycache__ -type d -prune -exec rm -rf {} +

clean-venv:  ## the virtual environment (your data stays)
	@rm -rf .venv
