# Two commands: `make demo` and `make test`. Both need Python 3.11 or newer and nothing else.
# PYTHON=… chooses the interpreter; ARGS="…" goes to the tests, for example ARGS="tests/journeys -k ordinary".

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,\
	$(if $(shell $(name) -c 'import sys; print(sys.version_info >= (3, 11) or "")' 2>/dev/null),$(name))) python3)
LAUNCH := $(PYTHON) portal/launch

.DEFAULT_GOAL := help
.PHONY: help demo demo-full test check rules soak bench lock messages

help:
	@$(LAUNCH) help

demo:
	@$(LAUNCH) demo

# The same, after a season of last year with 2,000 applicants in place of two dozen.
demo-full:
	@$(LAUNCH) demo --full

test:
	@$(LAUNCH) test $(if $(ARGS),-- $(ARGS))

check:
	@$(LAUNCH) check $(ARGS)

rules:
	@$(LAUNCH) test -- --rules -q -p no:randomly

# The kill tests for longer, and the last minutes of the last day with 2,000 people; the variables say how long and in which order.
soak:
	@SOAK_DEADLINES=$(or $(SOAK_DEADLINES),3000) SOAK_KILLS=$(or $(SOAK_KILLS),120) \
	LAST_DAY_DRAFTS=$(or $(LAST_DAY_DRAFTS),2000) LAST_DAY_SECONDS=$(or $(LAST_DAY_SECONDS),600) \
	VOTE_MEMBERS=$(or $(VOTE_MEMBERS),30) VOTE_KILLS=$(or $(VOTE_KILLS),5) \
	CERTIFICATE_PEOPLE=$(or $(CERTIFICATE_PEOPLE),12) CERTIFICATE_KILLS=$(or $(CERTIFICATE_KILLS),8) \
	ORDER_PEOPLE=$(or $(ORDER_PEOPLE),10000) ORDER_KILLS=$(or $(ORDER_KILLS),20) \
	$(LAUNCH) run pytest -q tests/portal/deadlines/test_kills.py tests/review/test_voting_kills.py tests/live/test_database_killed.py \
	tests/certificates/test_making_kills.py tests/bench/last_day.py tests/bench/long_order.py

# Rates beside the machine's limit in the same run; ARGS="sweep pages" measures some alone.
bench:
	@$(LAUNCH) run python -m tests.bench $(ARGS)

lock:
	@$(LAUNCH) lock $(ARGS)

messages:
	@$(LAUNCH) messages
