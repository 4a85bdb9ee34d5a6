"""Pages of a fault say what happened and what to do, in both languages."""

import pytest
from django.core.exceptions import BadRequest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from portal.web.views import errors


def after(fault: Exception) -> HttpResponse:
    """Return the page that Django asks for while ``fault`` is being handled."""

    def fail() -> None:
        raise fault

    try:
        fail()
    except type(fault):
        return errors.broken(RequestFactory().get("/"))
    raise AssertionError


def speaks_both_languages(response: HttpResponse) -> bool:
    return 'lang="zh-CN"' in response.text and '<div lang="en"><h2' in response.text and "返回首页" in response.text


@pytest.mark.django_db
def test_not_found() -> None:
    response = Client().get("/nothing/here/")
    assert response.status_code == 404
    assert speaks_both_languages(response)
    assert "没有找到这个页面" in response.text


@pytest.mark.django_db
def test_not_permitted() -> None:
    response = errors.forbidden(RequestFactory().get("/desk/"), PermissionError())
    assert response.status_code == 403
    assert speaks_both_languages(response)


@pytest.mark.django_db
def test_a_forged_form_is_refused_with_a_page_that_helps() -> None:
    response = Client(enforce_csrf_checks=True).post("/clock/", {"move": "day", "_key": "k"})
    assert response.status_code == 403
    assert "操作没有提交" in response.text
    assert speaks_both_languages(response)


def test_a_bad_request_is_answered_without_the_database() -> None:
    response = errors.bad_request(RequestFactory().get("/"), BadRequest())
    assert response.status_code == 400
    assert speaks_both_languages(response)


def test_a_fault_is_answered_without_the_database() -> None:
    response = after(ValueError())
    assert response.status_code == 500
    assert speaks_both_languages(response)


def test_a_missing_database_asks_to_wait() -> None:
    response = after(OperationalError())
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert speaks_both_languages(response)
