# Two commands for people: `make serve` and `make test`. Everything goes into .venv.

PYTHON ?= python3
REPORTS ?= corpus/samples
DATA ?= data
HOST ?= 127.0.0.1
PORT ?= 8000

BIN := .venv/bin

.PHONY: serve test lint build docs constraints clean

serve: .venv/installed
	$(BIN)/youju serve "$(REPORTS)" --data "$(DATA)" --host "$(HOST)" --port "$(PORT)"

test: .venv/installed-dev
	$(BIN)/python -m pytest $(TESTS)

lint: .venv/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

build: .venv/installed-dev
	$(BIN)/python -m build --outdir dist

# The reply and the picture in the READMEs.
docs: .venv/installed-dev
	$(BIN)/python docs/refresh.py

# After changing versions by hand in .venv: write down what is installed.
constraints: .venv/installed-dev
	(sed -n 1p constraints.txt && $(BIN)/pip freeze --exclude-editable --exclude pip \
	| sed 's/+cpu$$//') > constraints.new && mv constraints.new constraints.txt

clean:
	rm -rf .venv data dist

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

.venv/installed-dev: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	touch $@
