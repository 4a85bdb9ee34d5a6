"""The bureau's desk of certificates: orders from the people who wait to the last certificate, and changes by two."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applications.domain.holding import set_hold
from applications.enums import Hold
from certificates.enums import CertificateState, ChangeKind, ChangeState, OrderState
from certificates.models import Certificate, CertificateChange, IssueOrder, NationalPush
from certificates.views import stuck
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.http.once import FIELD, new_key
from portal.http.worklist import waiting_for
from review.models import AcceptedCase
from tests.factories import acceptances, accounts, certificates, integrity
from tests.factories.certificates import ORDERED, PROPOSED

pytestmark = pytest.mark.django_db
PEOPLE = 3
NEW, ORDERS = "/certificates/orders/new/", "/certificates/orders/"
WHY = "经核查，姓名中的一个字录入有误。"


def post(browser: Client, address: str, **told: object) -> str:
    """Send a form and return where it leads; an answer that shows the form again fails with its errors."""
    response = browser.post(address, {**told, FIELD: new_key()})
    assert response.status_code == 302, shown(response)
    return str(response["Location"])


def refused(browser: Client, address: str, **told: object) -> str:
    """Send a form that comes back, and return the page."""
    response = browser.post(address, {**told, FIELD: new_key()})
    assert response.status_code == 200
    return str(response.content.decode())


def shown(response: object) -> str:
    content = response.content.decode()  # type: ignore[attr-defined]
    return str(content[content.find("govuk-error-summary") :][:800])


def text(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


@pytest.mark.rule("R-123")
def test_a_batch_is_proposed_by_one_and_given_by_another(
    cases: list[AcceptedCase], clerk: Client, lead: Client
) -> None:
    batch = cases[0].acceptance
    assert "3人" in text(clerk, NEW)
    page = post(clerk, NEW, batch=batch.code)
    order = IssueOrder.objects.get()
    assert page == f"{ORDERS}{order.code}/"
    content = text(clerk, page)
    assert all(case.application.applicant.full_name in content for case in cases)
    assert clerk.get(f"{page}give/").status_code == 403
    assert f"{page}give/" in text(lead, page)
    assert "3人" in text(lead, f"{page}give/")
    assert post(lead, f"{page}give/") == page
    running = text(lead, page)
    assert all(number in running for number in order.certificates.values_list("number", flat=True))
    assert "已完成 0 份，共 3 份" in running
    assert f"{page}moves/?since=0" in running
    assert clerk.get(f"{page}moves/?since=0").json() == {"waiting": True}
    certificates.issued(order.certificates.order_by("serial")[0])
    assert clerk.get(f"{page}moves/?since=0").json() == {"waiting": False}
    assert "已制作 1 / 3" in text(clerk, ORDERS)


@pytest.mark.rule("R-123")
def test_whoever_proposed_does_not_give(cases: list[AcceptedCase], lead: Client) -> None:
    page = post(lead, NEW, case=[one.code for one in cases[:2]])
    content = text(lead, page)
    assert "提出人不能同时批准" in content
    assert f'href="{page}give/"' not in content
    assert "提出人不能同时批准" in refused(lead, f"{page}give/")
    assert IssueOrder.objects.get().state == OrderState.PROPOSED
    assert post(lead, f"{page}drop/") == page
    assert "3人" in text(lead, NEW)


def test_whom_something_hinders_stands_with_every_reason(cases: list[AcceptedCase], clerk: Client) -> None:
    set_hold(cases[0].application, Hold.INVESTIGATION, at=PROPOSED, basis="A-08")
    Person.objects.filter(pk=cases[1].application.applicant_id).update(born_on=None, full_name="王\ufffd")
    batch = f"{NEW}{cases[0].acceptance.code}/"
    for page in (NEW, batch):
        content = text(clerk, page)
        assert "办结前不能发证" in content
        assert "缺少证书必需的信息：出生日期" in content
        assert "/rules/R-124/" in content
        assert "/rules/A-08/" in content
    content = text(clerk, batch)
    assert f'value="{cases[2].code}" checked' in content
    assert f'value="{cases[0].code}"' not in content
    assert "没有选择可以发证的人员" in refused(clerk, NEW, case=[cases[0].code])
    assert "没有选择可以发证的人员" in refused(clerk, NEW)
    page = post(clerk, NEW, batch=cases[0].acceptance.code)
    assert "2人没有列入" in text(clerk, page)
    assert IssueOrder.objects.get().lines.get().case_id == cases[2].pk


def test_whoever_is_passed_over_at_the_giving_stands_on_the_order_with_the_reason(
    cases: list[AcceptedCase], lead: Client
) -> None:
    order = certificates.proposed(cases)
    set_hold(cases[0].application, Hold.INVESTIGATION, at=ORDERED, basis="A-08")
    page = f"{ORDERS}{order.code}/"
    post(lead, f"{page}give/")
    content = text(lead, page)
    assert "1人签发时已不符合发证条件" in content
    assert "签发时没有编号的人员" in content
    assert "办结前不能发证" in content


def test_what_got_stuck_is_shown_and_tried_again(cases: list[AcceptedCase], clerk: Client) -> None:
    one = certificates.prepared(cases[0])
    Certificate.objects.filter(pk=one.pk).update(not_before=None, trouble="时间戳服务没有应答")
    order, own = f"{ORDERS}{one.order.code}/", f"/certificates/register/{one.code}/"  # type: ignore[union-attr]
    again = f"/certificates/stuck/{one.code}/again/"
    for page in (order, own, "/certificates/stuck/"):
        content = text(clerk, page)
        assert "时间戳服务没有应答" in content
        assert again in content
    assert post(clerk, again) == own
    row = Certificate.objects.get(pk=one.pk)
    assert (row.not_before is not None, row.trouble) == (True, "")
    assert clerk.get(again).status_code == 404


def test_all_that_got_stuck_of_an_order_is_tried_again_at_once(cases: list[AcceptedCase], clerk: Client) -> None:
    order, other = certificates.given(certificates.proposed(cases[:2])), certificates.prepared(cases[2])
    page = f"{ORDERS}{order.code}/"
    again = f"{page}again/"
    assert again not in text(clerk, page)
    assert clerk.get(again).status_code == 404
    Certificate.objects.update(not_before=None, attempts=20, trouble="时间戳服务没有应答")
    assert again in text(clerk, page)
    assert "2份" in text(clerk, again)
    assert post(clerk, again) == page
    rows = order.certificates.values_list("attempts", "trouble").exclude(not_before=None)
    assert list(rows) == [(0, ""), (0, "")]
    assert Certificate.objects.get(pk=other.pk).not_before is None
    assert clerk.get(again).status_code == 404


def test_what_got_stuck_is_turned_page_by_page(
    cases: list[AcceptedCase], clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stuck, "A_PAGE", 2)
    made = certificates.given(certificates.proposed(cases)).certificates
    made.update(not_before=None, trouble="时间戳服务没有应答")
    assert text(clerk, "/certificates/stuck/").count('scope="row"') == 2
    assert text(clerk, "/certificates/stuck/?page=2").count('scope="row"') == 1


def test_a_push_that_the_platform_refused_is_sent_again(cases: list[AcceptedCase], clerk: Client) -> None:
    one = certificates.issued(certificates.prepared(cases[0]))
    push = NationalPush.objects.get(certificate=one)
    NationalPush.objects.filter(pk=push.pk).update(not_before=None, last_error="invalid_holder")
    own, again = f"/certificates/register/{one.code}/", f"/certificates/pushes/{push.code}/again/"
    assert again in text(clerk, own)
    assert again not in text(clerk, "/certificates/stuck/")
    assert again in text(clerk, "/certificates/stuck/?of=pushes")
    assert "invalid_holder" in text(clerk, again)
    assert post(clerk, again) == own
    assert NationalPush.objects.get().last_error == ""
    assert "重新推送" in text(clerk, own)  # in its history


@pytest.mark.rule("A-45")
def test_a_suspension_is_proposed_by_one_and_approved_by_another(
    cases: list[AcceptedCase], clerk: Client, lead: Client
) -> None:
    one = certificates.issued(certificates.prepared(cases[0]))
    own = f"/certificates/register/{one.code}/"
    propose = f"{own}changes/suspend/"
    assert propose in text(clerk, own)
    assert "请写明理由" in refused(clerk, propose, reason="太短")
    page = post(clerk, propose, reason="有材料反映业绩不实，需要核查。")
    change = CertificateChange.objects.get()
    assert page == f"/certificates/changes/{change.code}/"
    assert propose not in text(clerk, own)
    assert clerk.get(f"{page}approve/").status_code == 403
    assert change.code in text(lead, "/certificates/changes/")
    assert post(lead, f"{page}approve/") == page
    assert Certificate.objects.get(pk=one.pk).state == CertificateState.SUSPENDED
    content = text(clerk, own)
    assert "核查中，暂停使用" in content
    assert f"{own}changes/resume/" in content
    assert change.code not in text(lead, "/certificates/changes/")
    assert change.code in text(lead, "/certificates/changes/?state=all")
    assert lead.get(f"{own}changes/abolish/").status_code == 404


def test_a_correction_touches_only_what_a_slip_may_and_needs_its_proof(
    cases: list[AcceptedCase], clerk: Client, lead: Client
) -> None:
    one = certificates.issued(certificates.prepared(cases[0]))
    propose = f"/certificates/register/{one.code}/changes/correct/"
    form = text(clerk, propose)
    assert f'value="{one.holder_name}"' in form
    assert 'name="title"' not in form
    asis = {"holder_name": one.holder_name, "sex": one.sex, "specialty": one.specialty, "committee": one.committee}
    days = {**_parts("birth_date", one.birth_date), **_parts("passed_on", one.passed_on)}
    assert "请上传证明材料" in refused(clerk, propose, **asis, **days, reason=WHY)
    proof = certificates.proof(acceptances.bureau())
    same = refused(clerk, propose, **asis, **days, reason=WHY, proof_code=proof.code)
    assert "请填写至少一项需要更正的内容" in same
    told = {**asis, **days, "holder_name": "张更正", "proof_code": proof.code, "reason": WHY}
    page = post(clerk, propose, **told)
    change = CertificateChange.objects.get()
    assert (change.kind, change.corrections) == (ChangeKind.CORRECT, {"holder_name": "张更正"})
    for address in (page, f"{page}approve/"):
        content = text(lead, address)
        assert one.holder_name in content
        assert "张更正" in content
    post(lead, f"{page}approve/")
    assert Certificate.objects.get(corrects=one).holder_name == "张更正"
    assert "更正后的新证书正在制作" in text(clerk, f"/certificates/register/{one.code}/")
    assert "不能再次更正原证书" in refused(clerk, propose, **told)


def test_a_declined_change_leaves_everything_and_says_why(
    cases: list[AcceptedCase], clerk: Client, lead: Client
) -> None:
    one = certificates.issued(certificates.prepared(cases[0]))
    page = post(clerk, f"/certificates/register/{one.code}/changes/suspend/", reason="有材料反映业绩不实，需要核查。")
    assert "请写明理由" in refused(lead, f"{page}decline/", reason="不")
    post(lead, f"{page}decline/", reason="反映的材料与本人无关，不予暂停。")
    assert "反映的材料与本人无关" in text(clerk, page)
    assert CertificateChange.objects.get().state == ChangeState.DECLINED


@pytest.mark.rule("R-141")
def test_a_revocation_names_a_decision_in_force_about_the_holder(
    cases: list[AcceptedCase], clerk: Client, lead: Client
) -> None:
    one = certificates.issued(certificates.prepared(cases[0]))
    propose = f"/certificates/register/{one.code}/changes/revoke/"
    assert "请选择依据的处理决定" in refused(clerk, propose, reason="撤销职称的决定已经生效。")
    other = integrity.Bureau().in_force()
    assert other.code not in text(clerk, propose)
    record = integrity.Bureau().in_force(person=one.holder)
    assert record.code in text(clerk, propose)
    page = post(clerk, propose, reason="撤销职称的决定已经生效。", decision=record.code)
    post(lead, f"{page}approve/")
    row = Certificate.objects.get(pk=one.pk)
    assert row.state == CertificateState.REVOKED
    assert "已撤销" in text(clerk, f"/certificates/register/{one.code}/")


def test_what_waits_stands_on_the_desks(cases: list[AcceptedCase]) -> None:
    clerk, lead = acceptances.clerk(), acceptances.lead()
    set_hold(cases[0].application, Hold.INVESTIGATION, at=PROPOSED, basis="A-08")

    def told(who: object) -> dict[str, int]:
        return {str(one.label): one.count for one in waiting_for(who, PROPOSED)}  # type: ignore[arg-type]

    found = told(clerk)
    assert (found["公示无异议，待列入发证批次"], found["待发证人员中暂不能发证"]) == (3, 1)
    certificates.proposed(cases[1:])
    assert "发证批次待签发" not in told(clerk)
    assert told(lead)["发证批次待签发"] == 1


@pytest.mark.parametrize("role", [None, Role.EMPLOYER_CLERK, Role.AGENCY_LEAD, Role.EXPERT])
def test_nobody_else_opens_the_desk(cases: list[AcceptedCase], visit: Callable[..., Client], role: Role | None) -> None:
    order = certificates.proposed(cases[:1])
    browser = visit(accounts.actor(role) if role else accounts.actor())
    for page in (ORDERS, NEW, f"{ORDERS}{order.code}/", "/certificates/register/", "/certificates/changes/"):
        assert browser.get(page).status_code == 403


def test_the_pages_ask_as_often_for_three_as_for_one(cases: list[AcceptedCase], clerk: Client) -> None:
    batch = f"{NEW}{cases[0].acceptance.code}/"
    asked(clerk, NEW)  # what a process reads once
    three = {page: asked(clerk, page) for page in (NEW, batch)}
    order = certificates.given(certificates.proposed(cases[:2]))
    assert {page: asked(clerk, page) for page in (NEW, batch)} == three
    two, one = asked(clerk, f"{ORDERS}{order.code}/"), asked(clerk, ORDERS)
    other = certificates.given(certificates.proposed(cases[2:]))
    assert (asked(clerk, f"{ORDERS}{other.code}/"), asked(clerk, ORDERS)) == (two, one)


def asked(browser: Client, page: str) -> int:
    """Return how many queries the page takes."""
    with CaptureQueriesContext(connection) as queries:
        text(browser, page)
    return len(queries)


def _parts(name: str, day: object) -> dict[str, object]:
    return {f"{name}_0": day.year, f"{name}_1": day.month, f"{name}_2": day.day}  # type: ignore[attr-defined]
