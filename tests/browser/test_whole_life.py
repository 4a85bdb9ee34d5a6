"""Scenario S1 through screens: everybody at their own desk, from log-in to the certificate that anybody can verify."""

import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import expect

from applications.domain import lookups
from certificates.domain import making
from certificates.models import Certificate
from portal.accounts.models import Person
from portal.sealing import judgement
from portal.sealing.judging.verdict import Verdict
from portal.shared import clock
from tests.browser.conftest import Visitor
from tests.browser.desk import Desk, paper
from tests.factories import experts, filings
from tests.fixtures.sandbox import Sandbox, sandbox, sandbox_process
from tests.journeys.lives import entry, load_year

__all__ = ["sandbox", "sandbox_process"]
OpenWindow = Callable[..., Visitor]

COMPANY, AGENCY, BUREAU = "北京云衡电子有限公司", "北京示例人才评价中心", "北京市人力资源和社会保障局"
COMMITTEE = "北京市工程技术系列（电子信息）高级专业技术资格评审委员会"
SESSION = "2026年第一次评审会议"
NAMES = ("冯启明", "单明远", "解思齐", "梁书成", "邹文博", "唐立群", "程远航", "袁静", "段宏毅", "邱雨桐", "贺建平")
EXPERTS = ("expert", *(f"expert-{number}" for number in range(2, 12)))


def prepares() -> None:
    """Load the year, and file the committee with eleven experts who have accounts."""
    load_year()
    committee = entry("电子信息", "associate").committee
    assert committee is not None
    people = list(Person.objects.filter(username__in=EXPERTS).order_by("pk"))
    filings.filed(committee, size=11, terms=experts.appointed(committee.agency, known=people))


def the_worker_works() -> None:
    """Do what the worker behind the pages does: ask the registers, write the certificates that were ordered."""
    lookups.run_due(at=clock.now())
    making.work_off(seconds=60)


def lin_applies(lin: Desk) -> None:
    """Wed 8 Jul: choose, check the conditions, fill in, prove, check the answers, submit."""
    page = lin.goes_to("我的申报")
    lin.presses("开始申报")
    lin.fills(q="电子信息")
    lin.presses("查找")
    page.locator("main").get_by_role("link", name="电子信息 副高级").first.click()
    expect(page.locator("h1")).to_have_text("您是否可以申报")
    the_worker_works()
    lin.looks_again()
    for group in ("是否在编公务员", "是否已办理离退休", "是否事业单位", "是否处于处分"):
        page.get_by_role("group", name=group).get_by_label("否").check()
    lin.presses("重新核对")
    lin.sees("硕士", COMPANY, "工程师")
    lin.keeps("applicant-eligibility")
    page.get_by_label("高级工程师").check()
    lin.presses("开始填写")
    lin.sees("任务清单")
    lin.keeps("applicant-task-list")


def lin_fills_in(lin: Desk, place: Path) -> None:
    """The task list from top to bottom; every field saves itself."""
    page = lin.page
    lin.follows("岗位与申报身份")
    lin.fills(department="研发部", post="研发工程师", field="电子信息", professional_since="2013-8")
    lin.keeps("applicant-post")
    lin.presses("保存并返回")
    lin.follows("专业技术工作总结")
    lin.fills(
        character="遵守宪法和法律，恪守职业道德。",
        ability="熟练掌握本专业理论和技术，能够独立解决复杂问题。",
        achievement="主持完成低功耗信号处理芯片的设计与量产。",
    )
    lin.presses("保存并返回")
    lin.follows("工作经历")
    lin.presses("添加工作经历")
    lin.fills(unit=COMPANY, post="研发工程师", duty="电子系统设计", since="2013-8", is_professional="true")
    lin.presses("保存并返回")
    _opens_own(lin, "任务清单")
    lin.follows("年度考核")
    lin.presses("添加年度考核")
    lin.fills(year="2025", result="excellent")
    lin.presses("保存并返回")
    _opens_own(lin, "任务清单")
    lin.follows("业绩成果与代表性成果")
    lin.presses("添加业绩成果")
    lin.fills(heading="achievement", name="低功耗信号处理芯片", role="lead", finished_on="2024-5-20")
    lin.fills(summary="功耗降低三成，已量产。")
    lin.presses("保存并返回")
    lin.presses("上传证明材料")
    lin.uploads(paper(place, "量产证明"))
    expect(page.locator("[data-upload-status]")).to_contain_text("文件已收到")
    lin.keeps("applicant-evidence")
    page.locator("main").get_by_role("button", name="提交", exact=True).click()
    expect(page.locator(".zc-files")).to_contain_text("量产证明.pdf")
    _opens_own(lin, "任务清单")
    lin.follows("业绩成果与代表性成果")
    lin.presses("选为代表性成果")
    expect(page.locator("strong.govuk-tag")).to_have_text("代表性成果")
    lin.keeps("applicant-works")
    _opens_own(lin, "任务清单")


