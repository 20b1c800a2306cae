# Everything is made from Python 3.11 or later, pip and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Tests start many processes: where nothing may be kept of what is compiled, each compiles Polku anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test test-deep lint messages bench bench-large lock clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 16

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Polku needs Python 3.11 or later; $(PYTHON) is older. Say which to use: make PYTHON=python3.12 ..."; exit 1; }
	@echo "Making $(VENV) (once, about a minute) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: $(READY) ## clients of five service models, from referral to follow-up, in polku.db
	@$(BIN)/polku demo

test: $(READY) ## the whole test suite, on SQLite and on PostgreSQL
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal

test-deep: $(READY) ## the long tests by force: the whole API asked at random, servers killed again and again, properties of many examples
	@$(BIN)/python -m pytest -m "deep or hypothesis" --hypothesis-profile many

lint: $(READY) ## ruff, mypy (strict) and the walls of the house
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

messages: $(READY) ## gather what Polku says into infrastructure/locale, to be translated there
	@$(BIN)/python -m infrastructure.messages

bench: $(READY) ## speed, side by side with what one would pick instead (BENCH="--json FILE" writes it down, BENCH="--only ledger,archive" does a part)
	@$(BIN)/python -m tests.performance $(BENCH)

bench-large: $(READY) ## the same with a million journeys on PostgreSQL (BENCH="--journeys N" for fewer, "--programme P" for all of one)
	@$(BIN)/python -m tests.performance.large $(BENCH)

lock: ## pin every dependency again, with hashes (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --extra dev --upgrade pyproject.toml --output-file requirements.lock
	@printf 'eventsourcing_sqlalchemy\npsycopg[binary]\n' | uv pip compile --quiet --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --upgrade - \
		--output-file tests/performance/rival-requirements.lock

clean: ## forget the environments
	@rm -rf $(VENV) .venv-rival *.egg-info
