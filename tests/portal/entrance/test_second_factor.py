"""The second factor: owed by those whose clicks bind others, before anything else opens."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from portal.accounts.models import Membership
from portal.accounts.roles import NEEDS_SECOND_FACTOR, Role
from portal.entrance import checks, second_factor
from portal.http.middleware import ACTING_FOR
from portal.settings import demonstration
from tests.factories import accounts
from tests.portal.entrance.conftest import PASSWORD
from tests.portal.entrance.test_log_in import log_in
from tests.portal.shared.test_encryption import NEW_KEY


@pytest.fixture(autouse=True)
def _required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.fixture
def staff(person):
    place = accounts.organisation(accounts.OrganisationKind.BUREAU)
    Membership.objects.create(person=person, organisation=place, role=Role.BUREAU_CLERK, since=accounts.SINCE)
    return person


def code_for(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))  # noqa: TID251 - as an authenticator does


def enrol(browser: Client) -> str:
    assert browser.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = browser.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert browser.post(reverse("mfa_activate_totp"), {"code": code_for(secret)}).status_code == 302
    return secret


def test_staff_without_one_are_sent_to_enrol_whatever_they_open(browser, staff):
    log_in(browser, "linzhiyuan", PASSWORD)
    for name in ("web:desk", "entrance:profile", "entrance:switch", "account_change_password"):
        response = browser.get(reverse(name))
        assert response.status_code == 302
        assert response.url.startswith(reverse("mfa_activate_totp"))
    assert browser.post(reverse("entrance:switch"), {"organisation": ""}).url.startswith(reverse("mfa_activate_totp"))


def test_after_enrolling_everything_opens_and_recovery_codes_are_shown(browser, staff):
    log_in(browser, "linzhiyuan", PASSWORD)
    enrol(browser)
    codes = browser.get(reverse("mfa_view_recovery_codes"))
    assert len(codes.context["unused_codes"]) == 10
    assert browser.get(reverse("entrance:switch")).status_code == 200


def test_the_next_log_in_asks_for_the_code_before_there_is_a_session(browser, staff):
    log_in(browser, "linzhiyuan", PASSWORD)
    secret = enrol(browser)
    fresh = Client()
    assert log_in(fresh, "linzhiyuan", PASSWORD).url == reverse("mfa_authenticate")
    assert fresh.get(reverse("entrance:profile")).url.startswith(reverse("account_login"))
    wrong = fresh.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    assert "_auth_user_id" not in fresh.session
    fresh.post(reverse("mfa_authenticate"), {"code": code_for(secret, 1)})
    assert "_auth_user_id" in fresh.session


def test_a_recovery_code_works_once(browser, staff):
    log_in(browser, "linzhiyuan", PASSWORD)
    enrol(browser)
    code = browser.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    for expected in (True, False):
        fresh = Client()
        log_in(fresh, "linzhiyuan", PASSWORD)
        fresh.post(reverse("mfa_authenticate"), {"code": code})
        assert ("_auth_user_id" in fresh.session) is expected


def test_a_session_from_before_the_enrolment_must_prove_it_too(browser, staff):
    elsewhere = Client()
    log_in(elsewhere, "linzhiyuan", PASSWORD)
    log_in(browser, "linzhiyuan", PASSWORD)
    enrol(browser)
    assert elsewhere.get(reverse("entrance:profile")).url.startswith(reverse("mfa_reauthenticate"))


def test_a_role_given_during_the_session_counts_as_soon_as_it_is_used(browser, person):
    log_in(browser, "linzhiyuan", PASSWORD)
    assert browser.get(reverse("entrance:profile")).status_code == 200
    place = accounts.organisation(accounts.OrganisationKind.AGENCY)
    Membership.objects.create(person=person, organisation=place, role=Role.EXPERT, since=accounts.SINCE)
    session = browser.session
    session[ACTING_FOR] = place.code
    session.save()
    assert browser.get(reverse("entrance:profile")).url.startswith(reverse("mfa_activate_totp"))


def test_an_employers_clerk_and_an_applicant_owe_none(browser, visit, actor):
    assert visit(actor(Role.EMPLOYER_CLERK)).get(reverse("entrance:profile")).status_code == 200
    assert visit(actor()).get(reverse("entrance:profile")).status_code == 200


@pytest.mark.parametrize("role", sorted(NEEDS_SECOND_FACTOR))
def test_every_role_that_needs_one_is_stopped_without(visit, actor, role):
    assert visit(actor(Role(role))).get(reverse("entrance:profile")).status_code == 302


def test_the_api_says_no_instead_of_sending_elsewhere(visit, actor):
    response = visit(actor(Role.BUREAU_LEAD)).get("/api/messages/")
    assert response.status_code in {403, 404}


def test_the_secret_is_unreadable_in_the_database(browser, staff):
    log_in(browser, "linzhiyuan", PASSWORD)
    secret = enrol(browser)
    codes = browser.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(to_jsonb(row)::text, '') FROM mfa_authenticator row")
        (stored,) = cursor.fetchone()
    assert Authenticator.objects.count() == 2
    assert secret not in stored
    assert not any(code in stored for code in codes)


def test_rotating_keys_rewrites_the_secrets_and_the_next_code_still_opens(browser, staff):
    log_in(browser, "linzhiyuan", PASSWORD)
    secret = enrol(browser)
    with override_settings(FIELD_KEYS=[NEW_KEY, demonstration.FIELD_KEY]):
        call_command("reencrypt")
    with override_settings(FIELD_KEYS=[NEW_KEY]):
        fresh = Client()
        log_in(fresh, "linzhiyuan", PASSWORD)
        fresh.post(reverse("mfa_authenticate"), {"code": code_for(secret, 1)})
        assert "_auth_user_id" in fresh.session
        assert second_factor.reencrypt_secrets() == 0


def test_production_refuses_to_start_without(settings):
    settings.REQUIRE_SECOND_FACTOR = False
    assert [error.id for error in checks.second_factor_is_required(None)] == ["portal.E005"]
    assert "portal.E005" in {error.id for error in run_checks(include_deployment_checks=True)}
