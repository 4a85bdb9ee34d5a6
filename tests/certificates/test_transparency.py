"""The log: appended in the step's transaction, never changed, and what was changed behind the triggers is found."""

import datetime as dt
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from pytest_django import Settings

from certificates import tasks
from certificates.domain import auditing, checkpoints, evidence, transparency, tree
from certificates.domain.auditing import Fault
from certificates.domain.logging_events import Happening, LogEvent, face_hash, log_event, log_events
from certificates.domain.transparency import LogBroken
from certificates.models import LogCheckpoint, LogLeaf, LogStamp
from tests.certificates.conftest import ORIGIN, tamper
from tests.certificates.verifier import verifier

Log = Callable[..., int]
Sign = Callable[..., LogCheckpoint]
FACE = {"number": "BJ202600001", "holder_name": "张三", "title": "高级工程师"}


def hashed(leaves: int) -> list[bytes]:
    return [tree.leaf_hash(leaf.content) for leaf in LogLeaf.objects.filter(index__lt=leaves).order_by("index")]


def whys() -> set[str]:
    return {fault.why for fault in auditing.faults()}


# --- Appending --------------------------------------------------------------------------------
def test_events_take_the_next_places(log: Log) -> None:
    assert [log(3), log(1), log(0), log(5)] == [0, 3, 4, 4]
    assert list(LogLeaf.objects.order_by("index").values_list("index", flat=True)) == list(range(9))
    assert transparency.size() == 9
    assert auditing.faults() == []


def test_roots_and_proofs_come_from_the_stored_nodes(log: Log) -> None:
    for count in (1, 4, 2, 6):
        log(count)
    size = transparency.size()
    hashes, root = hashed(size), transparency.root(size)
    for index in range(size):
        assert tree.includes(hashes[index], index, size, transparency.inclusion_proof(index, size), root)
    for earlier in range(1, size + 1):
        proof = transparency.consistency_proof(earlier, size)
        assert tree.goes_on(earlier, size, transparency.root(earlier), root, proof)


def test_what_is_not_logged_yet_has_no_root_and_no_proof(log: Log) -> None:
    log(3)
    for asked in (
        lambda: transparency.root(4),
        lambda: transparency.inclusion_proof(1, 4),
        lambda: transparency.inclusion_proof(3, 3),
        lambda: transparency.consistency_proof(2, 9),
        lambda: transparency.consistency_proof(3, 2),
        lambda: transparency.consistency_proof(0, 2),
    ):
        with pytest.raises(ValueError, match=r"no leaf|no nodes|does not go on"):
            asked()


def test_an_append_outside_a_transaction_is_refused(transactional_db: None) -> None:
    with pytest.raises(RuntimeError, match="transaction of the step"):
        transparency.append([{"event": "issued"}])


def test_a_step_rolled_back_leaves_no_gap(log: Log) -> None:
    log(2)
    with transaction.atomic():
        assert log(3) == 2
        transaction.set_rollback(True)
    assert log(1) == 2
    assert auditing.faults() == []


@pytest.mark.parametrize("value", [1, 1.5, None, True, ["x"], {"a": "b"}])
def test_records_are_of_texts_alone(log: Log, value: object) -> None:
    with pytest.raises(TypeError, match="consists of texts"):
        log(1, more=value)
    assert transparency.size() == 0


def test_writers_side_by_side_leave_no_gap_and_no_fork(transactional_db: None) -> None:
    failures: list[Exception] = []
    start = threading.Barrier(4)

    def write(name: str) -> None:
        try:
            start.wait()
            for turn in range(12):
                with transaction.atomic():
                    transparency.append([{"number": f"{name}-{turn}-{n}"} for n in range(1 + turn % 3)])
                    if turn % 4 == 3:
                        transaction.set_rollback(True)
        except Exception as failure:  # noqa: BLE001 - told in the test's own thread
            failures.append(failure)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write, args=[str(n)]) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    kept = sum(1 + turn % 3 for turn in range(12) if turn % 4 != 3)
    assert transparency.size() == LogLeaf.objects.count() == 4 * kept
    assert auditing.faults() == []


