"""Scenario S7: a freelancer whom an association recommends on paper, from log-in to the certificate; and who is turned away."""

from typing import Any

import pytest

from applications.sections import ItemKind
from portal.accounts.models import Organisation, Person
from portal.accounts.roles import OrganisationKind
from portal.catalogue.models import CatalogueEntry
from tests.factories import accounts, applications
from tests.fixtures.sandbox import Sandbox
from tests.journeys import outcome
from tests.journeys.committee import Room
from tests.journeys.hearing import Hearing
from tests.journeys.lives import Life, day, entry
from tests.journeys.results import Bureau, is_listed, reports
from tests.journeys.walking import on, page, upload

pytestmark = [pytest.mark.django_db, pytest.mark.journey, pytest.mark.usefixtures("year")]
ASSOCIATION = "北京动漫游戏产业协会"
PAPERS = ("form", "commitment", "publicity")
SEALED = {
    "notice_since": "2026-07-09",
    "notice_until": "2026-07-16",
    "sealed_on": "2026-07-17",
    "opinion": "经审核公示无异议，同意推荐。",
}


class FreeLife(Life):
    """Somebody whom nobody insures, and an association that works on paper."""

    proven = (ItemKind.RESULT, ItemKind.FREELANCE)

    def __init__(self, row: CatalogueEntry, *, since: str = "2025-05") -> None:
        super().__init__(Person.objects.get(username="applicant-freelance"), row, since=since)

    @property
    def post(self) -> dict[str, Any]:
        return {**applications.POST, "work_unit": ""}

    @property
    def items(self) -> dict[str, dict[str, Any]]:
        free = {"work": "动画短片角色设计", "partner": "北京示例动画工作室", "in_beijing": True, "in_field": True}
        return {
            "work": {"unit": "自由职业", "post": "设计师", "duty": "设计", "since": "2017-08", "is_professional": True},
            "result": applications.RESULT,
            "freelance": {**free, "since": self.since},
        }

    def chooses(self) -> None:
        """Have the recognised association recommend on paper."""
        address = page("applications:association", self.code)
        self.sees("协会推荐", "未选择")
        self.person.sees(address, "没有由单位参保的记录", "北京市文化和旅游局认可")
        self.person.sends(address, association=Organisation.objects.get(name=ASSOCIATION).code, way="paper")

    def prints(self, paper: str) -> bytes:
        """Return one of the three papers as it is handed to the association."""
        printed = self.person.takes(page("applications:paper", self.code, paper))
        assert printed.startswith(b"%PDF-")
        return printed

    def hands_in(self, **told: str) -> None:
        """Upload the three sealed scans, and fill in what they say."""
        for paper in PAPERS:
            scan = upload("盖章.pdf", self.prints(paper))
            self.person.does(page("applications:scan", self.code, paper), file=scan)
        self.writes("sealed", **{**SEALED, **told})

    def is_turned_away(self, *words: str) -> None:
        """Try to submit and read why not."""
        self.person.is_refused(page("applications:check", self.code), *words, commitment="on")


def wu_submits() -> FreeLife:
    """Prints three papers Tue 7 Jul; uploads scans and submits Mon 20 Jul, nothing missing and no day too few."""
    on("Tue 7 Jul")
    wu = FreeLife(entry("动漫游戏", "intermediate"))
    wu.begins("自由职业者可以申报本系列")
    wu.fills()
    wu.chooses()
    for paper in PAPERS:
        wu.prints(paper)
    on("Mon 20 Jul")
    wu.is_turned_away("请上传盖章的「公示材料」扫描件", "R-084")
    wu.hands_in(notice_until="2026-07-15")
    wu.is_turned_away("公示不少于5个工作日")
    wu.hands_in()
    check = page("applications:check", wu.code)
    wu.person.sees(check, "本人承诺", "直接送评审服务机构")
    wu.person.sends(check, commitment="on")
    return wu


