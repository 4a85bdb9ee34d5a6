"""The agency returns a file once: scenario S3 to its end, and S9 as far as the second check."""

import pytest

from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.redress.models import ReviewRequest
from portal.shared import clock
from review.models import Payment
from tests.journeys.lives import DEFECTS, OPINION, Life, entry
from tests.journeys.walking import Walker, moment, on, page, staff_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.journey, pytest.mark.usefixtures("year")]
REMINDER, ENDED = "applications.correction_deadline", "applications.correction_expired"


def qian_is_recommended() -> Life:
    """Posted Tue 14 Jul → ends 21 Jul; recommended 22 Jul."""
    qian = Life(Person.objects.get(username="applicant"), entry("电子信息", "associate"))
    on("Mon 13 Jul")
    qian.is_submitted()
    on("Tue 14 Jul")
    qian.is_posted()
    on("Tue 21 Jul 23:59")
    assert qian.recommendation.state == "publicising"
    on("Tue 21 Jul 24:00")
    assert qian.recommendation.state == "publicised"
    on("Wed 22 Jul")
    qian.is_recommended()
    return qian


@pytest.mark.rule("R-090", "R-091", "R-093", "A-09", "A-25")
def test_s3_returned_once_and_then_expired() -> None:
    qian = qian_is_recommended()

    # Thu 10 Sep: the agency returns with three defects, in one list
    on("Thu 10 Sep")
    qian.is_returned_with("post", "summary", "result")
    assert (qian.state, qian.review.state) == ("returned", "returned")
    told = [text for text, _basis in DEFECTS.values()]
    qian.sees(*told, "只退回补正一次")
    letter = qian.told_of("applications.returned")
    assert all(one in letter for one in (*told, "9月23日", "星期三", "24:00", "只有一次机会"))

    # Ten working days: 11, 14–18, 20 (Sun), 21, 22, 23 → deadline Wed 23 Sep 24:00
    progress = page("applications:progress", qian.code)
    qian.person.sees(progress, *told, "9月23日", "24:00")
    assert qian.person.sees_counted(progress) == "11 14 15 16 17 18 20 21 22 23 Sep"

    # Reminders: Sun 20 Sep (3 days left) and Tue 22 Sep (1 left)
    for when, count in (("Sat 19 Sep 23:59", 0), ("Sun 20 Sep 12:00", 1), ("Mon 21 Sep 23:59", 1), ("Tue 22 Sep", 2)):
        on(when)
        assert qian.letters(REMINDER) == count, when
    on("Wed 23 Sep 23:59")
    assert qian.state == "returned"

    # Thu 24 Sep 09:15, swept by nobody: the command first executes the expiry; message with last day and calendar
    clock.move_to(moment("Thu 24 Sep 09:15"))
    refused = qian.person.tries(page("applications:check", qian.code), commitment="on")
    shown = text_of(qian.person.client.get(refused["Location"]))
    assert all(one in shown for one in ("视为放弃", "9月23日", "24:00", "15个工作日"))
    assert qian.person.sees_counted(progress) == "11 14 15 16 17 18 20 21 22 23 Sep"
    assert (qian.state, qian.review.state) == ("deemed_withdrawn", "closed_expired")
    assert qian.letters(ENDED) == 1
    assert "9月23日" in qian.told_of(ENDED)
    qian.leader.sees(page("review:file", qian.review.code), "逾期未补正")
    assert not Payment.objects.filter(application=qian.application).exists()

    # He asks for review the same day (window to Thu 22 Oct)
    assert "复查" in shown
    counted = "28 29 30 Sep 8 9 10 12 13 14 15 16 19 20 21 22 Oct"
    assert qian.person.sees_counted(page("redress:ask", qian.code)) == counted
    request = asks_for_a_review(qian, "本人把9月20日当作休息日，请求恢复申报。")

    # Not admitted, because return, deadline and reminders were correct
    refused = {"ground": "no_fault", "answer": "退回、补正期限和两次提醒均无误，9月20日为调休工作日。"}
    for who in (qian.checker, qian.leader):
        who.is_refused(page("redress:not_admit", request), "参与过所复查的审核", **refused)
    office = Walker(staff_of(qian.review.agency, Role.AGENCY_CLERK))
    office.sees(page("review:file", qian.review.code), "逾期未补正")
    shown = office.sees(page("redress:request", request), "补正截止", "期限已届满")
    assert all(one in shown for one in ("9月20日（星期日）12:00 提醒", "9月22日（星期二）10:00 提醒"))
    counted = office.sees_counted(page("redress:request", request))
    assert counted.endswith("11 14 15 16 17 18 20 21 22 23 Sep")
    office.sends(page("redress:not_admit", request), **refused)
    qian.person.sees(page("redress:own_request", request), "不予受理", refused["answer"], "申请复核")
    assert refused["answer"] in qian.told_of("redress.request_answered")
    assert qian.state == "deemed_withdrawn"

    # He may apply next year
    qian.person.sees(progress, "下一年度可以重新申报")


