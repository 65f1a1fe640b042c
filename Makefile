# Everything a developer starts. Needs only make and Python 3.11 or newer.

PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
BIN := .venv/bin
# What a server has, for checks that must see production settings.
PRODUCTION := ENV_FILE= DEBUG=false SITE_URL=https://fieldledger.example DATABASE_URL=sqlite://:memory: \
	SECRET_KEY=only-for-checks-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH \
	FIELD_ENCRYPTION_KEYS=b25seS1mb3ItdGVzdHMtMzItYnl0ZXMtb2Yta2V5ISE=
CATALOGUE := locale/sv/LC_MESSAGES/django

.DEFAULT_GOAL := help
.PHONY: help venv demo dev test lint check bench storm screenshots lock format messages

# The list of recipes.
help:
	@awk '/^# /{text = substr($$0, 3)} /^[a-z]+:/{split($$1, name, ":"); printf "  make %-12s %s\n", name[1], text}' Makefile

# The virtual environment, brought up to date with requirements.txt.
venv: $(BIN)/.installed

$(BIN)/.installed: requirements.txt
	@test -n "$(PYTHON)" || { echo "Fieldledger needs Python 3.11 or newer, and none was found."; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

# A demo firm with stand-in accounting systems, on http://127.0.0.1:8000.
demo: venv
	$(BIN)/python manage.py demo

# Pages and task queue for development, reloading.
dev: venv
	$(BIN)/python manage.py dev

# All tests, on SQLite and, where it can be had, PostgreSQL. Some of them: make test ARGS="tests/fieldwork -x".
test: venv
	$(BIN)/python -m tests.run $(ARGS)

# Everything that looks at the code without running it.
lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(PRODUCTION) $(BIN)/python manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

# What must be green before a commit: lint and tests.
check: lint test

# The benchmark against the stand-ins: a table and JSON. Options: make bench ARGS="...".
bench: venv
	$(BIN)/python -m bench $(ARGS)

# Crashes, faults and races, for an hour: a table and JSON. Parts of it: make storm ARGS="--only faults --orders 50".
storm: venv
	$(BIN)/python -m storm $(ARGS)

# Every page of the demo as a picture, for a desk and a phone, in docs/screenshots. Needs Chromium.
screenshots: venv
	$(BIN)/python -m tests.screenshots $(ARGS)

# The code in the one layout, imports sorted.
format: venv
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

# requirements.txt anew from requirements.in.
lock: venv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		requirements.in -o requirements.txt

# The Swedish texts anew from the code; what is new is then translated by hand. Needs gettext.
messages: venv
	$(PRODUCTION) $(BIN)/python manage.py makemessages --locale sv --no-location --no-obsolete --no-wrap \
		--ignore bench --ignore sandbox --ignore storm --ignore tests
	grep -v '^"POT-Creation-Date' $(CATALOGUE).po > $(CATALOGUE).new && mv $(CATALOGUE).new $(CATALOGUE).po
	msgfmt --check-format --statistics --output-file $(CATALOGUE).mo $(CATALOGUE).po
