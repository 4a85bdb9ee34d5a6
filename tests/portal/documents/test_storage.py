"""Where bytes lie: orphans go, what rows name stays, a disk that fails is told; the same on S3."""

import datetime as dt
import os
import secrets

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from moto.server import ThreadedMotoServer

from portal.documents import checks, health, intake, scanning, storage, sweeping, uploading
from portal.settings import documents as wiring
from tests.portal.documents.conftest import pdf

DAYS = dt.timedelta(days=1)


@pytest.fixture
def bucket(settings, monkeypatch):
    """An S3 of the test's own, made the portal's storage as the environment would."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "cn-north-1")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    client = boto3.client("s3", endpoint_url=address)
    name = f"documents-{secrets.token_hex(4)}"
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})

    class Environment:
        def str(self, wanted, default=""):
            return {"DOCUMENTS_BUCKET": name, "DOCUMENTS_S3_URL": address}.get(wanted, default)

    settings.STORAGES = {
        **wiring.storages(Environment(), settings.BASE_DIR),
        "staticfiles": settings.STORAGES["staticfiles"],
    }
    yield client, name
    server.stop()


def keys(folder: str = storage.FILES) -> set[str]:
    return {key for _, path in storage.days_kept(folder) for key in storage.keys_in(path)}


def put(at: dt.datetime, folder: str = storage.FILES) -> str:
    return storage.put(ContentFile(b"bytes"), folder, at)


def test_bytes_without_a_row_go_after_a_day_and_no_others(actor, now):
    person = actor()
    file = intake.accept([pdf()], name="x.pdf", purpose="personal", by=person, at=now - 5 * DAYS)
    upload = uploading.begin(name="x", length=10, purpose="personal", by=person, at=now)
    uploading.receive(upload, [b"xx"], offset=0, at=now - 5 * DAYS)
    orphan, part = put(now - 5 * DAYS), put(now - 5 * DAYS, storage.PARTS)
    young, old = put(now - DAYS / 2), put(now - 30 * DAYS)
    assert sweeping.drop_orphans(now) == 2
    assert keys() == {*file.keys, young, old}
    assert orphan not in keys()
    assert keys(storage.PARTS) == {upload.parts.get().key}
    assert part not in keys(storage.PARTS)
    assert sweeping.drop_orphans(now, look_back=None) == 1
    assert keys() == {*file.keys, young}


def test_the_sweep_can_be_run_by_hand(actor, now, at, capsys):
    at(now)
    put(now - 30 * DAYS)
    call_command("sweep_documents", "--everything")
    assert "orphans: 1" in capsys.readouterr().out
    assert keys() == set()


def test_a_changed_or_missing_file_is_found(actor, now, kept, capsys):
    changed, missing, whole = (
        intake.accept([pdf(pages)], name="x.pdf", purpose="personal", by=actor(), at=now) for pages in (1, 2, 3)
    )
    call_command("verify_documents")
    (kept / changed.original_key).write_bytes(b"something else")
    (kept / missing.storage_key).unlink()
    with pytest.raises(CommandError, match="2 kept file"):
        call_command("verify_documents")
    told = capsys.readouterr().err
    assert f"{changed.code} {changed.original_key}: its SHA-256 differs" in told
    assert f"{missing.code} {missing.storage_key}: cannot be read" in told
    assert whole.code not in told


def test_a_name_never_stands_for_half_a_file(now, kept, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda handle: (_ for _ in ()).throw(OSError(5, "I/O error")))
    with pytest.raises(storage.StorageUnavailable):
        put(now)
    assert [path for path in kept.rglob("*") if path.is_file()] == []


def test_the_health_probe_tells_whether_bytes_can_be_kept(db, kept, monkeypatch):
    assert health.storage_is_writable()
    assert [path for path in kept.rglob("*") if path.is_file()] == []
    monkeypatch.setattr(os, "fsync", lambda handle: (_ for _ in ()).throw(OSError(30, "Read-only file system")))
    assert not health.storage_is_writable()


def test_documents_may_not_lie_where_web_servers_look(settings, kept):
    assert checks.storage_is_private(None) == []
    settings.STATIC_ROOT = kept.parent
    assert [error.id for error in checks.storage_is_private(None)] == ["portal.E040"]


def test_production_names_a_place_and_a_scanner(settings):
    settings.DOCUMENTS_PLACE_IS_CHOSEN, settings.CLAMD_URL = False, ""
    assert [error.id for error in checks.storage_is_chosen(None) + checks.scanner_is_configured(None)] == [
        "portal.E041",
        "portal.E042",
    ]
    settings.DOCUMENTS_PLACE_IS_CHOSEN, settings.CLAMD_URL = True, "tcp://clamd:3310"
    settings.DOCUMENTS_WITHOUT_SCANNER = False
    assert checks.storage_is_chosen(None) + checks.scanner_is_configured(None) == []
    assert checks.fonts_draw_chinese(None) == []
    assert checks.fonts_draw_rare_names(None) == []


def test_on_s3_files_are_kept_read_resumed_and_swept(bucket, actor, now):
    content, person = pdf(2), actor()
    upload = uploading.begin(name="x.pdf", length=len(content), purpose="personal", by=person, at=now)
    upload = uploading.receive(upload, [content[:200]], offset=0, at=now)
    upload = uploading.receive(upload, [content[200:]], offset=200, at=now)
    file = uploading.finish(upload, by=person, at=now).file
    orphan = put(now - 3 * DAYS)
    with storages["documents"].open(file.original_key) as original:
        assert original.read() == content
    assert keys() == {*file.keys, orphan}
    assert sweeping.drop_orphans(now) == 1
    assert keys() == file.keys
    assert list(sweeping.faults()) == []
    assert health.storage_is_writable()
    client, name = bucket
    grants = client.get_object_acl(Bucket=name, Key=file.original_key)["Grants"]
    assert not [grant for grant in grants if "AllUsers" in grant["Grantee"].get("URI", "")]
    client.delete_object(Bucket=name, Key=file.storage_key)
    assert [fault.key for fault in sweeping.faults()] == [file.storage_key]


def test_an_s3_that_is_away_is_told(bucket, actor, now, monkeypatch):
    monkeypatch.setattr(storages["documents"], "bucket_name", "another")
    monkeypatch.setattr(storages["documents"], "_bucket", None, raising=False)
    with pytest.raises(storage.StorageUnavailable):
        put(now)
    assert not health.storage_is_writable()
    assert scanning.scan_waiting(now) == 0
