"""After the issue: errors put right, certificates suspended, revoked and given back, and who hears of it."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from certificates.domain import changing, making
from certificates.domain.changing import Wanted
from certificates.enums import CHANGE_PROOF, CertificateState, ChangeKind, ChangeState
from certificates.models import Certificate, CertificateChange, LogLeaf, NationalPush
from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.documents.enums import Kind
from portal.documents.intake import keep
from portal.documents.models import StoredFile
from portal.integrity.domain import deciding, serving
from portal.integrity.enums import Measure
from portal.integrity.models import IntegrityRecord
from portal.ledger.models import Entry
from portal.notifications.models import Notification
from portal.shared.errors import Refusal, StepNotPermitted, StepRefused
from tests.certificates.conftest import tamper
from tests.factories import acceptances, certificates
from tests.factories.certificates import MADE, UNREAD
from tests.factories.integrity import DECIDED, RULING, SERVED, Bureau

pytestmark = pytest.mark.django_db
WHY = "户口簿和身份证记载的姓名与证书不一致。"
DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def issued_key(standing: Callable[..., Any]) -> int:
    """Keep a certificate in force for the module's tests; its key."""
    return standing(lambda: certificates.issued().pk)  # type: ignore[no-any-return]


@pytest.fixture
def certificate(issued_key: int) -> Certificate:
    return fresh(issued_key)


@pytest.fixture
def proof() -> StoredFile:
    owner = acceptances.bureau()
    return keep(b"%PDF-1.4 proof", name="证明.pdf", purpose=CHANGE_PROOF, kind=Kind.PDF, owner=owner, at=MADE)


def fresh(key: int) -> Certificate:
    return Certificate.objects.select_related(*Certificate.FETCHED_WITH).get(pk=key)


def proposed(certificate: Certificate, kind: ChangeKind, **more: Any) -> CertificateChange:
    wanted = Wanted(kind, WHY, **more)
    return changing.propose(certificate, wanted, by=acceptances.clerk(), at=MADE + DAY)


def approved(change: CertificateChange, *, by: Actor | None = None) -> CertificateChange:
    return changing.approve(change, by=by or acceptances.lead(), at=MADE + 2 * DAY)


def events() -> list[str]:
    return [leaf.record.partition('"event":"')[2].partition('"')[0] for leaf in LogLeaf.objects.order_by("index")]


def standings(certificate: Certificate) -> list[tuple[int, str]]:
    return list(NationalPush.objects.filter(certificate=certificate).order_by("pk").values_list("version", "standing"))


def told(kind: str) -> int:
    return Notification.objects.filter(kind=f"certificates.{kind}").count()


