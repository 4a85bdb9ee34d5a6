"""Log-in through an identity service, against a real provider: linked by verified document, or refused with help."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.urls import reverse

from portal.accounts.models import IdentityDocument, Membership, Person
from portal.accounts.roles import Role
from portal.http.middleware import ACTING_FOR
from portal.ledger.models import Entry
from portal.settings import people
from tests.factories import accounts


def go_through(browser, provider, service="personal"):
    """Log in as a browser does: to the provider, and back with its answer."""
    there = browser.get(reverse("openid_connect_login", args=[service]))
    assert there.status_code == 302, there.content.decode()
    back = provider.visit(there.url)
    return browser.get(back.removeprefix("http://testserver"))


def claims_of(person: Person) -> dict[str, str]:
    document = person.documents.get()
    return {"id_type": document.kind, "id_number": document.number, "name": person.full_name}


def is_logged_in(browser) -> bool:
    return "_auth_user_id" in browser.session


def test_a_new_subject_is_linked_to_the_person_with_the_verified_document(browser, person, identity_provider):
    identity_provider.next_person("s-1", **claims_of(person))
    assert go_through(browser, identity_provider).url == reverse("web:desk")
    assert is_logged_in(browser)
    assert SocialAccount.objects.get().user == person
    assert list(Entry.objects.filter(person=person).order_by("pk").values_list("step", flat=True)) == [
        "link_identity_service",
        "log_in",
    ]


def test_a_known_subject_needs_no_document_any_more(browser, person, identity_provider, client):
    identity_provider.next_person("s-1", **claims_of(person))
    go_through(browser, identity_provider)
    identity_provider.next_person("s-1")
    go_through(client, identity_provider)
    assert client.session["_auth_user_id"] == str(person.pk)
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"id_number": "11990019900203007X"},
        {"name": "林远志"},
        {"name": ""},
        {"id_type": "passport"},
        {"id_type": "unheard_of"},
        {"id_number": ""},
    ],
)
def test_whoever_fits_no_account_is_refused_with_help(browser, person, identity_provider, changed):
    identity_provider.next_person("s-1", **{**claims_of(person), **changed})
    answer = go_through(browser, identity_provider)
    assert answer.url == reverse("entrance:unlinked")
    help_page = browser.get(answer.url)
    assert help_page.status_code == 403
    assert "先实名注册" in help_page.content.decode()
    assert not is_logged_in(browser)
    assert not SocialAccount.objects.exists()


def test_a_document_that_was_never_verified_or_was_replaced_links_nobody(browser, person, identity_provider, now):
    told = claims_of(person)
    for change in ({"verified_at": None, "source": ""}, {"ended_at": now}):
        IdentityDocument.objects.update(verified_at=now, source="identity_register", ended_at=None)
        IdentityDocument.objects.update(**change)
        identity_provider.next_person("s-1", **told)
        assert go_through(browser, identity_provider).url == reverse("entrance:unlinked")


def test_a_closed_account_stays_closed(browser, person, identity_provider):
    told = claims_of(person)
    Person.objects.update(is_active=False)
    identity_provider.next_person("s-1", **told)
    go_through(browser, identity_provider)
    assert not is_logged_in(browser)


@pytest.mark.parametrize("fault", ["signature", "issuer", "audience", "expired", "subject"])
def test_an_answer_that_does_not_hold_lets_nobody_in(browser, person, identity_provider, fault):
    identity_provider.next_person("s-1", fault=fault, **claims_of(person))
    answer = go_through(browser, identity_provider)
    assert "统一身份认证未能完成" in answer.content.decode()
    assert not is_logged_in(browser)


def test_a_service_that_is_down_is_told(browser, identity_provider):
    identity_provider.next_person("s-1", fault="down")
    answer = browser.get(reverse("openid_connect_login", args=["personal"]))
    assert "统一身份认证未能完成" in answer.content.decode()


def test_a_cancelled_log_in_leads_back(browser, person, identity_provider):
    identity_provider.next_person("s-1", fault="cancel")
    assert go_through(browser, identity_provider).url == reverse("socialaccount_login_cancelled")


def test_a_code_without_the_state_of_this_browser_is_refused(browser, client, person, identity_provider):
    identity_provider.next_person("s-1", **claims_of(person))
    there = client.get(reverse("openid_connect_login", args=["personal"]))
    back = identity_provider.visit(there.url).removeprefix("http://testserver")
    assert "统一身份认证未能完成" in browser.get(back).content.decode()
    assert not is_logged_in(browser)


@pytest.mark.rule("R-013")
def test_the_legal_persons_service_chooses_the_organisation(browser, person, identity_provider):
    place = accounts.organisation()
    Membership.objects.create(person=person, organisation=place, role=Role.EMPLOYER_CLERK, since=accounts.SINCE)
    identity_provider.next_person("s-1", **claims_of(person), credit_code=place.credit_code)
    assert go_through(browser, identity_provider, "legal").url == reverse("web:desk")
    assert browser.session[ACTING_FOR] == place.code


def test_an_organisation_for_which_one_does_not_work_is_not_chosen(browser, person, identity_provider):
    identity_provider.next_person("s-1", **claims_of(person), credit_code=accounts.organisation().credit_code)
    go_through(browser, identity_provider, "legal")
    assert is_logged_in(browser)
    assert ACTING_FOR not in browser.session


def test_nothing_that_the_service_says_is_stored(browser, person, identity_provider):
    identity_provider.next_person("s-1", **claims_of(person))
    go_through(browser, identity_provider)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(to_jsonb(row)::text, '') FROM socialaccount_socialaccount row")
        (stored,) = cursor.fetchone()
    assert person.documents.get().number not in stored
    assert person.full_name not in stored


def test_the_log_in_page_offers_the_configured_services(browser, identity_provider):
    assert "统一身份认证" in browser.get(reverse("account_login")).content.decode()


def test_without_configuration_none_is_offered_and_none_answers(browser, db):
    assert 'id="services"' not in browser.get(reverse("account_login")).content.decode()
    assert browser.get(reverse("openid_connect_login", args=["personal"])).status_code == 404


def test_services_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("OIDC_LEGAL_URL", "https://legal.example.org")
    monkeypatch.setenv("OIDC_LEGAL_CLIENT_ID", "titles")
    monkeypatch.setenv("OIDC_LEGAL_SECRET", "s")
    monkeypatch.setenv("OIDC_CLAIM_NUMBER", "cert_no")
    environment = people.Env()
    (service,) = people.identity_services(environment)["openid_connect"]["APPS"]
    assert (service["provider_id"], service["client_id"]) == ("legal", "titles")
    assert people.identity_claims(environment)["number"] == "cert_no"
