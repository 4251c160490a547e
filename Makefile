# Each target works alone on a fresh clone. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORPUS ?=
TOKENIZER ?=
DIM ?=
ARGS ?=
MODEL ?=
MINUTES ?= 5
WORKERS ?= auto

# The markers of pyproject.toml: what `make test-all` leaves out, what `make test` leaves out too, what only `make test-fast` leaves out.
BY_HAND := torture or peers
MARKED := slow or long or compiles or keras or browser
MEDIUM := medium
# Of its own: it has no jax, whose versions tensorflow would hold back.
TENSORFLOW := .venv-tensorflow
ON_KERAS := tests/downstream tests/cli/classify tests/scripts/test_recipe_lookups.py tests/scripts/test_recipe_accuracies.py
PARALLEL := -n $(WORKERS) --maxprocesses=8 --dist=worksteal

unexport PYTHONDONTWRITEBYTECODE  # the tests start hundreds of processes, which would compile every file of w2v again

.DEFAULT_GOAL := help
.PHONY: help train test test-fast test-slow test-all test-tensorflow test-cuda test-peers coverage torture soak fuzz check fix hooks validate bench recipes setup clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# A stamp for each set of extras: installed again only when pyproject.toml changes.
$(VENV)/installed-%: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@

# The starter corpus is gensim's, the map on the page is explore's; what else an extra reads is known by the tokenizer and the name.
TRAIN_EXTRAS := validate explore $(if $(findstring chinese,$(TOKENIZER) $(ARGS)),chinese) $(if $(filter %.parquet,$(CORPUS)),parquet)
train: $(TRAIN_EXTRAS:%=$(VENV)/installed-%)  ## train on the starter corpus, or CORPUS=my.txt [TOKENIZER=chinese] [DIM=200] [ARGS='…'], print neighbors, write a page
	@PYTHON=$(BIN)/python CORPUS='$(CORPUS)' TOKENIZER='$(TOKENIZER)' DIM='$(DIM)' MODEL='$(MODEL)' scripts/train.sh $(ARGS)

test: $(VENV)/installed-dev  ## run the tests before a commit, on all cores [WORKERS=2]: all but training of classifiers, compiling, browser
	$(BIN)/python -m pytest $(PARALLEL) -m 'not ($(BY_HAND) or $(MARKED))' $(ARGS)

test-fast: $(VENV)/installed-dev  ## run the tests that take less than half a second each, in a minute
	$(BIN)/python -m pytest $(PARALLEL) -m 'not ($(BY_HAND) or $(MARKED) or $(MEDIUM))' $(ARGS)

test-slow: $(VENV)/installed-dev  ## run the tests that take minutes
	$(BIN)/python -m pytest -m slow $(ARGS)

test-all: setup  ## run every test but the torture and the peers, those of Keras on tensorflow as well where it can be installed
	$(BIN)/python -m pytest $(PARALLEL) -m 'not ($(BY_HAND))' $(ARGS)
	@if $(MAKE) $(TENSORFLOW)/installed-tensorflow VENV=$(TENSORFLOW); then $(MAKE) test-tensorflow; \
	else echo 'tensorflow cannot be installed here: Keras was tested without it'; fi

test-tensorflow:  ## run the tests of Keras and the recipes on tensorflow, in a .venv-tensorflow
	$(MAKE) $(TENSORFLOW)/installed-tensorflow VENV=$(TENSORFLOW)
	KERAS_BACKEND=tensorflow $(TENSORFLOW)/bin/python -m pytest --timeout=1800 $(PARALLEL) -m 'not ($(BY_HAND))' $(ON_KERAS) $(ARGS)

test-cuda:  ## compile the kernels of training on a card, run them in a simulator and on a card where there is one, in a .venv-cuda (0.5 GB)
	$(MAKE) VENV=.venv-cuda .venv-cuda/installed-cuda-tests
	.venv-cuda/bin/python -m pytest --timeout=1800 -ra tests/training/gpu $(ARGS)

coverage: $(VENV)/installed-dev  ## run every test but the slow ones, and print which lines of w2v no test runs
	$(BIN)/python -m pytest $(PARALLEL) -m 'not ($(BY_HAND) or slow)' --cov --cov-report=term $(ARGS)

test-peers:  ## load files with spaCy, model2vec, fastText, word2vec.c and TensorBoard, in a .venv-peers
	$(MAKE) VENV=.venv-peers .venv-peers/installed-peers
	.venv-peers/bin/python -m pytest -m peers tests/formats/test_peers.py

torture: $(VENV)/installed-dev  ## hundreds of kills, full disks and hostile inputs of gigabytes: about ten minutes
	$(BIN)/python -m pytest -m torture --timeout=1800

soak: $(VENV)/installed-dev  ## train, query and export again and again [MINUTES=5]: no growth of memory, files or threads
	$(BIN)/python tests/reliability/soak.py $(MINUTES)

fuzz: $(VENV)/installed-dev  ## 100,000 mutated files a format against every reader, about 20 minutes [ARGS='--cases N --format NAME']
	nice -n 10 $(BIN)/python tests/formats/fuzz_formats.py $(ARGS)

check: $(VENV)/installed-dev  ## ruff, mypy (strict) and the import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/installed-dev  ## mend what ruff can mend, and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

hooks: $(VENV)/installed-dev  ## let git run `make check` before a commit and `make test-fast` before a push
	$(BIN)/pre-commit install

validate: $(VENV)/installed-validate  ## quality and speed against gensim, in one table [ARGS='…']
	$(BIN)/w2v validate $(ARGS)

bench: $(VENV)/installed-validate  ## speed of reading, training and the whole pipeline [ARGS='…']
	$(BIN)/w2v bench $(ARGS)

recipes: $(VENV)/installed-all  ## run the recipes of scripts/recipes, about three minutes; pictures go to downloads/recipes
	@for recipe in scripts/recipes/*.py; do printf '\n\n== %s\n\n' "$$recipe"; $(BIN)/python "$$recipe" || exit 1; done

setup: $(VENV)/installed-all $(VENV)/installed-dev  ## .venv with every extra

clean:  ## remove .venv, .venv-peers, .venv-cuda, .venv-tensorflow and caches, keep models
	rm -rf $(VENV) .venv-peers .venv-cuda $(TENSORFLOW) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage dist
