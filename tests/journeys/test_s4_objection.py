"""Scenario S4: an objection in the employer's publicity; upheld, unfounded in time, unfounded after the window, and too late."""

import pytest

from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind, Role
from portal.integrity.models import IntegrityRecord
from portal.notifications.models import Notification
from portal.publicity.models import Objection
from tests.fixtures.sandbox import Sandbox
from tests.journeys import outcome
from tests.journeys.committee import Room
from tests.journeys.hearing import go_to_the_committee
from tests.journeys.lives import Life, day, entry, registered
from tests.journeys.results import Bureau, is_listed, reports
from tests.journeys.walking import Walker, on, page, staff_of, upload

pytestmark = [pytest.mark.django_db, pytest.mark.journey, pytest.mark.usefixtures("year")]
OBJECTION = {
    "facts": "该同志不是所列专利的发明人，请核对专利登记簿。",
    "named": "on",
    "name": "王某",
    "contact": "13900000000",
}
NOT_THE_INVENTOR = "经核实专利登记簿，本人不是该专利发明人。"
SECOND_INVENTOR = "经核实专利登记簿，本人为第二发明人。"


def sun_is_posted(name: str = "何雨桐") -> Life:
    """Sun's employer posts Thu 16 Jul → would end Thu 23 Jul 24:00."""
    sun = Life(registered(name), entry("电子信息", "associate"))
    on("Wed 15 Jul")
    sun.is_submitted()
    on("Thu 16 Jul")
    sun.is_posted()
    assert sun.clerk.sees_counted(page("publicity:own_notice", sun.notice.code)) == "17 20 21 22 23 Jul"
    return sun


def objects(sun: Life) -> Objection:
    """A named colleague, who does not log in, objects by the link of the notice, with a page of the register."""
    colleague, link = Walker(), sun.notice.access_code
    colleague.sees(page("publicity:link_notice", link), sun.full_name, "提出异议")
    colleague.sends(page("publicity:link_object", link, 1), **OBJECTION, evidence=upload("登记簿.pdf"))
    return Objection.objects.get(line__notice=sun.notice)


def objector_is_told() -> list[str]:
    """Return what went to people without an account, oldest first."""
    return list(Notification.objects.filter(outside=True).order_by("pk").values_list("kind", flat=True))


@pytest.mark.rule("A-08", "R-071", "R-131")
def test_s4_an_objection_is_upheld() -> None:
    sun = sun_is_posted()

    # Wed 22 Jul 16:40: a named colleague objects; hold=objection; handling limit Wed 5 Aug
    on("Wed 22 Jul 16:40")
    objection = objects(sun)
    assert (sun.state, sun.application.hold, sun.recommendation.state) == ("with_employer", "objection", "held")
    sun.head.sees(page("publicity:objection", objection.code), "8月5日", OBJECTION["facts"], "异议材料-1.pdf")
    assert OBJECTION["name"] not in sun.sees("异议")
    sun.head.sends(page("publicity:accept", objection.code))

    # The notice ends on 23 Jul for the record; the recommendation stays blocked
    on("Thu 23 Jul 23:59")
    assert sun.notice.state == "posted"
    on("Thu 23 Jul 24:00")
    assert (sun.notice.state, sun.recommendation.state) == ("ended", "held")
    sun.cannot_be_recommended("异议")

    # Thu 30 Jul: employer head decides founded, fatal; the objector is answered; suspicion of fraud opens a record
    on("Thu 30 Jul")
    told = {"answer": NOT_THE_INVENTOR, "suspects_fraud": "on"}
    sun.clerk.is_refused(page("publicity:find_fatal", objection.code), **told)
    assert sun.state == "with_employer"
    sun.head.sends(page("publicity:find_fatal", objection.code), **told)
    assert (sun.state, sun.application.hold, sun.recommendation.state) == ("not_recommended", "none", "refused")
    sun.sees(NOT_THE_INVENTOR)
    assert "15个工作日" in sun.told_of("applications.not_recommended")
    assert objector_is_told() == ["publicity.objector_accepted", "publicity.objector_answered"]
    record = IntegrityRecord.objects.get(person=sun.who.person)
    assert (record.state, record.source) == ("opened", "objection")
    bureau = Organisation.objects.get(kind=OrganisationKind.BUREAU)
    Walker(staff_of(bureau, Role.BUREAU_CLERK)).sees(page("integrity:record", record.code), OBJECTION["facts"])


