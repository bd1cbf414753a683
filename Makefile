# `make help` lists the targets. Everything runs in .venv, which `make setup` creates from requirements.lock.
PYTHON ?= python3
BIN := .venv/bin
export OMP_WAIT_POLICY ?= PASSIVE

.PHONY: help setup demo test check golden bench compare gpu screenshots app app-smoke lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## create .venv and install the program, once
	@$(PYTHON) scripts/setup.py

demo: setup ## open the bundled pictures and clip with the bundled model
	@$(BIN)/python scripts/demo.py

test: check ## everything: check, then all tests, in as many processes as there are cores, four at most
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --maxprocesses 4

check: setup ## lint, format, types, import contracts, tree
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/check_tree.py

golden: setup ## compare the engine with every golden array
	@$(BIN)/python tests/golden/check_golden.py

bench: setup ## latencies and video scores; SAM2_MEDIA names a folder of test media
	@$(BIN)/python benchmarks/engine.py
	@$(BIN)/python benchmarks/davis.py

compare: setup ## speed against the published package; PUBLISHED names a checkout of it
	@$(BIN)/python benchmarks/compare.py $(if $(PUBLISHED),--published $(PUBLISHED))

gpu: setup ## the same on a GPU, within nine minutes; figures go to build/gpu.jsonl
	@$(BIN)/python benchmarks/gpu.py --published $(PUBLISHED)

screenshots: setup ## remake docs/images from the running window
	@$(BIN)/python scripts/screenshots.py

app: setup ## build the one-folder program into dist/
	@$(BIN)/pyinstaller --noconfirm --log-level WARN build_app.spec

app-smoke: app ## run the built program's acceptance test
	@dist/sam2-annotator/sam2-annotator --self-test build/app-smoke

lock: ## rewrite requirements.lock (needs uv)
	@scripts/update_lock.sh

clean: ## remove everything that was built
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
