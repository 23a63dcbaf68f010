# Ask the article. `make help` lists what there is.
PYTHON ?= python3
PORT ?= 7860
MODEL ?= gemma-3-270m
DATA ?= ../shared/data
SETS ?= $(DATA)/dev
BIN := .venv/bin
READY := .venv/.ready
READY_DEV := .venv/.ready-dev
PARALLEL := --dist worksteal --numprocesses
export Q

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev chat ask test quick lint format bench bench-answerer bench-library bench-llm bench-reader bench-search bench-ui train-questions train-reader train-answerer train-intents eval screenshots requirements clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## Make .venv with everything needed to run, once (MODEL=none: no language model)
setup-dev: $(READY_DEV) ## The same with what tests and checks need

$(READY): pyproject.toml $(wildcard .ci/requirements/*.txt) .ci/setup.py
	@$(PYTHON) .ci/setup.py --model "$(MODEL)"
	@touch $@

$(READY_DEV): $(READY)
	@$(PYTHON) .ci/setup.py --dev
	@touch $@

chat: setup ## Open the chat in the browser (PORT=7860)
	@$(BIN)/rag chat --port $(PORT)

ask: setup ## Answer one question: make ask Q="Combien de pays ?"
	@$(BIN)/rag ask "$$Q"

test: setup-dev ## Run every test, on all cores
	@$(BIN)/python -m pytest $(PARALLEL) auto

quick: setup-dev ## Run the tests that need no browser, no llama.cpp and no embedder
	@$(BIN)/python -m pytest $(PARALLEL) logical -m "not browser and not llama and not embedder"

lint: setup-dev ## Check style, format, types, and that all code is read
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "Not formatted. Next: make format"; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/vulture

format: setup-dev ## Put the code into its one format
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: setup-dev ## Measure what is said of sentences and of the check of answers
	@$(BIN)/python -m benchmarks.sentence_boundaries
	@$(BIN)/python -m benchmarks.bench_checking

bench-answerer: setup-dev ## Measure what the answerer knows beside the reader (SETS=folder of sets)
	@$(BIN)/python -m benchmarks.bench_answerer "$(SETS)/readers-fr"
	@$(BIN)/python -m benchmarks.bench_answerer "$(SETS)/squad2-en" --mode article --limit 100
	@$(BIN)/python -m benchmarks.bench_answerer "$(SETS)/piaf-fr" "$(SETS)/afriqa-fr" --limit 60

bench-library: setup-dev ## Measure what a question costs as a library grows
	@$(BIN)/python -m benchmarks.bench_library

bench-llm: setup-dev ## Measure what this program costs on top of llama.cpp (WEIGHTS=installed model or GGUF file)
	@$(BIN)/python -m benchmarks.bench_llm $(if $(WEIGHTS),--model "$(WEIGHTS)")

bench-reader: setup-dev ## Measure what reading passages costs, beside embedding them
	@$(BIN)/python -m benchmarks.bench_reader

bench-search: setup-dev ## Measure indexing and search beside txtai and LlamaIndex, which it installs apart
	@$(BIN)/python -m benchmarks.bench_search

bench-ui: setup-dev ## Measure how soon the page is there and answers
	@$(BIN)/python -m benchmarks.bench_ui

# The allocator keeps what it has: given back and faulted in again at each step, memory took half of the time.
KEEPING = MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=1000000000000 MALLOC_ARENA_MAX=1
DEVICE ?= cpu

train-questions: setup-dev ## Make the questions both learn from; wants gemma-3-270m (DATA=folder, DEVICE=cpu or cuda)
	@$(KEEPING) $(BIN)/python -m training.questioner --data "$(DATA)" --device "$(DEVICE)"

train-reader: setup-dev ## Train the reader, from where it was interrupted (DATA=folder, DEVICE=cpu or cuda)
	@$(KEEPING) $(BIN)/python -m training.reader --data "$(DATA)" --device "$(DEVICE)"
	@$(BIN)/python -m training.reader.export build/reader/average.pt rag/reader/data/adapter.safetensors
	@$(BIN)/python -m training.reader.calibrating
	@$(BIN)/python -m training.reader.thresholds

train-answerer: setup-dev ## Train the answerer, from where it was interrupted; wants gemma-3-270m (DATA=folder, DEVICE=…)
	@$(KEEPING) $(BIN)/python -m training.answerer --data "$(DATA)" --device "$(DEVICE)"
	@$(BIN)/python -m training.answerer.export build/answerer/checkpoint.pt \
		rag/models/adapters/gemma-3-270m/adapter.gguf

eval: setup ## Measure retrieval, quotes, refusals and the check (SETS=folder of sets)
	@for set in piaf-fr afriqa-fr squad2-en; do $(BIN)/rag eval "$(SETS)/$$set" --mode library || exit 1; done
	@for set in squad2-en nomiracl-fr readers-fr; do $(BIN)/rag eval "$(SETS)/$$set" --mode article || exit 1; done
	@$(BIN)/rag eval "$(SETS)/nli-fr"

train-intents: setup-dev ## Fit what a question wants to the utterances of training/intents (DATA=folder of the data)
	@$(BIN)/python -m training.intents.fit $(DATA)

screenshots: setup-dev ## Take the pictures of the page anew
	@$(BIN)/python -m benchmarks.screenshots

requirements: setup-dev ## Write the newest versions that fit together, with checksums, into .ci/requirements
	@$(PYTHON) .ci/setup.py --requirements

clean: ## Remove .venv, caches and what was built; articles, models and conversations stay
	@rm -rf .venv build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis *.egg-info
	@find rag ui tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
