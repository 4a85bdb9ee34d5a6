"""Committees' guides: what a standard may demand, who writes and who approves, and until when."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.catalogue.domain import guides
from portal.catalogue.domain.guides import Line
from portal.catalogue.enums import GuideState, Heading, Indicator
from portal.catalogue.models import CatalogueEntry, Guide
from portal.shared.errors import Refusal, StepNotPermitted, StepRefused
from portal.workflow import carry_out
from tests.factories import accounts
from tests.factories import catalogue as make

AT = make.PUBLISHED_AT
WORDS = {"conditions": "条件", "procedure": "程序", "place_and_time": "时间地点", "materials": "材料"}
SOUND = [
    Line(Heading.CHARACTER, Indicator.ETHICS, "职业道德", is_required=True),
    Line(Heading.ABILITY, Indicator.TECHNICAL_LEVEL, "技术水平", max_score=50),
    Line(Heading.ACHIEVEMENT, Indicator.PAPERS, "论文", max_score=20),
    Line(Heading.ACHIEVEMENT, Indicator.EMPLOYER_ASSESSMENT, "单位考核", max_score=30),
]


def guide_of(entry: CatalogueEntry, lines: list[Line], by: Actor = make.SYSTEM) -> Guide:
    return guides.write(entry.committee, WORDS, lines, by=by, at=AT)


def refused(lines: list[Line], series: str = "05") -> list[tuple[str, str]]:
    guide = guide_of(make.published_entry(specialty=make.specialty(series)), lines)
    with pytest.raises(StepRefused) as refusal:
        carry_out(guide, "verify", by=make.SYSTEM, at=AT)
    return [(reason.basis, str(reason.text)) for reason in refusal.value.reasons]


@pytest.mark.rule("R-014")
def test_a_standard_has_three_headings(db: None) -> None:
    assert refused(SOUND[1:]) == [("R-014", "标准须包括品德、能力、业绩三个方面。")]


@pytest.mark.rule("R-041")
def test_projects_awards_and_hats_are_never_demanded(db: None) -> None:
    barred = [
        Line(Heading.ACHIEVEMENT, indicator, "必须", is_required=True)
        for indicator in (Indicator.PROJECTS, Indicator.AWARDS, Indicator.HATS)
    ]
    assert refused([*SOUND, *barred], "02") == [("R-041", "不得将项目数量、获奖情况、人才称号作为限制性要求。")]


@pytest.mark.rule("R-042")
@pytest.mark.parametrize(
    "papers",
    [
        Line(Heading.ACHIEVEMENT, Indicator.PAPERS, "论文2篇", is_required=True),
        Line(Heading.ACHIEVEMENT, Indicator.IMPACT_FACTOR, "影响因子", max_score=80),
    ],
)
def test_papers_do_not_rule_a_practice_oriented_series(db: None, papers: Line) -> None:
    told = ("R-042", "实践性强的系列不得简单设立论文数量、影响因子要求，论文不作为主要评价指标。")
    assert refused([*SOUND, papers]) == [told]


@pytest.mark.rule("R-043")
def test_a_research_series_may_weigh_papers(db: None) -> None:
    papers = Line(Heading.ACHIEVEMENT, Indicator.PAPERS, "高质量论文", max_score=100)
    guide = guide_of(make.published_entry(specialty=make.specialty("02")), [*SOUND, papers])
    assert carry_out(guide, "verify", by=make.SYSTEM, at=AT).state == GuideState.CHECKED


@pytest.mark.rule("R-045")
def test_the_employers_assessment_is_counted(db: None) -> None:
    assert refused(SOUND[:-1]) == [("R-045", "标准须把单位考核结果和推荐情况纳入量化评价。")]


@pytest.mark.rule("R-045")
def test_the_employers_assessment_is_no_token(db: None) -> None:
    more = Line(Heading.ABILITY, Indicator.INNOVATION, "创新贡献", max_score=200)
    exactly = guide_of(make.published_entry(), [*SOUND, more])
    assert carry_out(exactly, "verify", by=make.SYSTEM, at=AT).state == GuideState.CHECKED
    told = "单位考核结果和推荐情况占总分301分中的30分，权重不得低于10%。"
    ethics = Line(Heading.CHARACTER, Indicator.ETHICS, "敬业表现", max_score=1)
    assert refused([*SOUND, more, ethics]) == [("R-045", told)]


def agency_desk(entry: CatalogueEntry) -> list[Actor]:
    return [accounts.actor(Role.AGENCY_CLERK, at=entry.agency) for _ in range(2)]


def test_the_agency_writes_the_bureau_approves_and_nobody_else(bureau_lead: Actor) -> None:
    entry = make.published_entry()
    clerk, _other = agency_desk(entry)
    guide = guide_of(entry, SOUND, clerk)
    with pytest.raises(StepNotPermitted):
        carry_out(guide, "verify", by=accounts.actor(Role.AGENCY_CLERK), at=AT)
    guide = carry_out(guide, "verify", by=clerk, at=AT)
    with pytest.raises(Refusal, match="请先退回再修改"):
        guide_of(entry, SOUND, clerk)
    with pytest.raises(StepNotPermitted):
        carry_out(guide, "approve", by=clerk, at=AT)
    assert carry_out(guide, "approve", by=bureau_lead, at=AT).state == GuideState.APPROVED


def test_a_lead_who_wrote_it_does_not_approve_it(bureau_lead: Actor) -> None:
    guide = carry_out(guide_of(make.published_entry(), SOUND, bureau_lead), "verify", by=bureau_lead, at=AT)
    with pytest.raises(StepRefused, match="参与编制"):
        carry_out(guide, "approve", by=bureau_lead, at=AT)


@pytest.mark.rule("R-039")
def test_it_is_published_before_the_first_day(bureau_lead: Actor) -> None:
    entry = make.published_entry()
    guide = guide_of(entry, SOUND)
    for step in ("verify", "approve"):
        guide = carry_out(guide, step, by=make.SYSTEM, at=AT)
    opens = entry.schedule.individual_opens_at
    with pytest.raises(StepRefused, match="须在评审开始前公布"):
        carry_out(guide, "publish", by=bureau_lead, at=opens)
    before = opens - dt.timedelta(microseconds=1)
    assert carry_out(guide, "publish", by=bureau_lead, at=before).published_at == before
    assert "申报条件" in Client().get(reverse("catalogue:entry", args=[entry.code])).text


def test_the_guide_is_written_on_screen(visit: Callable[..., Client], at: Callable[[dt.datetime], None]) -> None:
    at(AT)
    entry = make.published_entry()
    client = visit(agency_desk(entry)[0])
    address = reverse("catalogue:guide:write", args=[entry.committee.code])
    key = re.search(r'name="_key" value="([^"]+)"', client.get(address).text)[1]
    data: dict[str, object] = {**WORDS, "form-TOTAL_FORMS": len(SOUND), "form-INITIAL_FORMS": 0, "_key": key}
    for number, line in enumerate(SOUND):
        data |= {f"form-{number}-{name}": value for name, value in vars(line).items() if value is not False}
    page = client.post(address, data, follow=True).text
    assert "单位考核结果和推荐情况" in page
    assert Guide.objects.get().criteria.count() == 4
    assert client.get(reverse("catalogue:guides")).text.count(str(entry.committee)) >= 1
    foreign = visit(accounts.actor(Role.AGENCY_CLERK))
    assert foreign.get(address).status_code == 404
