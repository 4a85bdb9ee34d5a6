"""Members of an organisation: invited with a one-time link, granted with four eyes where they decide over others, ended at once."""

import datetime as dt
import re
import threading

import pytest
from django.core import mail
from django.db import connections
from django.urls import reverse

from portal.accounts.models import Membership
from portal.accounts.roles import NEEDS_FOUR_EYES, OrganisationKind, Role
from portal.entrance.domain import inviting
from portal.entrance.enums import RequestState
from portal.entrance.models import MembershipRequest
from portal.http.once import new_key
from portal.ledger.models import Entry
from portal.shared.errors import Refusal, StepNotOpen, StepNotPermitted, StepRefused
from tests.factories import accounts


@pytest.fixture
def head(actor):
    return actor(Role.EMPLOYER_HEAD)


@pytest.fixture
def invited(db):
    who = accounts.person(full_name="王小明")
    accounts.document(who)
    return accounts.acting_personally(who)


def invite(by, now, role=Role.EMPLOYER_CLERK, name="王小明") -> inviting.Link:
    request = inviting.propose(by.organisation, role=role, full_name=name, email="wang@example.com", by=by, at=now)
    return inviting.let_out(request, by=by, at=now)


def codes(act) -> list[str]:
    with pytest.raises(Refusal) as refused:
        act()
    return [reason.code for reason in refused.value.reasons]


def test_an_invitation_accepted_becomes_a_membership(head, invited, now):
    link = invite(head, now)
    membership = inviting.accept(link.request, link.token, by=invited, at=now)
    assert (membership.organisation, membership.role, membership.since) == (
        head.organisation,
        Role.EMPLOYER_CLERK,
        now.date(),
    )
    steps = Entry.objects.filter(subject_type="entrance.MembershipRequest").order_by("pk")
    assert list(steps.values_list("step", "after")) == [
        ("propose", "proposed"),
        ("invite", "invited"),
        ("accept", "accepted"),
    ]


def test_the_link_is_stored_nowhere_and_works_once(head, invited, now):
    link = invite(head, now)
    assert link.token not in str(MembershipRequest.objects.values().get())
    assert link.token not in str(list(Entry.objects.values_list("facts", flat=True)))
    inviting.accept(link.request, link.token, by=invited, at=now)
    with pytest.raises(StepNotOpen):
        inviting.accept(link.request, link.token, by=invited, at=now)


def test_a_wrong_link_another_name_and_no_document_are_told(head, now):
    stranger = accounts.acting_personally(accounts.person(full_name="李四"))
    link = invite(head, now)
    assert codes(lambda: inviting.accept(link.request, "guessed", by=stranger, at=now)) == [
        "link_is_right",
        "name_is_the_invited",
        "identity_is_verified",
    ]
    assert not Membership.objects.filter(person=stranger.person).exists()


def test_after_seven_days_the_invitation_has_lapsed(head, invited, now):
    link = invite(head, now)
    late = now + inviting.VALID_FOR + dt.timedelta(seconds=1)
    with pytest.raises(StepNotOpen, match="已过期"):
        inviting.accept(link.request, link.token, by=invited, at=late)
    assert MembershipRequest.objects.get().state == RequestState.LAPSED


def test_at_the_very_end_of_its_time_it_is_over(head, invited, now):
    link = invite(head, now)
    end = now + inviting.VALID_FOR
    assert codes(lambda: inviting.accept(link.request, link.token, by=invited, at=end)) == ["in_time"]


def test_a_withdrawn_invitation_is_dead(head, invited, now, visit, at):
    at(now)
    link = invite(head, now)
    page = visit(head).post(
        reverse("entrance:withdraw", args=[link.request.code]), {"note": "写错了", "_key": new_key()}
    )
    assert page.status_code == 302
    with pytest.raises(StepNotOpen):
        inviting.accept(link.request, link.token, by=invited, at=now)


