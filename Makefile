# Every target sets itself up: uv if it is there, else uv installed by pip into .tools (works on a machine with only
# python3, pip and make, also where the system's Python is externally managed).
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run test faults lint bench ui clean

UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
# A start with compiled bytecode is about twice as fast; uv does not compile it by itself.
export UV_COMPILE_BYTECODE := 1
export UV_PYTHON_DOWNLOADS := never
export BOKSLUT_HOME ?= $(CURDIR)/data
IN_TWO := -n 2 --dist loadfile --no-loadscope-reorder

help:  ## Show the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-6s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.tools/bin/uv:
	@echo "Hämtar uv med pip …"
	@PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --target .tools uv

.venv/.complete: pyproject.toml uv.lock | $(filter .tools/bin/uv,$(UV))
	@echo "Installerar beroenden i .venv (första gången någon minut) …"
	@$(UV) sync --frozen --quiet
	@touch $@

setup: .venv/.complete  ## Make .venv with everything that is locked in uv.lock

run: setup  ## Run the nightly job; an empty home first gets the example municipality's files
	@if [ ! -e "$(BOKSLUT_HOME)/register.sqlite" ] && [ -z "$$(ls -A "$(BOKSLUT_HOME)/inbox" 2>/dev/null)" ]; then \
		echo "Tomt hem: skriver exempelkommunens filer i $(BOKSLUT_HOME)/inbox"; \
		.venv/bin/bokslut example --out "$(BOKSLUT_HOME)/inbox"; \
	fi
	@.venv/bin/bokslut run

test: setup  ## Run every test, a module at a time in each of two processes, the long ones first
	@.venv/bin/pytest $(IN_TWO)

faults: setup  ## Break everything there is to break: hundreds of kills, full disks, two runs at once (about an hour)
	@.venv/bin/python -m tests.faults
	@BOKSLUT_FAULTS=1 .venv/bin/pytest $(IN_TWO) -m faults tests/faults

lint: setup  ## Check style, types, SQL, and the locked packages for known vulnerabilities
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/sqlfluff lint dbt_project/models dbt_project/tests
	@.venv/bin/python -m tests.supply_chain

bench: setup  ## Measure: where a night's seconds go, the SIE reader, registers of staff
	@.venv/bin/python -m benchmarks

ui: setup  ## Open Dagster on 127.0.0.1:3000 with the runs of the home
	@.venv/bin/bokslut ui

clean:  ## Remove what the targets made, but never the home
	rm -rf .venv .tools dbt_project/target .mypy_cache .ruff_cache