# --- What the database refuses ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("table", "column"),
    [("logleaf", "record"), ("lognode", "hash"), ("logcheckpoint", "note"), ("logstamp", "response")],
)
def test_the_database_refuses_changes(log: Log, sign: Sign, now: dt.datetime, table: str, column: str) -> None:
    log(2)
    LogStamp.objects.create(checkpoint=sign(), response=b"stamp", stamped_at=now)
    connection.check_constraints()  # no check may still be pending when a table is truncated
    name = f"certificates_{table}"
    for sql in (f"UPDATE {name} SET {column} = {column}", f"DELETE FROM {name}", f"TRUNCATE {name} CASCADE"):
        with pytest.raises(DatabaseError, match=r"never truncated|Cannot update or delete"), transaction.atomic():
            connection.cursor().execute(sql)


def test_a_place_is_taken_once(log: Log) -> None:
    log(2)
    with pytest.raises(IntegrityError), transaction.atomic():
        LogLeaf.objects.bulk_create([LogLeaf(index=1, record="{}", nonce=bytes(32))])


def test_the_number_is_read_out_of_the_record(log: Log) -> None:
    log(2)
    assert LogLeaf.objects.get(index=1).number == "000001"
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(
            "INSERT INTO certificates_logleaf (index, record, nonce, number) VALUES (2, '{}', '', 'x')"
        )


# --- Signing ----------------------------------------------------------------------------------
def test_a_checkpoint_is_a_signed_note_that_strangers_read(log: Log, sign: Sign, key: Ed25519PrivateKey) -> None:
    log(5)
    line = checkpoints.verifier_key(ORIGIN, key.public_key().public_bytes_raw())
    checkpoint = sign()
    assert verifier.read(checkpoint.note, [verifier.key_of(line)]) == (5, transparency.root(5))
    assert checkpoint.note.startswith(f"{ORIGIN}\n5\n")


def test_an_empty_log_is_not_signed(db: None, key: Ed25519PrivateKey, now: dt.datetime) -> None:
    assert checkpoints.sign_checkpoint(key, ORIGIN, at=now) is None


def test_a_size_is_signed_once(log: Log, sign: Sign, now: dt.datetime) -> None:
    log(2)
    first = sign()
    assert sign(now + dt.timedelta(hours=1)) == first
    assert LogCheckpoint.objects.get().signed_at == now
    log(1)
    assert sign().size == 3


def test_a_signature_cannot_be_rolled_back(transactional_db: None, key: Ed25519PrivateKey, now: dt.datetime) -> None:
    with transaction.atomic():
        transparency.append([{"number": "1"}])
        with pytest.raises(RuntimeError, match="durable"):
            checkpoints.sign_checkpoint(key, ORIGIN, at=now)
    assert not LogCheckpoint.objects.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE certificates_lognode SET hash = sha256('x') WHERE level = 0 AND index = 2",
        "UPDATE certificates_lognode SET hash = sha256('x') WHERE level = 1 AND index = 0",
        "DELETE FROM certificates_logleaf WHERE index > 1",
        "DELETE FROM certificates_logleaf",
    ],
)
def test_what_does_not_go_on_is_not_signed(log: Log, sign: Sign, sql: str) -> None:
    log(3)
    sign()
    tamper(sql)
    log(2 if "UPDATE" in sql else 0)
    with pytest.raises(LogBroken, match=r"does not go on|are left"):
        sign()
    assert LogCheckpoint.objects.count() == 1


def test_the_log_is_not_signed_under_another_name(
    log: Log, sign: Sign, key: Ed25519PrivateKey, now: dt.datetime
) -> None:
    log(1)
    sign()
    log(1)
    with pytest.raises(LogBroken, match="under another name"):
        checkpoints.sign_checkpoint(key, "moved.example.org", at=now)


