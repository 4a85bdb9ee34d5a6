"""The ordinary way by HTTP, with real registers behind it: the scenarios S1, S2 and S4 as far as the agency."""

import datetime as dt

import pytest

from applications.domain import lookups
from applications.models import Application, ArchiveItem, Recommendation
from applications.sections import ItemKind
from portal.accounts.actors import Actor, acting_personally
from portal.accounts.identifiers import DocumentKind, identify
from portal.accounts.models import IdentityDocument, Organisation, Person, VerificationSource
from portal.accounts.roles import OrganisationKind, Role
from portal.catalogue import demo as catalogue
from portal.catalogue.models import CatalogueEntry
from portal.deadlines.ringing import ring_due
from portal.publicity.models import Objection
from portal.shared import clock
from tests.factories import applications
from tests.factories import catalogue as small_catalogue
from tests.fixtures.sandbox import Sandbox, known, sandbox, sandbox_process, unit
from tests.journeys.walking import Walker, load_people, moment, page, person_of, staff_of

__all__ = ["sandbox", "sandbox_process"]

pytestmark = [pytest.mark.django_db, pytest.mark.journey]
POST = {**applications.POST, "work_unit": "北京云衡电子有限公司"}


@pytest.fixture
def year(sandbox: Sandbox) -> None:
    clock.move_to(moment(7, 8, 9))
    load_people()
    catalogue.load_edition(catalogue.YEAR)


def entry(specialty: str, level: str, district: str = "") -> CatalogueEntry:
    rows = CatalogueEntry.objects.public().with_all().filter(edition__code=catalogue.YEAR, specialty__name=specialty)
    return rows.filter(level__key=level, committee__district=district).order_by("pk").first()


def at(instant: dt.datetime) -> None:
    """Let time pass: the clock moves, and the sweep does what it does every half minute."""
    clock.move_to(instant)
    ring_due(at=instant)


def begins(walker: Walker, who: Actor, row: CatalogueEntry) -> Application:
    """Open the eligibility page, let the registers answer, and begin the draft."""
    walker.sees(page("applications:eligibility", row.code))
    lookups.run_due(at=clock.now())
    walker.sees(page("applications:eligibility", row.code), "R-057")
    walker.sends(page("applications:eligibility", row.code), begin="1", title=catalogue_title(row))
    return Application.objects.get(applicant=who.person)


def catalogue_title(row: CatalogueEntry) -> str:
    return applications.drafting.catalogue.title_names(row)[0]


def fills(walker: Walker, who: Actor, application: Application, unit_name: str, since: str) -> None:
    """Fill in both sheets and the items, attach a proof, choose the representative work."""
    for kind, values in (("post", {**POST, "work_unit": unit_name}), ("summary", applications.SUMMARY)):
        sheet = application.sheets.get(kind=kind)
        seen = {f"_v_{name}": sheet.version_of(name) for name in sheet.section.names}
        walker.sends(page("applications:sheet", application.code, kind), **seen, **values)
    items = {
        "work": {"unit": unit_name, "post": "工程师", "duty": "设计", "since": since, "is_professional": True},
        "result": applications.RESULT,
        "assessment": {"year": "2025", "result": "excellent"},
    }
    for kind, values in items.items():
        walker.sends(f"{page('applications:add', kind)}?for={application.code}", **values)
    result = ArchiveItem.objects.get(person=who.person, kind=ItemKind.RESULT)
    applications.prove(result, who, at=clock.now())
    applications.drafting.show_work(application, result, by=who, at=clock.now())


def checks_all(clerk: Walker, recommendation: Recommendation) -> None:
    """Receive the file, look at it and find every part right."""
    clerk.sends(page("applications:open", recommendation.code))
    snapshot = recommendation.application.snapshots.get(discarded_at=None)
    clerk.sends(page("applications:check_file", recommendation.code), snapshot=snapshot.code, go="all_right")


def posts(clerk: Walker, recommendation: Recommendation) -> None:
    clerk.sends(
        page("applications:publicise", recommendation.code), contact="人力资源部，010-00000000", text="", go="post"
    )


