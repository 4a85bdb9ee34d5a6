"""The portal's two commands, `demo` and `test`, and what belongs to them: python3 portal/launch <command>.

Needs nothing but Python's standard library: it makes the environment in which everything else runs.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (whoever starts this has not installed anything yet)
    sys.exit("The portal needs Python 3.11 or newer; name it with: make PYTHON=python3.11 …")

import demonstration
import locks
import testing
from checkout import CannotGoOnError, say
from processes import end_like_ctrl_c

INTERRUPTED = 130


COMMANDS = """
  demo                      set everything up, start the portal, print its address and accounts
  manage <arguments>        manage.py against the demonstration's servers
  test [-- <arguments>]     all checks and tests; with arguments, pytest alone with these
  check [<names>]           the checks alone, all or those named
  lock [--upgrade|--check]  resolve the requirements anew (needs uv); or only see whether the locks are in step
"""


def main(arguments: list[str]) -> int:
    command, *rest = arguments or ["help"]
    if rest[:1] == ["--"]:
        rest = rest[1:]
    end_like_ctrl_c()
    match command:
        case "demo":
            return demonstration.demo()
        case "manage":
            return demonstration.manage(rest)
        case "test":
            return testing.test(rest)
        case "check":
            return testing.check(rest)
        case "lock":
            return locks.check() if rest == ["--check"] else locks.make(rest)
        case _:
            say(f"{__doc__}{COMMANDS}")
            return 0 if command in {"help", "--help", "-h"} else 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except CannotGoOnError as problem:
        say(str(problem))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