@pytest.mark.rule("R-001")
@pytest.mark.parametrize("role", sorted(NEEDS_FOUR_EYES - {Role.DISTRICT_LEAD}))
def test_a_role_of_the_bureau_takes_two_leads(actor, invited, now, role):
    first = actor(Role.BUREAU_LEAD)
    second = actor(Role.BUREAU_LEAD, at=first.organisation)
    request = inviting.propose(first.organisation, role=Role(role), full_name="王小明", email="", by=first, at=now)
    assert codes(lambda: inviting.let_out(request, by=first, at=now)) == ["second_pair_of_eyes"]
    link = inviting.let_out(request, by=second, at=now)
    assert inviting.accept(link.request, link.token, by=invited, at=now).role == role


@pytest.mark.rule("R-001")
def test_who_proposed_or_approved_cannot_be_the_one(actor, now):
    first = actor(Role.BUREAU_LEAD)
    second = actor(Role.BUREAU_LEAD, at=first.organisation)
    accounts.document(second.person)
    request = inviting.propose(
        first.organisation, role=Role.AUDITOR, full_name=second.person.full_name, email="", by=first, at=now
    )
    link = inviting.let_out(request, by=second, at=now)
    own = accounts.acting_personally(second.person)
    assert codes(lambda: inviting.accept(link.request, link.token, by=own, at=now)) == ["nobody_admits_themselves"]


def test_only_a_lead_invites_and_only_to_roles_of_the_kind(actor, head, now):
    clerk = actor(Role.EMPLOYER_CLERK, at=head.organisation)
    stranger = actor(Role.EMPLOYER_HEAD)
    for by in (clerk, stranger):
        with pytest.raises(StepNotPermitted):
            inviting.propose(head.organisation, role=Role.EMPLOYER_CLERK, full_name="王小明", email="", by=by, at=now)
    assert codes(
        lambda: inviting.propose(
            head.organisation, role=Role.BUREAU_LEAD, full_name="王小明", email="", by=head, at=now
        )
    ) == ["role_unknown"]


def test_ending_takes_effect_at_once_and_is_written(actor, head, now):
    clerk = actor(Role.EMPLOYER_CLERK, at=head.organisation)
    membership = Membership.objects.get(person=clerk.person)
    inviting.end(membership, by=head, at=now, note="离职")
    assert not Membership.objects.in_force(now.date()).filter(person=clerk.person).exists()
    assert Membership.objects.in_force(now.date() - dt.timedelta(days=1)).filter(person=clerk.person).exists()
    entry = Entry.objects.get(step="end")
    assert (entry.note, entry.facts) == ("离职", {"role": "employer_clerk", "person": clerk.person.code})
    assert codes(lambda: inviting.end(membership, by=head, at=now)) == ["membership_ended"]


def test_the_last_lead_stays(head, now):
    own = Membership.objects.get(person=head.person)
    assert codes(lambda: inviting.end(own, by=head, at=now)) == ["last_lead"]


def test_an_ended_member_can_be_invited_again(actor, head, invited, now):
    first = invite(head, now)
    membership = inviting.accept(first.request, first.token, by=invited, at=now)
    inviting.end(membership, by=head, at=now)
    again = invite(head, now)
    inviting.accept(again.request, again.token, by=invited, at=now)
    assert Membership.objects.in_force(now.date()).filter(person=invited.person).count() == 1


def test_the_pages_from_invitation_to_membership(visit, head, invited, at, now, django_capture_on_commit_callbacks):  # noqa: PLR0917 - fixtures
    at(now)
    told = {"role": "employer_clerk", "full_name": "王小明", "email": "wang@example.com", "_key": new_key()}
    browser = visit(head)
    with django_capture_on_commit_callbacks(execute=True):
        page = browser.post(reverse("entrance:propose", args=[head.organisation.code]), told, follow=True)
    link = re.search(r"http://testserver(/account/invitations/\S+?/\S+?/)", mail.outbox[0].body).group(1)
    assert link in page.content.decode()
    assert link not in browser.get(reverse("entrance:members", args=[head.organisation.code])).content.decode()
    guest = visit(invited)
    assert head.organisation.name in guest.get(link).content.decode()
    assert guest.post(link, {"_key": new_key()}).url == reverse("entrance:switch")
    assert guest.get(link).status_code == 404
    members = browser.get(reverse("entrance:members", args=[head.organisation.code])).content.decode()
    assert "王小明" in members


