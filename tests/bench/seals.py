"""How fast certificates are sealed and codes are made and read, beside the bare signature that each cannot do without.

No time stamp is fetched: that would measure the authority.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from django.conf import settings
from django.test import override_settings

from portal.sealing import founding, judgement, pdf, records, tokens
from portal.sealing.judging import seals as judging
from portal.sealing.judging.verdict import Verdict
from portal.sealing.keys import keyring
from tests.bench.rates import Row, stopwatch
from tests.factories import seals

TIMES = 60
SHORT = bytes(120)
"""As long as what a token's signature is made over."""


@contextmanager
def rows() -> Iterator[Iterator[Row]]:
    with tempfile.TemporaryDirectory() as folder, override_settings(SEALING=_keys_in(Path(folder) / "keys")):
        yield _rows(seals.with_record(seals.drawn(Path(folder))))


def _keys_in(place: Path) -> dict[str, object]:
    founding.found(place, founding.Founder())
    return {**settings.SEALING, "keys": str(place), "time_stamps": False}


def _rows(paper: bytes) -> Iterator[Row]:
    ring = keyring()
    key, code_key = ring.pdf.private, ring.tokens.private
    assert isinstance(key, EllipticCurvePrivateKey)
    sealed, digits, code_signature = seals.sealed(paper), tokens.make(seals.RECORD), code_key.sign(SHORT)
    ours, public = judgement.our_keys(), code_key.public_key()

    def seal() -> None:
        pdf.sign(paper, reason=seals.REASON, at=seals.AT)

    def judge() -> None:
        assert judging.judge(sealed, ours).verdict is Verdict.GENUINE

    bare = "one ECDSA signature of the same bytes"
    yield Row("PDF files sealed", "files/s", bare, _per_second(seal), _per_second(lambda: _sign(key, paper)))
    yield Row("PDF files judged", "files/s", bare, _per_second(judge), _per_second(lambda: _sign(key, sealed)))
    yield Row(
        "records sealed (SM2)",
        "records/s",
        "one ECDSA signature",
        _per_second(lambda: records.sign(seals.RECORD)),
        _per_second(lambda: _sign(key, SHORT)),
    )
    yield Row(
        "codes made",
        "codes/s",
        "one Ed25519 signature",
        _per_second(lambda: tokens.make(seals.RECORD)),
        _per_second(lambda: code_key.sign(SHORT)),
    )
    yield Row(
        "codes read",
        "codes/s",
        "one Ed25519 verification",
        _per_second(lambda: tokens.read(digits)),
        _per_second(lambda: public.verify(code_signature, SHORT)),
    )


def _sign(key: EllipticCurvePrivateKey, data: bytes) -> None:
    key.sign(data, ECDSA(hashes.SHA256()))


def _per_second(act: Callable[[], object]) -> Callable[[], float]:
    def measured() -> float:
        with stopwatch() as watch:
            for _ in range(TIMES):
                act()
        return TIMES / watch.seconds

    return measured
