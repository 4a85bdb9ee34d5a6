"""What the holder of a certificate is given, to prove to anybody what was logged about it."""

import json
import logging
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from certificates.domain import checkpoints, transparency, tree
from certificates.domain.logging_events import face_hash
from certificates.domain.transparency import LogBroken
from certificates.models import Certificate, LogCheckpoint, LogLeaf
from portal.shared.errors import Reason, Refusal

logger = logging.getLogger(__name__)


def evidence_for(number: str, face: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Return the proofs of everything that was logged about certificate ``number``, oldest first.

    All are against the newest checkpoint; what was logged since then is proved from the next one on. With ``face``, the
    certificate's `Face.record()`, those that are about it also tell what the hash in the record stands for.
    """
    newest = checkpoints.newest()
    pieces = [evidence_of(index, newest) for index in _proved(number, newest)] if newest else []
    return [_shown(piece, face) for piece in pieces] if face else pieces


def told_to_holder(certificate: Certificate) -> list[dict[str, Any]]:
    """Return the proofs about a certificate with what it shows; raises Refusal where the log does not hold."""
    try:
        return evidence_for(certificate.number, certificate.face().record())
    except LogBroken:
        logger.exception("the certificate log does not hold")
        text = _(
            "证书透明日志与已签名的内容不一致，正在查明原因，暂时不能提供证明。证书的效力不受影响，请以查验结果为准。"
        )
        raise Refusal([Reason(text, "R-126", "log_broken")]) from None


def has_evidence(number: str) -> bool:
    """Return whether anything that was logged about certificate ``number`` is signed already."""
    newest = checkpoints.newest()
    return newest is not None and _proved(number, newest).exists()


def evidence_of(index: int, checkpoint: LogCheckpoint) -> dict[str, Any]:
    """Return what proves one event to anybody; raises ValueError for one logged after ``checkpoint``.

    Raises LogBroken rather than handing out a proof that does not hold.
    """
    proof = transparency.inclusion_proof(index, checkpoint.size)
    leaf = LogLeaf.objects.get(pk=index)
    if not tree.includes(tree.leaf_hash(leaf.content), index, checkpoint.size, proof, bytes(checkpoint.root)):
        raise LogBroken(f"Leaf {index} is not what was signed with {checkpoint.size} leaves.")
    inclusion = {
        "index": index,
        "record": leaf.record,
        "nonce": bytes(leaf.nonce).hex(),
        "proof": [one.hex() for one in proof],
    }
    return {"checkpoint": checkpoint.note, "inclusion": inclusion}


def _shown(piece: dict[str, Any], face: Mapping[str, str]) -> dict[str, Any]:
    is_about_it = json.loads(piece["inclusion"]["record"]).get("face_sha256") == face_hash(face)
    return {**piece, "face": dict(face)} if is_about_it else piece


def _proved(number: str, checkpoint: LogCheckpoint) -> QuerySet[LogLeaf, int]:
    signed = LogLeaf.objects.filter(number=number, index__lt=checkpoint.size)
    return signed.order_by("index").values_list("index", flat=True)
