"""Scenario S5: a session on a make-up Saturday, a recusal, exactly two thirds; voting on devices, and on to the certificate."""

import datetime as dt

import pytest

from portal.accounts.identifiers import Sex
from portal.accounts.models import Person
from portal.ballot.casting import Choice
from portal.workdays.queries import calendar_in_force
from review.enums.defending import Relation
from tests.factories import sessions
from tests.fixtures.sandbox import Sandbox
from tests.journeys import outcome
from tests.journeys.devices import DeviceRoom
from tests.journeys.lives import Life, day
from tests.journeys.results import Bureau, is_listed, reports
from tests.journeys.test_s1_senior_engineer import s1_as_far_as_the_committee
from tests.journeys.walking import Walker, on, page

pytestmark = [pytest.mark.django_db, pytest.mark.journey, pytest.mark.usefixtures("year")]
AGREE, AGAINST, ABSTAIN = Choice.AGREE, Choice.AGAINST, Choice.ABSTAIN


@pytest.mark.rule("R-112", "R-121", "R-122", "R-123", "R-130", "A-01", "A-02", "A-03", "A-48", "E-09")
def test_s5_exactly_two_thirds_pass_and_hold_a_certificate(sandbox: Sandbox) -> None:
    # X comes all the way from log-in; two others wait beside them at the committee's door
    x, agency = s1_as_far_as_the_committee(sandbox)
    y, z = (Life.at_the_door(one) for one in sessions.ready(x.row, 2))
    Person.objects.filter(pk__in=[y.who.person.pk, z.who.person.pk]).update(born_on=dt.date(1988, 3, 5), sex=Sex.FEMALE)

    # Session Sat 10 Oct, a working day. Drawn: 15. Checked in: 13 (39 ≥ 30)
    assert calendar_in_force().is_workday(day("Sat 10 Oct"))
    on("Mon 28 Sep")
    room = DeviceRoom(x.row.committee, experts=19, size=15, clerk=agency)
    room.convenes(day("Sat 10 Oct"), [x, y, z])
    on("Sat 10 Oct 09:00")
    room.opens(present=13)

    # Item X: one member is co-inventor → recused; present for the item 12; quorum again 3×12 ≥ 2×14
    counting = set(room.session.scrutineers.values_list("member", flat=True))
    inventor = next(one for one in sessions.ordinary(room.session) if one.is_present and one.pk not in counting)
    recusal = {"relation": Relation.CO_AUTHOR, "remark": "专利共同发明人"}
    room.member(inventor).sends(page("review:item_recuse", room.item(x).code), **recusal)

    # 8 agree, 3 against, 1 abstain → 24 ≥ 24 → pass; a strict ">" would have failed it
    voted = room.decides(x, [AGREE] * 8 + [AGAINST] * 3 + [ABSTAIN])
    assert (voted.agree, voted.against, voted.abstain, voted.not_cast) == (8, 3, 1, 0)
    assert (voted.state, voted.present_for_item) == ("decided_pass", 12)
    assert 3 * voted.agree == 2 * voted.present_for_item
    assert inventor not in room.roll(x)

    # Item Y: 13 present, 8 agree → 24 < 26 → fail (9 needed); nobody votes twice
    voted = room.decides(y, [AGREE] * 8 + [AGAINST] * 5)
    assert (voted.state, voted.present_for_item) == ("decided_fail", 13)
    status, problem = room.casts(y, room.roll(y)[-1], AGREE)
    assert (status, problem["reasons"][0]["code"]) == (409, "cast_already")

    # Item Z: 9 of 13 agree → 27 ≥ 26; what was not cast does not agree, and comes too late
    voted = room.decides(z, [AGREE] * 9)
    assert (voted.state, voted.not_cast) == ("decided_pass", 4)
    status, problem = room.casts(z, room.roll(z)[-1], AGREE)
    assert (status, problem["reasons"][0]["code"]) == (409, "vote_closed")
    room.signs()
    assert (x.state, y.state, z.state) == ("voted_pass", "voted_fail", "voted_pass")
    assert "未通过" in room.clerk.sees(page("review:session_count_sheet", room.session.code), "12", "13")
    s5_after_the_vote(room, x, y, z)


def s5_after_the_vote(room: DeviceRoom, x: Life, y: Life, z: Life) -> None:
    """From the report of 12 October to the certificates of the 26th; whoever failed learns it with the acceptance."""
    # Reported Mon 12 Oct
    on("Mon 12 Oct")
    batch, bureau = reports(room.clerk, room.session), Bureau()
    assert "未通过" not in y.sees("评审委员会评审中")

    # Accepted and posted Fri 16 Oct → ends Fri 23 Oct
    on("Fri 16 Oct")
    bureau.accepts(batch)
    assert (x.state, y.state, z.state) == ("accepted", "not_passed", "accepted")
    assert "15个工作日" in y.told_of("review.result_not_passed")
    y.sees("复查")
    notice = bureau.publicises(batch)
    assert bureau.public.sees_counted(page("publicity:notice", notice.code)) == "19 20 21 22 23 Oct"
    assert (is_listed(bureau.public, x), is_listed(bureau.public, y)) == (True, False)
    on("Fri 23 Oct 23:59")
    assert x.state == "in_result_notice"
    on("Fri 23 Oct 24:00")
    assert x.state == "cleared"

    # Certificate Mon 26 Oct
    on("Mon 26 Oct")
    outcome.certifies(bureau, batch)
    assert (x.state, y.state, z.state) == ("certified", "not_passed", "certified")
    assert (outcome.of(x).passed_on, outcome.of(x).issued_on) == (day("Sat 10 Oct"), day("Mon 26 Oct"))
    outcome.downloads(x)
    outcome.is_verified(x)
    y.person.sees(page("certificates:own"))
    assert not y.letters("certificates.issued")
    assert Walker().client.get(page("certificates:mine", outcome.of(x).code)).status_code in {302, 403, 404}
