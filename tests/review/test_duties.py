"""What became known of an expert's duty after a session, and the proof of a title checked by hand."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.http.once import FIELD, new_key
from portal.ledger.models import Entry
from portal.notifications.models import Notification
from portal.shared import clock
from portal.shared.errors import Refusal, StepNotPermitted
from review.domain import duties, nominating
from review.domain.duties import Observed
from review.enums.pooling import Attendance
from review.models import DutyRecord, Expert, ExpertTerm
from tests.factories import accounts, experts
from tests.factories.calls import Caller, codes

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 2, 10, 0, tzinfo=clock.BEIJING)
GROUND = "投诉2026-018，经核实会前接收申报人材料。"


@pytest.fixture
def duty(entry: CatalogueEntry) -> DutyRecord:
    assert entry.committee is not None
    (term,) = experts.appointed(entry.committee.agency, 1)
    return DutyRecord.objects.create(
        term=term, session="HY26000001", held_on=dt.date(2026, 10, 10), attendance=Attendance.PRESENT
    )


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


def told(**changes: Any) -> Observed:
    return Observed(**{"missed_recusals": 1, "complaints": 1, "secrecy_breach": False} | changes)


@pytest.mark.rule("R-164")
def test_the_agency_writes_down_what_became_known(duty: DutyRecord) -> None:
    clerk = accounts.actor(Role.AGENCY_CLERK, at=duty.term.agency)
    done = duties.observe(duty, told(remark=GROUND), by=clerk, at=AT)
    assert (done.missed_recusals, done.complaints, done.deviation, done.remark) == (1, 1, None, GROUND)
    entry = Entry.objects.get(step="observe_duty")
    assert entry.note == GROUND
    assert entry.facts["changed"] == ["missed_recusals: 0 → 1", "complaints: 0 → 1"]
    letter = Notification.objects.get(kind="review.duty_observed")
    assert (letter.person, GROUND in letter.body) == (duty.term.expert.person, True)
    assert ExpertTerm.objects.get(pk=duty.term_id).state == duty.term.state, "watching is no sanction"


@pytest.mark.rule("R-164")
def test_a_breach_is_the_leads_word_and_nothing_goes_without_a_ground(duty: DutyRecord, bureau_clerk: Actor) -> None:
    agency = duty.term.agency
    clerk, lead = accounts.actor(Role.AGENCY_CLERK, at=agency), accounts.actor(Role.AGENCY_LEAD, at=agency)
    breach = told(secrecy_breach=True, remark=GROUND)
    for other in (clerk, accounts.actor(Role.AGENCY_LEAD), experts.acting(duty.term)):
        with pytest.raises(StepNotPermitted):
            duties.observe(duty, breach, by=other, at=AT)
    with pytest.raises(Refusal) as refused:
        duties.observe(duty, told(remark=" "), by=lead, at=AT)
    assert [reason.code for reason in refused.value.reasons] == ["remark_missing"]
    assert duties.observe(duty, breach, by=lead, at=AT).secrecy_breach
    with pytest.raises(StepNotPermitted):  # nor is it the clerk's to take back
        duties.observe(duty, told(remark=GROUND), by=clerk, at=AT)
    assert not duties.observe(duty, told(remark=GROUND), by=bureau_clerk, at=AT).secrecy_breach


def test_office_and_expert_read_it_on_their_pages(duty: DutyRecord, at: Callable[[dt.datetime], None]) -> None:
    at(AT)
    office = accounts.client(accounts.actor(Role.AGENCY_CLERK, at=duty.term.agency))
    page = reverse("review:expert", args=[duty.term.code])
    address = reverse("review:expert_duty", args=[duty.term.code, duty.session])
    assert address in office.get(page).content.decode()
    assert office.get(address).status_code == 200
    fields = {"missed_recusals": 0, "complaints": 1, "remark": GROUND}
    assert office.post(address, {FIELD: new_key(), **fields}).status_code == 302
    own = accounts.client(experts.acting(duty.term))
    shown = own.get(reverse("review:own_expert", args=[duty.term.code])).content.decode()
    assert GROUND in shown
    assert address not in shown
    assert own.get(address).status_code == 403
    other = accounts.client(accounts.actor(Role.AGENCY_CLERK))
    assert other.get(address).status_code == 404


@pytest.mark.rule("A-46")
def test_the_proof_of_a_title_is_kept_and_read(
    entry: CatalogueEntry, at: Callable[[dt.datetime], None], bureau_clerk: Actor
) -> None:
    at(AT)
    assert entry.committee is not None
    by = accounts.actor(Role.AGENCY_CLERK, at=entry.committee.agency)
    term = experts.nominated(entry.committee.agency, by=by, at=AT)
    nominating.consent(term, by=experts.personally(term), at=AT)
    experts.title_found(term.expert.person, at=AT, level="intermediate")
    clerk: Client = accounts.client(by)
    address = reverse("review:expert_title", args=[term.code])
    assert 'enctype="multipart/form-data"' in clerk.get(address).content.decode()
    proof = SimpleUploadedFile("证书.png", picture(), content_type="image/png")
    sent = clerk.post(address, {FIELD: new_key(), "remark": "核对证书原件，编号相符。", "file": proof})
    assert sent.status_code == 302, sent.content.decode()[:3000]
    kept = Expert.objects.get(pk=term.expert_id).title_proof
    assert kept is not None
    download = reverse("documents:download", args=[kept.code])
    assert download in accounts.client(bureau_clerk).get(reverse("review:expert", args=[term.code])).content.decode()
    assert accounts.client(accounts.actor(Role.AGENCY_CLERK)).get(download).status_code in {403, 404}


@pytest.mark.rule("R-164")
def test_programs_read_and_write_duties_as_the_pages_do(duty: DutyRecord, at: Callable[[dt.datetime], None]) -> None:
    at(AT)
    office = Caller(accounts.actor(Role.AGENCY_CLERK, at=duty.term.agency))
    path = f"experts/{duty.term.code}/duties/"
    body = {"missed_recusals": 1, "complaints": 1, "secrecy_breach": False, "remark": GROUND}
    assert codes(office.post(f"{path}{duty.session}/", {**body, "remark": "无"})) == ["remark_missing"]
    assert codes(office.post(f"{path}{duty.session}/", {**body, "secrecy_breach": True})) == ["step_not_permitted"]
    done = office.post(f"{path}{duty.session}/", body).json()
    assert (done["complaints"], done["remark"], done["deviation"]) == (1, GROUND, None)
    assert office.get(path).json()["results"] == [done]
    own = Caller(experts.acting(duty.term))
    assert own.get(f"own-terms/{duty.term.code}/duties/").json()["results"] == [done]
    assert own.post(f"{path}{duty.session}/", body).status_code == 403
    assert office.post(f"{path}HY26000002/", body).status_code == 404
    assert Caller(accounts.actor(Role.AGENCY_CLERK)).get(path).status_code == 404


@pytest.mark.rule("A-46")
def test_programs_ask_registers_and_write_down_who_saw_the_certificate(
    entry: CatalogueEntry, at: Callable[[dt.datetime], None], bureau_clerk: Actor
) -> None:
    at(AT)
    assert entry.committee is not None
    by = accounts.actor(Role.AGENCY_CLERK, at=entry.committee.agency)
    term = experts.nominated(entry.committee.agency, by=by, at=AT)
    clerk, path = Caller(by), f"experts/{term.code}/"
    seen = {"remark": "核对证书原件，编号相符。"}
    assert codes(clerk.post(f"{path}steps/ask_registers/")) == ["consented"]
    nominating.consent(term, by=experts.personally(term), at=AT)
    assert codes(clerk.post(f"{path}steps/check_title/", seen)) == ["title_asked"]
    asked = clerk.post(f"{path}steps/ask_registers/").json()
    assert asked["title_check"]["verified"] is False
    assert "正在核验" in asked["title_check"]["missing"]
    experts.title_found(term.expert.person, at=AT, level="intermediate")
    assert codes(clerk.post(f"{path}steps/check_title/", {**seen, "file": "WJ-UNKNOWN"})) == ["offer_unknown"]
    proof = clerk.upload(picture(), "review.title_proof")
    done = clerk.post(f"{path}steps/check_title/", {**seen, "file": proof}).json()["title_check"]
    assert (done["verified"], done["missing"], done["proof"]) == (True, "", proof)
    assert done["checked_at"] is not None
    fetched = accounts.client(bureau_clerk).get(done["address"])
    assert b"".join(fetched.streaming_content)
    own = Caller(experts.personally(term)).get(f"own-terms/{term.code}/").json()
    assert "title_check" not in own
