#!/usr/bin/env python3
"""Check what the certificate log says, without trusting it: python3 verify_certificate_log.py evidence.json

Needs nothing but Python 3.9 or later and the evidence (JSON) that the portal gives out. It stands alone on purpose.
The evidence holds a checkpoint, and beside it one or both of these:

1. "inclusion": the record of one certificate's event, with the random number that hides it, its place and the proof
   that it is in the tree of the checkpoint;
2. "consistency": an earlier checkpoint and the proof that nothing before it was changed, taken out or put in.

The signature of a checkpoint is checked too if the Python package `cryptography` is there; its key must be one that you
had from somewhere else, given as --key BASE64. Two people who hold checkpoints of the same size with different roots
have caught the log showing them different histories.
"""

import argparse
import base64
import hashlib
import json
import pathlib
import sys


def leaf_hash(leaf):
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def includes(leaf, index, size, proof, root):
    """Return whether the proof leads from the leaf's hash at ``index`` to the root of ``size`` leaves (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for one in proof:
        if last == 0:
            return False
        if place % 2 or place == last:
            found = node_hash(one, found)
            while place and not place % 2:
                place, last = place // 2, last // 2
        else:
            found = node_hash(found, one)
        place, last = place // 2, last // 2
    return last == 0 and found == root


def goes_on(earlier, size, earlier_root, root, proof):
    """Return whether the tree of ``size`` leaves begins with the ``earlier`` ones (RFC 9162, 2.1.4.2)."""
    if not 0 < earlier <= size:
        return False
    if earlier == size:
        return not proof and earlier_root == root
    path = list(proof)
    if earlier & (earlier - 1) == 0:
        path.insert(0, earlier_root)
    if not path:
        return False
    place, last = earlier - 1, size - 1
    while place % 2:
        place, last = place // 2, last // 2
    old = new = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            old, new = node_hash(one, old), node_hash(one, new)
            while place and not place % 2:
                place, last = place // 2, last // 2
        else:
            new = node_hash(new, one)
        place, last = place // 2, last // 2
    return old == earlier_root and new == root and last == 0


def read(checkpoint):
    """Return the origin, size and root that a checkpoint (a signed note) states."""
    origin, size, root = checkpoint.split("\n")[:3]
    return origin, int(size), base64.b64decode(root, validate=True)


def signed_by(checkpoint, key):
    """Return whether one of the checkpoint's signatures is by ``key``, 32 bytes of Ed25519; None without the package."""
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - wanted only where a key is given
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
    except ImportError:
        return None
    text, signatures = checkpoint.split("\n\n", 1)
    for line in filter(None, signatures.split("\n")):
        _dash, name, told = line.split(" ")
        signature = base64.b64decode(told, validate=True)
        key_id = hashlib.sha256(name.encode() + b"\n\x01" + key).digest()[:4]
        if signature[:4] != key_id:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature[4:], (text + "\n").encode())
        except InvalidSignature:
            continue
        return True
    return False


def faults_in(evidence, key=None):
    """Return what does not hold in the evidence, an empty list for a sound one."""
    faults = []
    origin, size, root = read(evidence["checkpoint"])
    if key is not None:
        signed = signed_by(evidence["checkpoint"], key)
        if signed is None:
            faults.append("signature: it cannot be checked without the package cryptography")
        elif not signed:
            faults.append("signature: none of the checkpoint's is by this key")
    if "inclusion" in evidence:
        told = evidence["inclusion"]
        leaf = bytes.fromhex(told["nonce"]) + told["record"].encode()
        proof = [bytes.fromhex(one) for one in told["proof"]]
        if not includes(leaf_hash(leaf), told["index"], size, proof, root):
            faults.append("inclusion: this record is not in the tree of the checkpoint")
    if "consistency" in evidence:
        told = evidence["consistency"]
        before, earlier, earlier_root = read(told["checkpoint"])
        if before != origin:
            faults.append("consistency: the two checkpoints are of different logs")
        if not goes_on(earlier, size, earlier_root, root, [bytes.fromhex(one) for one in told["proof"]]):
            faults.append("consistency: the later tree does not go on from the earlier one")
    return faults


def main():
    told = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    told.add_argument("evidence", type=pathlib.Path)
    told.add_argument("--key", type=lambda text: base64.b64decode(text, validate=True))
    options = told.parse_args()
    evidence = json.loads(options.evidence.read_text(encoding="utf-8"))
    faults = faults_in(evidence, options.key)
    for fault in faults:
        print(f"WRONG  {fault}")
    if not faults:
        parts = [name for name in ("inclusion", "consistency") if name in evidence]
        print(f"SOUND  {', '.join(parts) or 'nothing but the checkpoint was given'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
