# Everything one does with this repository. `make` alone lists it.

PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv

# Whoever compiles a module leaves it compiled: processes that are started by the dozen take a third of the time.
unexport PYTHONDONTWRITEBYTECODE

PACKAGES := libs/events libs/chassis gateway $(patsubst %/pyproject.toml,%,$(wildcard services/*/pyproject.toml)) suite
LOCKS := requirements/bootstrap.txt requirements/dev.txt requirements/replay.txt
READY := .venv/.ready

# What to test: a path, T=services/order, or a test, T=path::name. Everything runs on all cores.
T ?=
J ?= auto
PYTEST := $(BIN)/pytest $(if $(T),$(T),-n $(J) --dist loadscope)

COMPOSE ?= $(shell docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose)

.DEFAULT_GOAL := help
.PHONY: help run demo serve up down test check fix docs chaos bench lock clean

##@ Try it
run: $(READY) ## start the whole town on http://localhost:8000 (nothing but Python needed)
	@$(BIN)/shop run $(ARGS)

demo: $(READY) ## walk one order through the town, from the cart to the doorstep, and tell it
	@$(BIN)/shop demo

serve: $(READY) ## the same as processes of their own; SERVE_POSTGRES_URL, SERVE_RABBIT_URL or ARGS=--own-servers
	@$(BIN)/shop serve $(ARGS)

up: $(READY) ## the same in containers, on http://localhost:8000
	@$(BIN)/shop prepare
	@mkdir -p var/compose/clock var/compose/partners/payment var/compose/partners/logistics
	JISHI_UID=$$(id -u) JISHI_GID=$$(id -g) $(COMPOSE) up --build -d
	@$(BIN)/shop open --data var/compose

down: ## end the containers; their data stays in volumes
	$(COMPOSE) down

##@ Work on it
test: $(READY) ## all tests; T=path narrows them, J=1 runs them one by one
	@$(PYTEST)

check: $(READY) ## format, lint, types, who imports whom, and whether the generated pages are up to date
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	@$(MAKE) --no-print-directory docs-are-current

fix: $(READY) ## put right what ruff can put right
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(READY) ## write docs/events and docs/flows anew, from the declarations in the code
	@$(BIN)/shop docs

##@ Put it to the test
chaos: $(READY) ## kill, freeze and cut off the shop's own processes, and count what was lost
	@$(BIN)/shop chaos

bench: $(READY) ## how fast, on this machine
	@$(BIN)/shop bench

##@ Look after it
lock: $(READY) ## compute the locks anew from requirements/*.in
	@cd requirements && for name in runtime dev bootstrap; do \
		../$(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
			--no-header --no-emit-index-url --no-emit-find-links -o $$name.txt $$name.in || exit 1; \
	done

clean: ## throw away what was built here (not the shop's data in var/)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

help: ## this list
	@awk 'BEGIN { FS = ":.*## "; print "make …" } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: docs-are-current
docs-are-current: $(READY)
	@seen() { find docs/events docs/flows -type f 2>/dev/null | LC_ALL=C sort | xargs cat /dev/null | cksum; }; \
	before=$$(seen); $(BIN)/shop docs || exit 1; \
	[ "$$before" = "$$(seen)" ] || { \
		echo "docs/events or docs/flows were out of date. They are written anew: look at them and commit them."; exit 1; }

# The environment. Built again when a lock or a package's own file changed, in about ten seconds.
# uv is five times as fast as pip; where it cannot reach the packages and pip can, pip does it.
$(READY): $(LOCKS) $(wildcard */pyproject.toml libs/*/pyproject.toml services/*/pyproject.toml)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Jishi needs Python 3.11 or newer. Install it, or name it: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot build environments. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Building .venv from the locks, about half a minute the first time ..."
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements/replay.txt \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/replay.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation $(addprefix -e ,$(PACKAGES))
	@touch $@
