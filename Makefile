# One command a task; everything is installed into .venv-* from hashed requirement files.
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .venv-uv/bin/uv)
INSTALL := pip install --quiet --require-hashes

.PHONY: demo test check lint format requirements docs clean

demo: .venv-demo/ready  ## Run the whole loop on a real model; prints where the report lies.
	.venv-demo/bin/preceptor models pull smollm2-135m
	.venv-demo/bin/preceptor demo

test: .venv-test/ready  ## Run the whole suite.
	tools/run_tests .venv-test

check: lint test  ## What CI runs.

lint: .venv-test/ready  ## The lint floor.
	.venv-test/bin/ruff check .
	.venv-test/bin/ruff format --check .
	.venv-test/bin/mypy
	.venv-test/bin/lint-imports --config pyproject.toml

format: .venv-test/ready
	.venv-test/bin/ruff check --fix .
	.venv-test/bin/ruff format .

.venv-uv/bin/uv:
	$(PYTHON) -m venv .venv-uv
	.venv-uv/bin/pip install --quiet uv

.venv-demo/ready: requirements/demo.txt pyproject.toml | $(UV)
	$(UV) venv --quiet --clear --python $(PYTHON) .venv-demo
	VIRTUAL_ENV=.venv-demo $(UV) $(INSTALL) -r requirements/demo.txt
	VIRTUAL_ENV=.venv-demo $(UV) pip install --quiet --no-deps --editable .
	touch $@

.venv-test/ready: requirements/test.txt pyproject.toml | $(UV)
	$(UV) venv --quiet --clear --python $(PYTHON) .venv-test
	VIRTUAL_ENV=.venv-test $(UV) $(INSTALL) -r requirements/test.txt
	VIRTUAL_ENV=.venv-test $(UV) pip install --quiet --no-deps --editable .
	touch $@

requirements: | $(UV)  ## Make the hashed requirement files again.
	$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --python-version 3.11 pyproject.toml -o requirements/core.txt
	$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --python-version 3.11 --extra local pyproject.toml -c requirements/core.txt -o requirements/demo.txt
	$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --python-version 3.11 --all-extras pyproject.toml requirements/test.in -o requirements/test.txt

clean:
	rm -rf .venv-* dist build preceptor-demo

docs: .venv-test/ready  ## Make the reference pages again.
	COLUMNS=100 .venv-test/bin/python tools/make_reference.py