def recommends(head: Walker, recommendation: Recommendation) -> None:
    head.sends(
        page("applications:recommend", recommendation.code),
        opinion="业绩突出，同意推荐。",
        assessment="近三年考核优秀",
        truth="on",
    )


def of(application: Application) -> Recommendation:
    return Recommendation.objects.get(application=application)


def senior_engineer_recommended() -> Application:
    """Lead Lin of S1 from the eligibility page to the agency, on the days of the scenario."""
    lin, company = person_of("applicant"), Organisation.objects.get(name="北京云衡电子有限公司")
    person, clerk = Walker(lin), Walker(staff_of(company, Role.EMPLOYER_CLERK))
    head = Walker(staff_of(company, Role.EMPLOYER_HEAD))
    application = begins(person, lin, entry("电子信息", "associate"))
    fills(person, lin, application, company.name, "2013-08")
    person.sees(page("applications:check", application.code), "北京云衡电子有限公司", "本人承诺")
    person.sends(page("applications:check", application.code), commitment="on")
    person.sees(page("applications:mine", application.code), "北京云衡电子有限公司")

    at(moment(7, 13))
    checks_all(clerk, of(application))
    posts(clerk, of(application))
    at(moment(7, 20, 23, 59))
    head.is_refused(page("applications:recommend", of(application).code), opinion="业绩突出，同意推荐。", truth="on")
    at(moment(7, 21, 9))
    recommends(head, of(application))
    person.sees(page("applications:mine", application.code), "推荐")
    return Application.objects.with_all().get(pk=application.pk)


@pytest.mark.usefixtures("year")
@pytest.mark.rule("R-063", "R-069", "R-071", "R-072", "R-073", "R-076")
def test_s1_a_senior_engineer_reaches_the_agency() -> None:
    done = senior_engineer_recommended()
    assert (done.state, done.recommended_at.date()) == ("recommended", dt.date(2026, 7, 21))


def young_engineer() -> Actor:
    """Return Zhao of S2, whom the registers know; insured in Fengtai."""
    who = known("赵明珂")
    told = identify(DocumentKind.RESIDENT_ID, who.number, on=clock.day_of(clock.now()))
    person = Person.objects.create_user("zhao", full_name=who.name, born_on=told.born_on, sex=told.sex)
    IdentityDocument.objects.create(
        person=person,
        kind=who.document,
        number=who.number,
        verified_at=clock.now(),
        source=VerificationSource.IDENTITY_REGISTER,
    )
    return acting_personally(person)


def junior_engineer_recommended() -> Application:
    """Lead Zhao of S2 to the district office that reviews juniors, refused by every other, on the days of the scenario."""
    zhao, told = young_engineer(), unit("北京丰远建设工程有限公司")
    clock.move_to(moment(7, 13))
    person = Walker(zhao)
    fengtai, haidian = entry("建筑", "assistant", "110106"), entry("建筑", "assistant", "110108")
    person.sees(page("applications:eligibility", fengtai.code))
    lookups.run_due(at=clock.now())
    text = person.sees(page("applications:choose") + "?q=建筑&level=assistant")
    assert "丰台区" in text
    assert haidian.committee.name not in text
    person.is_refused(page("applications:eligibility", haidian.code), "R-035", "丰台", begin="1")
    application = begins(person, zhao, fengtai)
    fills(person, zhao, application, told["name"], "2022-08")
    person.sends(page("applications:check", application.code), commitment="on")
    employer = Organisation.objects.get(credit_code=told["credit_code"])
    assert (employer.kind, employer.district) == (OrganisationKind.EMPLOYER, "110106")

    at(moment(7, 15))
    clerk, head = (Walker(staff_of(employer, role)) for role in (Role.EMPLOYER_CLERK, Role.EMPLOYER_HEAD))
    checks_all(clerk, of(application))
    posts(clerk, of(application))
    at(moment(7, 23))
    recommends(head, of(application))
    return Application.objects.with_all().get(pk=application.pk)


