"""Organisations: name and code as the register has them, confirmed before anybody acts for them."""

import pytest
from django.urls import reverse

from portal.accounts.districts import District
from portal.accounts.models import Membership, Organisation
from portal.accounts.queries import actor_of
from portal.accounts.roles import OrganisationKind, Role
from portal.entrance.domain import admitting, inviting
from portal.entrance.models import MembershipRequest
from portal.http.once import new_key
from portal.shared.errors import Refusal, StepNotPermitted
from tests.factories import accounts
from tests.fixtures.sandbox import unit

YUNHENG = "北京云衡电子有限公司"
K = OrganisationKind


@pytest.fixture
def claimant(person):
    return accounts.acting_personally(person)


@pytest.fixture
def office(actor):
    place = accounts.organisation(K.DISTRICT, district=District.HAIDIAN)
    return actor(Role.DISTRICT_CLERK, at=place)


def claim(by, at, name=YUNHENG, kind=K.EMPLOYER, code=None) -> MembershipRequest:
    return admitting.claim(code or unit(name)["credit_code"], name, kind, district=District.HAIDIAN, by=by, at=at)


def codes(act) -> list[str]:
    with pytest.raises(Refusal) as refused:
        act()
    return [reason.code for reason in refused.value.reasons]


@pytest.mark.rule("R-013", "R-050")
def test_a_claim_opens_the_organisation_when_its_district_confirms(sandbox, claimant, office, now):
    request = claim(claimant, now)
    organisation = request.organisation
    assert (organisation.name, organisation.is_active, organisation.checked_at) == (YUNHENG, False, now)
    assert actor_of(claimant.person, organisation.code, on=now.date()).acts_personally
    membership = inviting.confirm(request, by=office, at=now)
    assert (membership.person, membership.role) == (claimant.person, Role.EMPLOYER_HEAD)
    assert actor_of(claimant.person, organisation.code, on=now.date()).roles == {Role.EMPLOYER_HEAD}


def test_name_and_code_must_be_those_of_the_register(sandbox, claimant, now):
    code = unit(YUNHENG)["credit_code"]
    assert codes(lambda: claim(claimant, now, name="北京云衡有限公司", code=code)) == ["organisation_not_matched"]
    assert codes(lambda: claim(claimant, now, code=code[:-1] + "0")) == ["credit_code_check"]
    assert not Organisation.objects.filter(credit_code=code).exists()


def test_width_and_spaces_of_the_name_do_not_count(sandbox, claimant, now):
    code = unit(YUNHENG)["credit_code"]
    assert claim(claimant, now, name="北京云衡电子 有限公司", code=code.lower()).organisation.name == YUNHENG


def test_an_organisation_that_is_gone_is_refused(sandbox, claimant, now):
    assert codes(lambda: claim(claimant, now, name="北京昌盛旧业有限公司")) == ["organisation_gone"]


def test_a_company_is_no_association(sandbox, claimant, now):
    assert codes(lambda: claim(claimant, now, kind=K.ASSOCIATION)) == ["kind_not_matched"]
    assert claim(claimant, now, name="北京动漫游戏产业协会", kind=K.ASSOCIATION).role == Role.ASSOCIATION_HEAD


@pytest.mark.parametrize("kind", [K.AGENCY, K.BUREAU, K.DISTRICT, K.INDUSTRY, K.COMPETENT])
def test_authorities_and_agencies_are_not_claimed(sandbox, claimant, now, kind):
    with pytest.raises(StepNotPermitted):
        claim(claimant, now, kind=kind)


@pytest.mark.rule("A-46")
def test_a_register_that_is_down_blocks_nobody_and_is_shown_to_who_confirms(sandbox, claimant, office, now, visit):
    sandbox.set("organisations", "dead")
    assert claim(claimant, now).organisation.checked_at is None
    assert "未能核对，请查验登记证照" in visit(office).get(reverse("entrance:organisations")).content.decode()


def test_a_second_claim_of_the_same_person_is_the_first_one(sandbox, claimant, now):
    assert claim(claimant, now) == claim(claimant, now)


def test_an_organisation_at_work_is_joined_by_invitation_only(sandbox, claimant, office, now):
    inviting.confirm(claim(claimant, now), by=office, at=now)
    late = accounts.acting_personally(accounts.person())
    assert codes(lambda: claim(late, now)) == ["organisation_registered"]


def test_another_district_and_the_claimant_cannot_confirm(sandbox, claimant, actor, now, visit):
    request = claim(claimant, now)
    elsewhere = actor(Role.DISTRICT_LEAD, at=accounts.organisation(K.DISTRICT, district=District.XICHENG))
    with pytest.raises(StepNotPermitted):
        inviting.confirm(request, by=elsewhere, at=now)
    assert visit(elsewhere).get(reverse("entrance:confirm", args=[request.code])).status_code == 404
    lead = actor(Role.BUREAU_LEAD)
    Membership.objects.create(
        person=claimant.person, organisation=lead.organisation, role=Role.BUREAU_LEAD, since=accounts.SINCE
    )
    own = actor_of(claimant.person, lead.organisation.code, on=now.date())
    assert codes(lambda: inviting.confirm(request, by=own, at=now)) == ["not_for_oneself"]


def test_the_pages_from_claim_to_confirmation(sandbox, claimant, office, visit, at, now):  # noqa: PLR0917 - fixtures come by name
    at(now)
    told = {
        "kind": "employer",
        "credit_code": unit(YUNHENG)["credit_code"],
        "name": YUNHENG,
        "district": District.HAIDIAN,
        "_key": new_key(),
    }
    assert visit(claimant).post(reverse("entrance:claim"), told).url == reverse("entrance:profile")
    desk = visit(office)
    assert "待核准的单位登记" in desk.get(reverse("web:desk")).content.decode()
    request = MembershipRequest.objects.get()
    answer = desk.post(reverse("entrance:confirm", args=[request.code]), {"note": "已查验", "_key": new_key()})
    assert answer.url == reverse("entrance:organisations")
    assert Membership.objects.get(person=claimant.person).organisation.name == YUNHENG


def test_a_refused_claim_leaves_the_organisation_closed(sandbox, claimant, office, visit, now):
    request = claim(claimant, now)
    visit(office).post(reverse("entrance:refuse", args=[request.code]), {"note": "无授权", "_key": new_key()})
    request = MembershipRequest.objects.get()
    assert (request.state, request.organisation.is_active) == ("refused", False)


@pytest.mark.rule("R-001", "R-003")
def test_the_bureau_registers_agencies_and_nobody_else_does(sandbox, actor, claimant, visit, now):
    institute = unit("北京市方志文献馆")
    told = (institute["credit_code"], institute["name"], K.AGENCY)
    with pytest.raises(StepNotPermitted):
        admitting.admit(*told, district="", by=claimant, at=now)
    lead = actor(Role.BUREAU_LEAD)
    assert admitting.admit(*told, district=District.DONGCHENG, by=lead, at=now).is_active
    assert codes(lambda: admitting.admit(*told, district="", by=lead, at=now)) == ["organisation_registered"]
    assert visit(actor(Role.BUREAU_CLERK)).get(reverse("entrance:admit")).status_code == 403
    assert visit(lead).get(reverse("entrance:admit")).status_code == 200
