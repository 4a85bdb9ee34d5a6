"""What the holder of a certificate is given, to prove to anybody what was logged about it."""

from typing import Any

from certificates.domain import checkpoints, transparency, tree
from certificates.domain.transparency import LogBroken
from certificates.models import LogCheckpoint, LogLeaf


def evidence_for(number: str) -> list[dict[str, Any]]:
    """Return the proofs of everything that was logged about certificate ``number``, oldest first.

    All are against the newest checkpoint; what was logged since then is proved from the next one on.
    """
    newest = checkpoints.newest()
    if newest is None:
        return []
    places = LogLeaf.objects.filter(number=number, index__lt=newest.size).order_by("index")
    return [evidence_of(index, newest) for index in places.values_list("index", flat=True)]


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
