# Tagloom's daily commands. Each works from a fresh clone.
#
#   make setup     .venv from the locked, hashed requirements; names or installs missing system libraries
#   make run       the window with the first-run example; without a display, the example headless into out/
#   make test      import contracts and the whole test suite
#   make check     format, lint, types, import contracts
#   make bench     measurements into build/bench.json (PEERS=1 adds the slow peers, ONLY="start photo" runs some)
#   make soak      the long forms: kills, fuzz, endurance
#   make mutate    mistakes put into ledger, sending, tags and edits: do the tests see them? (GROUP=ledger AT_MOST=150)
#   make guide     the guide as web pages into build/guide
#   make shots     screenshots of the real window into resources/screenshots
#   make languages texts of the sources into resources/languages/*.po, and those compiled
#   make film      a short session in the real window, beside them
#   make package   into dist/: wheel, source archive, frozen program as .deb and portable tar (macOS: disk image)
#   make prove     as root: the packages in a clean Debian, from installation to removal
#   make lock      the lock files anew from pyproject.toml (UPGRADE=1 for the newest of everything)
#
# PYTHON=/path/to/python3.12 make setup   chooses the Python; otherwise 3.11 to 3.13, whatever is at hand.

SHELL := /bin/bash
PY := .venv/bin/python
export PYTHONUTF8 := 1
# Tests and measurements start hundreds of processes: compiled once, as in an installed program.
unexport PYTHONDONTWRITEBYTECODE
# Workers for the tests; the journeys share one screen, so more than two does not help.
JOBS ?= 2
TESTS ?= tests
ONLY ?=
GROUP ?=

.PHONY: help setup run test check bench soak mutate guide shots film languages package prove lock clean

help:
	@sed -n 's/^#   //p' Makefile

setup:
	@packaging/setup.sh run

.PHONY: setup-tests
setup-tests:
	@packaging/setup.sh test

run: setup
	@packaging/run.sh

check: setup
	$(PY) -m ruff format --check app widgets tests benchmarks packaging
	$(PY) -m ruff check app widgets tests benchmarks packaging
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo --no-cache

test: setup-tests
	.venv/bin/lint-imports --no-logo --no-cache
	$(PY) -m pytest -n $(JOBS) --dist loadgroup $(TESTS)

soak: setup-tests
	$(PY) -m pytest -n $(JOBS) --dist loadgroup -m "hypothesis and not soak" --hypothesis-profile exploring $(TESTS)
	$(PY) -m pytest -m soak --timeout 7200 $(TESTS)

# cosmic-ray brings much with it, so it has an environment of its own.
MUTATION := .venv-mutation
$(MUTATION)/stamp: packaging/requirements-mutation.lock
	$(PY) -m venv --clear $(MUTATION)
	$(MUTATION)/bin/python -m pip --quiet install --require-hashes -r $<
	touch $@

mutate: setup-tests $(MUTATION)/stamp
	QT_QPA_PLATFORM=offscreen nice -n 10 $(MUTATION)/bin/python -m tests.mutation $(GROUP)

bench: setup-tests
	$(PY) -m benchmarks $(ONLY)

guide: setup-tests
	$(PY) packaging/guide.py build/guide

shots: setup
	$(PY) -m widgets.shots resources/screenshots

film: setup
	$(PY) -m widgets.film resources/screenshots/session.webp

languages: setup-tests
	$(PY) packaging/languages.py update

.PHONY: setup-package
setup-package:
	@packaging/setup.sh package

package: setup-package
	@packaging/package.sh

prove:
	@packaging/prove.sh

lock: setup
	@packaging/lock.sh

clean:
	rm -rf .venv .venv-mutation build dist out .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