def _opens_own(lin: Desk, *words: str) -> None:
    """Open the application from the list of one's own; it says all of this."""
    lin.goes_to("我的申报")
    lin.page.locator("main table").get_by_role("link").first.click()
    lin.sees(*words)


def lin_submits(lin: Desk) -> None:
    """Check the answers, promise that they are true, submit."""
    lin.presses("检查并提交")
    lin.keeps("applicant-check-answers")
    lin.page.get_by_role("checkbox").check()
    lin.presses("提交申报")
    lin.sees("已提交，等单位受理", COMPANY)
    lin.keeps("applicant-submitted")


def the_employer_posts(clerk: Desk) -> None:
    """Mon 13 Jul: receive the file, find every part right, preview and post the notice."""
    clerk.moves_the_clock_to("2026-07-13")
    clerk.goes_to("审核推荐")
    clerk.keeps("employer-queue")
    clerk.follows("林知远")
    clerk.does("受理审核")
    clerk.keeps("employer-check")
    clerk.presses("其余各项全部属实")
    clerk.presses("发布单位公示")
    clerk.fills(contact="人力资源部，010-00000000")
    clerk.presses("预览")
    clerk.keeps("employer-notice-preview")
    clerk.presses("发布公示")
    clerk.sees("7月20日")
    clerk.keeps("employer-notice")


def the_head_recommends(head: Desk) -> None:
    """Tue 21 Jul: the notice ended clean; opinion and assessment, signed."""
    head.moves_the_clock_to("2026-07-21")
    head.goes_to("审核推荐")
    head.follows("林知远")
    head.presses("签署推荐")
    head.fills(opinion="该同志业绩突出，同意推荐。", assessment="近三年年度考核均为优秀")
    head.page.locator("main [name=truth]").check()
    head.keeps("employer-recommendation")
    head.confirms()
    head.sees("已推荐")


def the_agency_passes(clerk: Desk, lead: Desk) -> None:
    """Wed 19 Aug: the clerk finds everything right and proposes; only the lead can pass."""
    clerk.moves_the_clock_to("2026-08-19")
    clerk.goes_to("申报材料审核")
    clerk.keeps("agency-queue")
    clerk.follows("林知远")
    clerk.does("开始审核")
    clerk.keeps("agency-checklist")
    clerk.presses("其余各项全部符合")
    clerk.does("提出审核意见", proposal="pass")
    lead.goes_to("申报材料审核")
    lead.follows("林知远")
    lead.keeps("agency-lead-decides")
    lead.does("确认通过")
    lead.sees("审核通过")


def lin_pays(lin: Desk) -> None:
    """Fri 21 Aug: 700 CNY by 26 August, on the gateway's own page."""
    lin.moves_the_clock_to("2026-08-21")
    _opens_own(lin, "8月26日")
    lin.page.get_by_role("link", name="去缴费").click()
    lin.sees("700")
    lin.keeps("applicant-fee")
    lin.presses("去缴费")
    lin.page.get_by_role("button", name="前往支付700元").click()
    lin.page.get_by_role("button", name="立即支付").click()
    lin.sees("财政电子票据号")
    lin.keeps("applicant-receipt")


