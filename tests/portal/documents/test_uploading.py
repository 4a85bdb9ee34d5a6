"""Uploads in pieces: cut, repeated, raced and resumed at any byte, they end as one file with the sender's SHA-256."""

import datetime as dt
import hashlib
import io
import random
import threading
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connections, transaction
from PIL import Image

from portal.accounts.roles import Role
from portal.documents import intake, quota, storage, sweeping, uploading
from portal.documents.models import StoredFile, Upload, UploadPart
from portal.documents.storage import StorageUnavailable
from portal.documents.uploading import Checksum
from portal.shared.errors import Refusal
from tests.portal.documents.conftest import docx, pdf


@pytest.fixture
def person(actor):
    return actor()


def noise(size: int, seed: int) -> bytes:
    """Return a picture of about ``size`` bytes that no two seeds share."""
    side, out = max(8, int((size / 3) ** 0.5)), io.BytesIO()
    pixels = random.Random(seed).randbytes(side * side * 3)  # noqa: S311 - reproducible noise
    Image.frombytes("RGB", (side, side), pixels).save(out, "PNG")
    return out.getvalue()


def begin(content: bytes, by, at, purpose="personal", name="图.png") -> Upload:
    return uploading.begin(name=name, length=len(content), purpose=purpose, by=by, at=at)


def send(upload: Upload, content: bytes, at, offset: int | None = None, **rest) -> Upload:
    return uploading.receive(upload, [content], offset=upload.offset if offset is None else offset, at=at, **rest)


def fresh(upload: Upload) -> Upload:
    return Upload.objects.get(pk=upload.pk)


def code(call) -> str:
    with pytest.raises(Refusal) as refused:
        call()
    return refused.value.reasons[0].code


def files_of(kept) -> list[str]:
    return [path.name for path in kept.rglob("*") if path.is_file()]


def breaks_off(content: bytes, after: int) -> Iterator[bytes]:
    """Yield as a connection does that dies after some bytes."""
    for start in range(0, after, 700):
        yield content[start : min(start + 700, after)]


class KilledError(Exception):
    """The server is no more."""


@pytest.mark.parametrize("seed", range(40))
def test_cut_killed_and_repeated_at_any_byte_the_file_is_the_senders(person, now, monkeypatch, seed, kept):
    dice = random.Random(seed)  # noqa: S311 - reproducible fates
    content = noise(dice.randint(2_000, 30_000), seed)
    upload = begin(content, person, now)
    create = UploadPart.objects.create
    while not upload.is_complete:
        offset, rest = upload.offset, content[upload.offset :]
        fate = dice.choice(["arrives", "breaks off", "reply lost", "killed before the row"])
        if fate == "killed before the row":
            monkeypatch.setattr(UploadPart.objects, "create", lambda **_: (_ for _ in ()).throw(KilledError))
            with pytest.raises(KilledError):
                send(upload, rest, now)
            monkeypatch.setattr(UploadPart.objects, "create", create)
            assert fresh(upload).offset == offset
        elif fate == "breaks off":
            after = dice.randint(0, len(rest))
            upload = uploading.receive(upload, breaks_off(rest, after), offset=offset, at=now)
            assert upload.offset == offset + after
        else:
            part = rest[: dice.randint(1, len(rest))]
            sent = send(upload, part, now)
            if fate == "reply lost" and not sent.is_complete:
                assert code(lambda: send(upload, part, now, offset)) == "offset_mismatch"  # noqa: B023 - called at once
            upload = fresh(upload)
    done = uploading.finish(upload, by=person, at=now)
    assert done.file.received_sha256 == hashlib.sha256(content).hexdigest()
    assert (kept / done.file.original_key).read_bytes() == content


@pytest.mark.django_db(transaction=True)
def test_of_two_pieces_for_the_same_place_one_is_stored(actor, now, kept):
    content, person = noise(9_000, 1), actor()
    upload = begin(content, person, now)
    start, answers = threading.Barrier(2), []

    def press() -> None:
        start.wait()
        try:
            answers.append(send(upload, content[:4_000], now).offset)
        except Refusal as refusal:
            answers.append(refusal.reasons[0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, answers)) == ["4000", "offset_mismatch"]
    assert len(files_of(kept)) == 1
    done = uploading.finish(send(fresh(upload), content[4_000:], now), by=person, at=now)
    assert done.file.received_sha256 == hashlib.sha256(content).hexdigest()
    assert len(files_of(kept)) == 2


@pytest.mark.django_db(transaction=True)
def test_finished_by_two_at_once_it_is_one_file(actor, now):
    content, person = pdf(), actor()
    upload = send(begin(content, person, now), content, now)
    start = threading.Barrier(2)

    def press() -> None:
        start.wait()
        uploading.finish(upload, by=person, at=now)
        connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert fresh(upload).file == StoredFile.objects.get()


