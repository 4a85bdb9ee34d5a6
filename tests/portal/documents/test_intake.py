"""Taking files in: the receipt is of what came, the copy is harmless, nothing is stored of what is refused."""

import hashlib
import io
import os
from pathlib import Path

import pikepdf
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from portal.accounts.actors import PUBLIC
from portal.accounts.roles import Role
from portal.documents import intake, quota, removing, storage
from portal.documents.enums import Kind, State
from portal.documents.models import StoredFile
from portal.ledger.models import Entry
from portal.shared.errors import Refusal
from tests.factories import accounts
from tests.portal.documents.conftest import docx, pdf, picture


def take(content: bytes, by, at, purpose="personal", name="材料.pdf", **rest) -> StoredFile:
    return intake.accept([content], name=name, purpose=purpose, by=by, at=at, **rest)


def reasons(content: bytes, by, at, **rest) -> list[tuple[str, str]]:
    with pytest.raises(Refusal) as refused:
        take(content, by, at, **rest)
    return [(reason.code, str(reason.text)) for reason in refused.value.reasons]


def kept_files(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.is_file()]


def test_the_receipt_is_of_exactly_what_came(actor, now):
    content, person = pdf(2), actor()
    file = take(content, person, now)
    assert (file.received_size, file.received_sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (file.kind, file.state, file.received_at) == (Kind.PDF, State.CLEAN, now)
    assert (file.owner_person, file.owner_organisation, file.uploaded_by) == (person.person, None, person.person)


def test_both_the_original_and_the_harmless_copy_are_kept(actor, now, kept):
    content = pdf(
        1, lambda paper: paper.Root.__setitem__("/OpenAction", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="x"))
    )
    file = take(content, actor(), now)
    original, shown = (kept / file.original_key).read_bytes(), (kept / file.storage_key).read_bytes()
    assert original == content
    assert (file.size, file.sha256) == (len(shown), hashlib.sha256(shown).hexdigest())
    assert b"JavaScript" not in shown
    assert file.removed == ["actions"]
    assert len(kept_files(kept)) == 2


def test_an_office_file_is_kept_once_as_it_came(actor, now, kept):
    content = docx()
    file = take(content, actor(Role.AGENCY_LEAD), now, purpose="minutes", name="纪要.docx")
    assert (file.kind, file.was_changed, file.sha256) == (Kind.DOCX, False, file.received_sha256)
    assert [path.read_bytes() for path in kept_files(kept)] == [content]


def test_what_an_actor_hands_in_for_an_organisation_belongs_to_it(actor, now):
    lead = actor(Role.AGENCY_LEAD)
    file = take(pdf(), lead, now, purpose="minutes")
    assert (file.owner_person, file.owner_organisation) == (None, lead.organisation)


def test_what_the_public_hands_in_belongs_to_whom_the_caller_names(db, now, monkeypatch):
    handler = accounts.organisation()
    open_door = intake.purposes.Purpose(
        "report", "举报材料", may_upload=intake.purposes.Predicate(lambda actor: True), may_read=lambda a, f: False
    )
    intake.purposes.register(open_door)
    file = take(pdf(), PUBLIC, now, purpose="report", owner=handler)
    assert (file.owner_organisation, file.uploaded_by) == (handler, None)
    with pytest.raises(LookupError):
        take(pdf(), PUBLIC, now, purpose="report")


def test_the_ledger_tells_who_handed_in_what(actor, now):
    person = actor()
    file = take(pdf(), person, now, name="张三身份证.pdf")
    received, passed = Entry.objects.filter(subject_type="documents.StoredFile").order_by("pk")
    assert (received.step, received.person, received.after) == ("receive", person.person, State.RECEIVED)
    assert received.facts["sha256"] == file.received_sha256
    assert (passed.step, passed.actor_kind, passed.facts) == ("pass_scan", "system", {"scanner": intake.NO_SCANNER})
    assert "张三" not in str(received.facts) + received.note


def test_too_large_is_refused_with_the_limit_before_all_of_it_came(actor, now, kept):
    given = iter([b"x" * 600_000] * 100)
    with pytest.raises(Refusal) as refused:
        intake.accept(given, name="大.pdf", purpose="evidence", by=actor(), at=now)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.field) == ("too_large", "file")
    assert "976.6" in str(reason.text)
    assert len(list(given)) == 98
    assert kept_files(kept) == []


def test_an_empty_file_is_refused(actor, now):
    assert reasons(b"", actor(), now) == [("empty", "文件是空的，请重新选择。")]


def test_a_purpose_is_open_only_to_whom_it_says(actor, now):
    assert reasons(pdf(), actor(), now, purpose="minutes")[0][0] == "purpose_not_permitted"
    assert reasons(pdf(), actor(), now, purpose="nobody registered it")[0][0] == "purpose_not_permitted"


