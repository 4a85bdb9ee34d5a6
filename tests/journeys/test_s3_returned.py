"""The agency returns a file once: scenario S3 to its end, and S9 as far as the second check."""

import pytest

from portal.accounts.models import Person
from portal.shared import clock
from review.models import Payment
from tests.journeys.lives import DEFECTS, OPINION, Life, entry
from tests.journeys.walking import moment, on, page, text_of

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


@pytest.mark.rule("R-091")
def test_s3_there_is_no_second_list() -> None:
    """Counter-test: what could have been told in two parts is refused the second time, so that nobody needs a review."""
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
