"""The foundation of pages and API: default deny, one answer per key, refusals in place, problem details."""

import threading
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.core.checks import Error
from django.db import connections
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.http.checks import every_view_declares_who_may
from portal.http.limits import count_against
from portal.http.models import HandledPost
from portal.ledger.models import Entry
from portal.shared import clock
from portal.shared.errors import Refusal
from portal.workflow import carry_out
from tests.errand.models import Errand, State

pytestmark = pytest.mark.urls("tests.errand.urls")
Visit = Callable[..., Client]


def page(errand: Errand) -> str:
    return f"/errand/{errand.code}/"


def api(errand: Errand) -> str:
    return f"/api/errand/{errand.code}/"


def steps_taken() -> int:
    return Entry.objects.filter(subject_type="errand.Errand").count()


def test_a_view_that_declares_nothing_stops_the_start() -> None:
    assert every_view_declares_who_may(None) == [
        Error(
            "The view of 'undeclared' declares no access.", hint="Set `access = <predicate>` on it.", id="portal.E010"
        )
    ]


def test_a_view_that_declares_nothing_is_closed_at_run_time_too(visit: Visit, bureau_lead: Actor) -> None:
    assert visit(bureau_lead).get("/undeclared/").status_code == 403


def test_the_public_is_sent_to_log_in_and_the_api_says_no(visit: Visit) -> None:
    errand = Errand.objects.create()
    answer = visit().get(page(errand))
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={page(errand)}")
    assert visit().get(api(errand)).status_code == 403


def test_another_role_is_refused(visit: Visit, actor: Callable[..., Actor]) -> None:
    assert visit(actor(Role.EMPLOYER_HEAD)).get(page(Errand.objects.create())).status_code == 403


def test_rights_end_with_the_membership_at_the_next_request(visit: Visit, bureau_clerk: Actor) -> None:
    errand, browser = Errand.objects.create(), visit(bureau_clerk)
    assert browser.get(page(errand)).status_code == 200
    assert bureau_clerk.person is not None
    bureau_clerk.person.memberships.update(until="2021-01-01")
    assert browser.get(page(errand)).status_code == 403


def test_an_invisible_row_looks_like_an_unknown_one(visit: Visit, bureau_clerk: Actor) -> None:
    browser, hidden = visit(bureau_clerk), Errand.objects.create(opinion="hidden")
    assert [browser.get(address).status_code for address in (page(hidden), "/errand/E-UNKNOWN/")] == [404, 404]


def test_the_same_key_acts_once_and_answers_the_same(visit: Visit, bureau_clerk: Actor) -> None:
    errand, browser = Errand.objects.create(papers=2), visit(bureau_clerk)
    sent = {"_key": "k1", "opinion": "同意"}
    first, again = browser.post(page(errand), sent), browser.post(page(errand), sent)
    assert [(answer.status_code, answer["Location"]) for answer in (first, again)] == [(302, "/done/")] * 2
    assert steps_taken() == 1


def test_a_post_without_key_changes_nothing(visit: Visit, bureau_clerk: Actor) -> None:
    errand = Errand.objects.create(papers=2)
    answer = visit(bureau_clerk).post(page(errand), {"opinion": "同意"})
    assert answer.status_code == 409
    assert "请求缺少防重复编号，请刷新页面后重试。" in answer.content.decode()
    assert steps_taken() == 0


def test_a_key_of_another_address_is_refused(visit: Visit, bureau_clerk: Actor) -> None:
    first, second, browser = Errand.objects.create(papers=2), Errand.objects.create(papers=2), visit(bureau_clerk)
    browser.post(page(first), {"_key": "k1", "opinion": "同意"})
    answer = browser.post(page(second), {"_key": "k1", "opinion": "同意"})
    assert (answer.status_code, "已用于另一事项" in answer.content.decode()) == (409, True)
    assert Errand.objects.get(pk=second.pk).state == State.OPEN


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_entered(visit: Visit, bureau_clerk: Actor) -> None:
    errand, browser = Errand.objects.create(papers=1), visit(bureau_clerk)
    answer = browser.post(page(errand), {"_key": "k1", "opinion": "长" * 21}).json()
    assert answer == {
        "errors": {
            "__all__": ["材料未齐，请先补齐材料。（依据 R-065）"],
            "opinion": ["办理意见不得超过20字，现有21字。（依据 R-075）"],
        },
        "entered": "长" * 21,
    }
    assert not HandledPost.objects.exists()