# --- The witness ------------------------------------------------------------------------------
@pytest.fixture
def witness(settings: Settings, tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere" / "heads.jsonl"
    settings.CERTIFICATE_LOG_WITNESS = str(path)
    return path


def test_the_witness_is_told_each_head_once(log: Log, sign: Sign, witness: Path) -> None:
    notes = []
    for _ in range(2):
        log(2)
        notes.append(sign().note)
        sign()
    assert [json.loads(line) for line in witness.read_text(encoding="utf-8").splitlines()] == [
        {"size": size, "note": note} for size, note in zip((2, 4), notes, strict=True)
    ]


def test_the_witness_is_told_what_it_missed(log: Log, sign: Sign, witness: Path, settings: Settings) -> None:
    settings.CERTIFICATE_LOG_WITNESS = ""
    log(2)
    sign()
    settings.CERTIFICATE_LOG_WITNESS = str(witness)
    log(1)
    sign()
    assert [size for size, _note in checkpoints.told_to_witness()] == [2, 3]


def test_a_witness_out_of_reach_is_told_when_it_is_back(log: Log, sign: Sign, witness: Path) -> None:
    witness.parent.touch()  # a file stands where its folder should be
    log(1)
    with pytest.raises(FileExistsError):
        sign()
    assert LogCheckpoint.objects.count() == 1
    witness.parent.unlink()
    tasks.sign_log()
    assert [size for size, _note in checkpoints.told_to_witness()] == [1]


def test_a_torn_line_of_the_witness_stops_signing_and_is_named(log: Log, sign: Sign, witness: Path) -> None:
    log(1)
    sign()
    with witness.open("a", encoding="utf-8") as file:
        file.write('{"size": 2, "no')
    log(1)
    with pytest.raises(LogBroken, match="cannot be read"):
        sign()
    assert auditing.faults() == [Fault(1, f"A line of {witness} cannot be read.")]


def test_a_database_put_back_is_not_signed_a_second_time(log: Log, sign: Sign, witness: Path) -> None:
    log(2)
    sign()
    log(2)
    sign()
    tamper("DELETE FROM certificates_logcheckpoint WHERE size = 4")
    tamper("DELETE FROM certificates_logleaf WHERE index >= 2")
    tamper("DELETE FROM certificates_lognode WHERE index >= 2 OR level = 2 OR (level = 1 AND index = 1)")
    assert whys() == {"the witness was told something else"}
    log(2, event="revoked")
    with pytest.raises(LogBroken, match="witness holds another"):
        sign()


# --- Going over the log -----------------------------------------------------------------------
def changed_and_made_to_fit(place: int) -> None:
    """Change a record, and every node above it, as somebody would who knows how the tree is made."""
    tamper("UPDATE certificates_logleaf SET record = %s WHERE index = %s", ['{"number":"forged"}', place])
    hashes = hashed(transparency.size())
    nodes = tree.grown(0, hashes, {}.__getitem__)
    for (level, index), node in nodes.items():
        tamper("UPDATE certificates_lognode SET hash = %s WHERE level = %s AND index = %s", [node, level, index])


def test_a_changed_record_is_found_at_its_place(log: Log, sign: Sign) -> None:
    log(9)
    sign()
    tamper("UPDATE certificates_logleaf SET record = '{}' WHERE index = 6")
    assert auditing.faults() == [Fault(6, "the record is not what was logged")]


def test_a_changed_random_number_is_found(log: Log) -> None:
    log(3)
    tamper("UPDATE certificates_logleaf SET nonce = sha256('x') WHERE index = 2")
    assert auditing.faults() == [Fault(2, "the record is not what was logged")]


def test_a_change_that_was_made_to_fit_is_found_by_what_was_signed(log: Log, sign: Sign) -> None:
    log(3)
    sign()
    log(6)
    sign()
    changed_and_made_to_fit(5)
    assert auditing.faults() == [Fault(9, "the records no longer give the signed root")]


def test_a_forger_who_also_changes_the_checkpoint_lacks_the_key(
    log: Log, sign: Sign, key: Ed25519PrivateKey, now: dt.datetime
) -> None:
    log(4)
    sign()
    public = key.public_key().public_bytes_raw()
    assert auditing.faults([public]) == []
    changed_and_made_to_fit(1)
    root, other = transparency.root(4), Ed25519PrivateKey.generate()
    tamper("UPDATE certificates_logcheckpoint SET root = %s", [root])
    assert whys() == {"the signed text says something else"}
    tamper("UPDATE certificates_logcheckpoint SET note = %s", [checkpoints.signed_note(other, ORIGIN, 4, root)])
    assert auditing.faults() == []
    assert auditing.faults([public]) == [Fault(4, "the signature is not by the log's key")]


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("DELETE FROM certificates_logleaf WHERE index = 2", "records are missing"),
        ("DELETE FROM certificates_logleaf WHERE index = 4", "more was signed than there is"),
        ("DELETE FROM certificates_logleaf WHERE index = 4", "there are nodes without records"),
        ("DELETE FROM certificates_lognode WHERE level = 0 AND index = 4", "the record is not what was logged"),
        ("DELETE FROM certificates_lognode WHERE level = 1", "the node of level 1 does not fit those below"),
        (
            "UPDATE certificates_lognode SET hash = sha256('') WHERE level = 2",
            "the node of level 2 does not fit those below",
        ),
        ("INSERT INTO certificates_lognode VALUES (1, 2, sha256(''))", "there are nodes without records"),
        ("UPDATE certificates_logcheckpoint SET root = sha256('')", "the records no longer give the signed root"),
        ("UPDATE certificates_logcheckpoint SET note = replace(note, '5', '6')", "the signed text says something else"),
    ],
)
def test_what_a_superuser_does_is_found(log: Log, sign: Sign, sql: str, found: str) -> None:
    log(5)
    sign()
    assert whys() == set()
    tamper(sql)
    assert found in whys()