@pytest.mark.rule("A-08", "A-34", "R-025", "R-123")
def test_s4_variants_a_and_b_unfounded_and_on_to_the_certificate(sandbox: Sandbox) -> None:
    a, b = sun_is_posted("何雨桐"), sun_is_posted_too("宋佳宁")
    on("Wed 22 Jul 16:40")
    against_a, against_b = objects(a), objects(b)
    for sun, objection in ((a, against_a), (b, against_b)):
        sun.head.sends(page("publicity:accept", objection.code))

    # (b) extended once to Wed 19 Aug
    on("Tue 4 Aug")
    b.head.sends(page("publicity:extend", against_b.code), reason="需要向专利登记机关核实。")
    b.head.sees(page("publicity:objection", against_b.code), "8月19日")
    b.head.is_refused(page("publicity:extend", against_b.code), reason="仍需核实。")

    # (a) unfounded on Wed 5 Aug → recommended Thu 6 Aug, last day
    on("Wed 5 Aug")
    a.head.sends(page("publicity:find_unfounded", against_a.code), answer=SECOND_INVENTOR)
    assert (a.application.hold, a.recommendation.state) == ("none", "publicised")
    on("Thu 6 Aug 23:59")
    a.is_recommended()
    assert a.state == "recommended"

    # (b) closed unfounded on Wed 12 Aug → the window is over, but the grace runs to Mon 17 Aug
    on("Wed 12 Aug")
    assert b.state == "with_employer"
    b.head.sends(page("publicity:find_unfounded", against_b.code), answer=SECOND_INVENTOR)
    b.head.sees(page("applications:file", b.recommendation.code), "8月17日")
    on("Mon 17 Aug 23:59")
    b.is_recommended()
    assert b.state == "recommended"
    go_on_to_the_certificate([a, b], sandbox)


@pytest.mark.rule("A-34")
def test_s4_variant_b_lapses_after_the_grace() -> None:
    """Counter-test: nobody signs by Mon 17 Aug 24:00."""
    sun = sun_is_posted()
    on("Wed 22 Jul 16:40")
    objection = objects(sun)
    sun.head.sends(page("publicity:accept", objection.code))
    on("Tue 4 Aug")
    sun.head.sends(page("publicity:extend", objection.code), reason="需要向专利登记机关核实。")
    on("Wed 12 Aug")
    sun.head.sends(page("publicity:find_unfounded", objection.code), answer=SECOND_INVENTOR)
    on("Mon 17 Aug 23:59")
    assert sun.state == "with_employer"
    on("Mon 17 Aug 24:00")
    assert sun.state == "lapsed"


@pytest.mark.rule("A-08")
def test_s4_variant_c_after_the_end_it_is_a_report() -> None:
    sun = sun_is_posted()
    on("Fri 24 Jul 00:01")
    Walker().is_refused(page("publicity:link_object", sun.notice.access_code, 1), "举报", "12333", **OBJECTION)
    assert not Objection.objects.filter(line__notice=sun.notice).exists()
    assert (sun.application.hold, sun.recommendation.state) == ("none", "publicised")
    on("Fri 24 Jul")
    sun.is_recommended()
    assert sun.state == "recommended"


def sun_is_posted_too(name: str) -> Life:
    """Another colleague on the same day, on a notice of their own."""
    on("Wed 15 Jul")
    sun = Life(registered(name), entry("电子信息", "associate"))
    sun.is_submitted()
    on("Thu 16 Jul")
    sun.is_posted()
    return sun


def go_on_to_the_certificate(lives: list[Life], sandbox: Sandbox) -> None:
    """The table ends with the recommendation; both go on together: agency, fee, defence, committee, notice, certificate."""
    go_to_the_committee(lives, sandbox)
    on("Wed 16 Sep")
    room = Room(lives[0].row.committee, experts=13, size=11, clerk=lives[0].checker)
    room.convenes(day("Fri 18 Sep"), lives)
    on("Fri 18 Sep 09:00")
    room.opens(present=11)
    for sun in lives:
        assert room.votes(sun, agree=11, against=0).state == "decided_pass"
    room.signs()
    on("Mon 21 Sep")
    batch, bureau = reports(room.clerk, room.session), Bureau()
    bureau.accepts(batch)
    bureau.publicises(batch)
    assert all(is_listed(bureau.public, sun) for sun in lives)
    on("Wed 30 Sep")
    outcome.certifies(bureau, batch)
    for sun in lives:
        assert sun.state == "certified"
        outcome.is_verified(sun)
    outcome.downloads(lives[1])