@pytest.mark.usefixtures("year")
@pytest.mark.rule("R-034", "R-035")
def test_s2_a_junior_engineer_meets_only_the_committee_of_the_employers_district() -> None:
    assert junior_engineer_recommended().state == "recommended"


@pytest.fixture
def on_notice() -> Recommendation:
    """Sun of S4, on the notice that his employer posted on Thursday 16 July."""
    clock.move_to(moment(7, 15))
    application = applications.submitted(small_catalogue.published_entry(), at=moment(7, 15))
    at(moment(7, 16))
    clerk = Walker(staff_of(application.employer, Role.EMPLOYER_CLERK))
    checks_all(clerk, of(application))
    posts(clerk, of(application))
    return of(application)


def objects(recommendation: Recommendation, instant: dt.datetime) -> Objection | None:
    """Have a named colleague object by the link of the notice."""
    at(instant)
    Walker().tries(
        page("publicity:link_object", recommendation.notice.access_code, 1),
        facts="该同志不是所列专利的发明人，请核对专利登记簿。",
        named="on",
        name="王某",
        contact="13900000000",
    )
    return Objection.objects.filter(line__notice=recommendation.notice).first()


def handled_by_the_head(recommendation: Recommendation) -> Walker:
    return Walker(staff_of(recommendation.organisation, Role.EMPLOYER_HEAD))


@pytest.mark.rule("A-08", "R-071")
def test_s4_an_objection_is_upheld(on_notice: Recommendation) -> None:
    objection, head = objects(on_notice, moment(7, 22, 16, 40)), handled_by_the_head(on_notice)
    at(moment(7, 24))
    head.is_refused(page("applications:recommend", on_notice.code), opinion="同意推荐该同志申报。", truth="on")
    head.sends(page("publicity:accept", objection.code))
    at(moment(7, 30))
    head.sends(page("publicity:find_fatal", objection.code), answer="经核实，本人不是该专利发明人。")
    ended = Application.objects.get(pk=on_notice.application_id)
    assert (ended.state, ended.hold) == ("not_recommended", "none")
    Walker(acting_personally(ended.applicant)).sees(
        page("applications:mine", ended.code), "经核实，本人不是该专利发明人"
    )


@pytest.mark.rule("A-34")
def test_s4a_unfounded_in_time_is_recommended_on_the_last_day(on_notice: Recommendation) -> None:
    objection, head = objects(on_notice, moment(7, 22, 16, 40)), handled_by_the_head(on_notice)
    head.sends(page("publicity:accept", objection.code))
    at(moment(8, 5))
    head.sends(page("publicity:find_unfounded", objection.code), answer="经核实，本人为第二发明人。")
    at(moment(8, 6, 23, 59))
    recommends(head, Recommendation.objects.get(pk=on_notice.pk))
    assert Application.objects.get(pk=on_notice.application_id).state == "recommended"


@pytest.mark.rule("A-34", "A-08")
def test_s4b_the_grace_after_a_long_objection(on_notice: Recommendation) -> None:
    objection, head = objects(on_notice, moment(7, 22, 16, 40)), handled_by_the_head(on_notice)
    head.sends(page("publicity:accept", objection.code))
    at(moment(8, 4))
    head.sends(page("publicity:extend", objection.code), reason="需要向专利登记机关核实。")
    at(moment(8, 12))
    head.sends(page("publicity:find_unfounded", objection.code), answer="经核实，本人为第二发明人。")
    at(moment(8, 17, 23, 59))
    recommends(head, Recommendation.objects.get(pk=on_notice.pk))
    assert Application.objects.get(pk=on_notice.application_id).state == "recommended"


@pytest.mark.rule("A-08")
def test_s4c_after_the_end_it_is_no_objection(on_notice: Recommendation) -> None:
    assert objects(on_notice, moment(7, 24, 0, 1)) is None
    assert Recommendation.objects.get(pk=on_notice.pk).state == "publicised"
