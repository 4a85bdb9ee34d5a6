"""How fast an order is given and its certificates come into force, beside the least that both cannot do without.

BENCH_ORDER says how many people an order has (1,000 unless told), BENCH_CERTIFICATES how many papers a measurement
writes. No time stamp is fetched: that would measure the authority.
"""

import os
import resource
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings

from applications.models import Application, Recommendation
from certificates.domain import making, ordering
from certificates.enums import CertificateState
from certificates.models import Certificate, IssueOrder
from portal.publicity.models import Line
from portal.sealing import founding
from portal.shared import clock
from review.models import AcceptedCase, AgendaItem, Payment
from tests.bench import many_applications
from tests.bench.many_applications import FILE, PERSON, Copies
from tests.bench.rates import Row, stopwatch
from tests.factories import acceptances, certificates

PEOPLE = int(os.environ.get("BENCH_ORDER", "1000"))
PAPERS = int(os.environ.get("BENCH_CERTIFICATES", "40"))
ITEM = f"{FILE} JOIN review_agendaitem t ON t.code = 'YC-B' || i"
BARE = "CREATE TABLE bare_certificate AS TABLE certificates_certificate WITH NO DATA"


@contextmanager
def rows() -> Iterator[Iterator[Row]]:
    """Yield the rows; people are copied from one who came as far by the real steps."""
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder) / "keys"
        founding.found(keys, founding.Founder())
        files = {"BACKEND": settings.STORAGES["documents"]["BACKEND"], "OPTIONS": {"location": folder}}
        storages = {**settings.STORAGES, "documents": files}
        sealing = {**settings.SEALING, "keys": str(keys), "time_stamps": False}
        with override_settings(SEALING=sealing, STORAGES=storages, DEMO_CLOCK=True):
            yield _rows()
    connection.close()


def _rows() -> Iterator[Row]:
    clock.move_to(certificates.MADE)
    crowd = Crowd(certificates.cleared()[0])
    yield Row("people ordered and numbered", "people/s", "one bulk INSERT of such rows", crowd.order, crowd.insert)
    yield Row("certificates come into force", "certificates/s", "drawing and sealing alone", make, write)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"    at most {peak} MiB of memory, {Certificate.objects.out().count()} certificates\n")


class Crowd:
    """People who are cleared, as many as every measurement takes."""

    def __init__(self, like: AcceptedCase) -> None:
        self.like, self.made = like, 0
        with connection.cursor() as cursor:
            cursor.execute(BARE)

    def order(self) -> float:
        """Let the lead give an order: everything asked anew of everybody, a certificate and a number each."""
        many_applications.make(cleared(self.like), self.made + 1, self.made + PEOPLE)
        self.made += PEOPLE
        codes = list(ordering.free().values_list("code", flat=True)[:PEOPLE])
        order = ordering.propose(codes, by=acceptances.clerk(), at=certificates.PROPOSED)
        with stopwatch() as watch:
            ordering.give(order, by=acceptances.lead(), at=certificates.ORDERED)
            while ordering.go_on(certificates.ORDERED):
                pass
        assert IssueOrder.objects.get(pk=order.pk).certificates.count() == len(codes)
        return len(codes) / watch.seconds

    def insert(self) -> float:
        """Copy as many rows of certificates into a table without keys."""
        take = "INSERT INTO bare_certificate SELECT * FROM certificates_certificate ORDER BY id LIMIT %s"
        with stopwatch() as watch, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(take, [PEOPLE])
            copied = cursor.rowcount
        return max(copied, 1) / watch.seconds


def make() -> float:
    """Make certificates as the worker does."""
    with stopwatch() as watch:
        for _paper in range(PAPERS):
            certificate = making.claim(clock.now())
            assert certificate is not None
            assert making.make(certificate), Certificate.objects.get(pk=certificate.pk).trouble
    return PAPERS / watch.seconds


def write() -> float:
    """Draw and seal as many papers, and keep none."""
    waiting = Certificate.objects.filter(state=CertificateState.PREPARING).order_by("pk")[:PAPERS]
    with stopwatch() as watch:
        for certificate in waiting:
            making.papers_of(certificate, certificates.MADE)
    return PAPERS / watch.seconds


def cleared(like: AcceptedCase) -> list[Copies]:
    """Return copies of a cleared result with everything that is asked of it: ``YR-B<i>``."""
    application = like.application
    recommendation, payment = (
        Recommendation.objects.get(application=application),
        Payment.objects.get(application=application),
    )
    line = Line.objects.get(notice=like.notice, subject_id=application.pk)
    own = {"code": "'SB-B' || lpad(i::text, 9, '0')", "applicant_id": "p.id"}
    return [
        *many_applications.people(application.applicant),
        Copies(Application, f"id = {application.pk}", own, PERSON),
        Copies(Recommendation, f"id = {recommendation.pk}", {"code": "'TJ-B' || i", "application_id": "a.id"}, FILE),
        Copies(
            Payment,
            f"id = {payment.pk}",
            {
                "code": "'JF-B' || i",
                "application_id": "a.id",
                "state": "'not_required'",
                "amount": "0",
                "settled_by_id": "NULL::bigint",
            },
            FILE,
        ),
        Copies(Line, f"id = {line.pk}", {"number": "i + 1", "subject_id": "a.id", "person_id": "a.applicant_id"}, FILE),
        Copies(
            AgendaItem,
            f"id = {like.item_id}",
            {"code": "'YC-B' || i", "application_id": "a.id", "order": 'source."order" + i'},
            FILE,
        ),
        Copies(
            AcceptedCase,
            f"id = {like.pk}",
            {"code": "'YR-B' || i", "application_id": "a.id", "item_id": "t.id"},
            ITEM,
        ),
    ]
