"""The operations page: failures with their reasons, a ledger that can be verified, nothing for others."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client

from certificates import tasks
from certificates.domain import transparency
from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.roles import Role
from portal.deadlines import ringing, setting
from portal.ledger.record import record
from portal.shared import clock
from tests.certificates.conftest import tamper
from tests.errand.models import Errand, State
from tests.errand.wiring import LAPSES
from tests.fixtures.ledger import seal_all

Visit = Callable[..., Client]


def test_a_failed_deadline_is_shown_with_its_reason_and_rings_once_mended(
    visit: Visit, actor: Callable[..., Actor], now: dt.datetime
) -> None:
    errand = Errand.objects.create(opinion="poison")
    setting.set_instant(LAPSES, errand, due_at=clock.now(), at=clock.now())
    ringing.ring_due(at=clock.now())
    browser = visit(actor(Role.SYSADMIN))
    assert "RuntimeError: this errand cannot lapse" in browser.get("/operations/").content.decode()
    Errand.objects.update(opinion="")
    answer = browser.post("/operations/deadlines/", {"_key": "k1"}, follow=True).content.decode()
    assert "重试完成：成功1项，仍失败0项。" in answer
    assert Errand.objects.get().state == State.LAPSED


@pytest.mark.django_db(transaction=True)
def test_the_auditor_verifies_the_ledger_on_screen(visit: Visit, actor: Callable[..., Actor], now: dt.datetime) -> None:
    entry = record(Errand.objects.create(), "one", by=SYSTEM, at=now)
    seal_all()
    browser = visit(actor(Role.AUDITOR))
    whole = browser.post("/operations/ledger/", {"_key": "k1"}, follow=True).content.decode()
    assert "台账完整" in whole
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE ledger_entry SET note = 'x' WHERE id = %s", [entry.pk])
    broken = browser.post("/operations/ledger/", {"_key": "k2"}, follow=True).content.decode()
    assert "台账与封存时不一致" in broken
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")


def test_the_auditor_verifies_the_certificate_log_on_screen(visit: Visit, actor: Callable[..., Actor]) -> None:
    with transaction.atomic():
        transparency.append([{"number": "1"}, {"number": "2"}])
    browser = visit(actor(Role.AUDITOR))
    assert "待签名" in browser.get("/operations/").content.decode()
    tasks.sign_log()
    address = "/operations/certificate-log/"
    assert "证书日志完整" in browser.post(address, {"_key": "k1"}, follow=True).content.decode()
    tamper("UPDATE certificates_logleaf SET record = '{}' WHERE index = 1")
    assert "证书日志在1处不一致" in browser.post(address, {"_key": "k2"}, follow=True).content.decode()
    tamper("DELETE FROM certificates_logleaf WHERE index = 1")
    assert "记录少于已签名的数量" in browser.get("/operations/").content.decode()


def test_a_missing_year_is_announced_from_mid_november(visit: Visit, actor: Callable[..., Actor]) -> None:
    browser = visit(actor(Role.BUREAU_LEAD))
    clock.move_to(clock.start_of(dt.date(2026, 11, 14)))
    assert "放假安排尚未录入" not in browser.get("/operations/").content.decode()
    clock.move_to(clock.start_of(dt.date(2026, 11, 15)))
    assert "2027年放假安排尚未录入" in browser.get("/operations/").content.decode()
