"""Certificates with a face of one's choice, made directly: without the order that gives numbers and without real papers."""

import datetime as dt
import itertools
from typing import Any

from certificates.enums import CERTIFICATE_FILE
from certificates.models import Certificate
from portal.accounts.actors import SYSTEM
from portal.accounts.identifiers import Sex
from portal.catalogue.models import Series
from portal.documents.enums import Kind
from portal.documents.intake import keep
from portal.documents.models import StoredFile
from portal.workflow import carry_out
from review.models import AcceptedCase
from tests.factories import acceptances, catalogue, sessions
from tests.factories.defences import on

_serial = itertools.count(900_001)
ISSUED = on(10, 30)
CODE = "A4C6D7E9"
BORN = dt.date(1985, 3, 12)


def cases(count: int = 1, *, agreeing: int = 9) -> list[AcceptedCase]:
    """Return so many results that were accepted, all of one session."""
    ready = sessions.ready(catalogue.published_entry(), count)
    acceptances.accepted(acceptances.voted(ready, [agreeing] * count))
    return [acceptances.case_of(one) for one in ready]


def prepared(case: AcceptedCase | None = None, **fields: Any) -> Certificate:
    """Return a certificate with its number and without its paper."""
    of, serial = case or cases()[0], next(_serial)
    series = Series.objects.get(name=of.series)
    defaults: dict[str, Any] = {
        "case": of,
        "holder": of.application.applicant,
        "holder_name": of.application.applicant.full_name,
        "state_since": ISSUED,
        "year": ISSUED.year,
        "numbered_in": series,
        "serial": serial,
        "number": f"ZC11{ISSUED.year}{series.code}{serial:06d}",
        "sex": Sex.MALE,
        "birth_date": BORN,
        "document_type": "居民身份证",
        "masked_document": "110101********123X",
        "series": of.series,
        "specialty": of.specialty,
        "title": of.title,
        "level": of.level,
        "mode": "评审",
        "committee": of.committee,
        "passed_on": of.passed_on,
        "issued_on": ISSUED.date(),
        "district_limited": of.district_limited,
        "is_restricted": of.is_restricted,
        "check_code": CODE,
    }
    return Certificate.objects.create(**{**defaults, **fields})


def issued(case: AcceptedCase | None = None, **fields: Any) -> Certificate:
    """Return a certificate in force with two files in place of its papers."""
    return issue(prepared(case, **fields))


def issue(certificate: Certificate) -> Certificate:
    files = {"file": paper(certificate), "notice_file": paper(certificate)}
    return moved(certificate, "issue", reasons=[], **files)


def moved(certificate: Certificate, step: str, **facts: Any) -> Certificate:
    """Return the certificate after a step of the portal's own."""
    carry_out(certificate, step, by=SYSTEM, at=ISSUED, **facts)
    return Certificate.objects.get(pk=certificate.pk)


def paper(certificate: Certificate, content: bytes = b"%PDF-1.7 paper") -> StoredFile:
    name = f"{certificate.number}.pdf"
    return keep(content, name=name, purpose=CERTIFICATE_FILE, kind=Kind.PDF, owner=certificate.holder, at=ISSUED)