def test_a_link_asks_the_unknown_to_log_in_first(browser, head, now):
    link = invite(head, now)
    address = reverse("entrance:accept", args=[link.request.code, link.token])
    assert browser.get(address).url.startswith(reverse("account_login"))


def test_the_proposal_of_a_colleague_waits_on_the_desk(visit, actor, now, at):
    at(now)
    first = actor(Role.BUREAU_LEAD)
    second = actor(Role.BUREAU_LEAD, at=first.organisation)
    told = {"role": "auditor", "full_name": "王小明", "email": "", "_key": new_key()}
    page = visit(first).post(reverse("entrance:propose", args=[first.organisation.code]), told, follow=True)
    assert "须由另一名负责人批准" in page.content.decode()
    assert "待批准的单位人员" in visit(second).get(reverse("web:desk")).content.decode()
    request = MembershipRequest.objects.get()
    answer = visit(second).post(
        reverse("entrance:invite", args=[request.code]), {"note": "同意", "_key": new_key()}, follow=True
    )
    assert "只显示这一次" in answer.content.decode()
    request = MembershipRequest.objects.get()
    assert (request.state, request.approved_by) == (RequestState.INVITED, second.person)


def test_members_of_others_are_not_found(visit, actor, head):
    other = actor(Role.EMPLOYER_HEAD)
    assert visit(other).get(reverse("entrance:members", args=[head.organisation.code])).status_code == 404
    assert (
        visit(actor(Role.BUREAU_LEAD)).get(reverse("entrance:members", args=[head.organisation.code])).status_code
        == 200
    )


def test_ending_on_the_page_asks_for_the_reason(visit, actor, head):
    clerk = actor(Role.EMPLOYER_CLERK, at=head.organisation)
    address = reverse("entrance:end", args=[head.organisation.code, clerk.person.code, "employer_clerk"])
    assert visit(head).post(address, {"note": "", "_key": new_key()}).status_code == 200
    assert visit(head).post(address, {"note": "离职", "_key": new_key()}).status_code == 302
    assert visit(head).get(address).status_code == 404


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_many(visit, actor, head, people, django_assert_max_num_queries):
    for _ in range(people):
        actor(Role.EMPLOYER_CLERK, at=head.organisation)
    browser = visit(head)
    browser.get(reverse("entrance:members", args=[head.organisation.code]))
    with django_assert_max_num_queries(12):
        browser.get(reverse("entrance:members", args=[head.organisation.code]))


def test_the_kinds_without_a_lead_of_their_own_are_staffed_by_the_bureau(actor, invited, now):
    lead = actor(Role.BUREAU_LEAD)
    place = accounts.organisation(OrganisationKind.INDUSTRY)
    request = inviting.propose(place, role=Role.INDUSTRY_OFFICER, full_name="王小明", email="", by=lead, at=now)
    link = inviting.let_out(request, by=lead, at=now)
    assert inviting.accept(link.request, link.token, by=invited, at=now).organisation == place


def test_refused_steps_are_step_refusals(head, invited, now):
    link = invite(head, now)
    with pytest.raises(StepRefused):
        inviting.accept(link.request, "guessed", by=invited, at=now)


@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_end_each_other_at_once_one_stays(actor, now):
    first = actor(Role.EMPLOYER_HEAD)
    second = actor(Role.EMPLOYER_HEAD, at=first.organisation)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def end(by, whom) -> None:
        membership = Membership.objects.get(person=whom.person)
        start.wait()
        try:
            inviting.end(membership, by=by, at=now)
            outcomes.append("ended")
        except Refusal as refusal:
            outcomes.append(refusal.reasons[0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=end, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["ended", "last_lead"]
    assert Membership.objects.in_force(now.date()).count() == 1
