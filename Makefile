# Two commands set everything up on a machine with Python 3.11+ and make:
#   make demo    the whole site, filled with fictional consultations, on http://localhost:8000
#   make test    every check and test
# `make help` lists the others. Works with GNU make 3.81 and newer.

SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
# PYTHON=/path/to/python3.13 make setup chooses one; else the newest found that is new enough.
PYTHON ?=
# More for pytest: make test ARGS="-k receipt -x"
ARGS ?=

.PHONY: help setup bench-setup demo demo-reset test lint lock check
.DEFAULT_GOAL := help

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

setup: $(STAMP) ## Make .venv with everything pinned in requirements-dev.txt

$(STAMP): requirements-dev.txt requirements.txt .ci/python
	@python=$$(PYTHON='$(PYTHON)' sh .ci/python) || exit 1; \
	if [ ! -x $(PY) ] || ! $(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  echo "Making $(VENV) with $$python"; \
	  rm -rf $(VENV); \
	  "$$python" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }; \
	fi
	@echo "Installing what requirements-dev.txt pins (minutes the first time, then never again)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --only-binary :all: -r requirements-dev.txt
	@touch $(STAMP)

demo: $(STAMP) ## Start the whole site with fictional content (PORT=9000 make demo for another port)
	@exec $(PY) manage.py demo

demo-reset: $(STAMP) ## Stop the demo and remove its data
	@exec $(PY) manage.py demo --reset

bench-setup: pyproject.toml ## Make .venv-bench, with the methods the benchmarks compare with
	@python=$$(PYTHON='$(PYTHON)' sh .ci/python) && "$$python" -m venv .venv-bench
	@.venv-bench/bin/python -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb"))["project"]; print(*p["dependencies"], *p["optional-dependencies"]["bench"], sep="\n")' > .venv-bench/wanted.txt
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --no-input -r .venv-bench/wanted.txt

test: $(STAMP) ## Every check and every test
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" sh .ci/test $(ARGS)

check: $(STAMP) ## Every check that needs no server: style, types, imports, migrations, catalogue
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" sh .ci/check

lint: check ## The same as check

lock: $(STAMP) ## Pin the dependencies of pyproject.toml anew, with hashes
	@command -v uv >/dev/null || { echo "make lock needs uv on the PATH: https://docs.astral.sh/uv/" >&2; exit 1; }
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --custom-compile-command "make lock" pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --custom-compile-command "make lock" --extra demo --extra dev --extra embedders -c requirements.txt pyproject.toml -o requirements-dev.txt