# --- Events and evidence ----------------------------------------------------------------------
def test_an_event_is_logged_without_what_the_certificate_shows(db: None, now: dt.datetime) -> None:
    place = log_event(LogEvent.REVOKED, FACE["number"], FACE, now, reason_code="fraud")
    assert json.loads(LogLeaf.objects.get(index=place).record) == {
        "at": "2026-07-08T10:00:00+08:00",
        "event": "revoked",
        "face_sha256": face_hash(FACE),
        "number": "BJ202600001",
        "reason_code": "fraud",
    }


def test_the_hash_of_a_face_does_not_depend_on_the_order_of_its_fields() -> None:
    assert face_hash(dict(reversed(FACE.items()))) == face_hash(FACE)
    assert face_hash({**FACE, "title": "工程师"}) != face_hash(FACE)


def test_events_of_one_step_are_logged_together(db: None, now: dt.datetime) -> None:
    faces = [{**FACE, "number": f"BJ2026{n:05}"} for n in range(5)]
    assert log_events([Happening(LogEvent.ISSUED, face["number"], face) for face in faces], at=now) == 0
    assert transparency.size() == 5


def test_a_face_of_another_certificate_or_a_borrowed_name_is_refused(db: None, now: dt.datetime) -> None:
    with pytest.raises(ValueError, match="another certificate"):
        log_event(LogEvent.ISSUED, "BJ202600002", FACE, now)
    with pytest.raises(ValueError, match="told of every event"):
        log_events([Happening(LogEvent.ISSUED, FACE["number"], FACE, {"number": "x"})], at=now)
    with pytest.raises(ValueError, match="is not a valid LogEvent"):
        log_event("burnt", FACE["number"], FACE, now)


def test_a_holder_is_given_all_that_was_logged_and_signed(
    log: Log, sign: Sign, key: Ed25519PrivateKey, now: dt.datetime
) -> None:
    log(4)
    log_event(LogEvent.ISSUED, FACE["number"], FACE, now)
    log(3)
    log_event(LogEvent.SUSPENDED, FACE["number"], FACE, now, reason_code="objection")
    assert evidence.evidence_for(FACE["number"]) == []
    sign()
    log_event(LogEvent.RESUMED, FACE["number"], FACE, now)
    pieces = evidence.evidence_for(FACE["number"])
    known = verifier.key_of(checkpoints.verifier_key(ORIGIN, key.public_key().public_bytes_raw()))
    proved = [line for piece in pieces for line in verifier.check(piece, [known], FACE)]
    assert ["issued" in proved[0], "suspended" in proved[1], len(proved)] == [True, True, 2]
    assert evidence.evidence_for("BJ202699999") == []


def test_no_proof_is_handed_out_that_does_not_hold(log: Log, sign: Sign) -> None:
    log(4)
    checkpoint = sign()
    tamper("UPDATE certificates_logleaf SET record = '{}' WHERE index = 2")
    with pytest.raises(LogBroken, match="not what was signed"):
        evidence.evidence_of(2, checkpoint)
    log(1)
    with pytest.raises(ValueError, match="no leaf 4"):
        evidence.evidence_of(4, checkpoint)
