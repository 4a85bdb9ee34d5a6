"""`make bench`: the table of docs/performance.md, measured here and now; ARGS="sweep pages" measures some rows only.

Works in a database of its own, which it makes beside the one named by DATABASE_URL and drops afterwards.
"""

import argparse
import sys

import django
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

django.setup()

from tests.bench import (  # noqa: E402 (models are there only after set-up)
    applications,
    ballots,
    certificate_log,
    checks,
    cockpit,
    issuing,
    ledger,
    pages,
    papers,
    payments,
    reviews,
    seals,
    season,
    steps,
    sweep,
)
from tests.bench.rates import HEADER, judged  # noqa: E402
from tests.fixtures import reference  # noqa: E402

PARTS = {
    "sweep": sweep.rows,
    "steps": steps.rows,
    "ledger": ledger.rows,
    "pages": pages.rows,
    "applications": applications.rows,
    "payments": payments.rows,
    "reviews": reviews.rows,
    "ballots": ballots.rows,
    "papers": papers.rows,
    "seals": seals.rows,
    "issuing": issuing.rows,
    "certificate-log": certificate_log.rows,
    "checks": checks.rows,
    "cockpit": cockpit.rows,
    "season": season.rows,
}
# What takes long and says little more than a row of the others is measured by its name alone.
BY_NAME = {"tally": ballots.whole_day}


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("parts", nargs="*", metavar="|".join([*PARTS, *BY_NAME]), help="all but the last without any")
    told.add_argument("--alternations", type=int, default=5)
    options = told.parse_args()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        reference.load_and_keep()
        say(HEADER)
        for part in options.parts or PARTS:
            with {**PARTS, **BY_NAME}[part]() as rows:
                for row in rows:
                    say(judged(row, options.alternations))
            reference.put_back()
    finally:
        connection.close()
        teardown_databases(databases, verbosity=0)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
