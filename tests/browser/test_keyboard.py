"""From the draft to the verified certificate with a keyboard alone: what has the focus is marked, in order, and never a trap."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from applications.models import Application, Evidence, Recommendation
from portal.accounts.models import Person
from portal.deadlines.ringing import ring_due
from portal.shared import clock
from review.enums.sitting import MemberState
from review.models import Ballot
from tests.browser.conftest import Visitor
from tests.browser.desk import paper
from tests.browser.hands import Hands
from tests.browser.test_voting import meeting, opened, register_others
from tests.conftest import NOW
from tests.factories import agency_reviews, applications, catalogue, checks, sessions
from tests.factories import voting as electronic

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]
PASSWORD = "Ganlan-Shu-7"
PHONE = 375


def able_to_log_in(person: Person | None) -> str:
    """Give the person a password; returns the name of the account."""
    assert person is not None
    person.set_password(PASSWORD)
    person.save()
    return person.username


def logs_in(hands: Hands, username: str) -> None:
    hands.types("账号", username)
    hands.types("密码", PASSWORD)
    hands.presses("登录")


def test_an_applicant_from_the_log_in_to_the_submission(open_window: OpenWindow, tmp_path: Path) -> None:
    clock.move_to(NOW)
    entry = catalogue.published_entry()
    unit = applications.employer()
    me = applications.applicant(unit)
    hands = Hands(open_window(), "/account/login/")
    hands.types("账号", able_to_log_in(me.person))
    hands.types("密码", "falsch")
    hands.goes_to("登录")
    with hands.going_on():
        hands.keys.press("Enter")
    assert hands.look().in_summary, "a refused log-in starts in its refusal"
    hands.types("密码", PASSWORD)
    hands.presses("登录")
    hands.page.goto(hands.window.origin + "/applications/")
    hands.arrives()
    hands.presses("开始申报")
    hands.presses(str(entry.specialty))
    asks_whether_it_can_be(hands)
    fills_in(hands, unit.name, tmp_path)
    submits(hands)
    assert Application.objects.get().state == "submitted"


def asks_whether_it_can_be(hands: Hands) -> None:
    """The check of eligibility: groups of radios, each one stop; then the title, and the draft."""
    for group in ("是否在编公务员", "是否已办理离退休", "是否事业单位", "是否处于处分"):
        hands.chooses("否", group=group)
    hands.presses("重新核对")
    hands.sees("不在记过及以上处分期内")
    hands.chooses("高级工程师")
    hands.presses("开始填写")
    hands.sees("任务清单")


def fills_in(hands: Hands, unit: str, place: Path) -> None:
    hands.presses("岗位与申报身份")
    hands.types("现任岗位", "研发工程师")
    hands.types("现从事专业", "电子信息")
    hands.dates("从事专业技术工作起始年月", year="2013", month="8")
    hands.presses("保存并返回")
    hands.presses("专业技术工作总结")
    hands.types("政治表现与职业道德", "遵守宪法和法律，恪守职业道德。")
    hands.types("专业能力与技术水平", "熟练掌握本专业理论和技术。")
    hands.types("主要业绩与贡献", "主持完成低功耗芯片的设计与量产。")
    hands.presses("保存并返回")
    hands.presses("工作经历")
    adds_and_removes_work(hands, unit)
    hands.presses("任务清单", back=True)
    hands.presses("年度考核")
    hands.presses("添加年度考核")
    hands.types("年度", "2025")
    hands.selects("考核结果", "优秀")
    hands.presses("保存并返回")
    hands.presses("任务清单", back=True)
    hands.presses("业绩成果与代表性成果")
    adds_a_result(hands, place)


def adds_and_removes_work(hands: Hands, unit: str) -> None:
    """Add two, one with a mistake first; remove one, take that back, and remove it again."""
    hands.presses("添加工作经历")
    hands.dates("起始年月", year="2013", month="13")
    hands.presses("保存并返回")
    hands.is_refused("起始年月")
    describes_work(hands, unit)
    hands.presses("添加工作经历")
    describes_work(hands, "北京另一家公司")
    hands.presses("修改：")
    hands.presses("从档案中移除")
    hands.presses("撤销移除")
    hands.sees("已放回业绩档案")


def describes_work(hands: Hands, unit: str) -> None:
    hands.types("工作单位", unit)
    hands.types("岗位", "研发工程师")
    hands.types("从事的专业技术工作", "电子系统设计")
    hands.dates("起始年月", year="2013", month="8")
    hands.chooses("是", group="是否专业技术工作")
    hands.presses("保存并返回")


def adds_a_result(hands: Hands, place: Path) -> None:
    """A result with its proof: the file is told before the form is sent, and can be taken away again."""
    hands.presses("添加业绩成果")
    hands.chooses("业绩", group="评价方面")
    hands.types("成果名称", "低功耗信号处理芯片")
    hands.chooses("主持", group="本人作用")
    hands.dates("完成或取得日期", year="2024", month="5", day="20")
    hands.types("内容与效果", "功耗降低三成，已量产。")
    hands.presses("保存并返回")
    hands.presses("上传证明材料")
    hands.hands_in("选择文件", paper(place, "证明"))
    expect(hands.page.locator("[data-upload-status]")).to_contain_text("文件已收到", timeout=30_000)
    hands.presses("提交")
    expect(hands.page.locator(".zc-files")).to_contain_text("证明.pdf")
    assert Evidence.objects.count() == 1


def submits(hands: Hands) -> None:
    """Choose the representative result, read the answers over, forget the commitment, then give it."""
    address = f"/applications/{Application.objects.get().code}/"
    hands.visits(f"{address}works/")
    hands.presses("选为代表性成果")
    hands.visits(address)
    hands.presses("检查并提交")
    hands.presses("提交申报")
    hands.is_refused("承诺")
    hands.keys.press("Space")
    hands.presses("提交申报")
    hands.sees("已提交")


def test_an_employer_posts_the_notice_and_recommends(open_window: OpenWindow) -> None:
    clock.move_to(on(13))
    unit = applications.employer()
    applications.submitted(catalogue.published_entry(), applications.applicant(unit, full_name="林书言"))
    head = applications.head_of(unit)
    hands = Hands(open_window(), "/account/login/")
    logs_in(hands, able_to_log_in(head.person))
    hands.visits("/account/acting/")
    hands.presses(unit.name)
    hands.visits("/applications/recommendations/")
    hands.presses("林书言")
    hands.presses("受理审核")
    hands.presses("受理审核")
    hands.presses("其余各项全部属实")
    hands.presses("发布单位公示")
    hands.types("异议受理方式", "人力资源部")
    hands.presses("预览")
    hands.presses("发布公示")
    hands.sees("公示")
    ring_due(at=on(21, 0))
    clock.move_to(on(21))
    recommendation = Recommendation.objects.get()
    hands.visits(f"/applications/recommendations/{recommendation.code}/")
    hands.presses("签署推荐")
    hands.types("推荐意见", "该同志业绩突出，群众公认，同意推荐。")
    hands.types("单位考核结果", "近三年年度考核均为优秀")
    hands.presses("签署")
    hands.is_refused("真实性")
    hands.keys.press("Space")
    hands.presses("签署")
    hands.sees("已推荐")


def on(day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(2026, 7, day, hour, tzinfo=clock.BEIJING)


def test_a_member_votes_on_the_secret_ballot(open_window: OpenWindow) -> None:
    room = meeting(open_window)
    electronic.keyed(room.session)
    member = room.scrutineer(1)
    base = f"/review/sessions/{room.session.code}/ballots/"
    hands = Hands(room.window(member), f"{base}key/")
    hands.presses("登记")
    register_others(room, [member])
    opened(room)
    item = sessions.voting(sessions.items(room.session)[0])
    hands.visits(f"/review/cases/{item.code}/ballot/")
    hands.chooses("反对", group="是否同意")
    hands.keys.press("ArrowUp")
    assert "同意" in hands.look().words
    hands.opens("继续")
    hands.page.wait_for_selector("[data-ballot-sure]:not([hidden])")
    assert "您的选择：同意" in hands.look().words, "the focus is where the choice is read out, not on what casts it"
    hands.opens("返回修改")
    assert hands.look().type == "radio"
    hands.chooses("弃权", group="是否同意")
    hands.opens("继续")
    hands.page.wait_for_selector("[data-ballot-sure]:not([hidden])")
    assert "弃权" in (hands.page.text_content("[data-ballot-sure]") or "")
    hands.opens("加密并投票")
    hands.page.wait_for_selector("text=选票编号")
    assert Ballot.objects.filter(voter__item=item).count() == 1


def test_a_clerk_checks_in_who_came(open_window: OpenWindow) -> None:
    """One press a member; the next press of Tab goes on from the member's row, and several come in at once."""
    entry = catalogue.published_entry()
    session = sessions.convened(sessions.planned(entry.committee, members=13, size=11), sessions.ready(entry))
    clock.move_to(sessions.STARTS)
    first, second, third, *_others = sessions.members(session)
    hands = Hands(open_window(by=sessions.clerk(session)), f"/review/sessions/{session.code}/")
    for member in (first, second):
        hands.goes_to(f"签到{member.person.full_name}")
        with hands.going_on():
            hands.keys.press("Enter")
        hands.page.wait_for_load_state()
        assert member.person.full_name in next(hands.walks()).words, "the focus starts in the member's row"
    hands.visits(f"/review/sessions/{session.code}/")
    hands.presses("多人签到")
    hands.ticks(third.person.full_name)
    hands.presses("为所选委员签到")
    came = [one.state for one in sessions.members(session)][:4]
    assert came == [MemberState.PRESENT, MemberState.PRESENT, MemberState.PRESENT, MemberState.ACCEPTED]


