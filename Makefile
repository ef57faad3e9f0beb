# Fnlloyd. Two targets matter to a newcomer: play and test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=

.PHONY: play serve test check bench clean lock browser help

help: ## Say what there is.
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

play: $(READY) ## Set up, start the embedded default, open the game in the browser.
	$(BIN)/fnlloyd play $(ARGS)

serve: $(READY) ## Set up and start the server.
	$(BIN)/fnlloyd serve $(ARGS)

# The browser's driver keeps an event loop of its own running, which other tests cannot share a process with.
test: $(READY) browser ## Set up and run all tests.
	$(BIN)/python -m pytest --ignore=tests/browser $(ARGS)
	$(BIN)/python -m pytest tests/browser $(ARGS)

check: $(READY) ## Format, lint, types, layers.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(READY) ## Measure what a player waits for.
	$(BIN)/python -m bench $(ARGS)

lock: ## Pin all dependencies anew, with hashes (needs uv in .venv).
	$(BIN)/python -m uv pip compile pyproject.toml --extra local --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --no-emit-index-url --output-file requirements.lock

clean: ## Remove what was built; models, clips and sessions stay.
	rm -rf $(VENV) build dist artifacts .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .schemathesis

# The browser tests need Chromium. Where it cannot be installed here, they are skipped and say so.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium >/dev/null; } \
	  || echo "chromium is not here: the browser tests will be skipped"

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Fnlloyd needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 play" >&2; exit 1; }
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	@echo "Setting up in $(VENV) (this takes a minute or two the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
