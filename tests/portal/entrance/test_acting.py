"""Acting for somebody: chosen by POST, looked up anew at every request."""

from django.urls import reverse

from portal.accounts.models import Membership, Organisation
from portal.accounts.roles import Role
from portal.entrance.domain import inviting
from portal.http.middleware import ACTING_FOR
from portal.http.once import new_key
from tests.factories import accounts


def choose(browser, code):
    return browser.post(reverse("entrance:switch"), {"organisation": code, "_key": new_key()})


def test_the_choice_is_offered_made_by_post_and_shown(visit, actor):
    head = actor(Role.EMPLOYER_HEAD)
    browser = visit(accounts.acting_personally(head.person))
    assert head.organisation.name in browser.get(reverse("entrance:switch")).content.decode()
    assert choose(browser, head.organisation.code).url == reverse("web:desk")
    page = browser.get(reverse("web:desk"))
    assert page.wsgi_request.actor.organisation == head.organisation
    assert "正在代表" in page.content.decode()
    choose(browser, "")
    assert browser.get(reverse("web:desk")).wsgi_request.actor.acts_personally


def test_the_personal_desk_says_that_another_one_waits_elsewhere(visit, actor):
    head = actor(Role.EMPLOYER_HEAD)
    told = f"这里没有代表{head.organisation.name}办理的事项"
    assert told in visit(accounts.acting_personally(head.person)).get(reverse("web:desk")).content.decode()
    assert told not in visit(head).get(reverse("web:desk")).content.decode()
    assert "这里没有代表" not in visit(actor()).get(reverse("web:desk")).content.decode()


def test_asking_for_the_page_with_a_choice_changes_nothing(visit, actor):
    head = actor(Role.EMPLOYER_HEAD)
    browser = visit(accounts.acting_personally(head.person))
    browser.get(reverse("entrance:switch"), {"organisation": head.organisation.code})
    assert ACTING_FOR not in browser.session


def test_an_organisation_for_which_one_does_not_work_cannot_be_chosen(visit, actor):
    browser = visit(actor())
    assert choose(browser, accounts.organisation().code).status_code == 404
    assert choose(browser, "U-UNKNOWN").status_code == 404


def test_all_roles_at_one_organisation_are_acted_in_together(visit, actor):
    both = actor(Role.EMPLOYER_CLERK, Role.EMPLOYER_HEAD)
    page = visit(both).get(reverse("web:desk"))
    assert page.wsgi_request.actor.roles == {Role.EMPLOYER_CLERK, Role.EMPLOYER_HEAD}


def test_after_the_role_is_taken_away_the_next_request_is_refused(visit, actor, now):
    clerk = actor(Role.EMPLOYER_HEAD)
    other = actor(Role.EMPLOYER_HEAD, at=clerk.organisation)
    browser = visit(clerk)
    members = reverse("entrance:members", args=[clerk.organisation.code])
    assert browser.get(members).status_code == 200
    inviting.end(Membership.objects.get(person=clerk.person), by=other, at=now)
    assert browser.get(members).status_code == 403
    assert browser.get(reverse("web:desk")).wsgi_request.actor.acts_personally


def test_after_the_organisation_is_closed_nobody_acts_for_it(visit, actor):
    head = actor(Role.EMPLOYER_HEAD)
    Organisation.objects.update(is_active=False)
    assert visit(head).get(reverse("entrance:own_members")).status_code == 403