def test_a_name_is_corrected_by_a_new_certificate_that_names_the_old(
    certificate: Certificate, proof: StoredFile
) -> None:
    change = proposed(certificate, ChangeKind.CORRECT, corrections={"holder_name": "欧阳䶮"}, proof=proof)
    approved(change)
    new = Certificate.objects.get(corrects=certificate)
    assert (new.holder_name, new.title, new.state) == ("欧阳䶮", certificate.title, CertificateState.PREPARING)
    assert fresh(certificate.pk).state == CertificateState.ISSUED  # nobody is ever without one
    making.issue(new, UNREAD, at=MADE + 3 * DAY)
    old, new = fresh(certificate.pk), fresh(new.pk)
    assert (old.state, old.reason, new.state) == (CertificateState.SUPERSEDED, new.number, CertificateState.ISSUED)
    assert (new.serial, new.issued_on) == (certificate.serial + 1, (MADE + 2 * DAY).date())
    assert (new.passed_on, new.face().corrects) == (certificate.passed_on, certificate.number)
    assert events() == ["issued", "corrected", "corrected"]
    assert list(LogLeaf.objects.order_by("index").values_list("number", flat=True)) == [
        old.number,
        new.number,
        old.number,
    ]
    assert standings(old) == [(1, "valid"), (2, "superseded")]
    assert standings(new) == [(1, "valid")]
    assert told("certificate_corrected") == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "nothing_to_correct"),
        ({"corrections": {"title": "正高级工程师"}}, "nothing_to_correct"),
        ({"corrections": {"birth_date": "1988年3月"}}, "correction_malformed"),
        ({"corrections": {"sex": "x"}}, "correction_malformed"),
        ({"corrections": {"holder_name": "王" * 51}}, "correction_malformed"),
        ({"corrections": {"holder_name": "王\U000f1234"}}, "glyphs_missing"),
    ],
)
def test_what_is_wrong_with_a_correction_is_named(
    certificate: Certificate, proof: StoredFile, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        proposed(certificate, ChangeKind.CORRECT, proof=proof, **more)
    assert [reason.code for reason in refused.value.reasons] == [code]


def test_a_correction_wants_a_proof_and_every_change_a_reason(certificate: Certificate) -> None:
    wanted = Wanted(ChangeKind.CORRECT, "笔误", {"holder_name": "李某"})
    with pytest.raises(Refusal) as refused:
        changing.propose(certificate, wanted, by=acceptances.clerk(), at=MADE)
    assert {reason.code for reason in refused.value.reasons} == {"reason_given", "proof_missing"}


@pytest.mark.rule("A-45")
def test_suspension_is_proposed_and_decided_by_two_and_ends(certificate: Certificate) -> None:
    lead = acceptances.lead()
    own = changing.propose(certificate, Wanted(ChangeKind.SUSPEND, WHY), by=lead, at=MADE + DAY)
    with pytest.raises(StepRefused) as refused:
        approved(own, by=lead)
    assert [reason.code for reason in refused.value.reasons] == ["another_proposed"]
    with pytest.raises(StepNotPermitted):
        approved(own, by=acceptances.clerk())
    approved(own, by=acceptances.officer(Role.BUREAU_LEAD, another=True))
    assert fresh(certificate.pk).state == CertificateState.SUSPENDED
    approved(proposed(fresh(certificate.pk), ChangeKind.RESUME))
    assert fresh(certificate.pk).state == CertificateState.ISSUED
    assert events() == ["issued", "suspended", "resumed"]
    assert (told("certificate_suspended"), told("certificate_resumed")) == (1, 1)


def test_one_change_at_a_time_and_only_what_the_state_allows(certificate: Certificate) -> None:
    proposed(certificate, ChangeKind.SUSPEND)
    for kind, code in ((ChangeKind.SUSPEND, "change_waits"), (ChangeKind.RESUME, "change_not_possible")):
        with pytest.raises(Refusal) as refused:
            proposed(certificate, kind)
        assert [reason.code for reason in refused.value.reasons] == [code]


def test_a_declined_change_leaves_the_certificate_and_says_why(certificate: Certificate) -> None:
    change = proposed(certificate, ChangeKind.SUSPEND)
    done = changing.decline(change, reason="线索经初核不属实，不予暂停。", by=acceptances.lead(), at=MADE + DAY)
    assert (done.state, fresh(certificate.pk).state) == (ChangeState.DECLINED, CertificateState.ISSUED)
    assert events() == ["issued"]


@pytest.mark.rule("R-141")
def test_nobody_revokes_without_a_decision_in_force_about_the_holder(certificate: Certificate) -> None:
    with pytest.raises(Refusal) as refused:
        proposed(certificate, ChangeKind.REVOKE)
    assert [reason.code for reason in refused.value.reasons] == ["decision_missing"]
    decision = Bureau().decided(person=certificate.holder)  # not served yet
    change = proposed(certificate, ChangeKind.REVOKE, decision=decision)
    with pytest.raises(StepRefused) as not_yet:
        approved(change)
    assert [reason.code for reason in not_yet.value.reasons] == ["revocation_decided"]
    serving.serve(decision, how="直接送达，本人签收。", by=Bureau().clerk, at=SERVED)
    changing.approve(change, by=acceptances.lead(), at=SERVED + DAY)
    gone = fresh(certificate.pk)
    assert (gone.state, gone.ended_on) == (CertificateState.REVOKED, DECIDED.date())
    deciding.quash(IntegrityRecord.objects.get(pk=decision.pk), reason=WHY, by=acceptances.lead(), at=SERVED + 9 * DAY)
    assert fresh(certificate.pk).state == CertificateState.ISSUED


@pytest.mark.rule("R-141")
@pytest.mark.rule("A-45")
def test_s12_a_decision_about_the_application_takes_the_certificate_and_gives_it_back(certificate: Certificate) -> None:
    bureau = Bureau()
    application = certificates.application_of(certificate)
    decision = bureau.decided(person=certificate.holder, case=application)
    assert fresh(certificate.pk).state == CertificateState.SUSPENDED
    in_force = serving.serve(decision, how="直接送达，本人签收。", by=bureau.clerk, at=SERVED)
    gone = fresh(certificate.pk)
    assert (gone.state, gone.ended_on) == (CertificateState.REVOKED, dt.date(2026, 12, 18))
    assert in_force.code in gone.reason
    assert told("certificate_revoked") == 1
    assert told("certificate_revoked_to_employer") > 0
    assert Notification.objects.filter(kind__startswith="integrity.", organisation=application.employer).exists()
    deciding.quash(in_force, reason="行政复议决定撤销原处理决定。", by=bureau.lead, at=SERVED + 60 * DAY)
    back = fresh(certificate.pk)
    assert (back.state, back.ended_on) == (CertificateState.ISSUED, None)
    assert events() == ["issued", "suspended", "revoked", "restored"]
    assert standings(certificate) == [(1, "valid"), (2, "suspended"), (3, "revoked"), (4, "valid")]


def test_a_decision_corrected_to_spare_the_title_ends_its_own_suspension_alone(certificate: Certificate) -> None:
    bureau = Bureau()
    decision = bureau.decided(person=certificate.holder, case=certificates.application_of(certificate))
    assert fresh(certificate.pk).state == CertificateState.SUSPENDED
    spared = replace(RULING, measures=(Measure.RECORD,), text="经查，情节较轻，记入诚信档案。")
    deciding.amend(decision, spared, reason="原决定措施有误，予以更正。", by=bureau.lead, at=DECIDED + DAY)
    assert fresh(certificate.pk).state == CertificateState.ISSUED
    approved(proposed(fresh(certificate.pk), ChangeKind.SUSPEND))
    again = replace(spared, text="经查，情节轻微，记入诚信档案。")
    deciding.amend(decision, again, reason="原决定文字有误，予以更正。", by=bureau.lead, at=DECIDED + 2 * DAY)
    assert fresh(certificate.pk).state == CertificateState.SUSPENDED


# --- A correction whose certificate falls ------------------------------------------------------
def being_corrected(certificate: Certificate, proof: StoredFile) -> Certificate:
    approved(proposed(certificate, ChangeKind.CORRECT, corrections={"holder_name": "张更正"}, proof=proof))
    return Certificate.objects.filter(corrects=certificate).latest("pk")


def fallen(certificate: Certificate) -> IntegrityRecord:
    """Take the title away by a decision about the application, served."""
    bureau = Bureau()
    decision = bureau.decided(person=certificate.holder, case=certificates.application_of(certificate))
    return serving.serve(decision, how="直接送达，本人签收。", by=bureau.clerk, at=SERVED)


@pytest.mark.rule("R-123", "R-141", "A-23")
def test_the_number_of_a_correction_is_voided_when_its_certificate_is_revoked(
    certificate: Certificate, proof: StoredFile
) -> None:
    new = being_corrected(certificate, proof)
    decision = fallen(certificate)
    gone = fresh(new.pk)
    assert (gone.state, gone.not_before, gone.trouble) == (CertificateState.VOIDED, None, "")
    assert certificate.number in gone.reason
    entry = Entry.objects.get(subject_type="certificates.Certificate", subject_id=new.pk, step="void")
    assert (entry.before, entry.after) == (CertificateState.PREPARING, CertificateState.VOIDED)
    assert events() == ["issued", "suspended", "revoked"]  # what was never out is not logged
    deciding.quash(decision, reason=WHY, by=acceptances.lead(), at=SERVED + 60 * DAY)
    assert fresh(new.pk).state == CertificateState.VOIDED
    again = being_corrected(fresh(certificate.pk), proof)
    assert again.serial == gone.serial + 1  # the number keeps its place
    making.issue(again, UNREAD, at=SERVED + 61 * DAY)
    assert fresh(certificate.pk).state == CertificateState.SUPERSEDED
    assert fresh(certificate.pk).corrected_by == again


def test_a_correction_waits_while_its_certificate_is_suspended_and_is_made_after(
    certificate: Certificate, proof: StoredFile
) -> None:
    new = being_corrected(certificate, proof)
    approved(proposed(fresh(certificate.pk), ChangeKind.SUSPEND))
    with pytest.raises(StepRefused) as refused:
        making.issue(new, UNREAD, at=MADE + 2 * DAY)
    assert [reason.code for reason in refused.value.reasons] == ["replaced_not_valid"]
    Certificate.objects.filter(pk=new.pk).update(not_before=None, trouble="恢复后才能换发。")
    approved(proposed(fresh(certificate.pk), ChangeKind.RESUME))
    assert fresh(new.pk).not_before == MADE + 2 * DAY


def test_a_worker_that_comes_too_late_voids_the_number(certificate: Certificate, proof: StoredFile) -> None:
    new = being_corrected(certificate, proof)
    tamper(
        "update certificates_certificate set state='revoked', ended_on=issued_on, reason='x' where id=%s",
        [certificate.pk],
    )
    assert making.issue(new, UNREAD, at=MADE + 3 * DAY).state == CertificateState.VOIDED


def test_a_correction_of_what_fell_before_the_lead_agreed_gets_no_number(
    certificate: Certificate, proof: StoredFile
) -> None:
    change = proposed(certificate, ChangeKind.CORRECT, corrections={"holder_name": "张更正"}, proof=proof)
    fallen(certificate)
    with pytest.raises(Refusal) as refused:
        approved(change)
    assert [reason.code for reason in refused.value.reasons] == ["change_not_possible"]
    assert not Certificate.objects.filter(corrects=certificate).exists()
    assert CertificateChange.objects.get(pk=change.pk).state == ChangeState.PROPOSED


def test_the_log_says_why_and_nothing_of_the_person(certificate: Certificate) -> None:
    fallen(certificate)
    told = [json.loads(leaf.record) for leaf in LogLeaf.objects.order_by("index")]
    assert [one.get("reason_code") for one in told] == [None, "under_review", "title_revoked"]
