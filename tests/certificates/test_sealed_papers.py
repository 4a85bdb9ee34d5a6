"""The papers as their holder gets them: sealed, still fit to be kept for ever, and known again when they come back."""

import datetime as dt
import io
from typing import Any

import pikepdf
import pytest

from certificates.domain import drawing
from portal.sealing import pdf, records, tokens
from portal.sealing.judging.verdict import Changes, Verdict
from tests.factories import faces, seals

PAPERS = {"certificate": drawing.draw, "notice": drawing.draw_notice}


@pytest.fixture(params=PAPERS)
def sealed(request: pytest.FixtureRequest, settings: Any, now: dt.datetime) -> bytes:
    """Either paper of an ordinary face, as it is issued where there is no time-stamp authority."""
    settings.SEALING = {**settings.SEALING, "time_stamps": False}
    face = faces.face()
    address = f"https://zhicheng.example.cn/v#{tokens.make(face.record())}"
    drawn = PAPERS[request.param](face, address=address, sealed_record=records.sign(face.record()).signature_file())
    return pdf.sign(drawn, reason="颁发职称电子证书", at=now)


@pytest.mark.rule("R-124")
def test_a_sealed_paper_is_known_again_with_its_record(sealed: bytes) -> None:
    found = pdf.judge(sealed)
    assert (found.verdict, found.changes) == (Verdict.GENUINE, Changes.NONE)
    assert found.record == faces.face().record()


@pytest.mark.rule("R-124")
def test_one_with_another_name_painted_on_it_is_caught_and_the_true_name_told(sealed: bytes) -> None:
    found = pdf.judge(seals.added_to(sealed, seals.another_name))
    assert found.verdict is Verdict.CHANGED
    assert found.record is not None
    assert found.record["holder_name"] == faces.face().holder_name


def test_a_sealed_paper_keeps_its_form(sealed: bytes) -> None:
    """What PDF/A-3 and PDF/UA want is untouched; the seal's field is on no page that anybody sees or prints around."""
    with pikepdf.open(io.BytesIO(sealed)) as paper:
        metadata = paper.Root.Metadata.read_bytes()
        assert b"pdfaid" in metadata
        assert b"pdfuaid" in metadata
        assert paper.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert len(paper.Root.AF) >= 2
        (field,) = paper.Root.AcroForm.Fields
        assert field.FT == "/Sig"
        assert list(field.Rect) == [0, 0, 0, 0]
        assert int(field.F) & 4
        assert "/ID" in paper.trailer
