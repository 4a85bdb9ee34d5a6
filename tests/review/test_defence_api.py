"""Defences over the API: the same rules as the pages, for each desk."""

import io

import pikepdf
import pytest

from applications.models import Application, SnapshotFile
from portal.accounts.actors import acting_personally
from portal.accounts.roles import Role
from portal.documents.enums import Kind
from portal.documents.intake import keep
from portal.documents.models import StoredFile
from portal.shared import clock
from review.domain import attending
from review.enums.defending import DefenceState
from review.models import Defence
from tests.factories import accounts, catalogue, defences
from tests.factories.calls import Caller, codes
from tests.factories.defences import BEGINS, PLANNED, TOLD, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid() -> Application:
    return defences.paid(catalogue.published_entry())


@pytest.mark.rule("R-105", "R-107")
def test_a_whole_defence_by_programs(paid: Application) -> None:
    clock.move_to(PLANNED)
    defences.guide(paid.entry.committee)
    round_ = defences.round_of(paid.entry.committee)
    defences.slots(defences.panel(round_))
    clerk = Caller(defences.staff_of(paid))
    shown = clerk.get(f"rounds/{round_.code}/proposal/").json()
    assert [one["application"] for one in shown["placed"]] == [paid.code]
    made = clerk.post(f"rounds/{round_.code}/steps/confirm/", {"digest": shown["digest"]}).json()
    code = made[0]["code"]
    clock.move_to(TOLD)
    assert clerk.post(f"rounds/{round_.code}/steps/notify/").json() == {"done": 1, "refused": []}
    person = Caller(acting_personally(paid.applicant))
    assert person.get("defences/").json()["results"][0]["slot"]["room"] == "答辩室一"
    notice = person.post(f"defences/{code}/steps/acknowledge/").json()
    assert notice["address"] == f"/files/{notice['file']}/"
    clock.move_to(BEGINS)
    defence = Defence.objects.with_all().get()
    body = {"code": attending.code_of(defence), "identity": True}
    assert clerk.post(f"hearings/{code}/steps/check_in/", body).json()["state"] == DefenceState.IN_PROGRESS
    for expert in defences.panel_of(defence):
        panel = Caller(expert)
        path = f"panel/{defence.blind_number}/"
        found = panel.get(path).json()
        assert [one["number"] for one in found["criteria"]] == ["1", "2"]
        given = {"opinion": defences.OPINION, "scores": {"1": 30, "2": 50}, "version": 0}
        assert panel.patch(path, given).json()["opinion"]["version"] == 1
        assert panel.post(f"{path}steps/hand_in/").json()["opinion"]["state"] == "handed_in"
    assert clerk.post(f"hearings/{code}/steps/complete/").json()["state"] == DefenceState.COMPLETED


def test_refusals_carry_their_codes(paid: Application) -> None:
    defence = defences.planned(paid)
    clerk = Caller(defences.staff_of(paid))
    clock.move_to(on(9, 16))
    assert codes(clerk.post(f"hearings/{defence.code}/steps/notify/")) == ["told_early_enough"]
    assert codes(clerk.post(f"hearings/{defence.code}/steps/move/", {"slot": "DS-UNKNOWN"})) == ["slot_unknown"]
    assert codes(clerk.post(f"hearings/{defence.code}/steps/answer/", {"agree": True})) == ["no_request"]
    steps = {one["step"]: one for one in clerk.get(f"hearings/{defence.code}/").json()["steps"]}
    assert [reason["code"] for reason in steps["notify"]["reasons"]] == ["told_early_enough"]


@pytest.mark.rule("A-27")
def test_asking_for_another_date(paid: Application) -> None:
    defence = defences.notified(paid)
    clock.move_to(TOLD)
    person, clerk = Caller(acting_personally(paid.applicant)), Caller(defences.staff_of(paid))
    body = {"reason": defences.ASK, "file": defences.proof(defence).code}
    assert person.post(f"defences/{defence.code}/steps/ask/", body).json()["requests"][0]["state"] == "asked"
    assert codes(person.post(f"defences/{defence.code}/steps/ask/", body)) == ["request_waits"]
    answered = clerk.post(f"hearings/{defence.code}/steps/answer/", {"agree": True}).json()
    assert (answered["state"], answered["slot"]) == (DefenceState.RESCHEDULED, None)


def test_the_panel_is_refused_what_does_not_fit(paid: Application) -> None:
    defences.guide(paid.entry.committee)
    defence = defences.begun(paid)
    clock.move_to(BEGINS)
    panel, path = Caller(defences.panel_of(defence)[0]), f"panel/{defence.blind_number}/"
    assert codes(panel.patch(path, {"scores": {"1": 41}, "version": 0})) == ["score_out_of_range"]
    panel.patch(path, {"opinion": "一", "version": 0})
    assert codes(panel.patch(path, {"opinion": "二", "version": 0})) == ["changed_elsewhere"]
    assert panel.post(f"{path}steps/recuse/", {"relation": "kin"}).status_code == 204
    assert panel.get(path).status_code == 404


def blank_page(application: Application) -> StoredFile:
    """Return a paper of the applicant's that names nobody."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    before = SnapshotFile.objects.filter(snapshot__application=application).select_related("file").get().file
    owner = application.applicant
    return keep(out.getvalue(), name="证明.pdf", purpose=before.purpose, kind=Kind.PDF, owner=owner, at=BEGINS)


@pytest.mark.rule("A-48", "A-49")
def test_the_agency_settles_who_of_the_panel_keeps_out_and_what_it_may_open(paid: Application) -> None:
    defences.guide(paid.entry.committee)
    defence = defences.begun(paid)
    SnapshotFile.objects.filter(snapshot__application=paid).update(file=blank_page(paid))
    clock.move_to(BEGINS)
    clerk, path = Caller(defences.staff_of(paid)), f"hearings/{defence.code}/"
    (file,) = clerk.get(f"{path}files/").json()
    assert file["is_shown"] is False
    assert codes(clerk.post(f"{path}steps/mark_files/", {"files": ["WJ-UNKNOWN"]})) == ["file_unknown"]
    (shown,) = clerk.post(f"{path}steps/mark_files/", {"files": [file["code"]]}).json()
    assert shown == {**file, "is_shown": True}
    expert = defences.panel_of(defence)[0]
    panel = Caller(expert)
    assert len(panel.get(f"panel/{defence.blind_number}/").json()["files"]) == 1
    body = {"expert": expert.person.code, "relation": "kin", "remark": "申报人反映。"}
    assert codes(clerk.post(f"{path}steps/order_recusal/", {**body, "expert": "P-NOBODY"})) == ["expert_unknown"]
    assert clerk.post(f"{path}steps/order_recusal/", body).status_code == 200
    assert panel.get(f"panel/{defence.blind_number}/").status_code == 404
    assert Caller(accounts.actor(Role.AGENCY_LEAD)).get(f"{path}files/").status_code == 404


def test_desks_are_shut_to_others(paid: Application) -> None:
    defence = defences.notified(paid)
    stranger = Caller(acting_personally(accounts.person()))
    assert stranger.get(f"defences/{defence.code}/").status_code == 404
    assert stranger.get("hearings/").status_code == 403
    assert stranger.get("panel/").status_code == 403
    other = Caller(accounts.actor(Role.AGENCY_LEAD))
    assert other.get(f"hearings/{defence.code}/").status_code == 404
    assert other.get("rounds/").json()["results"] == []