def test_a_kind_that_the_purpose_does_not_take_is_refused_by_its_name(actor, now, kept):
    assert reasons(docx(), actor(), now) == [
        ("kind_not_taken", "该文件是 Word 文档（.docx），此处只接受 PDF 文档、JPEG 图片、PNG 图片。")
    ]
    assert kept_files(kept) == []


def test_nobody_keeps_more_than_the_quota(actor, now, monkeypatch, kept):
    content, person = pdf(), actor()
    monkeypatch.setattr(quota, "OF_PERSON", len(content) * 2)
    take(content, person, now)
    second = take(content, person, now)
    assert reasons(content, person, now)[0][0] == "quota_exceeded"
    take(content, actor(), now)
    removing.remove(second, by=person, at=now)
    take(content, person, now)


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\论文.pdf", "论文.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x=1.pdf"),
        ("材料\u202efdp.exe", "材料fdp.exe"),
        ("\x00\x1f", "文件"),
        ("...", "文件"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
        ('<img src=x onerror="x">.pdf', "img src=x onerror=x.pdf"),
    ],
)
def test_names_are_for_reading_only(actor, now, kept, given, stored):
    file = take(pdf(), actor(), now, name=given)
    assert file.original_name == stored
    assert all(path.resolve().is_relative_to(kept.resolve()) for path in kept_files(kept))
    assert "passwd" not in file.storage_key


def test_a_full_disk_is_told_and_leaves_no_row(actor, now, monkeypatch, kept):
    def full(handle):
        raise OSError(28, "No space left on device")

    person = actor()
    monkeypatch.setattr(os, "fsync", full)
    assert reasons(pdf(), person, now)[0][0] == "storage_unavailable"
    monkeypatch.undo()
    assert (StoredFile.objects.count(), kept_files(kept)) == (0, [])


def test_a_row_that_cannot_be_written_leaves_no_file(actor, now, monkeypatch, kept):
    person = actor()
    monkeypatch.setattr(intake, "record", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        take(pdf(), person, now)
    assert (StoredFile.objects.count(), kept_files(kept)) == (0, [])


def test_a_paper_of_the_portals_own_is_open_at_once(actor, now, kept):
    person = actor().person
    file = intake.keep(b"%PDF-1.7 own", name="通知.pdf", purpose="evidence", kind=Kind.PDF, owner=person, at=now)
    assert (file.state, file.scanner, file.owner_person, file.uploaded_by) == (
        State.CLEAN,
        intake.OWN_HAND,
        person,
        None,
    )
    assert (kept / file.storage_key).read_bytes() == b"%PDF-1.7 own"


def test_the_database_keeps_one_owner_and_the_declared_states(actor, now):
    file = take(pdf(), actor(), now)
    with pytest.raises(IntegrityError, match="file_has_one_owner"), transaction.atomic():
        StoredFile.objects.filter(pk=file.pk).update(owner_organisation=accounts.organisation())
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        StoredFile.objects.filter(pk=file.pk).update(state=State.INFECTED)


def test_files_and_folders_are_readable_by_the_portal_alone(actor, now, kept):
    take(picture(), actor(), now, name="照片.jpg")
    modes = {path.stat().st_mode & 0o777 for path in kept_files(kept)}
    assert modes == {0o600}
    assert {path.stat().st_mode & 0o077 for path in kept.rglob("*") if path.is_dir()} == {0}


def test_removing_takes_the_bytes_after_the_commit_and_keeps_the_trace(
    actor, now, kept, django_capture_on_commit_callbacks
):
    person = actor()
    file = take(pdf(), person, now)
    with django_capture_on_commit_callbacks(execute=True):
        removing.remove(file, by=person, at=now)
        assert len(kept_files(kept)) == 2
    assert kept_files(kept) == []
    assert Entry.objects.get(step="remove").facts == {"sha256": file.received_sha256}


def test_only_the_owner_removes_and_only_where_the_purpose_allows(actor, now):
    person = actor()
    own, evidence = take(pdf(), person, now), take(pdf(), person, now, purpose="evidence")
    for file, by in ((own, actor()), (evidence, person)):
        with pytest.raises(Refusal) as refused:
            removing.remove(file, by=by, at=now)
        assert refused.value.reasons[0].code == "not_removable"
    assert storage.store().exists(own.storage_key)


def test_the_copy_opens(actor, now, kept):
    file = take(pdf(3), actor(), now)
    with pikepdf.open(io.BytesIO((kept / file.storage_key).read_bytes())) as paper:
        assert len(paper.pages) == 3