def test_after_a_refusal_the_same_form_can_be_sent_again(visit: Visit, bureau_clerk: Actor) -> None:
    errand, browser = Errand.objects.create(papers=2), visit(bureau_clerk)
    browser.post(page(errand), {"_key": "k1", "opinion": ""})
    assert browser.post(page(errand), {"_key": "k1", "opinion": "同意"}).status_code == 302


def test_the_api_lists_steps_with_reasons(visit: Visit, bureau_clerk: Actor) -> None:
    (step,) = visit(bureau_clerk).get(api(Errand.objects.create())).json()
    assert (step["step"], step["open"], [reason["code"] for reason in step["reasons"]]) == (
        "finish",
        False,
        ["papers_complete"],
    )


def post_api(browser: Client, errand: Errand, key: str = "k1", opinion: str = "同意") -> tuple[int, dict[str, object]]:
    body = {"opinion": opinion}
    answer = browser.post(api(errand), body, content_type="application/json", headers={"Idempotency-Key": key})
    return answer.status_code, answer.json()


def test_the_api_acts_once_per_key(visit: Visit, bureau_clerk: Actor) -> None:
    errand, browser = Errand.objects.create(papers=2), visit(bureau_clerk)
    assert [post_api(browser, errand) for _ in range(2)] == [(201, {"state": "done"})] * 2
    assert steps_taken() == 1


def test_a_refusal_in_the_api_is_problem_details_with_every_reason(visit: Visit, bureau_clerk: Actor) -> None:
    status, body = post_api(visit(bureau_clerk), Errand.objects.create(papers=0), opinion="")
    reasons = body["reasons"]
    assert isinstance(reasons, list)
    assert (status, body["code"]) == (409, "papers_complete")
    assert [(reason["code"], reason["basis"], reason["field"]) for reason in reasons] == [
        ("papers_complete", "R-065", ""),
        ("opinion_given", "R-075", "opinion"),
    ]


def test_a_step_from_another_state_is_a_conflict(visit: Visit, bureau_clerk: Actor) -> None:
    errand, browser = Errand.objects.create(papers=2), visit(bureau_clerk)
    carry_out(errand, "finish", by=bureau_clerk, at=clock.now(), opinion="同意")
    status, body = post_api(browser, errand, key="k2")
    assert (status, body["code"]) == (409, "step_not_open")


def test_the_api_needs_a_key_to_change_anything(visit: Visit, bureau_clerk: Actor) -> None:
    status, body = post_api(visit(bureau_clerk), Errand.objects.create(papers=2), key="")
    assert (status, body["code"]) == (409, "key_missing")


@pytest.mark.django_db(transaction=True)
def test_ten_identical_posts_at_once_act_once(visit: Visit, bureau_clerk: Actor) -> None:
    errand = Errand.objects.create(papers=2)
    browsers = [visit(bureau_clerk) for _ in range(10)]
    start, answers = threading.Barrier(10), []

    def send(browser: Client) -> None:
        start.wait()
        answers.append(browser.post(page(errand), {"_key": "k1", "opinion": "同意"}).status_code)
        connections.close_all()

    threads = [threading.Thread(target=send, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 10
    assert steps_taken() == 1


def test_behind_the_proxy_each_caller_has_a_limit_of_their_own(rf: RequestFactory, settings: Settings) -> None:
    settings.AXES_IPWARE_PROXY_COUNT = 0
    settings.AXES_IPWARE_META_PRECEDENCE_ORDER = ["HTTP_X_FORWARDED_FOR", "REMOTE_ADDR"]
    cache.clear()
    callers = [rf.post("/", headers={"X-Forwarded-For": f"192.0.2.{n}"}, REMOTE_ADDR="10.0.0.1") for n in (1, 2)]
    for caller in callers:
        count_against(caller, "knock", per_hour=1)
    with pytest.raises(Refusal) as refused:
        count_against(callers[0], "knock", per_hour=1)
    assert [reason.code for reason in refused.value.reasons] == ["too_often"]


def test_without_the_cache_everything_passes(rf: RequestFactory, settings: Settings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    for _ in range(2):
        count_against(rf.post("/"), "knock", per_hour=1)
