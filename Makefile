.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: help demo studio test serve check bench format clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "AURELIA needs Python 3.11 or later; set PYTHON=…")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,bench,ocr,postgres,studio]' -c constraints.txt
	@touch $(READY)

demo: $(READY) ## Run the whole loop on a rendered clip; needs no key
	@$(BIN)/aurelia demo

studio: $(READY) ## Serve the graph for LangGraph Studio on this machine; needs no key
	@$(BIN)/aurelia studio --reload

test: $(READY) ## Run the tests (on Postgres too: .ci/postgres make test; slow: .venv/bin/pytest -m slow)
	$(BIN)/python -m pytest -n auto --dist loadgroup -q

serve: $(READY) ## Show sound and picture to a tiny model on a real server (installs torch)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,serve]' -c constraints.txt
	$(BIN)/python -m pytest -m serve -q -rs

check: $(READY) ## Lint, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -p aurelia -p tests
	$(BIN)/mypy benchmarks
	$(BIN)/mypy examples
	$(BIN)/lint-imports

bench: $(READY) ## Print ratios against rivals and limits, measured side by side
	$(BIN)/python benchmarks/calls.py
	.ci/postgres $(BIN)/python benchmarks/graph.py
	$(BIN)/python benchmarks/media.py
	$(BIN)/python benchmarks/offline.py
	$(BIN)/python benchmarks/bench_scale.py

format: $(READY) ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## Remove what was built
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