def the_agency_plans_the_defence(clerk: Desk) -> None:
    """Mon 7 Sep: a round with a panel of three and one slot; the portal places everybody. Mon 14 Sep: they are told."""
    clerk.moves_the_clock_to("2026-09-07")
    page = clerk.goes_to("答辩")
    clerk.presses("新建答辩安排")
    clerk.fills(committee=COMMITTEE)
    clerk.fills(title="2026年第一批次答辩", mode="on_site", first_day="2026-09-20", last_day="2026-09-20")
    clerk.confirms()
    clerk.presses("添加评议组")
    clerk.fills(name="第一评议组")
    for name in NAMES[:3]:
        page.get_by_label(name).check()
    clerk.confirms()
    clerk.does("添加场次", room="答辩室一", address="北京市朝阳区示例路1号", day="2026-09-20", starts="09:30")
    clerk.presses("自动安排")
    clerk.keeps("agency-defence-arrangement")
    clerk.presses("确认安排")
    clerk.keeps("agency-defence-round")
    clerk.moves_the_clock_to("2026-09-14")
    clerk.does("发送答辩通知")


def lin_reads_the_notice(lin: Desk) -> str:
    """The SMS says to log in; downloading the notice is its receipt. Returns the code that is printed on it."""
    lin.goes_to("消息")
    lin.keeps("applicant-messages")
    _opens_own(lin, "9月20日")
    lin.keeps("applicant-defence")
    lin.follows("答辩")
    with lin.page.expect_download() as begun:
        lin.presses("下载答辩通知书")
    printed = pdfium.PdfDocument(begun.value.path())[0].get_textpage().get_text_bounded()
    found = re.search(r"签到编码\s*(\S+)", printed)
    assert found is not None, printed
    return found[1]


def lin_defends(clerk: Desk, panel: list[Desk], code: str) -> None:
    """Sun 20 Sep, a make-up working day: let in with the code of the notice, heard by three who see no name."""
    clerk.moves_the_clock_to("2026-09-20")
    page = clerk.goes_to("答辩")
    clerk.presses("答辩签到")
    clerk.fills(code=code)
    clerk.presses("查找")
    clerk.sees("林知远")
    page.get_by_role("checkbox").check()
    clerk.keeps("agency-check-in")
    clerk.presses("确认签到")
    clerk.sees("已签到")
    for expert in panel:
        expert.goes_to("答辩评议")
        expert.page.locator("main table").get_by_role("link").first.click()
        points = expert.page.locator("main input[name^=score_]")
        expect(points).not_to_have_count(0)
        assert "林知远" not in expert.page.locator("main").inner_text()
        for field in points.all():
            field.fill("5")
        expert.fills(
            questions="问：如何降低功耗？答：以门控时钟和分区供电。",
            opinion="论述清楚，回答准确，能够独立解决复杂技术问题。",
        )
        if expert is panel[0]:
            expert.keeps("expert-panel")
        expert.does("保存并提交")
    clerk.goes_to("答辩")
    clerk.follows("2026年第一批次答辩")
    clerk.follows("林知远")
    clerk.does("完成答辩")
    clerk.sees("待上会评审")


def the_committee_is_drawn(clerk: Desk, commissioner: Desk) -> None:
    """Mon 21 Sep: planned, the commissioner named, the list frozen, drawn with the commissioner's own number, invited."""
    clerk.moves_the_clock_to("2026-09-21")
    clerk.goes_to("评审会议")
    clerk.presses("筹备会议")
    clerk.fills(committee=COMMITTEE, title=SESSION, day="2026-09-24", starts="09:30", place="三层会议室", mode="paper")
    clerk.confirms()
    clerk.does("确定监督委员", commissioner="褚立")
    clerk.does("固定名单")
    commissioner.goes_to("评审会议")
    commissioner.follows(SESSION)
    commissioner.does("参与抽取", share="618203")
    commissioner.keeps("commissioner-draw")
    clerk.looks_again()
    clerk.does("发送邀请")


