"""The bureau's desk, the subject's desk and the proposers' page over HTTP."""

import datetime as dt
import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.accounts.actors import acting_personally
from portal.accounts.roles import Role
from portal.http import worklist
from portal.http.once import new_key
from portal.integrity import desks
from portal.integrity.domain import noticing
from portal.integrity.enums import RecordState
from portal.integrity.models import IntegrityRecord
from portal.notifications import inbox
from portal.notifications.models import Notification
from portal.shared import clock
from tests.factories import accounts
from tests.factories.integrity import DECIDED, FACTS, NOTICED, OPENED, RULING, SERVED, Bureau, on


def pdf() -> bytes:
    paper, written = pikepdf.new(), io.BytesIO()
    paper.add_blank_page()
    paper.save(written)
    return written.getvalue()


@pytest.fixture
def at(at):
    def move(instant: dt.datetime) -> None:
        at(instant)
        clock.forget()

    return move


def send(browser, name, *codes, **data):
    return browser.post(reverse(f"integrity:{name}", args=codes), {"_key": new_key(), **data})


def text_of(browser, name, *codes) -> str:
    answer = browser.get(reverse(f"integrity:{name}", args=codes))
    assert answer.status_code == 200
    return answer.content.decode()


def waits(actor, at) -> dict[str, int]:
    return {str(group.label): group.count for group in worklist.waiting_for(actor, at)}


@pytest.mark.rule("R-140", "R-142", "A-45")
def test_the_bureau_walks_a_record_through_its_pages(bureau: Bureau, visit, at) -> None:
    at(OPENED)
    clerk, lead, subject = visit(bureau.clerk), visit(bureau.lead), accounts.person()
    card = accounts.document(subject)
    entered = {"role": "applicant", "number": card.number, "source": "report", "facts": FACTS}
    assert "待核查的失信线索" not in waits(bureau.clerk, OPENED)
    assert send(clerk, "open", **entered).status_code == 302
    record = IntegrityRecord.objects.get()
    assert waits(bureau.clerk, OPENED)["待核查的失信线索"] == 1
    send(clerk, "investigate", record.code, findings="编辑部确认论文为代写。")
    assert waits(bureau.lead, OPENED)["待告知或者结案的失信线索"] == 1
    at(NOTICED)
    send(lead, "give_notice", record.code, act="plagiarism", grounds="论文系购买。", measures=["revoke_title"])
    assert "可以作出失信处理决定" not in waits(bureau.lead, NOTICED)
    assert "陈述申辩期限" in text_of(lead, "record", record.code)
    at(DECIDED)
    text_of(lead, "record", record.code)
    assert waits(bureau.lead, DECIDED)["可以作出失信处理决定"] == 1
    assert "撤销职称" in text_of(lead, "decide", record.code)
    send(
        lead,
        "decide",
        record.code,
        text="撤销职称。",
        deliberation="局务会。",
        measures=["revoke_title"],
        remedies="复议。",
    )
    assert waits(bureau.clerk, DECIDED)["待送达的失信处理决定"] == 1
    at(SERVED)
    send(clerk, "serve", record.code, how="直接送达。")
    shown = text_of(clerk, "record", record.code)
    assert "2029年12月18日" in shown
    assert "待推送" in shown
    send(lead, "quash", record.code, reason="京政复〔2026〕1号。")
    assert IntegrityRecord.objects.get().state == RecordState.QUASHED


def test_a_refusal_is_shown_beside_its_field_with_its_rule(bureau: Bureau, visit, at) -> None:
    at(DECIDED)
    record = bureau.noticed()
    entered = {"text": "撤销。", "deliberation": "局务会。", "measures": ["revoke_title"], "remedies": "复议。"}
    at(NOTICED)
    answer = send(visit(bureau.lead), "decide", record.code, **entered)
    assert answer.status_code == 200
    assert "当事人尚未陈述申辩，期限也未届满" in answer.content.decode()
    assert "A-45" in answer.content.decode()


def test_an_error_is_corrected_on_its_page(bureau: Bureau, visit, at) -> None:
    at(DECIDED)
    record, lead = bureau.decided(), visit(bureau.lead)
    assert RULING.text in text_of(lead, "amend", record.code)
    send(lead, "amend", record.code, reason="笔误。", text="更正。", deliberation="局务会。", remedies="复议。")
    assert IntegrityRecord.objects.get().state == RecordState.AMENDED
    send(lead, "serve_again", record.code, how="直接送达。")
    assert IntegrityRecord.objects.get().state == RecordState.IN_FORCE


def test_a_clue_is_closed_on_its_page(bureau: Bureau, visit, at) -> None:
    at(NOTICED)
    record = bureau.investigated()
    send(visit(bureau.lead), "close", record.code, reason="误认。")
    assert IntegrityRecord.objects.get().state == RecordState.CLOSED_NO_CASE


def test_the_list_is_filtered_and_costs_the_same_for_one_and_three(
    bureau: Bureau, visit, at, django_assert_max_num_queries
) -> None:
    at(SERVED)
    first, clerk = bureau.in_force(), visit(bureau.clerk)
    text_of(clerk, "records")
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(40) as found:
            text_of(clerk, "records")
        counts.append(len(found))
        bureau.opened()
        bureau.opened()
    assert counts[0] == counts[1]
    answer = clerk.get(reverse("integrity:records"), {"state": "in_force", "q": first.code[:6]})
    assert [row.code for row in answer.context["page"]] == [first.code]


