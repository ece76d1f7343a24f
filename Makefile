# The house's tools. `make` alone lists them.

# Any Python that runs: it finds the right ones for the two environments (bot/environments).
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.10 python; do \
	$$p -c '' 2>/dev/null && echo $$p && break; done)
IN = .venv/bin
ARGS ?=

.PHONY: help setup demo test lint bench pins clean
.DEFAULT_GOAL := help

help:
	@echo 'make demo     set up, train what has to be trained, and listen to the bot make its calls'
	@echo 'make test     set up, then run all tests             (ARGS="tests/nlu -x" to choose)'
	@echo 'make lint     style, types, import contracts'
	@echo 'make bench    measure: response time, latency by stage, real-time factors, calls at once, memory'
	@echo 'make setup    build .venv (platform) and .venv-dialogue (Rasa); at once when they are there'
	@echo 'make pins     resolve requirements.txt afresh after a change of dependencies'
	@echo 'make clean    remove the environments, caches and trained models; keeps var/ and fetched models'

setup:
	@$(or $(PYTHON),$(error Python 3.11 or newer is needed: install python3 and python3-venv)) -m bot.environments

demo: setup
	@$(IN)/voicebot demo $(ARGS)

test: setup
	@$(IN)/python -m pytest $(ARGS)

lint: setup
	$(IN)/ruff check .
	$(IN)/ruff format --check .
	$(IN)/mypy
	$(IN)/mypy --config-file= --python-version 3.10 --strict --ignore-missing-imports --allow-subclassing-any \
		--allow-untyped-decorators --cache-dir .mypy_cache/worker dialogue/worker
	$(IN)/lint-imports

bench: setup
	@$(IN)/voicebot bench $(ARGS)

pins: setup
	@$(IN)/python -m bot.environments.pins

clean:
	rm -rf .venv .venv-dialogue demo models/nlu models/dialogue *.egg-info build
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
