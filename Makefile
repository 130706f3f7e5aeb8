# The course from a shell. `make` alone lists the targets; the folders are told in docs/architecture.md.

.DEFAULT_GOAL := help
SHELL := /bin/bash

VENV  ?= .venv# where all is installed
BIN   := $(VENV)/bin
STAMP := $(VENV)/.installed
JUPYTER_FILES := $(shell find jupyter -name '*.json')

PYTHON        ?=# an interpreter of 3.11, where `python3.11` is not on the PATH
TORCH_INDEX   ?=# where pip finds PyTorch's CPU build: the address after --index-url in PyTorch's own instructions
EXTRAS        ?= dev# which of the extras in pyproject.toml are installed, with commas between; none: EXTRAS=
PIP_FLAGS     ?= $(if $(MAKE_TERMOUT),,-qq) --disable-pip-version-check
OPEN          ?= yes# `no`: serve JupyterLab and print its address, open no browser
JUPYTER_FLAGS ?=# passed on to JupyterLab, for example --port=9000
BENCH_FLAGS   ?=# passed on to every benchmark
TEST_FLAGS    ?=# passed on to pytest, for example -k balance

# Notebooks and shells of the course find the commands of .venv first.
export PATH := $(abspath $(BIN)):$(PATH)

##@ Students

.PHONY: help setup course demo doctor

help: ## List these targets
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	     /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

setup: $(STAMP) ## Create .venv with the tested set of versions (quick when it is there)

course: $(STAMP) ## Open the workbook in JupyterLab at its start page (OPEN=no: no browser)
	$(BIN)/jupyter lab --ServerApp.root_dir="$$PWD" --LabApp.default_url=/lab/tree/notebooks/start.ipynb \
	    $(if $(filter no,$(OPEN)),--no-browser) $(if $(filter 0,$(shell id -u)),--allow-root) $(JUPYTER_FLAGS)

demo: $(STAMP) ## Stand, be pushed, recover: writes build/demo.mp4
	$(BIN)/vla-course demo

doctor: $(STAMP) ## Say in one screen what works on this machine
	$(BIN)/vla-course doctor

##@ Authors and instructors

.PHONY: test lint types stubs stubs-check tests notebooks notebooks-check notebooks-run gate bench constraints clean

test: lint types stubs-check tests notebooks-run ## Everything: lint, types, stubs in step, tests, notebooks (half an hour)
	@echo "all stages of make test passed"

lint: $(STAMP) ## Style and likely mistakes (ruff)
	$(BIN)/ruff check .

types: $(STAMP) ## Types (mypy)
	$(BIN)/mypy

stubs: $(STAMP) ## Write vla_course/exercises/ from solutions/
	$(BIN)/vla-course release --stubs

stubs-check: $(STAMP) ## Fail where vla_course/exercises/ is out of step with solutions/; your own answers are not
	$(BIN)/vla-course release --stubs --check

tests: $(STAMP) ## The tests that need no browser, on two processes
	$(BIN)/pytest -n 2 -m "not browser and not full" $(TEST_FLAGS)

notebooks: $(STAMP) ## Write every notebooks/*.ipynb from its .py, without outputs
	$(BIN)/python -m tests.setup.pairing

# One process: kernels race for ports under xdist. Fresh copies: what a reader has written into theirs is not on trial.
notebooks-run: $(STAMP) ## Run every notebook on the reference answers, then in a browser where there is one
	$(BIN)/python -m tests.setup.pairing --out build/notebooks
	VLA_COURSE_EXERCISES=solutions $(BIN)/pytest --nbmake --nbmake-timeout=600 --timeout=1800 build/notebooks/*.ipynb
	$(BIN)/pytest -m browser tests/browser

gate: $(STAMP) ## Grade the graders in full: stubs, references, wrong and other right answers, mutants, attacks
	$(BIN)/pytest -n 2 tests/graded tests/grading --gate-seeds 10 $(TEST_FLAGS)

bench: $(STAMP) ## Measure what the documentation claims, into benchmarks/results/ (BENCH_FLAGS=--quick keeps none)
	@for script in $$(grep -l __main__ benchmarks/*.py); do \
	    echo "== $$script"; $(BIN)/python $$script --json $(BENCH_FLAGS) || exit 1; done

constraints: $(BIN)/python ## Refresh constraints.txt with the newest versions that pyproject.toml admits
	rm -rf build/constraints
	$(BIN)/python -m venv build/constraints
	build/constraints/bin/pip install $(PIP_FLAGS) -e ".[dev,voice]"
	{ echo '# The tested set of versions. Refreshed with `make constraints`, then `make test`.'; \
	  build/constraints/bin/pip freeze --exclude-editable | sed 's/+cpu$$//' | LC_ALL=C sort -f; } > build/constraints.txt
	mv build/constraints.txt constraints.txt
	rm -rf build/constraints

clean: ## Remove what was built and cached; keeps .venv and every answer
	rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# What `setup` makes. The stamp is newer than its sources: nothing to do.

$(BIN)/python:
	@for python in $(PYTHON) python3.11 python3 python; do \
	    if $$python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "The course needs Python 3.11: install it (with apt where it is on offer: python3.11 python3.11-venv; anywhere: uv python install 3.11, pyenv install 3.11, conda create -n py311 python=3.11), or say where it is: make setup PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	echo "Creating $(VENV) with $$($$found --version) ..."; $$found -m venv $(VENV)

# PyBullet has a wheel for Linux on x86-64 only. Built elsewhere, it finds NumPy only outside pip's isolation, and
# without NumPy it hands out pictures as tuples.
BUILD_PYBULLET  = $(if $(filter Linux-x86_64,$(shell uname -s)-$(shell uname -m)),,yes)
PATIENCE        = 5 to 15 minutes$(if $(BUILD_PYBULLET), and ten more to build PyBullet)
PIP_INSTALL     = $(BIN)/python -m pip install $(PIP_FLAGS) --constraint constraints.txt

$(STAMP): pyproject.toml constraints.txt $(JUPYTER_FILES) | $(BIN)/python
	@echo "Installing the course into $(VENV): $(PATIENCE) the first time, and hardly a word meanwhile ..."
	$(if $(TORCH_INDEX),$(PIP_INSTALL) --no-deps --index-url $(TORCH_INDEX) torch)
	$(if $(BUILD_PYBULLET),$(PIP_INSTALL) numpy setuptools wheel && $(PIP_INSTALL) --no-build-isolation pybullet)
	$(PIP_INSTALL) --editable ".$(if $(EXTRAS),[$(EXTRAS)])"
	cp -R jupyter/etc jupyter/share $(VENV)/
	@touch $@
	@echo "Installed. In a terminal of your own, \`source $(VENV)/bin/activate\` first: then it finds vla-course."
