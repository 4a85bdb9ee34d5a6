"""The public page of the certificate log, and the holder's way to the proofs, in a real browser."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import transaction

from certificates import tasks
from certificates.domain import transparency
from certificates.models import LogCheckpoint, LogStamp
from portal.shared import clock
from tests.browser.conftest import Visitor
from tests.factories import certificates
from tests.factories.certificates import MADE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = dt.datetime(2026, 10, 12, 10, 0, tzinfo=clock.BEIJING)


def test_the_public_page_is_sound_empty_and_filled(open_window: Callable[..., Visitor]) -> None:
    window = open_window()
    window.open("/certificates/log/")
    window.must_be_sound("certificate-log-empty")
    for day in range(3):
        clock.move_to(DAY + dt.timedelta(days=day))
        with transaction.atomic():
            transparency.append([{"event": "issued", "number": f"{day}-{n}"} for n in range(300)])
        tasks.sign_log()
    first = LogCheckpoint.objects.order_by("size").first()
    LogStamp.objects.create(checkpoint=first, response=b"stamp", stamped_at=DAY + dt.timedelta(hours=15))
    page = window.open("/certificates/log/")
    assert settings.CERTIFICATE_LOG_ORIGIN in page.inner_text("main")
    assert page.locator("#closings ~ table tbody tr").count() == 2
    window.must_be_sound("certificate-log")


def test_a_holder_fetches_the_proofs(open_window: Callable[..., Visitor]) -> None:
    clock.move_to(MADE)
    certificate = certificates.issued()
    tasks.sign_log()
    window = open_window(by=certificates.holder_of(certificate))
    page = window.open(f"/certificates/own/{certificate.code}/")
    window.must_be_sound("own-certificate-logged")
    with page.expect_download() as told:
        page.click("text=下载日志证明")
    assert told.value.suggested_filename == f"{certificate.number}-evidence.json"
