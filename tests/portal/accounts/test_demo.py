"""The accounts of the demonstration."""

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from portal.accounts import demo
from portal.accounts.identifiers import credit_code, identify
from portal.accounts.models import IdentityDocument, Membership, Organisation, Person
from portal.accounts.names import normal_name
from portal.accounts.roles import ROLES_OF_KIND, OrganisationKind, Role
from portal.shared import clock


def test_every_role_has_a_desk_and_every_number_is_right(db: None) -> None:
    demo.load()
    assert {membership.role for membership in Membership.objects.all()} == set(Role)
    for organisation in Organisation.objects.all():
        assert credit_code(organisation.credit_code) == organisation.credit_code
    for document in IdentityDocument.objects.all():
        assert identify(document.kind, document.number, on=clock.today()).number == document.number
    for person in Person.objects.all():
        assert normal_name(person.full_name) == person.full_name
    for membership in Membership.objects.select_related("organisation"):
        assert membership.role in ROLES_OF_KIND[OrganisationKind(membership.organisation.kind)]


def test_a_second_run_changes_nothing(db: None) -> None:
    demo.load()
    before = [
        list(model.objects.order_by("pk").values()) for model in (Person, Organisation, Membership, IdentityDocument)
    ]
    demo.load()
    after = [
        list(model.objects.order_by("pk").values()) for model in (Person, Organisation, Membership, IdentityDocument)
    ]
    assert after == before


def test_the_printed_password_opens_every_account(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo_accounts")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(demo.ACCOUNTS)
    for line in lines:
        username, password = line.split()[:2]
        assert authenticate(RequestFactory().post("/"), username=username, password=password) is not None


def test_where_the_clock_is_real_nothing_is_created(db: None, settings: object) -> None:
    settings.DEMO_CLOCK = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="never created"):
        call_command("demo_accounts")
    assert not Person.objects.exists()
