"""What is said of a file that somebody brings: the truth about ours, and nothing good about those that only look like ours."""

import datetime as dt
import io
import random
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import cms
from pyhanko.pdf_utils.reader import PdfFileReader

from portal.sealing import founding, judgement, pdf
from portal.sealing.judgement import Judgement, Stamp
from portal.sealing.judging import seals
from portal.sealing.judging.verdict import Changes, Finding, Verdict
from portal.sealing.keys import KeysUnfitError, keyring
from portal.sealing.pdf import judge
from tests.factories import seals as made
from tests.factories.seals import AT, REASON, RECORD
from tests.fixtures.sandbox import Sandbox


@pytest.fixture(scope="session")
def ours(paper: bytes) -> bytes:
    return made.sealed(paper)


def here(file: bytes) -> Finding:
    """Judge without a process of its own, which would take a second each."""
    return seals.judge(file, judgement.our_keys())


# --- What we sealed -------------------------------------------------------------------------
def test_what_we_sealed_is_genuine_with_all_that_it_carries(sandbox: Sandbox, paper: bytes, now: dt.datetime) -> None:
    found = judge(pdf.sign(made.with_record(paper), reason=REASON, at=now))
    assert (found.verdict, found.changes, found.is_ours, found.is_intact) == (Verdict.GENUINE, Changes.NONE, True, True)
    assert (found.signed_at, found.stamp, found.key_id) == (now, Stamp.TRUSTED, keyring().pdf.in_use)
    assert found.stamped_at is not None
    assert found.record == RECORD


def test_a_seal_without_stamp_claims_its_time_alone(ours: bytes) -> None:
    found = judge(ours)
    assert (found.verdict, found.signed_at, found.stamp, found.stamped_at) == (Verdict.GENUINE, AT, Stamp.MISSING, None)


def test_a_stamp_of_nobody_trusted_is_said(sandbox: Sandbox, paper: bytes, now: dt.datetime, settings: Any) -> None:
    sealed = pdf.sign(paper, reason=REASON, at=now)
    settings.CONNECTORS = {}
    found = judge(sealed)
    assert (found.verdict, found.stamp, found.record) == (Verdict.GENUINE, Stamp.UNTRUSTED, None)


def test_a_retired_key_still_holds(ours: bytes, ring: Callable[..., Path], settings: Any) -> None:
    shutil.copytree(settings.SEALING["keys"], ring())
    founding.add(ring(), founding.Purpose.PDF, founding.Founder())
    found = here(ours)
    assert found.verdict is Verdict.GENUINE
    assert found.key != keyring().pdf.in_use


def test_proofs_of_time_may_be_added(ours: bytes, tmp_path: Path) -> None:
    found = here(made.with_document_stamp(ours, tmp_path))
    assert (found.verdict, found.changes) == (Verdict.GENUINE, Changes.ALLOWED)


# --- What somebody did to it ----------------------------------------------------------------
def test_no_flipped_byte_is_genuine(ours: bytes) -> None:
    """Anywhere in what the signature covers, and in the room that it leaves free in the middle."""
    seal = PdfFileReader(io.BytesIO(ours)).embedded_signatures[0]
    _, start, end, _ = map(int, seal.byte_range)
    free = start + 1 + 2 * len(cms.ContentInfo.load(seal.pkcs7_content).dump())
    covered = [*range(start), *range(end, len(ours))]
    draw = random.Random(7)  # noqa: S311 - the same places in every run
    for place in [*draw.sample(covered, 60), *draw.sample(range(free, end - 1), 20)]:
        altered = bytearray(ours)
        altered[place] ^= 0x01
        assert here(bytes(altered)).verdict not in {Verdict.GENUINE, Verdict.CHANGED}, place


@pytest.mark.parametrize(
    "change",
    [made.another_name, made.another_record, made.a_note, made.another_page, made.another_page_tree],
)
def test_what_was_added_later_is_found(ours: bytes, change: made.Change) -> None:
    """The signed bytes are untouched, so ordinary readers go on calling such a file valid."""
    altered = made.added_to(ours, change)
    assert altered.startswith(ours)
    found = here(altered)
    assert (found.verdict, found.changes) == (Verdict.CHANGED, Changes.FORBIDDEN)


def test_bytes_that_belong_to_nothing_are_a_change(ours: bytes) -> None:
    """A reader that searches a broken file for objects would find them, whatever the tables at its end say."""
    planted = b"\n1 0 obj\n<</Type/Catalog>>\nendobj\n" + ours[ours.rindex(b"startxref") :]
    assert here(ours + planted).verdict is Verdict.CHANGED
    assert here(ours + b"\n").verdict is Verdict.GENUINE


def test_no_other_names_can_be_written_into_our_certificate(ours: bytes) -> None:
    """The certificate lies in the room that the signature does not cover; the signature names it by its hash."""
    _, start, end, _ = map(int, PdfFileReader(io.BytesIO(ours)).embedded_signatures[0].byte_range)
    room = bytes.fromhex(ours[start + 1 : end - 1].decode())
    before, name, after = room.rpartition(b"Title Certificates")
    assert name
    renamed = (before + b"Other Certificates" + after).hex().encode()
    assert here(ours[: start + 1] + renamed + ours[end - 1 :]).verdict is Verdict.BROKEN


def test_a_changed_file_still_tells_what_we_issued(ours: bytes) -> None:
    found = judge(made.added_to(ours, made.another_record))
    assert (found.verdict, found.is_ours, found.is_intact) == (Verdict.CHANGED, True, False)
    assert found.record == RECORD


