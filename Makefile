# Everything lives in .venv; stamps inside it remember what is installed, so that nothing is done twice.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALLED := $(VENV)/.installed
TEST_INSTALLED := $(VENV)/.installed-test

# What the shell happens to hold must not reach the tests.
SETTINGS := DATABASE_URL REDIS_URL BASE_URL SECRET_KEY MAIL_URL SENDGRID_API_KEY SENDGRID_API_URL \
	SENDGRID_WEBHOOK_KEY UNCERTAIN_AFTER LATE_AFTER MAIL_FROM MAIL_REPLY_TO POSTAL_ADDRESS LESSONS_DIR VAR_DIR \
	STUDIO_USERS CLOCK TRACKING RETENTION TRUSTED_PROXIES EHLO_NAME MAIL_BOUNCES DKIM_KEY DKIM_SELECTOR PORT TIMELAPSE
# Where Python may not keep what it compiled, each of the many processes of a run compiles all of it anew.
CLEAN_ENV := env -u PYTHONDONTWRITEBYTECODE $(foreach name,$(SETTINGS),-u $(name))

COMPILE := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock"

.PHONY: help install install-test run quick test faults hostile properties pictures check tidy types pure format words networks bench audit sbom lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1@\2/p' Makefile | awk -F@ '{ printf "%-20s %s\n", $$1, $$2 }'

install: $(INSTALLED) ## everything needed to run, in .venv
install-test: $(TEST_INSTALLED) ## the same, and what tests and checks need

run: $(INSTALLED) ## start Dayletter here; TIMELAPSE=60 makes a course-day pass every 60 seconds; PORT=8000
	@exec $(BIN)/dayletter up $(if $(PORT),--port $(PORT)) $(if $(TIMELAPSE),--timelapse $(TIMELAPSE))

quick: $(TEST_INSTALLED) ## format, lint, types, and every test that needs no server: half a minute
	@$(MAKE) --no-print-directory -j 3 tidy types pure

# Three at once on two cores: much of the suite waits for processes it started. Who has nothing left takes over
# half of what another still has to do.
test: $(TEST_INSTALLED) ## the whole suite, against real servers it starts itself
	@$(BIN)/python tests/support/browser/install_browser.py
	@$(BIN)/python -m tests.support.between.debian
	@$(CLEAN_ENV) $(BIN)/python -m pytest -n 3 --dist worksteal

faults: $(TEST_INSTALLED) ## the fault tests with large numbers; a report under VAR_DIR/faults
	@$(BIN)/python -m tests.support.between.debian
	@$(CLEAN_ENV) FAULTS=full $(BIN)/python -m tests.faults.report "$(or $(VAR_DIR),var)/faults"

hostile: $(TEST_INSTALLED) ## all that somebody would try who means harm; a report under VAR_DIR/hostile
	@$(CLEAN_ENV) HOSTILE=full $(BIN)/python -m tests.hostile.report "$(or $(VAR_DIR),var)/hostile"

properties: $(TEST_INSTALLED) ## 10,000 sequences of edits in mid-course, 600 with real parts, and 5,300 lives of learners
	@$(CLEAN_ENV) PROPERTIES=10000 $(BIN)/python -m pytest -n 2 --dist load tests/course/publishing/test_editing_property.py tests/course/publishing/test_editing_for_real.py tests/course/pace

pictures: $(TEST_INSTALLED) ## every page and mail in three widths, light and dark, under VAR_DIR/pictures; ONLY="words of a name"
	@$(BIN)/python tests/support/browser/install_browser.py
	@$(CLEAN_ENV) $(BIN)/python -m tests.support.browser.pictures "$(or $(VAR_DIR),var)/pictures" $(ONLY)

check: tidy types ## format, lint, types, import rules
	@$(CLEAN_ENV) $(BIN)/python -m pytest tests/test_architecture.py

tidy: $(TEST_INSTALLED)
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check

types: $(TEST_INSTALLED)
	@$(BIN)/mypy

pure: $(TEST_INSTALLED)
	@$(CLEAN_ENV) $(BIN)/python -m pytest -m "not server" -n 2 --dist worksteal

format: $(TEST_INSTALLED) ## format the code and sort its imports
	$(BIN)/ruff format
	$(BIN)/ruff check --fix --select I

words: $(TEST_INSTALLED) ## bring course/language/catalogues/*.po up to date with the texts in code and templates
	@$(BIN)/python -m tests.support.author.catalogues

networks: $(TEST_INSTALLED) ## renew course/evidence/networks.txt from what gateways and mailbox providers publish
	@$(BIN)/python -m tests.support.author.networks

bench: $(TEST_INSTALLED) ## the benchmarks
	@$(BIN)/python -m benchmarks

audit: $(TEST_INSTALLED) ## known holes, licences and hashes of what Dayletter runs on; within a minute, also without a network
	@$(BIN)/python -m tests.supply.audit

sbom: $(TEST_INSTALLED) ## the parts of this version as CycloneDX, for its release: dist/dayletter-VERSION.cdx.json
	@$(BIN)/python -m tests.supply.sbom dist

lock: ## renew requirements*.txt from pyproject.toml and requirements-audit.in
	@command -v uv >/dev/null || { echo "make lock needs uv: python3 -m pip install --user uv" >&2; exit 1; }
	$(COMPILE) -o requirements.txt
	$(COMPILE) --extra test -c requirements.txt -o requirements-test.txt
	$(subst pyproject.toml,requirements-audit.in,$(COMPILE)) -o requirements-audit.txt

clean: ## remove .venv and caches; learners and mails under var/ stay
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): requirements.txt pyproject.toml .ci/venv
	@PYTHON="$(PYTHON)" sh .ci/venv $(VENV)
	@echo "installing Dayletter into $(VENV)"
	@$(PIP) install --quiet --require-hashes -r requirements.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(TEST_INSTALLED): requirements-test.txt $(INSTALLED)
	@echo "installing what the tests need into $(VENV)"
	@$(PIP) install --quiet --require-hashes -r requirements-test.txt
	@touch $@
