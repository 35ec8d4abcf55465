# Two commands for people: `make serve` and `make test`. Everything goes into .venv.

PYTHON ?= python3
REPORTS ?= corpus/samples
DATA ?= data
HOST ?= 127.0.0.1
PORT ?= 8000

BIN := .venv/bin

.PHONY: serve test test-milvus lint build docs bench-peers bench-questions bench-arithmetic bench-scaling bench-docs constraints \
	lock sbom audit clean

serve: .venv/installed
	$(BIN)/youju serve "$(REPORTS)" --data "$(DATA)" --host "$(HOST)" --port "$(PORT)"

test: .venv/installed-dev
	$(BIN)/python -m pytest $(TESTS)

# Against the real Milvus server of a package index, 2.3.5; see the test.
test-milvus: .venv/installed-dev
	$(PYTHON) -m venv .venv-milvus
	.venv-milvus/bin/pip install --quiet --disable-pip-version-check setuptools milvus==2.3.5
	YOUJU_MILVUS_PYTHON=.venv-milvus/bin/python \
	$(BIN)/python -m pytest -v -s tests/test_milvus_standalone.py

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

# What docs/benchmarks.md shows; ARGS are the script's arguments.
bench-peers: .venv/installed
	$(BIN)/python benchmarks/compare.py $(ARGS)

bench-arithmetic: .venv/installed
	$(BIN)/python benchmarks/arithmetic.py $(ARGS)

bench-questions: .venv/installed
	$(BIN)/python benchmarks/questions.py $(ARGS)
	$(BIN)/python benchmarks/starting.py $(ARGS)

# A million windows: 9 GB of disk, about a quarter of an hour.
bench-scaling: .venv/installed
	$(BIN)/python benchmarks/scaling.py $(ARGS)

bench-docs: .venv/installed-bench
	$(BIN)/python benchmarks/tables.py
	$(BIN)/python benchmarks/plots.py

# After changing versions by hand in .venv: write down what is installed.
constraints: .venv/installed-dev
	(sed -n 1p constraints.txt && $(BIN)/pip freeze --exclude-editable --exclude pip \
	| sed 's/+cpu$$//') > constraints.new && mv constraints.new constraints.txt

# The same versions with the hashes of their files, for installing with nothing taken on trust.
# PyTorch has another file for each kind of processor; it is installed by itself.
lock: .venv/installed-supply
	$(BIN)/uv pip compile --quiet pyproject.toml --extra milvus --extra ocr --extra otel \
	--constraint constraints.txt --no-emit-package torch --generate-hashes --universal \
	--no-annotate --python-version 3.11 --custom-compile-command "make lock" \
	--output-file requirements.lock

# What a release consists of, as CycloneDX.
sbom: .venv/installed-supply
	mkdir -p dist
	(cat requirements.lock && grep '^torch==' constraints.txt) \
	| $(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible \
	--output-file dist/sbom.cdx.json -

# Known weaknesses of what is locked, but those that were looked at; asks a service on the network.
audit: .venv/installed-supply
	$(BIN)/pip-audit --requirement requirements.lock --require-hashes --disable-pip \
	$$(sed -e 's/#.*//' -e 's/^\([^ ]\)/--ignore-vuln \1/' audit-allowed.txt)

clean:
	rm -rf .venv .venv-milvus data dist

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	touch $@

.venv/installed-dev: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	touch $@

.venv/installed-bench: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[bench]"
	touch $@

.venv/installed-supply: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[supply]"
	touch $@