def the_experts_accept(experts: list[Desk]) -> None:
    """Each promises secrecy and accepts."""
    for expert in experts:
        expert.goes_to("评审会议")
        expert.follows(SESSION)
        expert.presses("接受邀请并签署承诺")
        expert.page.get_by_role("checkbox").check()
        if expert is experts[0]:
            expert.keeps("expert-invitation")
        expert.confirms()
        expert.sees("已接受")


def the_committee_is_called(clerk: Desk) -> None:
    """Chair and scrutineers named, convened, the case on the agenda."""
    clerk.looks_again()
    clerk.does("确定主持人", member="冯启明")
    clerk.does("确定监票人", scrutineer_1="单明远", scrutineer_2="解思齐", scrutineer_3="梁书成")
    clerk.does("召集会议")
    clerk.follows("列入待上会评审的申报")
    clerk.page.get_by_role("checkbox").first.check()
    clerk.confirms()
    clerk.sees("林知远")
    clerk.keeps("agency-session")


def the_committee_votes(clerk: Desk, commissioner: Desk, chair: Desk, counting: list[Desk]) -> None:
    """Thu 24 Sep: 10 of 11 present; 9 agree, 1 against; two scrutineers enter what they counted on paper."""
    clerk.moves_the_clock_to("2026-09-24")
    clerk.looks_again()
    clerk.page.get_by_role("row", name=NAMES[0]).get_by_role("button", name="签到").click()
    expect(clerk.page.get_by_role("row", name=NAMES[0])).to_contain_text("在场")
    clerk.presses("多人签到")
    for name in NAMES[1:10]:
        clerk.page.get_by_label(name).check()
    clerk.confirms()
    clerk.sees("已为9名委员签到")
    commissioner.looks_again()
    commissioner.does("到场签到")
    chair.goes_to("评审会议")
    chair.follows(SESSION)
    chair.does("宣布开会")
    chair.does("提请评议")
    chair.does("开始投票")
    chair.sees("出席表决 10 人")
    chair.keeps("session-chair")
    chair.does("截止投票")
    for one in counting:
        one.goes_to("评审会议")
        one.follows(SESSION)
        one.presses("录入票数")
        one.fills(agree="9", against="1", abstain="0")
        if one is counting[0]:
            one.keeps("session-scrutineer")
        one.confirms()
    chair.sees("出席10，同意9，反对1，弃权0")
    chair.keeps("session-outcome")


def the_committee_signs(commissioner: Desk, chair: Desk) -> None:
    """Closed, minutes from the record, the commissioner's remark, signed."""
    chair.looks_again()
    chair.does("宣布闭会")
    chair.follows("会议记录")
    chair.keeps("session-minutes")
    chair.confirms()
    commissioner.looks_again()
    commissioner.does("填写监督意见", text="会议程序合规，未发现问题。")
    chair.looks_again()
    chair.does("签署计票结果")


def the_agency_reports(clerk: Desk, place: Path) -> None:
    """Mon 28 Sep: the signed session with the work report."""
    clerk.moves_the_clock_to("2026-09-28")
    clerk.looks_again()
    clerk.presses("报送验收")
    clerk.uploads(paper(place, "工作报告"))
    clerk.fills(statement="程序合规，材料齐全。")
    clerk.keeps("agency-report")
    clerk.confirms()
    clerk.sees("报送材料")


def the_bureau_accepts(clerk: Desk, lead: Desk) -> None:
    """Wed 30 Sep: taken by the clerk, accepted by the lead, posted the same day."""
    clerk.moves_the_clock_to("2026-09-30")
    clerk.goes_to("评审结果验收")
    clerk.follows(SESSION)
    clerk.does("受理验收")
    lead.goes_to("评审结果验收")
    lead.follows(SESSION)
    lead.keeps("bureau-acceptance")
    lead.does("全部验收")
    lead.sees("验收通过")
    clerk.looks_again()
    clerk.presses("发布评审结果公示")
    clerk.fills(contact="市人力资源社会保障局，电话12333")
    clerk.keeps("bureau-notice")
    clerk.confirms()
    clerk.sees("评审结果公示已发布")


