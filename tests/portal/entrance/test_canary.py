"""No identity number and no mobile number in clear: not in answers, not in logs, not in the database, not in the cache."""

import subprocess
from urllib.parse import urlparse

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.entrance.domain import revealing
from portal.http.once import new_key
from portal.ledger.sealing import seal
from tests.fixtures.sandbox import known
from tests.portal.entrance.conftest import PASSWORD
from tests.portal.entrance.test_log_in import log_in
from tests.portal.entrance.test_registering import FORM, TOLD

CANARIES = (known("林知远").number, "13800138000")


def found_in(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


@pytest.fixture
def life(sandbox, browser, visit, actor, now, caplog, at):  # noqa: PLR0917 - fixtures
    """Register by the page with slips, log in with slips, change, read, be read; return everything that was answered."""
    at(now)
    caplog.set_level("DEBUG")
    answers = []

    def post(name, told, args=(), who=browser):
        answers.append(who.post(reverse(name, args=args), {**told, "_key": new_key()}, follow=True))

    post("entrance:register", {**FORM, "full_name": "林远志", "number": CANARIES[0]})
    sandbox.set("identity", "dead", times=3)
    post("entrance:register", {**FORM, "number": CANARIES[0]})
    sandbox.set("identity")
    post("entrance:register", {**FORM, "number": CANARIES[0], "phone": CANARIES[1]})
    person = Person.objects.get()
    post("account_login", {"login": CANARIES[0], "password": "Falsch-Falsch-1"})
    post("account_login", {"login": CANARIES[1], "password": "Falsch-Falsch-1"})
    post("account_login", {"login": FORM["username"], "password": PASSWORD})
    post("entrance:contact", {"phone": CANARIES[1], "email": "neu@example.com", "password": PASSWORD})
    answers += [browser.get(reverse(name)) for name in ("entrance:profile", "entrance:switch", "web:desk")]
    clerk = actor(Role.BUREAU_CLERK)
    answers.append(visit(clerk).get(reverse("entrance:identity", args=[person.code])))
    revealing.reveal(person, "phone", by=clerk, at=now, reason="核对")
    revealing.reveal(person, person.documents.get().code, by=clerk, at=now, reason="核对")
    return answers


def test_answers_show_them_to_nobody_but_who_typed_them(life):
    for answer in life:
        path = urlparse(answer.wsgi_request.get_full_path()).path
        typed_here = path in {reverse("entrance:register"), reverse("account_login"), reverse("entrance:contact")}
        assert typed_here or found_in(answer.content.decode()) == [], path
        assert found_in(answer.wsgi_request.get_full_path()) == []


def test_logs_hold_none(life, caplog, capfd):
    assert found_in(caplog.text) == []
    assert found_in("".join(capfd.readouterr())) == []


@pytest.mark.django_db(transaction=True)
def test_a_dump_of_the_database_holds_none(life):
    seal()
    settings = connection.settings_dict
    command = ["pg_dump", "--data-only", "--dbname", settings["NAME"]]
    where = {"PGHOST": settings["HOST"], "PGPORT": str(settings["PORT"]), "PGUSER": settings["USER"]}
    try:
        dump = subprocess.run(
            command, env={**where, "PATH": "/usr/bin:/usr/local/bin"}, capture_output=True, check=True
        )
        text = dump.stdout.decode()
    except (FileNotFoundError, subprocess.CalledProcessError):
        text = _all_tables()
    assert "linzhiyuan" in text
    assert found_in(text) == []


def _all_tables() -> str:
    """Return every row of every table: what a dump holds, where the client program is missing or older than the server."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT to_jsonb(row)::text FROM "{table}" row')
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def test_the_cache_holds_none(life):
    client = cache._cache.get_client()
    kept = b"".join(bytes(key) + bytes(client.get(key) or b"") for key in client.scan_iter(f"{cache.key_prefix}*"))
    assert found_in(kept.decode("utf-8", "replace")) == []


def test_told_registrations_do_not_show_themselves():
    assert found_in(repr(TOLD)) == []
    assert PASSWORD not in repr(TOLD)


def test_the_page_of_a_fault_shows_none(sandbox, monkeypatch, settings):
    settings.DEBUG = False
    monkeypatch.setattr("portal.entrance.views.registration.register", lambda *args, **kwargs: 1 / 0)
    browser = Client(raise_request_exception=False)
    page = browser.post(reverse("entrance:register"), {**FORM, "number": CANARIES[0], "_key": new_key()})
    assert page.status_code == 500
    assert found_in(page.content.decode()) == []


def test_a_log_in_with_a_number_leaves_no_readable_trace(browser, person):
    log_in(browser, CANARIES[0], "Falsch-Falsch-1")
    assert found_in(_all_tables()) == []