# --- Proposers ------------------------------------------------------------------------------
def test_an_agency_proposes_and_reads_nothing_back(bureau: Bureau, actor, visit, at) -> None:
    at(OPENED)
    agent, card = actor(Role.AGENCY_CLERK), accounts.document(accounts.person())
    browser = visit(agent)
    assert "您的单位将记录为提请单位" in text_of(browser, "open")
    entered = {"role": "applicant", "number": card.number, "source": "inspection", "facts": FACTS}
    answer = send(browser, "open", **entered)
    assert answer["Location"] == reverse("web:home")
    record = IntegrityRecord.objects.get()
    assert record.proposed_by == agent.organisation
    assert browser.get(reverse("integrity:record", args=[record.code])).status_code == 403
    assert agent.organisation.name in text_of(visit(bureau.clerk), "record", record.code)


def test_an_unknown_number_and_a_number_of_another_kind_are_refused(bureau: Bureau, visit, at) -> None:
    at(OPENED)
    employer = accounts.organisation()
    for role, number in (("applicant", "110101199003070000"), ("agency", employer.credit_code)):
        answer = send(visit(bureau.clerk), "open", role=role, number=number, source="report", facts=FACTS)
        assert "平台上没有这个号码的人员或者单位" in answer.content.decode()
    send(visit(bureau.clerk), "open", role="employer", number=employer.credit_code, source="report", facts=FACTS)
    assert IntegrityRecord.objects.get().organisation == employer


# --- The subject ----------------------------------------------------------------------------
@pytest.mark.rule("A-45")
def test_the_subject_signs_reads_and_answers_with_evidence(bureau: Bureau, visit, at) -> None:
    at(NOTICED)
    record = bureau.noticed()
    subject = acting_personally(record.person)
    browser = visit(subject)
    sealed = text_of(browser, "own_record", record.code)
    assert record.grounds not in sealed
    unread = browser.get(reverse("integrity:state_own_case", args=[record.code]))
    assert unread["Location"] == reverse("integrity:own_record", args=[record.code])
    letter = Notification.objects.get(person=record.person)
    assert reverse("notifications:message", args=[letter.code]) in sealed
    inbox.receive(letter, by=subject, at=NOTICED)
    assert record.grounds in text_of(browser, "own_record", record.code)
    assert record.grounds in text_of(browser, "state_own_case", record.code)
    assert waits(subject, NOTICED)["可以陈述申辩"] == 1
    file = SimpleUploadedFile("证据.pdf", pdf(), content_type="application/pdf")
    answer = send(browser, "state_own_case", record.code, statement="论文由本人写作，来函所指并非此文。", file=file)
    assert answer.status_code == 302
    stated = IntegrityRecord.objects.get()
    assert stated.statement.startswith("论文由本人写作")
    assert stated.statement_file.original_name == "证据.pdf"
    assert "证据.pdf" in text_of(visit(bureau.lead), "record", record.code)
    assert "可以陈述申辩" not in waits(subject, NOTICED)


def test_a_decision_is_read_only_against_its_receipt_which_serves_it(bureau: Bureau, visit, at) -> None:
    at(DECIDED)
    record = bureau.decided()
    subject = acting_personally(record.person)
    browser = visit(subject)
    assert RULING.text not in text_of(browser, "own_record", record.code)
    letter = desks.letter_to_sign(record, subject)
    browser.post(reverse("notifications:message", args=[letter.code]), {"_key": new_key()})
    served = IntegrityRecord.objects.get()
    assert (served.state, letter.code in served.service) == (RecordState.IN_FORCE, True)
    shown = text_of(browser, "own_record", record.code)
    assert RULING.text in shown
    assert RULING.remedies in shown


def test_others_and_a_clue_not_yet_told_stay_unseen(bureau: Bureau, actor, visit, at) -> None:
    at(NOTICED)
    opened, noticed = bureau.investigated(), bureau.noticed()
    assert (
        visit(acting_personally(opened.person)).get(reverse("integrity:own_record", args=[opened.code])).status_code
        == 404
    )
    assert visit(actor()).get(reverse("integrity:own_record", args=[noticed.code])).status_code == 404
    assert "没有您的诚信记录" in text_of(visit(actor()), "own_records")
    assert noticed.code in text_of(visit(acting_personally(noticed.person)), "own_records")


def test_the_time_to_answer_is_over_on_the_page_too(bureau: Bureau, visit, at) -> None:
    at(NOTICED)
    record = bureau.noticed()
    subject = acting_personally(record.person)
    inbox.receive(Notification.objects.get(person=record.person), by=subject, at=NOTICED)
    at(on(12, 10, 0))
    answer = send(visit(subject), "state_own_case", record.code, statement="论文由本人写作，来函所指并非此文。")
    assert "陈述申辩期限已过" in answer.content.decode()
    assert noticing.time_to_state(record) is None
