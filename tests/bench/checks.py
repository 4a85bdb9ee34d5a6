"""How many certificates are checked, beside the least that a Django page can do: the page itself, and a scan's question.

The page of the form needs no database; a scan's question finds its certificate, shows the face and writes the holder's log.
Each question comes from an address of its own, as the limits count by address.
"""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.db import connection

from tests.bench.load import Brought, Page, requests_per_second
from tests.bench.pages import SECONDS, beside_the_ceiling
from tests.bench.rates import Row
from tests.factories import checks

PAGE, QUESTION = "/certificates/check/", "/api/certificates/checks/"


@contextmanager
def rows() -> Iterator[list[Row]]:
    certificate = checks.issued()
    known = {"number": certificate.number, "name": certificate.holder_name, "code": checks.CODE, "is_scan": True}

    def scan() -> Brought:
        address = ".".join(str(random.randrange(20, 99)) for _place in range(4))  # noqa: S311 - no secret, always public
        return {"Content-Type": "application/json", "X-Forwarded-For": address}, json.dumps(known).encode()

    with beside_the_ceiling() as sites:
        ceiling = partial(requests_per_second, Page(sites.ceiling, "/", sites.cookie), SECONDS)
        question = Page(sites.portal, QUESTION, method="POST", brings=scan)
        yield [
            Row(
                name,
                "requests/s",
                "bare Django, one SELECT, 20 rows",
                partial(requests_per_second, page, SECONDS),
                ceiling,
            )
            for name, page in (("check page", Page(sites.portal, PAGE)), ("a scanned code's question", question))
        ]
    connection.close()