def anybody_reads_the_results(public: Desk) -> None:
    public.goes_to("本年度评审结果公示")
    public.fills(words="林知远")
    public.page.keyboard.press("Enter")
    expect(public.page.get_by_role("rowheader", name="林知远")).to_be_visible()
    public.page.locator("main table").get_by_role("link").first.click()
    public.sees("10月13日")
    public.keeps("public-notice")


def the_bureau_issues(clerk: Desk, lead: Desk) -> None:
    """Wed 14 Oct: the notice ended on the 13th over the holiday; proposed by the clerk, given by the lead."""
    clerk.moves_the_clock_to("2026-10-14")
    page = clerk.goes_to("证书核发")
    clerk.keeps("bureau-orders")
    clerk.presses("新建发证批次")
    page.get_by_role("checkbox").or_(page.get_by_role("radio")).first.check()
    clerk.keeps("bureau-order-new")
    clerk.presses("提出发证批次")
    clerk.sees("等待负责人签发")
    lead.goes_to("证书核发")
    lead.page.locator("main table").get_by_role("link").first.click()
    lead.does("签发")
    the_worker_works()
    lead.looks_again()
    lead.sees("已办结")
    lead.keeps("bureau-order")


def lin_downloads(lin: Desk) -> tuple[str, str]:
    """The holder's page; both papers are genuine. Returns number and code of the certificate."""
    _opens_own(lin, "已取得职称证书")
    lin.keeps("applicant-certified")
    lin.goes_to("本人证书查询")
    lin.follows("高级工程师")
    lin.keeps("applicant-certificate")
    for button in ("下载电子职称证书", "下载评价结果通知书"):
        with lin.page.expect_download() as begun:
            lin.presses(button)
        assert judgement.judge(begun.value.path().read_bytes()).verdict is Verdict.GENUINE
    certificate = Certificate.objects.get()
    lin.sees(certificate.number, certificate.check_code)
    return certificate.number, certificate.check_code


def anybody_checks(public: Desk, number: str, code: str) -> None:
    """Number and name say whether it holds; the printed code shows its face."""
    public.goes_to("证书查验")
    public.fills(number=number, name="林知远", code=code)
    public.presses("查验")
    public.sees("证书有效", COMMITTEE)
    public.keeps("public-check")


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("R-063", "R-071", "R-072", "R-073", "R-096", "R-101", "R-105", "R-107", "R-112")
@pytest.mark.rule("R-120", "R-121", "R-122", "R-123", "R-124", "R-125", "R-126")
def test_a_whole_life_through_screens(open_window: OpenWindow, sandbox: Sandbox, tmp_path: Path) -> None:
    prepares()
    windows: list[Visitor] = []

    def desk(username: str = "", acts_for: str = "") -> Desk:
        windows.append(open_window())
        return Desk(windows[-1], username, acts_for=acts_for)

    lin = desk("applicant")
    lin_applies(lin)
    lin_fills_in(lin, tmp_path)
    lin_submits(lin)
    the_employer_posts(desk("employer-clerk", COMPANY))
    the_head_recommends(desk("employer-head", COMPANY))

    clerk = desk("agency-clerk", AGENCY)
    the_agency_passes(clerk, desk("agency-lead", AGENCY))
    lin_pays(lin)
    the_agency_plans_the_defence(clerk)
    code = lin_reads_the_notice(lin)
    members = [desk(username, AGENCY) for username in EXPERTS]
    lin_defends(clerk, members[:3], code)

    commissioner = desk("commissioner", AGENCY)
    the_committee_is_drawn(clerk, commissioner)
    the_experts_accept(members)
    the_committee_is_called(clerk)
    the_committee_votes(clerk, commissioner, members[0], members[1:3])
    the_committee_signs(commissioner, members[0])
    the_agency_reports(clerk, tmp_path)

    bureau, lead, public = desk("bureau-clerk", BUREAU), desk("bureau-lead", BUREAU), desk()
    the_bureau_accepts(bureau, lead)
    anybody_reads_the_results(public)
    the_bureau_issues(bureau, lead)
    anybody_checks(public, *lin_downloads(lin))
    assert not [complaint for window in windows for complaint in window.complaints]