def test_the_clerk_of_an_agency_narrows_the_queue(open_window: OpenWindow) -> None:
    """Disclosures open and close, columns are chosen, and a row is opened."""
    clock.move_to(dt.datetime(2026, 7, 29, 10, 0, tzinfo=clock.BEIJING))
    entry, unit = catalogue.published_entry(), applications.employer()
    who = [applications.applicant(unit, full_name=name) for name in ("林书言", "赵清和")]
    reviews = [agency_reviews.queued(entry, one) for one in who]
    hands = Hands(open_window(by=agency_reviews.lead_of(reviews[0])), "/review/?state=open")
    hands.goes_to("筛选和排序")
    hands.keys.press("Space")
    expect(hands.page.locator("details[open] select").first).to_be_visible()
    hands.presses("筛选")
    hands.visits("/review/columns/")
    box = next(stop for stop in hands.walks() if stop.type == "checkbox")
    hands.keys.press("Space")
    assert hands.look().checked != box.checked
    hands.presses("保存")
    hands.visits("/review/?state=open")
    hands.presses("赵清和")
    hands.sees("赵清和")


def test_anybody_checks_a_certificate_on_a_phone(open_window: OpenWindow) -> None:
    """The menu opens and closes with the keyboard, and hides nothing that has the focus."""
    cache.clear()
    clock.move_to(checks.ISSUED)
    certificate = checks.issued(checks.cases()[0])
    hands = Hands(open_window(PHONE), "/")
    hands.goes_back_past_the_menu()
    hands.presses("证书查验")
    hands.types("证书编号", certificate.number)
    hands.presses("查验")
    hands.is_refused("姓名")
    hands.types("姓名", certificate.holder_name)
    hands.types("查验码", checks.CODE)
    hands.presses("查验")
    hands.sees("证书有效", certificate.masked_document)


@pytest.mark.parametrize(
    "path", ["/", "/help/", "/catalogue/", "/notices/", "/account/register/", "/certificates/check/"]
)
def test_every_stop_of_a_public_page_is_marked_and_in_order(open_window: OpenWindow, path: str) -> None:
    catalogue.published_entry()
    for width in (1280, PHONE):
        hands = Hands(open_window(width), path)
        assert len(list(hands.walks())) > 5
        assert len(list(hands.walks(back=True))) > 5