def test_a_strangers_signature_under_ours_is_a_change(ours: bytes, tmp_path: Path) -> None:
    later = made.signed(ours, made.stranger(tmp_path / "keys"), "More", certify=False)
    assert here(later).verdict is Verdict.CHANGED


def test_our_seal_over_a_strangers_is_not_ours(paper: bytes, tmp_path: Path) -> None:
    theirs = made.signed(paper, made.stranger(tmp_path / "keys"), "First", certify=False)
    assert here(made.signed(theirs, keyring().pdf, certify=False)).verdict is Verdict.FOREIGN


def test_a_stranger_with_our_names_is_a_stranger(paper: bytes, tmp_path: Path) -> None:
    keys = made.stranger(tmp_path / "keys")
    theirs, mine = (each.public[each.in_use][0].subject for each in (keys, keyring().pdf))
    assert theirs == mine
    assert here(made.signed(made.with_record(paper), keys)).verdict is Verdict.FOREIGN


def test_a_stranger_with_our_certificate_is_caught(paper: bytes, tmp_path: Path) -> None:
    """Anybody has our certificate; without its key he cannot sign what it says."""
    keys, mine = made.stranger(tmp_path / "keys"), keyring().pdf
    keys.public[keys.in_use] = mine.public[mine.in_use]
    assert here(made.signed(paper, keys)).verdict is Verdict.ALTERED


def test_an_ordinary_signature_of_ours_is_no_seal(paper: bytes) -> None:
    """A key that seals certificates and nothing else would have certified that nothing may change."""
    assert here(made.signed(paper, keyring().pdf, certify=False)).verdict is Verdict.ALTERED


def test_another_stamp_beside_our_signature_is_not_believed(sandbox: Sandbox, paper: bytes, now: dt.datetime) -> None:
    """What stands beside a signature is not signed: a true stamp of another seal proves nothing of this one."""
    first, second = (pdf.sign(paper, reason=f"{REASON}{number}", at=now) for number in (1, 2))
    found = judge(with_stamp_of(first, second))
    assert (found.verdict, found.stamp) == (Verdict.GENUINE, Stamp.UNTRUSTED)


def with_stamp_of(first: bytes, second: bytes) -> bytes:
    """The first file with the second one's stamp in the room that is kept for the signature."""
    signatures = [PdfFileReader(io.BytesIO(file)).embedded_signatures[0] for file in (first, second)]
    mine, other = (cms.ContentInfo.load(each.pkcs7_content) for each in signatures)
    stamps = other["content"]["signer_infos"][0]["unsigned_attrs"]
    mine["content"]["signer_infos"][0]["unsigned_attrs"] = stamps
    _, start, end, _ = map(int, signatures[0].byte_range)
    room = mine.dump().hex().encode()
    return first[: start + 1] + room.ljust(end - start - 2, b"0") + first[end - 1 :]


# --- What is nothing of ours at all ---------------------------------------------------------
def locked(file: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(file)) as opened:
        opened.save(written := io.BytesIO(), encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return written.getvalue()


def test_what_is_nothing_of_ours_is_called_by_its_name(ours: bytes, paper: bytes) -> None:
    brought = {
        "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), Verdict.BROKEN),
        "nothing": (b"", Verdict.BROKEN),
        "half of ours": (ours[: len(ours) // 2], Verdict.BROKEN),
        "all but the end of ours": (ours[:-30], Verdict.BROKEN),
        "the head alone": (b"%PDF-1.7\n", Verdict.BROKEN),
        "what we did not seal": (paper, Verdict.UNSEALED),
        "ours, printed anew": (rewritten(ours), Verdict.UNSEALED),
        "one with a password": (locked(paper), Verdict.PROTECTED),
    }
    found = {name: here(file).verdict for name, (file, _) in brought.items()}
    assert found == {name: verdict for name, (_, verdict) in brought.items()}


def rewritten(file: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(file)) as opened:
        del opened.Root.AcroForm, opened.Root.Perms, opened.pages[0].Annots
        opened.save(written := io.BytesIO())
    return written.getvalue()


def test_huge_files_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judgement, "_ask", pytest.fail)
    assert judge(bytes(judgement.LARGEST + 1)) == Judgement(Verdict.TOO_LARGE)


def bomb(unpacked: int) -> bytes:
    """A PDF whose cross-reference stream unfolds a thousandfold."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(unpacked >> 20)) + packer.flush()
    return b"".join(
        [
            b"%PDF-1.7\n1 0 obj\n<</Type/XRef/Size 9999999/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length ",
            str(len(packed)).encode(),
            b">>\nstream\n",
            packed,
            b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n",
        ]
    )


def test_a_file_that_unfolds_without_end_harms_nobody() -> None:
    assert judge(bomb(1 << 29)).verdict in {Verdict.TOO_COMPLEX, Verdict.BROKEN}


def test_a_reader_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hanging = tmp_path / "hanging.py"
    hanging.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(judgement, "PROGRAM", hanging)
    monkeypatch.setattr(judgement, "SECONDS", 0.2)
    assert judge(b"%PDF").verdict is Verdict.TOO_COMPLEX


def test_without_keys_nothing_is_judged(settings: Any) -> None:
    settings.SEALING = {**settings.SEALING, "keys": ""}
    with pytest.raises(KeysUnfitError):
        judge(b"%PDF")
