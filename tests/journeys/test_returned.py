"""The agency returns a file once: the scenarios S3, and S9 as far as the second check, on the dates of the calendar."""

import pytest

from applications.models import Application
from portal.accounts.models import Organisation
from portal.accounts.roles import Role
from portal.notifications.models import Notification
from portal.shared import clock
from review.domain import looking
from review.models import AgencyReview
from tests.fixtures.sandbox import sandbox, sandbox_process
from tests.journeys.test_ordinary import (
    POST,
    at,
    begins,
    checks_all,
    entry,
    fills,
    of,
    posts,
    recommends,
    year,
)
from tests.journeys.walking import Walker, moment, page, person_of, staff_of, text_of

__all__ = ["sandbox", "sandbox_process", "year"]

pytestmark = [pytest.mark.django_db, pytest.mark.journey, pytest.mark.usefixtures("year")]
COMPANY = "北京云衡电子有限公司"
OPINION = {"opinion": "业绩突出，同意推荐。", "assessment": "近三年考核优秀", "truth": "on"}
DEFECTS = {
    "post": ("请写明现任部门，与单位证明一致。", "R-063"),
    "summary": ("请写明本人在项目中所起的作用。", "R-063"),
    "result": ("业绩证明缺少第二页，请上传完整的扫描件。", "R-065"),
}


class Life:
    """One applicant with the employer and the agency, each at their own desk."""

    def __init__(self) -> None:
        self.who = person_of("applicant")
        company = Organisation.objects.get(name=COMPANY)
        self.person = Walker(self.who)
        self.clerk = Walker(staff_of(company, Role.EMPLOYER_CLERK))
        self.head = Walker(staff_of(company, Role.EMPLOYER_HEAD))
        self.application = begins(self.person, self.who, entry("电子信息", "associate"))

    @property
    def code(self) -> str:
        return self.application.code

    @property
    def state(self) -> str:
        return str(Application.objects.get(pk=self.application.pk).state)

    @property
    def review(self) -> AgencyReview:
        return AgencyReview.objects.with_all().get(application=self.application)

    def reaches_the_agency(self) -> None:
        """Submitted in July, publicised on the 14th, recommended on the 22nd."""
        fills(self.person, self.who, self.application, COMPANY, "2013-08")
        self.person.sends(page("applications:check", self.code), commitment="on")
        at(moment(7, 14))
        checks_all(self.clerk, of(self.application))
        posts(self.clerk, of(self.application))
        at(moment(7, 22, 9))
        recommends(self.head, of(self.application))
        agency = self.review.agency
        self.checker = Walker(staff_of(agency, Role.AGENCY_CLERK))
        self.leader = Walker(staff_of(agency, Role.AGENCY_LEAD))

    def is_returned_with(self, *sections: str) -> None:
        """The clerk takes, finds and proposes; the lead confirms: every defect in one notice."""
        code = self.review.code
        self.checker.sees(page("review:queue"), self.application.applicant.full_name)
        self.checker.sends(page("review:take", code))
        sent = {}
        for item in looking.items_in(self.review):
            if item.part is not None and item.part.section in sections:
                text, basis = DEFECTS[item.part.section]
                sent |= {f"verdict-{item.key}": "defect", item.key: text, f"basis-{item.key}": basis}
        self.checker.sends(page("review:check", code), _version=0, go="all_fine", **sent)
        self.checker.sends(page("review:propose", code), proposal="return")
        self.leader.sees(page("review:return_once", code), *(DEFECTS[section][0] for section in sections), "10个工作日")
        self.leader.sends(page("review:return_once", code))


def letters(life: Life, kind: str) -> int:
    return Notification.objects.filter(kind=kind, person=life.who.person).count()


@pytest.mark.rule("R-091", "R-093", "A-09")
def test_s3_returned_once_and_then_expired() -> None:
    life = Life()
    life.reaches_the_agency()
    at(moment(9, 10))
    life.is_returned_with("post", "summary", "result")
    told = [text for text, _basis in DEFECTS.values()]
    life.person.sees(page("applications:mine", life.code), *told, "只退回补正一次")
    life.person.sees(page("applications:progress", life.code), *told, "9月23日", "24:00")
    reminder = "applications.correction_deadline"
    at(moment(9, 19, 23, 59))
    assert letters(life, reminder) == 0
    at(moment(9, 20, 12))
    at(moment(9, 21, 12))
    assert letters(life, reminder) == 1
    at(moment(9, 22, 12))
    assert letters(life, reminder) == 2
    at(moment(9, 23, 23, 59))
    assert life.state == "returned"

    clock.move_to(moment(9, 24, 9, 15))
    refused = life.person.tries(page("applications:check", life.code), commitment="on")
    shown = text_of(life.person.client.get(refused["Location"]))
    assert "视为放弃" in shown
    assert "15个工作日" in shown
    assert (life.state, life.review.state) == ("deemed_withdrawn", "closed_expired")
    assert letters(life, "applications.correction_expired") == 1
    life.leader.sees(page("review:file", life.review.code), "逾期未补正")


@pytest.mark.rule("R-078", "R-091", "R-092", "R-096")
def test_s9_corrected_confirmed_and_passed_in_the_second_check() -> None:
    life = Life()
    life.reaches_the_agency()
    at(moment(9, 9))
    life.is_returned_with("post")
    at(moment(9, 20))
    sheet = life.application.sheets.get(kind="post")
    seen = {f"{name}-version": sheet.version_of(name) for name in sheet.section.names}
    life.person.sends(
        page("applications:sheet", life.code, "post"),
        **seen,
        **{**POST, "work_unit": COMPANY, "department": "研发二部"},
    )
    life.person.sends(page("applications:check", life.code), commitment="on")
    assert (life.state, life.review.state) == ("resubmitted", "returned")
    at(moment(9, 21))
    snapshot = life.application.snapshots.filter(discarded_at=None).order_by("-number").first()
    life.clerk.sends(page("applications:check_file", of(life.application).code), snapshot=snapshot.code, go="all_right")
    life.head.sends(page("applications:confirm", of(life.application).code), **OPINION)
    assert (life.state, life.review.state) == ("under_second_review", "rechecking")

    at(moment(9, 23))
    code = life.review.code
    life.checker.sees(page("review:check", code), "补正后有变化", "沿用首次审核结果", "研发二部", "补正的变化")
    life.checker.is_refused(page("review:propose_again", code), "项未审核", proposal="pass")
    life.checker.sends(page("review:check", code), _version=life.review.version, go="all_fine")
    assert "建议一次性退回补正" not in life.checker.sees(page("review:propose_again", code))
    assert life.checker.tries(page("review:propose_again", code), proposal="return").status_code == 200
    life.checker.sends(page("review:propose_again", code), proposal="pass")
    life.checker.is_refused(page("review:pass_review", code), "不能办理")
    life.leader.sends(page("review:pass_review", code))
    assert (life.state, life.review.state) == ("review_passed", "passed")
    assert letters(life, "review.review_passed") == 1
