"""Records of misconduct by program: the pages' rules, four eyes, and a letter is received before its words are read."""

from typing import Any

import pytest

from portal.accounts.actors import acting_personally
from portal.accounts.identifiers import DocumentKind
from portal.accounts.roles import Role
from portal.integrity.enums import SubjectRole
from portal.integrity.models import IntegrityRecord
from portal.notifications.models import Notification
from portal.shared import clock
from tests.applications.test_api_schema import _one_connection, fuzzed
from tests.factories import accounts
from tests.factories.calls import Caller, bases, codes, fields
from tests.factories.integrity import DECIDED, FACTS, INTENT, NOTICED, OPENED, RULING, Bureau

INTENDED = {"act": INTENT.act, "grounds": INTENT.grounds, "measures": list(INTENT.measures), "is_serious": True}
RULED = {
    "text": RULING.text,
    "deliberation": RULING.deliberation,
    "measures": list(RULING.measures),
    "remedies": RULING.remedies,
    "is_serious": True,
}

__all__ = ["_one_connection"]


@pytest.mark.rule("R-145", "A-45")
def test_a_case_goes_from_the_clue_to_the_decision(bureau: Bureau) -> None:
    clock.move_to(OPENED)
    clerk, lead = Caller(bureau.clerk), Caller(bureau.lead)
    who = accounts.person()
    document = accounts.document(who, DocumentKind.RESIDENT_ID)
    told = {"role": "applicant", "number": document.number, "source": "report", "facts": FACTS}
    assert codes(clerk.post("integrity-clues/", {**told, "number": "110101199001010015"})) == ["subject_unknown"]
    code = clerk.post("integrity-clues/", told).json()["code"]
    own = f"integrity-records/{code}/"
    assert codes(lead.post(f"{own}steps/give_notice/", INTENDED))[0] == "investigated"
    found = clerk.post(f"{own}steps/investigate/", {"findings": "编辑部确认论文为代写。"})
    assert found.json()["findings"] == "编辑部确认论文为代写。"
    clock.move_to(NOTICED)
    wrong = lead.post(f"{own}steps/give_notice/", {**INTENDED, "measures": ["no_sessions"]})
    assert (wrong.status_code, fields(wrong)) == (400, ["measures.0"])
    assert lead.post(f"{own}steps/give_notice/", INTENDED).json()["state"] == "noticed"
    early = lead.post(f"{own}steps/decide/", RULED)
    assert (codes(early)[0], bases(early)[0]) == ("heard_or_time_over", "A-45")
    clock.move_to(DECIDED)
    assert codes(clerk.post(f"{own}steps/decide/", RULED)) == ["step_not_permitted"]
    decided = lead.post(f"{own}steps/decide/", RULED).json()
    assert (decided["state"], decided["measures"]) == ("decided", list(IntegrityRecord.objects.get().measures))
    served = clerk.post(f"{own}steps/serve/", {"how": "直接送达，本人签收。"}).json()
    assert served["state"] == "in_force"
    assert {one["platform"] for one in served["entries"]}
    assert lead.post(f"{own}steps/quash/", {"reason": "行政复议决定书〔2026〕8号撤销。"}).json()["state"] == "quashed"


@pytest.mark.rule("A-45")
def test_the_subject_receives_the_letter_before_reading_and_answers_once(bureau: Bureau) -> None:
    record = bureau.noticed()
    clock.move_to(NOTICED)
    assert record.person is not None
    person = Caller(acting_personally(record.person))
    own = f"own-integrity-records/{record.code}/"
    assert codes(person.get(own)) == ["letter_waits"]
    assert codes(person.post(f"{own}steps/state_own_case/", {"statement": "论文为本人撰写，附原始数据。"})) == [
        "letter_waits"
    ]
    letter = Notification.objects.get(person=record.person, registered=True)
    assert person.post(f"messages/{letter.code}/read/").status_code == 200
    shown = person.get(own).json()
    assert (shown["grounds"], shown["steps"][0]["open"]) == (INTENT.grounds, True)
    assert not {"facts", "findings", "source", "deliberation"} & shown.keys()
    stated = person.post(f"{own}steps/state_own_case/", {"statement": "论文为本人撰写，附原始数据。"})
    assert stated.json()["statement"] == "论文为本人撰写，附原始数据。"
    again = person.post(f"{own}steps/state_own_case/", {"statement": "再说一次，论文为本人撰写。"})
    assert codes(again) == ["not_yet_stated", "time_to_state_runs"]
    assert Caller(accounts.actor()).get(own).status_code == 404


@pytest.mark.rule("R-131")
def test_others_propose_and_read_nothing_back(bureau: Bureau) -> None:
    clock.move_to(OPENED)
    document = accounts.document(accounts.person(), DocumentKind.RESIDENT_ID)
    told = {"role": SubjectRole.APPLICANT, "number": document.number, "source": "report", "facts": FACTS}
    agency = Caller(accounts.actor(Role.AGENCY_CLERK))
    made = agency.post("integrity-clues/", told)
    assert (made.status_code, list(made.json())) == (201, ["code"])
    record = made.json()["code"]
    for room in ("integrity-records/", f"integrity-records/{record}/"):
        assert agency.get(room).status_code == 403
    assert (
        agency.post(f"integrity-records/{record}/steps/close/", {"reason": "不予处理，线索不实。"}).status_code == 403
    )
    assert Caller(accounts.actor(Role.EXPERT)).post("integrity-clues/", told).status_code == 403


@pytest.mark.usefixtures("_one_connection")
def test_the_operations_answer_as_described(bureau: Bureau) -> None:
    record = bureau.noticed()
    clock.move_to(NOTICED)
    known: dict[str, Any] = {"code": record.code}
    rooms = ("integrity-records", "integrity-clues", "own-integrity-records")
    assert fuzzed(bureau.lead, rooms, lambda _path: known) == 14