@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_cannot_both_take_the_last_place(actor, now, monkeypatch):
    person, start, answers = actor(), threading.Barrier(2), []
    monkeypatch.setattr(quota, "OF_PERSON", 1_500)

    def press() -> None:
        start.wait()
        try:
            begin(b"x" * 1_000, person, now)
            answers.append("begun")
        except Refusal as refusal:
            answers.append(refusal.reasons[0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["begun", "quota_exceeded"]


def test_a_file_that_is_not_acceptable_ends_as_a_refusal_with_its_reason(
    person, now, kept, django_capture_on_commit_callbacks
):
    content = docx()
    with django_capture_on_commit_callbacks(execute=True):
        done = uploading.finish(send(begin(content, person, now), content, now), by=person, at=now)
    assert (done.file, done.refusal[0]["code"]) == (None, "kind_not_taken")
    assert uploading.finish(done, by=person, at=now).refusal == done.refusal
    assert (StoredFile.objects.count(), files_of(kept)) == (0, [])


def test_what_could_never_be_taken_is_refused_before_a_byte_is_sent(person, now, monkeypatch):
    def announced(length: int, purpose: str) -> str:
        return code(lambda: uploading.begin(name="x", length=length, purpose=purpose, by=person, at=now))

    assert announced(0, "personal") == "empty"
    assert announced(1_000_001, "evidence") == "too_large"
    assert announced(1, "minutes") == announced(1, "unknown") == "purpose_not_permitted"
    monkeypatch.setattr(quota, "UPLOADS_AT_ONCE", 1)
    begin(b"x", person, now)
    assert code(lambda: begin(b"x", person, now)) == "too_many_uploads"


def test_a_full_house_does_not_refuse_what_it_let_in(person, now, monkeypatch):
    content = pdf()
    monkeypatch.setattr(quota, "OF_PERSON", len(content))
    upload = begin(content, person, now)
    assert uploading.finish(send(upload, content, now), by=person, at=now).file is not None


def test_more_bytes_than_announced_are_refused(person, now, kept):
    upload = begin(b"x" * 10, person, now)
    assert code(lambda: send(upload, b"x" * 11, now)) == "too_many_bytes"
    assert (fresh(upload).offset, files_of(kept)) == (0, [])


@pytest.mark.parametrize("algorithm", uploading.ALGORITHMS)
def test_a_piece_changed_on_the_way_is_not_stored(person, now, kept, algorithm):
    upload = begin(b"x" * 10, person, now)
    right = Checksum(algorithm, hashlib.new(algorithm, b"xxxxx").digest())
    assert code(lambda: send(upload, b"xxxxy", now, checksum=right)) == "checksum_mismatch"
    assert (fresh(upload).offset, files_of(kept)) == (0, [])
    assert send(upload, b"xxxxx", now, checksum=right).offset == 5


def test_an_upload_waits_three_days_from_its_last_piece(person, now):
    upload = send(begin(b"x" * 10, person, now), b"x", now + dt.timedelta(days=2))
    assert send(upload, b"x", now + dt.timedelta(days=4, hours=23)).offset == 2
    assert code(lambda: send(fresh(upload), b"x", now + dt.timedelta(days=8))) == "upload_ended"


def test_a_finished_upload_takes_nothing_more(person, now):
    content = pdf()
    done = uploading.finish(send(begin(content, person, now), content, now), by=person, at=now)
    assert code(lambda: send(done, b"x", now)) == "upload_ended"


def test_a_full_disk_loses_no_byte_that_was_counted(person, now, monkeypatch, kept):
    content = pdf()
    upload = send(begin(content, person, now), content[:100], now)
    monkeypatch.setattr("os.fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(StorageUnavailable):
        send(upload, content[100:], now)
    monkeypatch.undo()
    upload = fresh(upload)
    assert upload.offset == 100
    done = uploading.finish(send(upload, content[100:], now), by=person, at=now)
    assert done.file.received_sha256 == hashlib.sha256(content).hexdigest()


def test_storage_away_at_the_end_is_no_refusal(person, now, monkeypatch):
    content = pdf()
    upload = send(begin(content, person, now), content, now)
    monkeypatch.setattr(storage, "put", lambda *args: (_ for _ in ()).throw(StorageUnavailable()))
    with pytest.raises(StorageUnavailable):
        uploading.finish(upload, by=person, at=now)
    monkeypatch.undo()
    assert uploading.finish(upload, by=person, at=now).file is not None


def test_what_arrived_whole_is_finished_by_the_sweep(actor, now):
    clerk, content = actor(Role.AGENCY_LEAD), docx()
    upload = send(begin(content, clerk, now, purpose="minutes"), content, now)
    assert (sweeping.finish_complete(now), sweeping.finish_complete(now)) == (1, 0)
    assert fresh(upload).file.owner_organisation == clerk.organisation


def test_one_unreadable_upload_does_not_stop_the_others(person, now, kept):
    lost, whole = (send(begin(pdf(), person, now), pdf(), now) for _ in range(2))
    (kept / lost.parts.get().key).unlink()
    assert sweeping.finish_complete(now) == 1
    assert fresh(whole).file is not None


def test_expired_uploads_go_and_their_files_stay(person, now, kept, django_capture_on_commit_callbacks):
    content = pdf()
    uploading.finish(send(begin(content, person, now), content, now), by=person, at=now)
    send(begin(content, person, now), content[:50], now)
    later = now + dt.timedelta(days=3)
    with django_capture_on_commit_callbacks(execute=True):
        assert sweeping.drop_expired(now + dt.timedelta(days=2)) == 0
        assert sweeping.drop_expired(later) == 2
    assert (Upload.objects.count(), UploadPart.objects.count(), StoredFile.objects.count()) == (0, 0, 1)
    file = StoredFile.objects.get()
    assert {key.rpartition("/")[2] for key in file.keys} <= set(files_of(kept))


def test_the_database_refuses_an_upload_that_ends_incomplete_or_twice(person, now):
    upload = begin(b"x" * 10, person, now)
    file = intake.accept([pdf()], name="x.pdf", purpose="personal", by=person, at=now)
    for name, fields in (
        ("upload_stays_in_its_length", {"offset": 11}),
        ("upload_ends_complete", {"file": file}),
        ("upload_ends_complete", {"refusal": []}),
        ("upload_ends_one_way", {"offset": 10, "file": file, "refusal": []}),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Upload.objects.filter(pk=upload.pk).update(**fields)
