#!/usr/bin/env python3
"""Check what the certificate log says, without trusting it and without installing anything but Python 3.9 or later.

    python3 verify_certificate_log.py check evidence.json --key KEY [--face certificate.json]
    python3 verify_certificate_log.py watch https://portal.example.org --key KEY --kept checkpoint.txt

`check` reads the evidence that the portal gave to a holder, one piece or a list of them. A piece holds a checkpoint and

1. "inclusion": the record of one event of a certificate, with the random number that hides it, its place, and the proof
   that it is in the tree of the checkpoint; with "face" or --face also whether it is about what this certificate shows;
2. "consistency": an earlier checkpoint, and the proof that nothing in it was changed, taken out or moved since.

`watch` is for witnesses. It fetches the newest checkpoint, demands a proof that it goes on from the one kept, and keeps
it instead. Run it every hour from a machine of your own. What it finds wrong lies beside the kept one as `….wrong`.

KEY is the log's name and key as one line, `name+0123abcd+base64`; give `--key` twice where it was changed. Have it from somewhere else than the evidence: a
printed notice, or somebody who noted it long ago. Two checkpoints of one size with different roots, both signed by it,
convict the log of having shown two histories; show both to the public.

It ends with 0 for what holds, with 1 for what does not, with 2 for what it cannot read or reach.
"""

import argparse
import base64
import binascii
import hashlib
import json
import pathlib
import re
import sys
import urllib.parse
import urllib.request

HASH_BYTES = 32
LONGEST_ANSWER = 1_000_000
SECONDS = 30


class Wrong(Exception):
    """What does not hold; its first word says what was looked at."""


class Unreadable(Exception):
    """What is no evidence at all."""


# --- The tree (RFC 9162, 2.1) -----------------------------------------------------------------
def leaf_hash(leaf):
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def includes(leaf, index, size, proof, root):
    """Return whether the proof leads from the leaf's hash at ``index`` to the root of ``size`` leaves (2.1.3.2)."""
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
    """Return whether the tree of ``size`` leaves begins with the ``earlier`` ones (2.1.4.2)."""
    if not 0 < earlier <= size:
        return False
    if earlier == size:
        return not proof and earlier_root == root
    if not proof:
        return False
    path = list(proof)
    if earlier & (earlier - 1) == 0:
        path.insert(0, earlier_root)
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
    return last == 0 and old == earlier_root and new == root


# --- Signatures (Ed25519, RFC 8032, 5.1.7), with nothing secret in them ------------------------
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def added(one, two):
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * one[3] * two[3] * D % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = added(found, point)
        point = added(point, point)
        number >>= 1
    return found


def same(one, two):
    return (one[0] * two[2] - two[0] * one[2]) % P == 0 and (one[1] * two[2] - two[1] * one[2]) % P == 0


def point_of(data):
    """Return the point that 32 bytes spell; None where they spell none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x % 2 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signature(public, message, signature):
    key, commitment = point_of(public), point_of(signature[:32])
    answer = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or key is None or commitment is None or answer >= ORDER:
        return False
    asked = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    return same(times(answer, BASE), added(commitment, times(asked, key)))


# --- Checkpoints (C2SP signed-note and tlog-checkpoint) ------------------------------------------
def from_base64(text):
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable(f"not base64: {text!r}") from None
    if base64.b64encode(found).decode() != text:
        raise Unreadable(f"not base64 as it is written: {text!r}")
    return found


def key_of(line):
    """Return name, identifier and public key out of the line by which the log's key is published."""
    parts = line.strip().split("+", 2)
    if len(parts) != 3:
        raise Unreadable("key: it reads name+identifier+base64")
    name, told, rest = parts[0], parts[1], from_base64(parts[2])
    if len(rest) != 33 or rest[0] != 1:
        raise Unreadable("key: it is not of the kind Ed25519")
    identifier = hashlib.sha256(name.encode() + b"\n" + rest).digest()[:4]
    if identifier.hex() != told:
        raise Unreadable("key: its parts do not fit each other; a sign was mistyped")
    return name, identifier, rest[1:]


def read(checkpoint, keys):
    """Return size and root of a checkpoint that is signed by one of the log's ``keys``; raises Wrong for any other."""
    if not isinstance(checkpoint, str) or checkpoint.count("\n\n") != 1 or not checkpoint.endswith("\n"):
        raise Unreadable("checkpoint: not a signed note")
    text, signatures = checkpoint.split("\n\n")
    lines = text.split("\n")
    if len(lines) < 3 or not re.fullmatch("[1-9][0-9]{0,18}", lines[1]):
        raise Unreadable("checkpoint: not the head of a log")
    root = from_base64(lines[2])
    if len(root) != HASH_BYTES:
        raise Unreadable("checkpoint: its root is no hash")
    if lines[0] not in {name for name, _identifier, _public in keys}:
        raise Wrong(f"checkpoint: it is of another log, {lines[0]!r}")
    known = {identifier: public for name, identifier, public in keys if name == lines[0]}
    for line in signatures.splitlines():
        dash, _, rest = line.partition(" ")
        signer, _, told = rest.partition(" ")
        if dash != "—" or not told:
            raise Unreadable("checkpoint: a signature is not readable")
        signature = from_base64(told)
        if signer != lines[0] or signature[:4] not in known:
            continue
        if is_signature(known[signature[:4]], (text + "\n").encode(), signature[4:]):
            return int(lines[1]), root
        raise Wrong("signature: the log's key did not sign this checkpoint; it was forged or altered")
    raise Wrong("signature: none of the checkpoint's is by the log's key")


