"""One long order, made by two makers of which one is killed now and then: rate and memory of each tenth.

No number is used twice or left out, every certificate is in the log, and everybody has two papers. `make soak` runs it
with ORDER_PEOPLE of the full size. No time stamp is fetched: that would measure the authority.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db.models import Max, Min

from certificates.domain import making, ordering
from certificates.enums import CertificateState, OrderState
from certificates.models import Certificate, IssueOrder, LogLeaf
from portal.documents.models import StoredFile
from portal.shared import clock
from tests.bench import issuing, many_applications
from tests.factories import acceptances, certificates
from tests.live.house import House

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = int(os.environ.get("ORDER_PEOPLE", "40"))
KILLS = int(os.environ.get("ORDER_KILLS", "3"))
MAKERS = 2
PATIENCE = 60 + PEOPLE * 5  # seconds


@dataclass
class Makers:
    """Programs that write papers, and what is seen of them from outside."""

    house: House
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    peak: int = 0  # MiB

    def start(self) -> None:
        self.running.append(self.house.manage("make_certificates"))

    def kill_one(self) -> None:
        killed = self.running.pop(0)
        killed.kill()
        killed.wait()
        self.start()

    def look(self) -> None:
        self.peak = max([self.peak, *(resident(one.pid) for one in self.running if one.poll() is None)])

    def wait(self) -> None:
        while self.running:
            assert self.running.pop().wait(PATIENCE) == 0


def resident(process: int) -> int:
    """Return how much memory a process has now, in MiB; 0 where it ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def given() -> IssueOrder:
    """Let the bureau's lead order certificates for everybody."""
    [like] = certificates.cleared()
    many_applications.make(issuing.cleared(like), 1, PEOPLE - 1)
    clock.move_to(certificates.PROPOSED)
    codes = list(ordering.free().values_list("code", flat=True))
    order = ordering.propose(codes, by=acceptances.clerk(), at=certificates.PROPOSED)
    ordering.give(order, by=acceptances.lead(), at=certificates.ORDERED)
    return order


def issued() -> int:
    return Certificate.objects.filter(state=CertificateState.ISSUED).count()


def test_a_long_order_is_issued_whole_at_an_even_rate(tmp_path: Path) -> None:
    order = given()
    clock.move_to(certificates.MADE)
    kills = {PEOPLE * (one + 1) // (KILLS + 1) for one in range(KILLS)}
    with House(tmp_path, {"SEALING_TIME_STAMPS": "false"}) as house:
        makers = Makers(house)
        for _maker in range(MAKERS):
            makers.start()
        for tenth in range(1, 11):
            begun, before = time.monotonic(), issued()
            wanted = PEOPLE * tenth // 10 - MAKERS - KILLS  # what the dead hold comes due later
            while issued() < wanted:
                assert time.monotonic() - begun < PATIENCE, "nothing is issued any more"
                if {kill for kill in kills if kill <= issued()}:
                    kills.remove(min(kills))
                    makers.kill_one()
                makers.look()
                time.sleep(0.5)
            rate = (issued() - before) / (time.monotonic() - begun)
            sys.stdout.write(f"tenth {tenth}: {rate:.1f} certificates/s, at most {makers.peak} MiB in a maker\n")
        makers.wait()
        clock.move_by(making.LEASE)
        makers.start()
        makers.wait()
    rows = Certificate.objects.filter(order=order)
    assert rows.filter(state=CertificateState.ISSUED).count() == PEOPLE
    assert rows.aggregate(first=Min("serial"), last=Max("serial")) == {"first": 1, "last": PEOPLE}
    assert rows.values("number").distinct().count() == PEOPLE
    assert LogLeaf.objects.values("number").distinct().count() == LogLeaf.objects.count() == PEOPLE
    assert StoredFile.objects.filter(purpose__startswith="certificate").count() == 2 * PEOPLE
    assert IssueOrder.objects.get(pk=order.pk).state == OrderState.FINISHED
