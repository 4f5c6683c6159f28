# One door to everything: `make help`. Needs Python 3.11+ and make; the rest is fetched by `make setup`.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo up test check lint format types imports schemas bench faults simulate lock

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
STAMPS := .alongside-setup
KAFKA := .alongside-broker
WITH_NODE := PATH="$$PATH:$(CURDIR)/$(VENV)/bin"
COMPILE := $(VENV)/bin/uv pip compile --quiet --generate-hashes --universal --no-header --python-version 3.11 $(if $(UPGRADE),--upgrade)
KILLS ?= 300
SEEDS ?= 200
TESTS ?= tests
SOURCES := services tests $(wildcard benchmarks)

# $(call step,sentence,log name,command): what is being done, how long it took; on failure one
# sentence and where to read on. Exit 2: nothing was found wrong in the code, the machine lacks something.
define step
@mkdir -p $(STAMPS); echo "$(1) …"; started=$$(date +%s); \
if { $(3); } >$(STAMPS)/$(2).log 2>&1; then echo "  done: $(1) in $$(( $$(date +%s) - started )) s"; \
elif grep -qiE '$(NO_NETWORK)' $(STAMPS)/$(2).log; then \
	echo "make: nothing could be fetched: this machine cannot reach the package registries (see $(STAMPS)/$(2).log)." >&2; exit 2; \
else tail -n 5 $(STAMPS)/$(2).log >&2; echo "make: this step failed (see $(STAMPS)/$(2).log)." >&2; exit 2; fi
endef
NO_NETWORK := from versions: none|Temporary failure in name resolution|Name or service not known|Failed to establish a new connection|NewConnectionError|dns error|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|Network is unreachable|tcp connect error|client error \(Connect\)

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup:  ## everything the other targets need: Python, style sheet, broker
	@$(MAKE) --silent --jobs=3 $(VENV)/.complete $(STAMPS)/front-end $(STAMPS)/kafka

demo: setup  ## play a quarter and show the board's address; ONCE=1 ends after the figures, PORT=
	$(VENV)/bin/alongside demo $(if $(ONCE),--once) $(if $(PORT),--port $(PORT))

up: setup  ## start the system on this machine; PORT= where 8080 is taken
	$(VENV)/bin/alongside up $(if $(PORT),--port $(PORT))

test: setup  ## all tests; says at the end what was skipped and why; TESTS=path narrows
	$(VENV)/bin/python -m pytest --numprocesses=auto --dist=loadgroup $(TESTS)

check: lint types imports test  ## what must hold before a change is shared

lint: $(VENV)/.complete  ## style, and names that rules may not use
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check

format: $(VENV)/.complete  ## rewrite to the house style
	$(VENV)/bin/ruff check --fix
	$(VENV)/bin/ruff format

types: $(VENV)/.complete  ## mypy, strict
	$(VENV)/bin/mypy $(SOURCES)

imports: $(VENV)/.complete  ## who may import whom
	$(VENV)/bin/lint-imports

schemas: $(VENV)/.complete  ## write schemas/ anew from the models
	$(VENV)/bin/python -m services.launcher.schemas

bench: setup  ## measure what we claim about speed
	$(VENV)/bin/python -m benchmarks

faults: setup  ## break the running system, then recount; KILLS=300, SEED=, ENGINE=librdkafka, DATABASE=postgres
	$(VENV)/bin/python -m tests.faults --kills $(KILLS) $(if $(SEED),--seed $(SEED)) $(if $(ENGINE),--engine $(ENGINE)) \
		$(if $(DATABASE),--database $(DATABASE))

simulate: setup  ## play stories in which everything goes wrong, from seeds; SEEDS=200
	$(VENV)/bin/python -m tests.simulation --seeds $(SEEDS)

lock: $(VENV)/.complete  ## pin every dependency by hash; UPGRADE=1 takes newer ones
	$(COMPILE) pyproject.toml --output-file requirements.txt
	$(COMPILE) pyproject.toml --group dev --constraints requirements.txt --output-file requirements-dev.txt
	$(COMPILE) --group uv --constraints requirements-dev.txt --output-file requirements-uv.txt
	$(COMPILE) --group node --output-file requirements-node.txt
	$(WITH_NODE) npm install --package-lock-only

# uv installs in a fifth of pip's time; pip takes over where only pip knows the way to a registry.
$(VENV)/.complete: requirements-uv.txt requirements-dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or newer is needed and was not found." >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "make: $(PYTHON) has no venv module (on Debian: apt-get install python3-venv)." >&2; exit 2; }
	$(call step,Python packages,python,\
		$(PYTHON) -m venv $(VENV) && \
		$(VENV)/bin/python -m pip install --require-hashes -r requirements-uv.txt && \
		{ $(VENV)/bin/uv pip install --compile-bytecode --python $(VENV)/bin/python --require-hashes -r requirements-dev.txt || \
			$(VENV)/bin/python -m pip install --require-hashes -r requirements-dev.txt; } && \
		$(VENV)/bin/python -m pip install --no-deps --no-build-isolation --editable .)
	@touch $@

# On a machine without Node.js the one of requirements-node.txt is put beside our Python.
NODE := $(if $(shell command -v node),$(shell command -v npm),$(VENV)/bin/npm)

$(VENV)/bin/npm: requirements-node.txt | $(VENV)/.complete
	$(call step,Node.js,node,$(VENV)/bin/python -m pip install --require-hashes -r requirements-node.txt)
	@touch $@

$(STAMPS)/front-end: package-lock.json .npmrc $(wildcard frontend/*) | $(NODE)
	$(call step,Front end,front-end,$(WITH_NODE) && npm ci && npm run build)
	@touch $@

# A machine without Java or Maven, or without a way to fetch, still runs: on the embedded bus.
# The jars take longest, so they are fetched beside the Python packages, by a script that needs none.
$(STAMPS)/kafka: $(wildcard services/launcher/kafka_*)
	@mkdir -p $(STAMPS); echo "Apache Kafka …"; started=$$(date +%s); \
	if ! command -v java >/dev/null || ! command -v mvn >/dev/null; then \
		echo "  left out: java (17 or newer) and mvn are not both here; the embedded bus is used."; \
	elif $(PYTHON) -m services.launcher.kafka_jars $(KAFKA) >$(STAMPS)/kafka.log 2>&1; then \
		echo "  done: Apache Kafka in $$(( $$(date +%s) - started )) s"; touch $@; \
	else echo "  left out: $$(tail -n 1 $(STAMPS)/kafka.log) The embedded bus is used."; fi
