"""Checks and public keys over the API: one question, one answer, nothing remembered of either (R-126)."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from certificates.interfaces import asking
from certificates.models import Certificate, CertificateCheck
from portal.accounts.actors import Actor, acting_personally
from portal.accounts.roles import Role
from portal.http import limits
from portal.http.models import HandledPost
from portal.sealing import tokens
from tests.factories import checks as factory

pytestmark = pytest.mark.django_db
CHECKS, KEYS = "/api/certificates/checks/", "/api/certificates/keys/"
BATCHES = "/api/certificates/check-batches/"


@pytest.fixture(autouse=True)
def _limits_forget() -> None:
    cache.clear()


@pytest.fixture(scope="module")
def key(standing: Callable[..., Any]) -> int:
    """Keep a certificate for the module's tests; its key."""
    return standing(lambda: factory.issued(district_limited="海淀区").pk)  # type: ignore[no-any-return]


@pytest.fixture
def certificate(key: int) -> Certificate:
    return Certificate.objects.get(pk=key)


def asked(client: Client, **body: Any) -> Any:
    return client.post(CHECKS, body, content_type="application/json")


@pytest.mark.rule("R-126")
@pytest.mark.rule("R-128")
def test_a_question_is_answered_as_on_the_page(client: Client, certificate: Certificate) -> None:
    named = {"number": certificate.number, "name": certificate.holder_name}
    answer = asked(client, **named, is_scan=True)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    told = answer.json()
    assert (told["found"], told["state"], told["tone"], told["face"]) == (True, "issued", "good", None)
    assert told["verdict"] == "证书有效，仅在海淀区有效"
    assert told["name"] != certificate.holder_name
    face = asked(client, **named, code=factory.CODE).json()["face"]
    assert face["holder_name"] == certificate.holder_name
    assert face["birth_date"] == factory.BORN.isoformat()
    assert "check_code" not in face
    assert [one.way for one in CertificateCheck.objects.order_by("pk")] == ["qr", "number_name_code"]
    assert not HandledPost.objects.exists()


def test_nothing_found_is_an_answer(client: Client, certificate: Certificate) -> None:
    unknown = asked(client, number="ZC1", name="张三")
    wrong = asked(client, number=certificate.number, name="张三")
    assert unknown.json() == wrong.json()
    assert (unknown.status_code, unknown.json()["found"], unknown.json()["state"]) == (200, False, None)


def test_who_asks_too_often_or_wrongly_is_told_with_a_code(client: Client, certificate: Certificate) -> None:
    for body in ({"number": "ZC1"}, {"number": 1, "name": "张三"}, {"number": "ZC1", "name": "张三", "who": "x"}):
        assert asked(client, **body).status_code == 400
    for _time in range(asking.MISSES_AN_HOUR):
        limits.count(asking.MISSED, certificate.number)
    refused = asked(client, number=certificate.number, name=certificate.holder_name)
    assert (refused.status_code, refused.json()["code"]) == (409, "guessed_too_often")
    for _time in range(asking.ASKED_AN_HOUR):
        limits.count(asking.ASKED, "127.0.0.1")
    assert asked(client, number="ZC1", name="张三").json()["code"] == "too_often"


def test_the_public_keys_are_there_for_everybody_and_may_be_kept(client: Client) -> None:
    answer = client.get(KEYS)
    assert "public" in answer["Cache-Control"]
    assert "max-age=3600" in answer["Cache-Control"]
    told = answer.json()
    assert told["tokens"] == tokens.public_keys()
    assert all(len(base64.b64decode(one)) == 32 for one in told["tokens"].values())
    assert all("BEGIN PUBLIC KEY" in one for one in told["records"].values())
    assert all("BEGIN CERTIFICATE" in one for one in told["pdf"].values())
    assert "PRIVATE" not in answer.content.decode()


@pytest.mark.rule("R-126")
def test_the_holder_reads_who_checked_and_nobody_else_does(
    client: Client, visit: Callable[..., Client], actor: Callable[..., Actor], certificate: Certificate
) -> None:
    asked(client, number=certificate.number, name=certificate.holder_name, is_scan=True)
    address = f"/api/certificates/own/{certificate.code}/checks/"
    told = visit(acting_personally(certificate.holder)).get(address).json()
    (row,) = told["results"]
    assert (row["way"], row["organisation"], row["result"], row["shows_face"]) == ("qr", "", "issued", False)
    assert visit(actor()).get(address).status_code == 404
    assert client.get(address).status_code == 403


@pytest.mark.rule("R-126")
def test_an_employer_asks_about_many_at_once(
    client: Client, visit: Callable[..., Client], actor: Callable[..., Actor], certificate: Certificate
) -> None:
    many = [
        {"number": certificate.number, "name": certificate.holder_name},
        {"number": "", "name": "张三"},
        {"number": "ZC1", "name": "张三", "code": "X"},
    ]
    employer = actor(Role.EMPLOYER_HEAD)
    answer = visit(employer).post(BATCHES, {"certificates": many}, content_type="application/json")
    told = [(line["row"], line["state"], line["note"]) for line in answer.json()]
    assert told == [(1, "issued", ""), (2, "", "未填写证书编号。"), (3, "", "")]
    assert CertificateCheck.objects.get().organisation == employer.organisation
    assert not HandledPost.objects.exists()
    too_many = {"certificates": many * 334}
    assert visit(employer).post(BATCHES, too_many, content_type="application/json").status_code == 400
    assert client.post(BATCHES, {"certificates": many}, content_type="application/json").status_code == 403


def test_the_reader_that_the_documentation_prints_reads_codes(client: Client, certificate: Certificate) -> None:
    text = (Path(settings.BASE_DIR) / "docs" / "certificate-verification.md").read_text("utf-8")
    printed: dict[str, Any] = {}
    exec(text.partition("```python\n")[2].partition("```")[0], printed)  # noqa: S102 - our own words
    digits, keys = tokens.make(certificate.face().record()), client.get(KEYS).json()["tokens"]
    told = printed["read"](digits, keys)
    assert (told[0], told[1], told[2]) == (1, certificate.number, certificate.holder_name)
    with pytest.raises(InvalidSignature):
        printed["read"](digits[:-9] + "123456789", keys)
