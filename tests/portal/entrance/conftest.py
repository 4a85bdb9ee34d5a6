"""A person with a password, letters that leave, limits that no other test has used up."""

import uuid
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.test import Client

from portal.accounts.models import Person
from tests.factories import accounts
from tests.fixtures.identity_provider import identity_provider, identity_provider_process  # noqa: F401
from tests.fixtures.sandbox import sandbox, sandbox_process  # noqa: F401

PASSWORD = "Ganlan-Shu-7"


@pytest.fixture(autouse=True)
def _limits_of_ones_own(settings: LazySettings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}}


@pytest.fixture
def person(db: None) -> Person:
    who = accounts.person(username="linzhiyuan", full_name="林知远", email="lin@example.com", phone="14000000001")
    who.set_password(PASSWORD)
    who.save()
    accounts.document(who)
    return who


@pytest.fixture
def letters_leave(django_capture_on_commit_callbacks) -> Iterator[None]:
    with django_capture_on_commit_callbacks(execute=True):
        yield


@pytest.fixture
def browser(db: None) -> Client:
    return Client()
