# Needs make and Python 3.11, 3.12 or 3.13. `make demo` and `make test` make whatever they need.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory
SHELL := /bin/sh

VENV ?= .venv
BIN := $(VENV)/bin
PIP_FLAGS := --quiet --disable-pip-version-check --no-input --require-hashes
PYTEST_ARGS ?=
export PYTHONDONTWRITEBYTECODE ?= 1

.PHONY: help setup demo test check lint bench soak faults doors messages lock clean

help: ## Show what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name what; do printf '  make %-9s %s\n' "$$name" "$$what"; done

# Stamps make the second time instant; a changed lock installs again.
$(VENV)/.prod: requirements/prod.txt
	@echo "Installing what the product needs into $(VENV) ..." >&2
	@python=$$(.ci/find-python) && { [ -x $(BIN)/python ] || "$$python" -m venv $(VENV); }
	@$(BIN)/python -m pip install $(PIP_FLAGS) -r requirements/prod.txt >&2
	@touch $@

$(VENV)/.dev: $(VENV)/.prod requirements/dev.txt
	@echo "Installing what developing needs into $(VENV) ..." >&2
	@$(BIN)/python -m pip install $(PIP_FLAGS) -r requirements/dev.txt >&2
	@touch $@

setup: $(VENV)/.prod $(VENV)/.dev ## Make .venv with everything in it

demo: $(VENV)/.prod ## Run the main job on sample invoices, then serve it (ARGS="--once --json": one summary)
	@$(BIN)/python manage.py demo $(ARGS)

test: setup ## Run all tests, with branch coverage (PYTEST_ARGS="-k name" for some)
	@.ci/test $(PYTEST_ARGS)

check: setup ## Format, lint, types, imports, migrations, translations, locks
	@.ci/check

bench: setup ## Run the benchmarks; each prints one JSON line
	@for bench in tests/bench/bench_*.py; do $(BIN)/python "$$bench" || exit 1; done

soak: setup ## Long random runs: one connection for an hour, 20,000 postings (ARGS="--seed 123": one again)
	@PYTHONPATH=. DJANGO_SETTINGS_MODULE=config.settings $(BIN)/python tests/soak/run.py $(ARGS)

faults: setup ## Every step of a delivery with every fault: 1,000 invoices, 1,000 orders, a PostgreSQL of its own (ARGS="--kinds orders")
	@$(BIN)/python tests/matrix/run.py --seed 1 $(ARGS)

doors: setup ## 10,000 receipts by every door with faults, then their books (ARGS="--receipts 500 --seed 2")
	@$(BIN)/python tests/doors/run.py $(ARGS)

messages: setup ## Collect the texts into the Dutch catalogue and compile it
	@$(BIN)/python .ci/translations.py update

lock: setup ## Compile the hashed locks from pyproject.toml
	@.ci/lock

clean: ## Remove what was made (.venv, caches, coverage); data stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