@pytest.mark.rule("R-080", "R-081", "R-082", "R-083", "R-084", "R-085", "A-16", "A-17")
def test_s7_a_freelancer_recommended_on_paper_holds_a_certificate(sandbox: Sandbox) -> None:
    # Prints Tue 7 Jul; notice Thu 9 Jul → Thu 16 Jul; seals Fri 17 Jul; submits Mon 20 Jul
    wu = wu_submits()
    assert (wu.state, wu.application.title) == ("recommended", "三级动漫游戏设计师")
    assert (wu.recommendation.state, wu.recommendation.kind) == ("recommended", "association")
    wu.sees("协会、学会纸质推荐", "评审服务机构审核")

    # Agency passes Wed 26 Aug: sees who recommends, by whose recognition, and compares the scans; 500 CNY due Wed 2 Sep
    on("Wed 26 Aug")
    wu.is_taken_by_the_agency()
    clerk, lead, code = wu.checker, wu.leader, wu.review.code
    clerk.sees(page("review:file", code), ASSOCIATION, "自由职业者，纸质推荐", "北京市文化和旅游局于")
    clerk.sees(page("review:check", code), f"自由职业者由{ASSOCIATION}纸质推荐", "请逐份打开扫描件比对")
    clerk.sends(page("review:check", code), _version=0, go="all_fine")
    clerk.sends(page("review:propose", code), proposal="pass")
    lead.sends(page("review:pass_review", code))
    wu.sees("500", "9月2日", "24:00")
    on("Fri 28 Aug")
    wu.pays(sandbox)
    assert wu.state == "paid"

    # Defence Tue 22 Sep
    on("Mon 14 Sep")
    hearing = Hearing([wu], clerk=clerk, day=day("Tue 22 Sep"))
    hearing.is_told()
    on("Tue 22 Sep 08:50")
    hearing.hears(wu)
    assert wu.state == "ready_for_committee"

    # Committee Mon 12 Oct
    room = Room(wu.row.committee, experts=13, size=11)
    room.convenes(day("Mon 12 Oct"), [wu])
    on("Mon 12 Oct 09:00")
    room.opens(present=10)
    assert room.votes(wu, agree=9, against=1).state == "decided_pass"
    room.signs()

    # Accepted and posted Mon 19 Oct → ends Mon 26 Oct; certificate 27 Oct
    on("Tue 13 Oct")
    batch = reports(room.clerk, room.session)
    on("Mon 19 Oct")
    bureau = Bureau()
    bureau.accepts(batch)
    notice = bureau.publicises(batch)
    assert is_listed(bureau.public, wu)
    assert bureau.public.sees_counted(page("publicity:notice", notice.code)) == "20 21 22 23 26 Oct"
    on("Mon 26 Oct 23:59")
    assert wu.state == "in_result_notice"
    on("Tue 27 Oct")
    assert wu.state == "cleared"
    outcome.certifies(bureau, batch)
    assert (wu.state, outcome.of(wu).issued_on) == ("certified", day("Tue 27 Oct"))
    outcome.downloads(wu)
    outcome.is_verified(wu)


@pytest.mark.rule("R-081", "A-17")
def test_s7_eleven_months_are_refused() -> None:
    on("Tue 7 Jul")
    wu = FreeLife(entry("动漫游戏", "intermediate"), since="2025-08")
    wu.begins()
    wu.fills()
    wu.chooses()
    on("Mon 20 Jul")
    wu.hands_in()
    wu.is_turned_away("12个月", "11个月", "R-081")


@pytest.mark.rule("R-080")
def test_s7_engineering_is_refused() -> None:
    on("Tue 7 Jul")
    wu = FreeLife(entry("电子信息", "associate"))
    wu.begins("自由职业者只能申报艺术")
    wu.fills()
    wu.chooses()
    on("Mon 20 Jul")
    wu.hands_in()
    wu.is_turned_away("自由职业者只能申报艺术", "R-080")


@pytest.mark.rule("R-082")
def test_s7_an_unrecognised_association_is_refused() -> None:
    on("Tue 7 Jul")
    wu = FreeLife(entry("动漫游戏", "intermediate"))
    wu.begins()
    other = accounts.organisation(OrganisationKind.ASSOCIATION, name="北京示例未认可协会")
    address = page("applications:association", wu.code)
    assert "北京示例未认可协会" not in wu.person.sees(address)
    wu.person.is_refused(address, "选择一个有效的选项", association=other.code, way="paper")
    assert wu.application.employer is None
