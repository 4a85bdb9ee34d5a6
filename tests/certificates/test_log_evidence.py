"""What a holder gives to others: fetched from the own page, checked by the program alone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from certificates import tasks
from certificates.domain import following, log_keys
from certificates.models import Certificate
from portal.accounts.actors import SYSTEM
from portal.sealing import records
from tests.certificates.conftest import tamper
from tests.certificates.verifier import PATH
from tests.factories import accounts, certificates
from tests.factories.certificates import MADE

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def issued_key(standing):
    return standing(lambda: certificates.issued().pk)


@pytest.fixture
def certificate(issued_key: int, at) -> Certificate:
    at(MADE)
    return Certificate.objects.get(pk=issued_key)


@pytest.fixture
def holder(certificate: Certificate) -> Client:
    return accounts.client(certificates.holder_of(certificate))


def checked(evidence: bytes, tmp_path: Path, *more: str) -> tuple[int, str]:
    (tmp_path / "evidence.json").write_bytes(evidence)
    (key,) = log_keys.published_keys()
    command = [sys.executable, "-I", "-S", str(PATH), "check", "evidence.json", "--key", key.line, *more]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def test_what_the_holder_fetches_convinces_a_stranger(certificate: Certificate, holder: Client, tmp_path: Path) -> None:
    own, address = f"/certificates/own/{certificate.code}/", f"/certificates/own/{certificate.code}/evidence/"
    assert "记录签名后提供" in holder.get(own).content.decode()
    assert holder.get(address).status_code == 404
    with translation.override("en"):
        following.suspend(certificate, reason="有材料反映业绩不实，需要核查。", by=SYSTEM, at=MADE)
    tasks.sign_log()
    assert address in holder.get(own).content.decode()
    answer = holder.get(address)
    assert answer["Content-Disposition"] == f'attachment; filename="{certificate.number}-evidence.json"'
    assert holder.get(f"/api{own}evidence/").json() == answer.json()
    status, said = checked(answer.content, tmp_path)
    assert status == 0, said
    assert ['"event":"issued"' in said, '"event":"suspended"' in said] == [True, True]
    assert said.count(certificate.holder_name) == 2  # the clerk read English; what was logged is the paper's own words
    forged = answer.content.replace(certificate.holder_name.encode(), "王某某".encode())
    assert checked(forged, tmp_path)[1].splitlines()[-1].startswith("WRONG  face: the certificate shows something else")


def test_a_log_that_does_not_hold_gives_no_proof_and_says_so(certificate: Certificate, holder: Client) -> None:
    tasks.sign_log()
    tamper("UPDATE certificates_logleaf SET record = replace(record, 'issued', 'revoked')")
    answer = holder.get(f"/certificates/own/{certificate.code}/evidence/")
    assert answer.status_code == 409
    assert "正在查明原因" in answer.content.decode()
    refused = holder.get(f"/api/certificates/own/{certificate.code}/evidence/")
    assert (refused.status_code, refused.json()["code"]) == (409, "log_broken")


def test_the_hash_in_the_log_is_that_of_the_attached_file(
    certificate: Certificate, holder: Client, tmp_path: Path
) -> None:
    """The face's canonical bytes are what the PDF file carries as certificate.json."""
    tasks.sign_log()
    (tmp_path / "certificate.json").write_bytes(records.canonical(certificate.face().record()))
    evidence = holder.get(f"/certificates/own/{certificate.code}/evidence/").content
    assert checked(evidence, tmp_path, "--face", "certificate.json")[0] == 0
    (tmp_path / "certificate.json").write_text(json.dumps({"number": certificate.number}), encoding="utf-8")
    assert checked(evidence, tmp_path, "--face", "certificate.json")[0] == 1


def test_evidence_is_for_the_holder_alone(certificate: Certificate, client: Client) -> None:
    tasks.sign_log()
    address = f"/certificates/own/{certificate.code}/evidence/"
    assert accounts.client(accounts.actor()).get(address).status_code == 404
    assert client.get(address).status_code == 302
