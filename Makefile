# Two commands: `make demo` and `make test`. Both need Python 3.11 or newer and nothing else.
# PYTHON=… chooses the interpreter; ARGS="…" goes to the tests, for example ARGS="tests/journeys -k ordinary".

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,\
	$(if $(shell $(name) -c 'import sys; print(sys.version_info >= (3, 11) or "")' 2>/dev/null),$(name))) python3)
LAUNCH := $(PYTHON) portal/launch

.DEFAULT_GOAL := help
.PHONY: help demo test check rules lock

help:
	@$(LAUNCH) help

demo:
	@$(LAUNCH) demo

test:
	@$(LAUNCH) test $(if $(ARGS),-- $(ARGS))

check:
	@$(LAUNCH) check $(ARGS)

rules:
	@$(LAUNCH) test -- --rules -q -p no:randomly

lock:
	@$(LAUNCH) lock $(ARGS)
