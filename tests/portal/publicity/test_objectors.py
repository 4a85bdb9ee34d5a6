"""What comes with an objection, who learns who objects, how the objector is answered, and the paper trail of it all."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import translation

from portal.accounts.actors import PUBLIC, Actor
from portal.accounts.roles import OrganisationKind, Role
from portal.documents import reading
from portal.documents.models import StoredFile
from portal.http.models import HandledPost
from portal.ledger.models import Entry
from portal.notifications.enums import Channel
from portal.notifications.models import Delivery, Notification
from portal.publicity import letters
from portal.publicity.domain import objecting
from portal.publicity.domain.objecting import Statement
from portal.publicity.domain.trail import trail_of
from portal.publicity.enums import NoticeKind, ObjectionState
from portal.publicity.models import Notice, Objection
from portal.shared.errors import Refusal
from tests.factories import accounts
from tests.factories import publicity as factory
from tests.portal.documents.conftest import pdf
from tests.portal.publicity.conftest import FACTS, OBJECTED, POSTED, Recording, accepted, object_to


def paper(name: str = "赵丁举报.pdf", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf() if content is None else content)


def lodged_with(notice: Notice, *files: SimpleUploadedFile) -> Objection:
    return objecting.lodge(notice.lines.get(number=1), Statement(FACTS), by=PUBLIC, at=OBJECTED, evidence=files)


def form_of(notice: Notice, number: int = 1) -> str:
    return f"/notices/by-link/{notice.access_code}/object/{number}/"


# --- Evidence -------------------------------------------------------------------------------
def test_only_whoever_answers_reads_the_evidence_and_its_name_tells_nothing(
    notice: Notice, owner: Recording, head: Actor, actor: Callable[..., Actor], bureau_lead: Actor
) -> None:
    objection = lodged_with(notice, paper(), paper())
    files = list(StoredFile.objects.filter(purpose="objection_evidence").order_by("pk"))
    assert [(file.original_name, file.owner_organisation, file.uploaded_by) for file in files] == [
        ("异议材料-1.pdf", bureau_lead.organisation, None),
        ("异议材料-2.pdf", bureau_lead.organisation, None),
    ]
    clerk, agency = actor(Role.EMPLOYER_CLERK, at=head.organisation), actor(Role.AGENCY_LEAD)
    outsiders = (actor(Role.EMPLOYER_HEAD), actor(), PUBLIC, bureau_lead)

    def readers(*asked: Actor) -> list[bool]:
        return [reading.readable(files[0].code, by=who) is not None for who in asked]

    assert readers(head, clerk, agency, *outsiders) == [True, True, *[False] * 5]
    owner.above = agency.organisation
    objecting.escalate(objection, by=head, at=OBJECTED)
    assert readers(head, clerk, agency, *outsiders) == [False, False, True, *[False] * 4]


@pytest.mark.usefixtures("bureau_lead")
def test_a_clerk_does_not_read_what_is_said_against_themselves(
    owner: Recording, head: Actor, actor: Callable[..., Actor], visit: Callable[..., Client]
) -> None:
    clerk = actor(Role.EMPLOYER_CLERK, at=head.organisation)
    assert clerk.person is not None
    objection = lodged_with(factory.posted(head, POSTED, people=(clerk.person,), kind=NoticeKind.EMPLOYER), paper())
    file, address = StoredFile.objects.get(purpose="objection_evidence"), f"/notices/settling/{objection.code}/"
    assert reading.readable(file.code, by=clerk) is None
    assert [visit(who).get(address).status_code for who in (clerk, head)] == [404, 200]


@pytest.mark.rule("A-08")
def test_an_objection_against_the_head_goes_to_the_next_instance_at_once(
    owner: Recording, head: Actor, actor: Callable[..., Actor]
) -> None:
    assert head.person is not None
    notice = factory.posted(head, POSTED, "李乙", people=(head.person,), kind=NoticeKind.EMPLOYER)
    owner.above = accounts.organisation(OrganisationKind.AGENCY)
    assert [object_to(notice, number).handler for number in (1, 2)] == [head.organisation, owner.above]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([("a.pdf", None)] * 4, "too_many_files"),
        ([("a.pdf", b"not a paper")], "unknown_kind"),
        ([("a.pdf", b"")], "empty"),
    ],
)
@pytest.mark.usefixtures("bureau_lead")
def test_a_file_that_cannot_be_taken_is_refused_beside_its_field_and_nothing_is_lodged(
    notice: Notice, files: list[tuple[str, bytes | None]], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        lodged_with(notice, *(paper(name, content) for name, content in files))
    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [(code, "evidence")]
    assert not Objection.objects.exists()


@pytest.mark.usefixtures("bureau_lead")
def test_evidence_travels_with_the_form_and_is_read_at_the_desk(
    head: Actor, notice: Notice, visit: Callable[..., Client], at: Callable[[dt.datetime], None]
) -> None:
    at(OBJECTED)
    public, desk = visit(), visit(head)
    page = public.get(form_of(notice)).content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert 'type="file" name="evidence"' in page
    sent = {"_key": "k1", "facts": FACTS}
    wrong = public.post(form_of(notice), {**sent, "evidence": [paper() for _ in range(4)]})
    assert "最多可以上传3个文件。" in wrong.content.decode()
    assert "是空的" in public.post(form_of(notice), {**sent, "evidence": paper(content=b"")}).content.decode()
    broken = public.post(form_of(notice), {**sent, "evidence": paper(content=b"not a paper")})
    assert broken.status_code == 200
    done = public.post(form_of(notice), {**sent, "evidence": [paper(), paper()]})
    assert done.status_code == 302
    shown = desk.get(f"/notices/settling/{Objection.objects.get().code}/").content.decode()
    file = StoredFile.objects.filter(purpose="objection_evidence").first()
    assert file is not None
    assert ("异议材料-2.pdf" in shown, "赵丁举报" in shown, f"/files/{file.code}/" in shown) == (True, False, True)
    answer = desk.get(f"/files/{file.code}/")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[arg-type]
    assert Entry.objects.get(subject_type="documents.StoredFile", step="read").person == head.person


# --- Who objects ----------------------------------------------------------------------------
@pytest.mark.usefixtures("bureau_lead")
def test_whoever_is_logged_in_objects_as_nobody(
    notice: Notice, visit: Callable[..., Client], at: Callable[[dt.datetime], None]
) -> None:
    """Neither the record, nor the memory of handled forms, nor the file says who was logged in."""
    at(OBJECTED)
    colleague = accounts.actor()
    done = visit(colleague).post(form_of(notice), {"_key": "k1", "facts": FACTS, "evidence": paper()})
    assert done.status_code == 302
    assert Entry.objects.get(step="lodge").person is None
    assert set(HandledPost.objects.values_list("owner", flat=True)) == {""}
    objecting.lodge(notice.lines.get(number=2), Statement(FACTS), by=colleague, at=OBJECTED, evidence=[paper()])
    assert not Entry.objects.filter(person=colleague.person).exists()
    assert not StoredFile.objects.exclude(uploaded_by=None).exists()


# --- The answer -----------------------------------------------------------------------------
@pytest.mark.rule("A-08", "N-03")
@pytest.mark.parametrize(
    ("contact", "channel"),
    [("139 1234 5678", Channel.SMS), ("+85261234567", Channel.SMS), ("a@b.cn", Channel.EMAIL), ("010-65001234", None)],
)
def test_a_named_objector_is_answered_where_they_can_be_reached(
    notice: Notice, head: Actor, contact: str, channel: Channel | None
) -> None:
    objection = accepted(notice, head, name="赵丁", contact=contact)
    objecting.extend(objection, reason="需调取档案", by=head, at=OBJECTED)
    with translation.override("en"):  # the language in which the handler reads is not the objector's
        objecting.decide(objection, "find_unfounded", answer="其为第二发明人。", by=head, at=OBJECTED)
    told = Notification.objects.filter(outside=True).order_by("pk")
    assert [message.subject for message in told] == [
        "您提出的公示异议已受理",
        "您提出的公示异议延期核查",
        "您提出的公示异议已办结",
    ]
    assert "经核查不成立" in told[2].body
    assert "其为第二发明人。" in told[2].body
    ways = Delivery.objects.filter(notification__in=told)
    assert set(ways.values_list("channel", flat=True)) == ({channel} if channel else set())
    assert all(objection.code in way.line for way in ways)
    assert all(secret not in str(list(told.values())) for secret in ("赵丁", contact))


def test_an_anonymous_objector_is_told_nothing(notice: Notice, head: Actor) -> None:
    objecting.decide(accepted(notice, head), "find_unfounded", answer="不成立。", by=head, at=OBJECTED)
    assert not Notification.objects.filter(outside=True).exists()


@pytest.mark.parametrize(
    ("contact", "sms", "email"),
    [
        ("13912345678", "13912345678", ""),
        ("+86 139-1234-5678", "13912345678", ""),
        ("a@b.cn", "", "a@b.cn"),
        ("12", "", ""),
    ],
)
def test_a_contact_is_an_address_of_one_channel_at_most(contact: str, sms: str, email: str) -> None:
    assert [letters.address_in(contact, channel) for channel in (Channel.SMS, Channel.EMAIL)] == [sms, email]


def test_the_number_leads_to_the_answer(
    notice: Notice, visit: Callable[..., Client], at: Callable[[dt.datetime], None]
) -> None:
    at(OBJECTED)
    code, public = object_to(notice).code, visit()
    assert "/notices/objections/" in public.get("/notices/").content.decode()
    assert public.get("/notices/objections/").status_code == 200
    found = public.get("/notices/objections/", {"code": f" {code.lower()} "})
    assert found["Location"] == f"/notices/objections/{code}/"
    assert "没有这个编号的异议" in public.get("/notices/objections/", {"code": "YY-2345678923"}).content.decode()


# --- The decision ---------------------------------------------------------------------------
@pytest.mark.rule("R-140", "A-08")
def test_an_employers_head_reports_a_suspicion_of_fraud_with_the_decision(
    notice: Notice, owner: Recording, head: Actor, visit: Callable[..., Client], at: Callable[[dt.datetime], None]
) -> None:
    at(OBJECTED)
    reported: list[bool] = []
    owner.struck = lambda line, objection, outcome, at: reported.append(objection.suspects_fraud)  # type: ignore[method-assign]
    objection, desk = accepted(notice, head), visit(head)
    own = f"/notices/settling/{objection.code}/"
    assert "报告市人力资源社会保障局" in desk.get(f"{own}fatal/").content.decode()
    assert "报告市人力资源社会保障局" not in desk.get(f"{own}unfounded/").content.decode()
    desk.post(f"{own}fatal/", {"_key": "k1", "answer": "专利证书系伪造。", "suspects_fraud": "on"})
    closed = Objection.objects.get(pk=objection.pk)
    assert (closed.state, closed.suspects_fraud, reported) == (ObjectionState.FOUNDED_FATAL, True, [True])
    assert "已报告市人力资源社会保障局" in desk.get(own).content.decode()
    assert Entry.objects.get(step="find_fatal").facts["suspects_fraud"] is True


@pytest.mark.parametrize("step", ["find_unfounded", "find_correctable", "find_fatal"])
def test_an_employers_head_decides_alone_what_is_the_employers_to_decide(
    notice: Notice, head: Actor, step: str
) -> None:
    closed = objecting.decide(accepted(notice, head), step, answer="已经核实。", by=head, at=OBJECTED)
    assert (closed.closed_at, closed.suspects_fraud) == (OBJECTED, False)


def test_only_a_fatal_finding_can_carry_a_suspicion(notice: Notice, head: Actor) -> None:
    closed = objecting.decide(
        accepted(notice, head), "find_unfounded", answer="不成立。", suspects_fraud=True, by=head, at=OBJECTED
    )
    assert not closed.suspects_fraud
    with pytest.raises(DatabaseError, match="fraud_is_suspected_in_fatal_ones"), transaction.atomic():
        Objection.objects.update(suspects_fraud=True)


def test_the_bureau_decides_on_fraud_itself_and_reports_to_nobody(
    bureau_clerk: Actor, bureau_lead: Actor, visit: Callable[..., Client], at: Callable[[dt.datetime], None]
) -> None:
    at(OBJECTED)
    notice = factory.posted(bureau_clerk, POSTED, "王丙")
    objection = objecting.accept(object_to(notice), by=bureau_clerk, at=OBJECTED)
    lead = accounts.actor(Role.BUREAU_LEAD, at=bureau_clerk.organisation)
    page = visit(lead).get(f"/notices/settling/{objection.code}/fatal/").content.decode()
    assert "处理意见" in page
    assert "报告市人力资源社会保障局" not in page


# --- The paper trail ------------------------------------------------------------------------
def test_everything_that_happened_stands_in_the_trail(
    owner: Recording,
    head: Actor,
    actor: Callable[..., Actor],
    visit: Callable[..., Client],
    at: Callable[[dt.datetime], None],
) -> None:
    at(OBJECTED)
    person = accounts.person(full_name="孙木", phone="13800001234")
    notice = factory.posted(head, POSTED, people=(person,), kind=NoticeKind.EMPLOYER)
    lead = actor(Role.AGENCY_LEAD)
    owner.above = lead.organisation
    objection = object_to(notice, name="赵丁", contact="010-65001234")
    objecting.accept(objection, by=head, at=OBJECTED)
    objecting.extend(objection, reason="需调取档案", by=head, at=OBJECTED)
    objecting.escalate(objection, by=head, at=OBJECTED)
    agency, of_head = f"{lead.organisation.name}", f"{head.person.full_name} {head.organisation.name}"  # type: ignore[union-attr]
    rows = [(str(event.what), event.who, event.note) for event in trail_of(objection)]
    nowhere = "没有发出：异议人没有留下手机号码或电子邮箱，可凭异议编号查询"
    waits = "短信 待发送"
    told: Any = lambda label, whom, note: (f"通知：{label}", whom, note)  # noqa: E731
    assert sorted(rows) == sorted(
        [
            ("收到异议", "异议人", ""),
            ("受理并核查", of_head, ""),
            ("延长核查", of_head, "需调取档案"),
            ("移交上级", of_head, agency),
            told("收到公示异议", "当事人", waits),
            told("异议核查延期", "当事人", waits),
            told("异议已受理", "异议人", nowhere),
            told("异议核查延期", "异议人", nowhere),
            told("待处理公示异议", head.organisation.name, "短信 待发送"),  # type: ignore[union-attr]
            told("待处理公示异议", agency, "短信 待发送"),
        ]
    )
    page = visit(lead).get(f"/notices/settling/{objection.code}/").content.decode()
    assert ("需调取档案" in page, "赵丁" in page) == (True, False)