# --- Evidence ----------------------------------------------------------------------------------
def hashes_in(proof):
    if not isinstance(proof, list) or not all(
        isinstance(one, str) and re.fullmatch("[0-9a-f]{64}", one) for one in proof
    ):
        raise Unreadable("proof: not a list of hashes in hexadecimal")
    return [bytes.fromhex(one) for one in proof]


def check_inclusion(told, size, root):
    """Return the record that is proved to be in the tree."""
    index, record, nonce = told.get("index"), told.get("record"), told.get("nonce")
    if type(index) is not int or not isinstance(record, str) or not re.fullmatch("[0-9a-f]{64}", str(nonce)):
        raise Unreadable("inclusion: it wants index, record, nonce and proof")
    leaf = leaf_hash(bytes.fromhex(nonce) + record.encode())
    if not includes(leaf, index, size, hashes_in(told.get("proof")), root):
        raise Wrong("inclusion: this record is not at this place of the log")
    return record


def check_consistency(told, size, root, keys):
    earlier, earlier_root = read(told.get("checkpoint"), keys)
    if not goes_on(earlier, size, earlier_root, root, hashes_in(told.get("proof"))):
        raise Wrong(f"consistency: the log of {size} does not go on from that of {earlier}; show both to the public")
    return f"the log of {size} entries goes on from that of {earlier}"


def check_face(record, face):
    canonical = json.dumps(face, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    logged = json.loads(record)
    if not isinstance(logged, dict) or logged.get("face_sha256") != hashlib.sha256(canonical.encode()).hexdigest():
        raise Wrong("face: the certificate shows something else than what was logged")


def check(piece, keys, face=None):
    """Yield what one piece of evidence proves; raises Wrong or Unreadable."""
    if not isinstance(piece, dict):
        raise Unreadable("evidence: not an object")
    size, root = read(piece.get("checkpoint"), keys)
    inclusion, consistency = piece.get("inclusion"), piece.get("consistency")
    if not isinstance(inclusion, dict) and not isinstance(consistency, dict):
        raise Unreadable("evidence: it proves nothing; neither inclusion nor consistency is in it")
    if isinstance(inclusion, dict):
        record = check_inclusion(inclusion, size, root)
        shown = piece.get("face")
        for one in (face, shown):
            if one is not None:
                check_face(record, one)
        yield f"entry {inclusion['index']} of {size}: {record}"
        if shown is not None:
            yield f"the certificate shows: {json.dumps(shown, ensure_ascii=False)}"
    if isinstance(consistency, dict):
        yield check_consistency(consistency, size, root, keys)


def check_all(options):
    evidence = json.loads(options.evidence.read_text(encoding="utf-8"))
    face = json.loads(options.face.read_text(encoding="utf-8")) if options.face else None
    pieces = evidence if isinstance(evidence, list) else [evidence]
    if not pieces:
        raise Unreadable("evidence: there is none in the file")
    for piece in pieces:
        for proved in check(piece, options.keys, face):
            print(f"SOUND  {proved}")


# --- Watching ----------------------------------------------------------------------------------
def fetched(portal, path, **query):
    address = f"{portal.rstrip('/')}/api/certificate-log/{path}/?{urllib.parse.urlencode(query)}".rstrip("?")
    if not address.startswith(("https://", "http://")):
        raise Unreadable("the portal's address begins with https://")
    with urllib.request.urlopen(address, timeout=SECONDS) as answer:  # noqa: S310 - the scheme was looked at
        return answer.read(LONGEST_ANSWER).decode()


def watch(options):
    note = fetched(options.portal, "checkpoint")
    size, root = read(note, options.keys)
    if options.kept.exists():
        kept = options.kept.read_text(encoding="utf-8")
        try:
            must_go_on(kept, size, root, options)
        except Wrong:
            options.kept.with_name(options.kept.name + ".wrong").write_text(note, encoding="utf-8")
            raise
    options.kept.write_text(note, encoding="utf-8")
    print(f"SOUND  {size} entries")


def must_go_on(kept, size, root, options):
    earlier, earlier_root = read(kept, options.keys)
    if size < earlier:
        raise Wrong(f"consistency: the log had {earlier} entries and shows {size}")
    proof = []
    if size > earlier:
        told = json.loads(fetched(options.portal, "consistency", first=earlier, second=size))
        proof = hashes_in(told.get("proof"))
    if not goes_on(earlier, size, earlier_root, root, proof):
        raise Wrong(f"consistency: the log of {size} does not go on from that of {earlier}; show both to the public")


def main():
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ways = told.add_subparsers(required=True)
    one = ways.add_parser("check", help="check evidence that somebody gave you")
    one.add_argument("evidence", type=pathlib.Path)
    one.add_argument("--face", type=pathlib.Path, help="certificate.json, as it is attached to the certificate's file")
    one.set_defaults(do=check_all)
    two = ways.add_parser("watch", help="be a witness: see that the log only grows")
    two.add_argument("portal")
    two.add_argument("--kept", type=pathlib.Path, required=True, help="the file that keeps the last checkpoint")
    two.set_defaults(do=watch)
    for way in (one, two):
        way.add_argument("--key", required=True, action="append", help="the log's name and key; several after a change")
    options = told.parse_args()
    try:
        options.keys = [key_of(one) for one in options.key]
        options.do(options)
    except Wrong as wrong:
        print(f"WRONG  {wrong}")
        return 1
    except Unreadable as failure:
        print(f"UNREADABLE  {failure}")
        return 2
    except (OSError, ValueError) as failure:  # no file, no network, no JSON
        print(f"UNREADABLE  {failure}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
