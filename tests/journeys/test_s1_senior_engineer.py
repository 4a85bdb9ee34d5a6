"""Scenario S1: a senior engineer on the happy path, from log-in to the certificate that anybody can verify."""

import pytest

from portal.accounts.models import Person
from tests.fixtures.sandbox import Sandbox
from tests.journeys import outcome
from tests.journeys.committee import Room
from tests.journeys.hearing import Hearing
from tests.journeys.lives import Life, day, entry
from tests.journeys.results import Bureau, is_listed, reports
from tests.journeys.walking import Walker, on, page

pytestmark = [pytest.mark.django_db, pytest.mark.journey, pytest.mark.usefixtures("year")]


@pytest.mark.rule("R-063", "R-069", "R-071", "R-072", "R-073", "R-076", "R-077")
@pytest.mark.rule("R-096", "R-100", "R-101", "R-105", "R-107", "R-112", "A-03")
@pytest.mark.rule("R-120", "R-121", "R-122", "R-123", "R-124", "R-125", "R-126", "A-05", "A-06")
def test_s1_a_senior_engineer_holds_a_certificate(sandbox: Sandbox) -> None:
    lin, agency = s1_as_far_as_the_committee(sandbox)

    # Thu 24 Sep: committee of 11; 10 present (3×10 ≥ 2×11); 9 agree, 1 against: 27 ≥ 20
    on("Mon 21 Sep")
    room = Room(lin.row.committee, experts=13, size=11, clerk=agency)
    room.convenes(day("Thu 24 Sep"), [lin])
    assert lin.state == "on_agenda"
    on("Thu 24 Sep 09:00")
    room.opens(present=10)
    voted = room.votes(lin, agree=9, against=1)
    assert (voted.state, voted.present_for_item, voted.not_cast) == ("decided_pass", 10, 0)
    room.signs()
    assert lin.state == "voted_pass"
    assert "表决" not in lin.sees("评审委员会评审中")  # secret until acceptance

    s1_after_the_vote(lin, room)


def s1_as_far_as_the_committee(sandbox: Sandbox) -> tuple[Life, Walker]:
    """From log-in to the committee's door, with the agency's clerk: checked, paid and heard."""
    lin = s1_as_far_as_the_agency()
    agency = Walker.logs_in("agency-clerk")

    # Wed 19 Aug: the agency passes; 700 CNY due by Wed 26 Aug 24:00
    on("Wed 19 Aug")
    lin.is_passed_by_the_agency(agency, Walker.logs_in("agency-lead"))
    assert lin.state == "review_passed"
    lin.sees("700", "8月26日", "24:00")

    # Fri 21 Aug: pays
    on("Fri 21 Aug")
    lin.pays(sandbox)
    assert lin.state == "paid"

    # Mon 14 Sep: SMS; downloads the notice
    on("Mon 7 Sep")
    hearing = Hearing([lin], clerk=agency, day=day("Sun 20 Sep"))
    on("Mon 14 Sep")
    hearing.is_told()
    assert lin.state == "awaiting_defence"

    # Sun 20 Sep: defence on a make-up working day
    on("Sun 20 Sep 09:00")
    hearing.hears(lin)
    assert lin.state == "ready_for_committee"
    lin.sees("等评审委员会评审")
    return lin, agency


def s1_as_far_as_the_agency() -> Life:
    """The first four lines of the table: Lin and the company, from log-in to the recommendation of 21 July."""
    lin = Life(Person.objects.get(username="applicant"), entry("电子信息", "associate"))

    # Wed 8 Jul: education matched automatically, insurance shows the company, 工程师 since 2019; commitment; submits
    on("Wed 8 Jul")
    lin.begins("R-057", "硕士", "北京云衡电子有限公司", "工程师")
    lin.fills()
    lin.submits()
    lin.clerk, lin.head = Walker.logs_in("employer-clerk"), Walker.logs_in("employer-head")
    assert lin.state == "submitted"
    lin.sees("北京云衡电子有限公司")
    assert "7月29日" in lin.told_of("applications.submitted")  # the last safe day to post

    # Mon 13 Jul: the employer posts the notice
    on("Mon 13 Jul")
    lin.is_posted()
    assert lin.recommendation.state == "publicising"
    assert lin.clerk.sees_counted(page("publicity:own_notice", lin.notice.code)) == "14 15 16 17 20 Jul"

    # Mon 20 Jul 24:00: ends clean
    on("Mon 20 Jul 23:59")
    assert lin.recommendation.state == "publicising"
    lin.cannot_be_recommended("公示")
    on("Mon 20 Jul 24:00")
    assert lin.recommendation.state == "publicised"

    # Tue 21 Jul: opinion and assessment result
    on("Tue 21 Jul")
    lin.is_recommended()
    assert lin.state == "recommended"
    lin.sees("已推荐")
    return lin


def s1_after_the_vote(lin: Life, room: Room) -> None:
    """The second half of the table: from the report of 28 September to the certificate of 14 October."""
    # Mon 28 Sep: results reported; the promise clock starts
    on("Mon 28 Sep")
    batch = reports(room.clerk, room.session)
    bureau = Bureau()
    bureau.clerk, bureau.lead = Walker.logs_in("bureau-clerk"), Walker.logs_in("bureau-lead")

    # Wed 30 Sep: accepted; the city posts the list the same day
    on("Wed 30 Sep")
    assert not is_listed(bureau.public, lin)
    bureau.accepts(batch)
    assert lin.state == "accepted"
    notice = bureau.publicises(batch)
    assert lin.state == "in_result_notice"
    assert is_listed(bureau.public, lin)
    lin.sees("评审通过，公示中")

    # Tue 13 Oct 24:00: ends; neither on 7 October inside the holiday, nor a day late for want of the make-up Saturday
    assert bureau.public.sees_counted(page("publicity:notice", notice.code)) == "8 9 10 12 13 Oct"
    for before in ("Wed 7 Oct 24:00", "Tue 13 Oct 23:59"):
        on(before)
        bureau.sees(batch, "公示中")
        assert lin.state == "in_result_notice"
    on("Tue 13 Oct 24:00")
    assert lin.state == "cleared"

    # Wed 14 Oct: certificate and result notice; promise used 3 of 20 days (29, 30 Sep, 14 Oct)
    on("Wed 14 Oct")
    bureau.sees(batch, "公示已办结", "已用 3 个工作日")
    outcome.certifies(bureau, batch)
    assert lin.state == "certified"
    certificate = outcome.of(lin)
    assert (certificate.passed_on, certificate.issued_on) == (day("Thu 24 Sep"), day("Wed 14 Oct"))
    bureau.sees(batch, "办结", "已用 3 个工作日")
    lin.sees("已取得职称证书")
    outcome.downloads(lin)
    outcome.is_verified(lin)
