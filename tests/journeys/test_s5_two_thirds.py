"""Scenario S5: a session on a make-up Saturday, a recusal, exactly two thirds; voting on devices, and on to the certificate."""

import pytest

from portal.accounts.models import Person
from portal.ballot.casting import Choice
from portal.workdays.queries import calendar_in_force
from review.enums.defending import Relation
from tests.factories import sessions
from tests.fixtures.sandbox import Sandbox
from tests.journeys import outcome
from tests.journeys.devices import DeviceRoom
from tests.journeys.hearing import go_to_the_committee
from tests.journeys.lives import Life, day, entry, registered
from tests.journeys.results import Bureau, is_listed, reports
from tests.journeys.walking import Walker, on, page

pytestmark = [pytest.mark.django_db, pytest.mark.journey, pytest.mark.usefixtures("year")]
AGREE, AGAINST, ABSTAIN = Choice.AGREE, Choice.AGAINST, Choice.ABSTAIN


@pytest.mark.rule("R-112", "R-121", "R-122", "R-123", "R-130", "A-01", "A-02", "A-03", "A-48", "E-09")
def test_s5_exactly_two_thirds_pass_and_hold_a_certificate(sandbox: Sandbox) -> None:
    x, y, z = s5_as_far_as_the_committee(sandbox)

    # Session Sat 10 Oct, a working day. Drawn: 15. Checked in: 13 (39 ≥ 30)
    assert calendar_in_force().is_workday(day("Sat 10 Oct"))
    on("Mon 28 Sep")
    room = DeviceRoom(x.row.committee, experts=19, size=15, clerk=x.checker)
    room.convenes(day("Sat 10 Oct"), [x, y, z])
    assert len(sessions.members(room.session)) == 15
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


def s5_as_far_as_the_committee(sandbox: Sandbox) -> list[Life]:
    """X and two others of the same company, each from log-in to the committee's door."""
    people = (Person.objects.get(username="applicant"), registered("何雨桐"), registered("宋佳宁"))
    lives = [Life(person, entry("电子信息", "associate")) for person in people]
    for when, step in (
        ("Wed 8 Jul", Life.is_submitted),
        ("Mon 13 Jul", Life.is_posted),
        ("Tue 21 Jul", Life.is_recommended),
    ):
        on(when)
        for life in lives:
            step(life)
    go_to_the_committee(lives, sandbox, (Walker.logs_in("agency-clerk"), Walker.logs_in("agency-lead")))
    assert {life.state for life in lives} == {"ready_for_committee"}
    return lives


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
    assert y.person.sees_counted(page("redress:ask", y.code)) == "19 20 21 22 23 26 27 28 29 30 Oct 2 3 4 5 6 Nov"
    notice = bureau.publicises(batch)
    assert bureau.public.sees_counted(page("publicity:notice", notice.code)) == "19 20 21 22 23 Oct"
    assert [is_listed(bureau.public, one) for one in (x, y, z)] == [True, False, True]
    on("Fri 23 Oct 23:59")
    assert x.state == "in_result_notice"
    on("Fri 23 Oct 24:00")
    assert x.state == "cleared"

    # Certificate Mon 26 Oct
    on("Mon 26 Oct")
    outcome.certifies(bureau, batch)
    assert (x.state, y.state, z.state) == ("certified", "not_passed", "certified")
    for passed in (x, z):
        assert (outcome.of(passed).passed_on, outcome.of(passed).issued_on) == (day("Sat 10 Oct"), day("Mon 26 Oct"))
        outcome.downloads(passed)
        outcome.is_verified(passed)
    y.person.sees(page("certificates:own"))
    assert not y.letters("certificates.issued")
    assert Walker().client.get(page("certificates:mine", outcome.of(x).code)).status_code in {302, 403, 404}