def asks_for_a_review(life: Life, facts: str) -> str:
    """Ask on the page of what ended, and return the request's number."""
    life.person.sends(page("redress:ask", life.code), facts=facts)
    return ReviewRequest.objects.get(person=life.application.applicant).code


@pytest.mark.rule("R-130", "A-24")
def test_s3_a_review_that_finds_the_procedure_faulty_lets_him_correct_after_all() -> None:
    """Counter-test: had the agency told the defects in two parts, the review would revive the state (A-24)."""
    qian = qian_is_recommended()
    on("Thu 10 Sep")
    qian.is_returned_with("post", "summary", "result")
    on("Thu 24 Sep 09:15")
    assert qian.state == "deemed_withdrawn"
    request = asks_for_a_review(qian, "第三项缺陷是9月22日以电话另行告知的，没有在通知中一次列明。")

    on("Mon 28 Sep")
    first, second = (Walker(staff_of(qian.review.agency, role)) for role in (Role.AGENCY_CLERK, Role.AGENCY_LEAD))
    first.sends(page("redress:admit", request))
    qian.leader.is_refused(page("redress:uphold", request), "参与过所复查的审核", answer="退回没有一次列明全部缺陷。")
    second.sends(page("redress:uphold", request), answer="退回没有一次列明全部缺陷，程序有误，恢复补正。")
    assert (qian.state, qian.review.state) == ("returned", "returned")
    told = qian.told_of("redress.request_upheld")
    assert "程序有误" in told
    assert "已退回补正" in told
    assert qian.letters("applications.returned") == 2
    assert all(one in qian.told_of("applications.returned") for one in ("10月16日", "星期五", "24:00"))

    # Ten working days anew: 29, 30 Sep, 8, 9, 10 (Sat), 12–16 Oct
    progress = page("applications:progress", qian.code)
    assert qian.person.sees_counted(progress) == "29 30 Sep 8 9 10 12 13 14 15 16 Oct"
    on("Fri 16 Oct 23:59")
    qian.writes("post", **{**qian.post, "department": "研发二部"})
    qian.person.sends(page("applications:check", qian.code), commitment="on")
    assert (qian.state, qian.recommendation.state) == ("resubmitted", "rechecking")


@pytest.mark.rule("R-091")
def test_s3_there_is_no_second_list() -> None:
    """Counter-test: what could have been told in two parts is refused the second time."""
    qian = qian_is_recommended()
    on("Thu 10 Sep")
    qian.is_returned_with("post")
    qian.leader.is_refused(page("review:return_once", qian.review.code))
    assert (qian.state, qian.application.return_count) == ("returned", 1)


@pytest.mark.rule("R-078", "R-091", "R-092", "R-096")
def test_s9_corrected_confirmed_and_passed_in_the_second_check() -> None:
    feng = qian_is_recommended()
    on("Wed 9 Sep")
    feng.is_returned_with("post")
    on("Sun 20 Sep")
    feng.writes("post", **{**feng.post, "department": "研发二部"})
    feng.person.sends(page("applications:check", feng.code), commitment="on")
    assert (feng.state, feng.review.state) == ("resubmitted", "returned")
    on("Mon 21 Sep")
    feng.is_checked_by_the_employer()
    feng.head.sends(page("applications:confirm", feng.recommendation.code), **OPINION)
    assert (feng.state, feng.review.state) == ("under_second_review", "rechecking")

    on("Wed 23 Sep")
    code = feng.review.code
    feng.checker.sees(page("review:check", code), "补正后有变化", "沿用首次审核结果", "研发二部", "补正的变化")
    feng.checker.is_refused(page("review:propose_again", code), "项未审核", proposal="pass")
    feng.checker.sends(page("review:check", code), _version=feng.review.version, go="all_fine")
    assert "建议一次性退回补正" not in feng.checker.sees(page("review:propose_again", code))
    assert feng.checker.tries(page("review:propose_again", code), proposal="return").status_code == 200
    feng.checker.sends(page("review:propose_again", code), proposal="pass")
    feng.checker.is_refused(page("review:pass_review", code), "不能办理")
    feng.leader.sends(page("review:pass_review", code))
    assert (feng.state, feng.review.state) == ("review_passed", "passed")
    assert feng.letters("review.review_passed") == 1
