"""The page on which anybody checks a certificate, and its limits against guessing (R-126)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from certificates.domain.checking import Asked
from certificates.interfaces import asking
from certificates.models import Certificate, CertificateCheck
from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.http import limits
from tests.factories import checks as factory

pytestmark = pytest.mark.django_db
ADDRESS = "/certificates/check/"
NOTHING = "没有查到编号和姓名一致的证书。"


@pytest.fixture(autouse=True)
def _limits_forget() -> None:
    cache.clear()


@pytest.fixture(scope="module")
def keys(standing: Callable[..., Any]) -> tuple[int, int]:
    """Keep a certificate and a restricted one for the module's tests."""

    def make() -> tuple[int, int]:
        first, second = factory.cases(2)
        return factory.issued(first).pk, factory.issued(second, is_restricted=True).pk

    return standing(make)  # type: ignore[no-any-return]


@pytest.fixture
def plain(keys: tuple[int, int]) -> Certificate:
    return Certificate.objects.get(pk=keys[0])


@pytest.fixture
def restricted(keys: tuple[int, int]) -> Certificate:
    return Certificate.objects.get(pk=keys[1])


def page(client: Client, number: str, name: str, code: str = "") -> str:
    answer = client.post(ADDRESS, {"number": number, "name": name, "code": code})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.rule("R-126")
def test_anybody_checks_by_number_and_name(client: Client, plain: Certificate) -> None:
    assert "证书查验" in client.get(ADDRESS).content.decode()
    shown = page(client, plain.number, plain.holder_name)
    assert "证书有效" in shown
    assert plain.title in shown
    assert plain.holder_name not in shown
    assert plain.masked_document not in shown
    assert plain.masked_document in page(client, plain.number, plain.holder_name, factory.CODE)
    assert "查验码不正确" in page(client, plain.number, plain.holder_name, "33333333")


@pytest.mark.rule("A-12")
def test_pages_that_find_nothing_do_not_differ(client: Client, plain: Certificate, restricted: Certificate) -> None:
    def body(number: str, name: str) -> str:
        token, shown = "csrfmiddlewaretoken", page(client, number, name)
        assert NOTHING in shown
        lines = (line for line in shown.splitlines() if token not in line)
        return "\n".join(lines).replace(number, "?").replace(name, "?")

    known = body("ZC11202601999999", "张三")
    assert body(plain.number, "张三") == known
    assert body(restricted.number, restricted.holder_name) == known


def test_an_address_asks_so_often_and_an_organisation_more_often(
    client: Client, plain: Certificate, actor: Callable[..., Actor], visit: Callable[..., Client]
) -> None:
    for _time in range(asking.ASKED_AN_HOUR):
        limits.count(asking.ASKED, "127.0.0.1")
    assert "操作过于频繁" in page(client, plain.number, plain.holder_name)
    assert not CertificateCheck.objects.exists()
    assert "证书有效" in page(visit(actor(Role.EMPLOYER_CLERK)), plain.number, plain.holder_name)


def test_after_many_wrong_names_a_number_answers_only_to_its_code(client: Client, plain: Certificate) -> None:
    for number in (plain.number, "ZC11202601999999"):
        for _time in range(asking.MISSES_AN_HOUR):
            assert NOTHING in page(client, number, "张三")
        assert "查验失败的次数过多" in page(client, number, plain.holder_name)
        cache.delete(limits._key(asking.ASKED, "127.0.0.1"))
    assert "证书有效" in page(client, plain.number, plain.holder_name, factory.CODE)
    assert asking.guessed([Asked(plain.number.lower(), ""), Asked("X", "")]) == [True, False]


def test_without_the_cache_everybody_is_answered(
    client: Client, plain: Certificate, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    assert "证书有效" in page(client, plain.number, plain.holder_name)
    assert plain.holder_name not in caplog.text
