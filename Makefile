# Every target is one plain command; `make help` lists them.
# The system's own Python, if it will do: distributions compile it with profiles of what it runs, one compiled by
# hand mostly is not, and takes a tenth more time for each signature (bench/results.md).
PYTHON ?= $(shell /usr/bin/python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo /usr/bin/python3 || echo python3)
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-installed
DEVELOPMENT := $(VENV)/.development-installed
CATALOGUES := $(wildcard src/habeas/locale/*/LC_MESSAGES/habeas.po)
COMPILED := $(CATALOGUES:.po=.mo)
WEB := tests/web/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help install demo test test-postgresql check check-web fix tools bench messages lock

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

install: $(RUNTIME) $(COMPILED) ## make the environment in .venv from the committed lock

demo: install ## run a filled demonstration: door, office and clerk, until Ctrl-C
	@$(BIN)/habeas demo

test: $(DEVELOPMENT) $(COMPILED) tools ## run every test
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test-postgresql: $(DEVELOPMENT) $(COMPILED) tools ## run every test that touches the office's database again, on PostgreSQL
	@$(BIN)/python tests/postgresql.py -n 2 --dist loadfile --no-loadscope-reorder

check: $(DEVELOPMENT) $(COMPILED) ## lint, types, layers, migrations, translations
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@HABEAS_DATA=$$(mktemp -d) $(BIN)/python -m django makemigrations --check --dry-run --settings=habeas.office.settings

check-web: $(DEVELOPMENT) $(COMPILED) $(WEB) ## judge the public pages: Lighthouse, the W3C's checker, axe
	@command -v chromium java >/dev/null && [ "$$(command -v chromium java | wc -l)" = 2 ] \
		|| { apt-get update && apt-get install -y --no-install-recommends chromium fonts-noto-core default-jre-headless; } >/dev/null 2>&1 \
		|| { echo "Chromium and Java are needed. On Debian: apt-get install chromium default-jre-headless"; exit 1; }
	@PYTHONPATH=src:tests $(BIN)/python tests/web/check.py

fix: $(DEVELOPMENT) ## mend what the tools can mend
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

tools: ## install from Debian what tests drive, where that is allowed: a browser, a clock to move, a disk to cut, a database, a load
	@command -v chromium faketime strace mkfs.ext4 wrk >/dev/null && [ "$$(command -v chromium faketime strace mkfs.ext4 wrk | wc -l)" = 5 ] && { command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 \
		|| { apt-get update && apt-get install -y --no-install-recommends chromium fonts-noto-core faketime strace e2fsprogs postgresql wrk; } >/dev/null 2>&1 \
		|| echo "Some tests are skipped. What they need, on Debian: apt-get install chromium faketime strace e2fsprogs postgresql wrk"

bench: $(RUNTIME) $(COMPILED) ## measure this machine (wrk and nginx-light from Debian)
	@command -v wrk >/dev/null || apt-get install -y --no-install-recommends wrk nginx-light >/dev/null 2>&1 || echo "wrk is needed; on Debian: apt-get install wrk nginx-light"
	@$(BIN)/habeas bench

messages: $(DEVELOPMENT) ## collect the words of the public side into the catalogues
	@$(BIN)/pybabel -q extract -F babel.cfg -k N_ --project habeas --add-location file --sort-by-file -w 100 -o src/habeas/locale/habeas.pot .
	@$(BIN)/pybabel -q update -D habeas -i src/habeas/locale/habeas.pot -d src/habeas/locale --no-fuzzy-matching -w 100

lock: $(DEVELOPMENT) ## write the locks anew from pyproject.toml
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -o requirements-dev.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-annotate --no-emit-index-url --no-header pyproject.toml -o constraints.txt

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed. On Debian: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Name another with: make PYTHON=python3.11"; exit 1; }
	@echo "Making the environment in $(VENV) (about half a minute the first time)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv is missing. On Debian: apt-get install python3-venv"; exit 1; }

$(RUNTIME): requirements.lock pyproject.toml | $(BIN)/python
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEVELOPMENT): requirements-dev.lock $(RUNTIME)
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(WEB): tests/web/package-lock.json
	@command -v npm >/dev/null || { echo "npm is needed. On Debian: apt-get install npm"; exit 1; }
	@cd tests/web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

%.mo: %.po | $(RUNTIME)
	@$(BIN)/pybabel -q compile -i $< -o $@
