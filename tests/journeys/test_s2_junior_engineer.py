"""Scenario S2: a junior engineer under a district's authority, without a defence, from log-in to the certificate."""

import pytest

from applications.domain import lookups
from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind
from portal.shared import clock
from review.models import Defence
from tests.fixtures.sandbox import Sandbox, unit
from tests.journeys import outcome
from tests.journeys.committee import Room
from tests.journeys.lives import Life, day, entry, registered
from tests.journeys.results import Bureau, is_listed, reports
from tests.journeys.walking import on, page

pytestmark = [pytest.mark.django_db, pytest.mark.journey, pytest.mark.usefixtures("year")]


def zhao_submits() -> Life:
    """Zhao, insured in Fengtai, is offered the Fengtai junior committee alone; Haidian's by URL is refused."""
    fengtai, haidian = entry("建筑", "assistant", "110106"), entry("建筑", "assistant", "110108")
    assert haidian.committee is not None
    zhao = Life(registered("赵明珂"), fengtai, since="2022-08")
    zhao.person.sees(page("applications:eligibility", fengtai.code))
    lookups.run_due(at=clock.now())
    offered = zhao.person.sees(page("applications:choose") + "?q=建筑&level=assistant", "丰台区")
    assert haidian.committee.name not in offered
    zhao.person.is_refused(page("applications:eligibility", haidian.code), "R-035", "丰台", begin="1")
    zhao.is_submitted()
    employer = Organisation.objects.get(credit_code=unit("北京丰远建设工程有限公司")["credit_code"])
    assert (employer.kind, employer.district) == (OrganisationKind.EMPLOYER, "110106")
    assert zhao.application.employer == employer
    return zhao


@pytest.mark.rule("R-034", "R-035", "R-072", "R-096", "R-100", "R-106", "R-112", "R-121", "R-122", "R-123", "A-43")
def test_s2_a_junior_engineer_holds_a_certificate_without_a_defence(sandbox: Sandbox) -> None:
    # Submits 13 Jul
    on("Mon 13 Jul")
    zhao = zhao_submits()
    assert zhao.state == "submitted"

    # Posted Wed 15 Jul → ends Wed 22 Jul; recommended 23 Jul
    on("Wed 15 Jul")
    zhao.is_posted()
    assert zhao.clerk.sees_counted(page("publicity:own_notice", zhao.notice.code)) == "16 17 20 21 22 Jul"
    on("Wed 22 Jul 23:59")
    zhao.cannot_be_recommended("公示")
    on("Wed 22 Jul 24:00")
    assert zhao.recommendation.state == "publicised"
    on("Thu 23 Jul")
    zhao.is_recommended()
    assert zhao.state == "recommended"

    # Fengtai HRSS passes Fri 4 Sep, 200 CNY due Fri 11 Sep
    on("Fri 4 Sep")
    assert "丰台区" in zhao.review.agency.name
    zhao.is_passed_by_the_agency()
    zhao.sees("200", "9月11日", "24:00")

    # Paid 7 Sep → directly ready for the committee, no Defence object
    on("Mon 7 Sep")
    zhao.pays(sandbox)
    assert zhao.state == "ready_for_committee"
    assert not Defence.objects.filter(application=zhao.application).exists()

    # Committee of 9 on Wed 16 Sep, 8 present, 6 agree: 18 ≥ 16 pass; members write where no panel heard
    on("Tue 8 Sep")
    room = Room(zhao.row.committee, experts=9, size=9)
    room.convenes(day("Wed 16 Sep"), [zhao])
    on("Wed 16 Sep 09:00")
    room.opens(present=8)
    room.chair.is_refused(page("review:item_present", room.item(zhao).code), "书面意见")
    room.writes(zhao)
    voted = room.votes(zhao, agree=6, against=2)
    assert (voted.state, voted.present_for_item) == ("decided_pass", 8)
    room.signs()
    assert zhao.state == "voted_pass"

    # Reported 17 Sep; accepted and posted Mon 21 Sep → counts 22, 23, 24, 28, 29 (Mid-Autumn 25–27 skipped)
    on("Thu 17 Sep")
    batch = reports(room.clerk, room.session)
    on("Mon 21 Sep")
    bureau = Bureau()
    bureau.accepts(batch)
    notice = bureau.publicises(batch)
    assert is_listed(bureau.public, zhao)
    assert bureau.public.sees_counted(page("publicity:notice", notice.code)) == "22 23 24 28 29 Sep"

    # Ends Tue 29 Sep; certificate Wed 30 Sep
    on("Tue 29 Sep 23:59")
    bureau.sees(batch, "公示中")
    assert zhao.state == "in_result_notice"
    on("Wed 30 Sep")
    bureau.sees(batch, "公示已办结")
    assert zhao.state == "cleared"
    outcome.certifies(bureau, batch)
    assert (zhao.state, outcome.of(zhao).issued_on) == ("certified", day("Wed 30 Sep"))
    outcome.downloads(zhao)
    outcome.is_verified(zhao)
