#!/usr/bin/env python3
"""Repeat the draw of a session's members from its record: python3 verify_draw.py record.json

Needs nothing but Python 3.9 or later and the record (JSON) that the portal gives out. It stands alone on purpose:
whoever checks a draw need not trust the portal's code. What is checked, one line each:

1. the commitment, published before the commissioner's number was known, binds the secret to this session and this set;
2. the seed is the SHA-256 of session, set, secret and the commissioner's number;
3. the order is that of SHA-256(seed, code), and the seats are the first of it, with a chair or deputy among them;
4. every replacement is the next of the same order.

What it cannot check: whether the set was gathered rightly (the record names everybody left out and why), and whether
the commissioner's number was really given after the commitment was shown to the commissioner. Both are for people to see.
"""

import hashlib
import json
import pathlib
import sys


def digest(*parts):
    """Return the SHA-256 of the parts, joined by line feeds, in lower-case hexadecimal."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def order_of(seed, eligible):
    """Return the codes in the order drawn."""
    return sorted(set(eligible), key=lambda code: (digest("place", seed, code), code))


def seated(order, heads, size):
    """Return the seats: the first of the order; the last seat goes to the first head if none was among them."""
    first = order[:size]
    if not any(code in heads for code in first):
        following = [code for code in order[size:] if code in heads]
        if following:
            first = [*first[:-1], following[0]]
    return first


def replacement(order, heads, passed_over, sat, staying):
    """Return who takes a seat that fell free, or None."""
    rest = [code for code in order if code not in sat and code not in passed_over]
    if not any(code in heads for code in staying):
        rest = [code for code in rest if code in heads]
    return rest[0] if rest else None


def faults_in(record):
    """Return what does not hold in the record, an empty list for a sound draw."""
    faults = []
    session, eligible, heads = record["session"], record["eligible"], set(record["heads"])
    eligible_hash = digest("eligible", *sorted(eligible))
    if record.get("format") != "draw-1":
        faults.append("format: this script reads draw-1 only")
    if len(set(eligible)) != len(eligible) or not heads <= set(eligible):
        faults.append("eligible: a code stands twice, or a chair or deputy is not in the set")
    if set(eligible) & {one["code"] for one in record["excluded"]}:
        faults.append("excluded: somebody was left out and could be drawn all the same")
    if eligible_hash != record["eligible_hash"]:
        faults.append("eligible_hash: another set was frozen")
    if digest("commitment", session, eligible_hash, record["secret"]) != record["commitment"]:
        faults.append("commitment: another secret or another set was committed to")
    seed = digest("seed", session, eligible_hash, record["secret"], record["share"])
    if seed != record["seed"]:
        faults.append("seed: it does not follow from the secret and the commissioner's number")
    order = order_of(seed, eligible)
    if order != record["order"]:
        faults.append("order: it does not follow from the seed")
    seats = seated(order, heads, record["size"])
    if seats != record["seats"]:
        faults.append("seats: they are not the first of the order")
    return faults + replacement_faults(record, order, heads, seats)


def replacement_faults(record, order, heads, seats):
    """Return what does not hold of the replacements, taken one after another."""
    faults, sat, staying = [], list(seats), list(seats)
    for number, one in enumerate(record["replacements"], start=1):
        if one["instead_of"] not in staying:
            faults.append(f"replacement {number}: nobody of that code had a seat")
            continue
        staying.remove(one["instead_of"])
        if one["seat"] != replacement(order, heads, set(one["passed_over"]), sat, staying):
            faults.append(f"replacement {number}: it is not the next of the order")
        sat.append(one["seat"])
        staying.append(one["seat"])
    return faults


def main(arguments):
    """Check one record and say what was found; the exit status is 0 for a sound draw."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    record = json.loads(pathlib.Path(arguments[0]).read_text(encoding="utf-8"))
    faults = faults_in(record)
    for fault in faults:
        print("WRONG  " + fault)
    if not faults:
        counts = f"{record['size']} of {len(record['eligible'])} drawn, {len(record['replacements'])} replaced"
        print(f"SOUND  {record['session']}: {counts}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
