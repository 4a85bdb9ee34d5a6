"""The portal's two commands, `demo` and `test`, and what belongs to them: python3 portal/launch <command>.

Needs nothing but Python's standard library: it makes the environment in which everything else runs.
"""

import sys
from collections.abc import Callable

if sys.version_info < (3, 11):  # noqa: UP036 (whoever starts this has not installed anything yet)
    sys.exit("The portal needs Python 3.11 or newer; name it with: make PYTHON=python3.11 …")

import demonstration
import installation
import locks
import messages
import testing
from checkout import CannotGoOnError, say
from processes import end_like_ctrl_c

INTERRUPTED = 130


COMMANDS = """
  demo [--full]             set everything up, start the portal, print its address and accounts; --full with 2,000 applicants
  manage <arguments>        manage.py against the demonstration's servers
  test [-- <arguments>]     all checks and tests; with arguments, pytest alone with these
  check [<names>]           the checks alone, all or those named
  run <program> …           a program of the virtual environment against throw-away servers that keep what they promise
  secrets                   make the missing secrets of a production installation
  lock [--upgrade|--check]  resolve the requirements anew (needs uv); or only see whether the locks are in step
  messages                  bring the English catalogue in step with the texts in code and templates
"""


PROGRAMS: dict[str, Callable[[list[str]], int]] = {
    "demo": demonstration.demo,
    "manage": demonstration.manage,
    "test": testing.test,
    "check": testing.check,
    "run": testing.run_program,
    "secrets": installation.make_secrets,
    "lock": locks.lock,
    "messages": messages.gather,
}


def main(arguments: list[str]) -> int:
    command, *rest = arguments or ["help"]
    if rest[:1] == ["--"]:
        rest = rest[1:]
    end_like_ctrl_c()
    if command not in PROGRAMS:
        say(f"{__doc__}{COMMANDS}")
        return 0 if command in {"help", "--help", "-h"} else 2
    return PROGRAMS[command](rest)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except CannotGoOnError as problem:
        say(str(problem))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
