"""The papers of an application and kept files by program: for who may read them, in the capacity in which they act."""

import hashlib

import pytest

from applications.models import Snapshot
from portal.accounts.actors import acting_personally
from portal.accounts.roles import Role
from portal.documents.models import StoredFile
from portal.ledger.models import Entry
from tests.applications.test_api_schema import _one_connection, fuzzed
from tests.factories import accounts, applications, catalogue
from tests.factories.calls import Caller, codes

pytestmark = pytest.mark.django_db
KINDS = ("form", "commitment", "publicity")

__all__ = ["_one_connection"]


@pytest.mark.rule("R-060", "R-064")
def test_each_reader_takes_the_papers_of_what_was_submitted(at) -> None:
    at(applications.NOW)
    recommendation = applications.received(catalogue.published_entry())
    application = recommendation.application
    own, house = f"papers/{application.code}/", Caller(applications.clerk_of(recommendation.organisation))
    person = Caller(acting_personally(application.applicant))
    for kind in KINDS:
        answer = person.get(f"{own}{kind}/")
        assert (answer.status_code, answer["Content-Type"], answer.content[:4]) == (200, "application/pdf", b"%PDF")
        assert house.get(f"{own}{kind}/").status_code == 200
    kept = Snapshot.objects.get(application=application).form
    assert kept is not None
    assert hashlib.sha256(person.get(f"{own}form/").content).hexdigest() == kept.sha256
    assert person.get(f"{own}form/", version=2).status_code == 404
    assert person.get(f"{own}form/", version="x").status_code == 400
    assert Caller(accounts.actor()).get(f"{own}form/").status_code == 404
    assert Caller(accounts.actor(Role.EMPLOYER_CLERK)).get(f"{own}form/").status_code == 404
    assert Caller(accounts.actor(Role.EXPERT)).get(f"{own}form/").status_code == 403


def test_a_draft_is_for_the_person_alone(at) -> None:
    at(applications.NOW)
    application = applications.filled(catalogue.published_entry())
    person = Caller(acting_personally(application.applicant))
    answer = person.get(f"papers/{application.code}/form/")
    assert f'filename="{application.code}-form-draft.pdf"' in answer["Content-Disposition"]
    head = Caller(accounts.actor(Role.EMPLOYER_HEAD))
    assert head.get(f"papers/{application.code}/form/").status_code == 404


# --- Kept files ---------------------------------------------------------------------------------
def test_own_files_are_listed_read_and_removed_only_unused(at) -> None:
    at(applications.NOW)
    application = applications.submitted(catalogue.published_entry())
    who = acting_personally(application.applicant)
    program, proof = Caller(who), application.works.get().item.evidence.get().file
    told = program.get(f"files/{proof.code}/").json()
    assert (told["received_sha256"], told["is_viewable"]) == (proof.received_sha256, proof.is_viewable)
    content = program.get(f"files/{proof.code}/content/")
    assert (content.status_code, content["Cache-Control"]) == (200, "no-store, private")
    assert len(b"".join(content.streaming_content)) == proof.size
    refused = program.delete(f"files/{proof.code}/")
    assert refused.status_code == 409
    assert codes(refused)[0] in {"in_use", "not_removable"}
    assert StoredFile.objects.filter(pk=proof.pk).exists()
    assert Caller(accounts.actor()).get(f"files/{proof.code}/content/").status_code == 404
    assert Caller(accounts.actor()).delete(f"files/{proof.code}/").status_code == 404
    assert Caller().get(f"files/{proof.code}/content/").status_code == 403


def test_what_others_read_is_entered_in_the_ledger(at) -> None:
    at(applications.NOW)
    recommendation = applications.received(catalogue.published_entry())
    proof = recommendation.application.works.get().item.evidence.get().file
    clerk = Caller(applications.clerk_of(recommendation.organisation))
    before = Entry.objects.filter(subject_type=StoredFile._meta.label, step="read").count()
    answer = clerk.get(f"files/{proof.code}/content/")
    assert len(b"".join(answer.streaming_content)) == proof.size
    assert proof.original_name not in answer["Content-Disposition"]
    assert Entry.objects.filter(subject_type=StoredFile._meta.label, step="read").count() == before + 1
    assert clerk.get(f"files/{proof.code}/").status_code == 404


@pytest.mark.usefixtures("_one_connection")
def test_the_operations_answer_as_described(at) -> None:
    at(applications.NOW)
    application = applications.submitted(catalogue.published_entry())
    told = {"code": application.code, "which": "commitment"}
    assert fuzzed(acting_personally(application.applicant), ("papers",), lambda _path: told) == 1
