"""The national platform is told every version once, with a receipt, whatever it answers in between (E-36)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from certificates.domain import following, pushing
from certificates.enums import PushState
from certificates.models import Certificate, NationalPush
from portal.accounts.actors import SYSTEM
from portal.accounts.models import IdentityDocument
from portal.connectors import titles
from portal.connectors.people import DocumentKind, Who
from portal.connectors.titles import Standing
from tests.factories import acceptances, certificates
from tests.factories.certificates import MADE
from tests.fixtures.sandbox import Sandbox

pytestmark = pytest.mark.django_db
WHY = "群众举报论文系购买，正在核查。"


@pytest.fixture(scope="module")
def issued_key(standing: Callable[..., Any]) -> int:
    """Keep a certificate in force for the module's tests; its key."""
    return standing(lambda: certificates.issued().pk)  # type: ignore[no-any-return]


@pytest.fixture
def certificate(issued_key: int) -> Certificate:
    return Certificate.objects.get(pk=issued_key)


def push(at: dt.datetime) -> int:
    moments = iter([at] * 50)
    return pushing.push_waiting(seconds=20, now=lambda: next(moments))


def shown(certificate: Certificate) -> list[titles.HeldTitle]:
    document = IdentityDocument.objects.get(person=certificate.holder)
    who = Who(certificate.holder_name, DocumentKind(document.kind), document.number)
    found = titles.nationwide(who, at=MADE)
    return [one for one in found if one.certificate_number == certificate.number]


def test_it_shows_the_certificate_and_then_that_it_is_under_review(certificate: Certificate, sandbox: Sandbox) -> None:
    assert push(MADE) == 1
    row = NationalPush.objects.get()
    assert (row.state, bool(row.receipt), row.taken_at) == (PushState.TAKEN, True, MADE)
    (held,) = shown(certificate)
    assert (held.title, held.standing) == (certificate.title, Standing.VALID)
    following.suspend(certificate, reason=WHY, by=SYSTEM, at=MADE)
    assert push(MADE) == 1
    assert [one.standing for one in shown(certificate)] == [Standing.SUSPENDED]


def test_an_outage_is_waited_out(certificate: Certificate, sandbox: Sandbox) -> None:
    sandbox.set("national_query", "dead")
    assert push(MADE) == 0
    row = NationalPush.objects.get()
    assert (row.state, row.not_before) == (PushState.WAITING, MADE + pushing.FIRST_PAUSE)
    sandbox.set("national_query")
    assert push(MADE) == 0  # not before its time
    assert push(MADE + dt.timedelta(minutes=5)) == 1


def test_versions_that_overtake_each_other_leave_the_newest(certificate: Certificate, sandbox: Sandbox) -> None:
    following.suspend(certificate, reason=WHY, by=SYSTEM, at=MADE)
    NationalPush.objects.filter(version=1).update(not_before=MADE + dt.timedelta(hours=1))
    assert push(MADE) == 1
    assert push(MADE + dt.timedelta(hours=2)) == 1
    assert [one.standing for one in shown(certificate)] == [Standing.SUSPENDED]
    assert NationalPush.objects.get(version=1).receipt == pushing.OUTDATED


def test_a_holder_without_a_document_is_left_to_staff_who_push_again(
    certificate: Certificate, sandbox: Sandbox
) -> None:
    IdentityDocument.objects.filter(person=certificate.holder).update(verified_at=None, source="", verified_by=None)
    assert push(MADE) == 0
    (row,) = pushing.stuck()
    assert (row.is_stuck, row.last_error) == (True, "no_identity_document")
    pushing.push_again(row, by=acceptances.clerk(), at=MADE)
    assert not pushing.stuck().exists()
