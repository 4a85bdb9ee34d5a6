#!/usr/bin/env python3
"""Check the published record of a secret ballot, with nothing but Python (3.10 or newer) and this file.

    python3 verify_ballots.py record.json

It checks the scrutineers' key, that every ballot on the roll is signed by its member, is one choice and stands once, adds the
ballots, checks the scrutineers' parts, opens the sums and compares totals and outcomes with what was announced. It prints one
line for each item and ends with status 1 if anything is wrong. It shares no code with the portal; how it works, and what no
record can prove, stands in docs/ballot.md. Every member should compare the own key's short form on the roll with the own
device: the record proves who signed with which key, not whose key it is.
"""

import hashlib
import json
import sys
from pathlib import Path

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1, 1, 0)
PROTOCOL = b"portal.ballot/1"
AGREE, AGAINST = 1, 65536
SEATS, THRESHOLD = (1, 2, 3), 2


class Wrong(Exception):
    """Something in the record does not hold."""


# --- Points of edwards25519 in extended coordinates -------------------------------------------------------------------


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def negative(p):
    return -p[0] % P, p[1], p[2], -p[3] % P


def multiple(number, p):
    result = IDENTITY
    for bit in f"{number:b}":
        result = add(result, result)
        if bit == "1":
            result = add(result, p)
    return result


def difference(left, p, right, q):
    """Return left · p − right · q, doubling once for both."""
    q = negative(q)
    table = {"01": q, "10": p, "11": add(p, q)}
    result = IDENTITY
    for bits in zip(f"{left:0253b}", f"{right:0253b}", strict=True):
        result = add(result, result)
        if bits != ("0", "0"):
            result = add(result, table["".join(bits)])
    return result


def equal(p, q):
    return not (p[0] * q[2] - q[0] * p[2]) % P and not (p[1] * q[2] - q[1] * p[2]) % P


def spelled(p):
    inverse = pow(p[2], -1, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def point(spelling):
    """Decode 32 bytes; refuses other spellings, small and mixed order and the identity."""
    p = on_curve(spelling)
    if equal(p, IDENTITY) or not equal(multiple(ORDER, p), IDENTITY):
        raise Wrong("a point that is not of prime order")
    return p


def on_curve(spelling):
    number = int.from_bytes(spelling, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    if len(spelling) != 32 or y >= P:
        raise Wrong("not the spelling of a point")
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        raise Wrong("not a point of the curve")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def scalar(spelling):
    number = int.from_bytes(spelling, "little")
    if len(spelling) != 32 or number >= ORDER:
        raise Wrong("a number that is not reduced")
    return number


GENERATOR = on_curve((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


# --- Hashes and proofs ------------------------------------------------------------------------------------------------


def digest(purpose, *fields):
    hashed = hashlib.sha512()
    for field in (PROTOCOL, purpose.encode(), *fields):
        hashed.update(len(field).to_bytes(4, "big") + field)
    return hashed.digest()


def pieces(message, count):
    if len(message) != 32 * count:
        raise Wrong(f"{32 * count} bytes are expected, not {len(message)}")
    return [message[at : at + 32] for at in range(0, len(message), 32)]


def check_proof(proof, statements, purpose, context):
    """One number takes every base to its image, in one of the statements; one statement is the ordinary proof."""
    numbers = [scalar(piece) for piece in pieces(proof, 2 * len(statements))]
    commitments = []
    for statement, asked, response in zip(statements, numbers[::2], numbers[1::2], strict=True):
        commitments += [difference(response, base, asked, image) for base, image in statement]
    said = [each for statement in statements for pair in statement for each in pair]
    hashed = digest(purpose, *context, *(spelled(each) for each in said + commitments))
    if sum(numbers[::2]) % ORDER != int.from_bytes(hashed, "little") % ORDER:
        raise Wrong(f"the proof of {purpose} does not hold")


def check_signature(key, message, signature):
    """Ed25519, as in RFC 8032."""
    if len(signature) != 64:
        raise Wrong("a signature has 64 bytes")
    response, hashed = scalar(signature[32:]), hashlib.sha512(signature[:32] + key + message).digest()
    asked = int.from_bytes(hashed, "little") % ORDER
    if spelled(difference(response, GENERATOR, asked, point(key))) != signature[:32]:
        raise Wrong("not signed by this member")


# --- The record -------------------------------------------------------------------------------------------------------


class Ceremony:
    """The scrutineers' key: announced with proofs, confirmed by all three."""

    def __init__(self, record):
        self.session = record["session"].encode()
        told = sorted(record["ceremony"]["scrutineers"], key=lambda each: each["seat"])
        if tuple(each["seat"] for each in told) != SEATS:
            raise Wrong("there are not three scrutineers")
        messages = [bytes.fromhex(each["announcement"]) for each in told]
        lines = [self._line(seat, message) for seat, message in zip(SEATS, messages, strict=True)]
        self.joint_key = add(add(lines[0][0], lines[1][0]), lines[2][0])
        self.transcript = digest("transcript of a ceremony", self.session, *messages)
        self.keys = {seat: self._key(seat, lines) for seat in SEATS}
        if any(equal(each, IDENTITY) for each in (self.joint_key, *self.keys.values())):
            raise Wrong("the announced keys cancel each other")
        for seat, each in zip(SEATS, told, strict=True):
            proof, context = bytes.fromhex(each["confirmation"]), (self.transcript, bytes([seat]))
            check_proof(proof, [[(GENERATOR, self.keys[seat])]], "a share that fits", context)
        if spelled(self.joint_key).hex() != record["ceremony"]["joint_key"]:
            raise Wrong("the joint key is another")

    def _line(self, seat, message):
        box, constant, slope, *proof = pieces(message, 5)
        context = (self.session, bytes([seat]), box, slope)
        line = point(constant), point(slope)
        check_proof(b"".join(proof), [[(GENERATOR, line[0])]], "possession of a key", context)
        return line

    def _key(self, seat, lines):
        key = IDENTITY
        for constant, slope in lines:
            key = add(key, add(constant, multiple(seat, slope)))
        return key

    def context(self, item):
        return self.session, item.encode(), spelled(self.joint_key)


def check_ballot(ceremony, item, cast):
    """Return the two points of a ballot, once signature and proof hold."""
    key, ballot = bytes.fromhex(cast["key"]), bytes.fromhex(cast["ballot"])
    context = (*ceremony.context(item), key)
    check_signature(key, digest("signature of a ballot", *context, ballot), bytes.fromhex(cast["signature"]))
    if len(ballot) != 256:
        raise Wrong("a ballot has 256 bytes")
    blind, hidden = point(ballot[:32]), point(ballot[32:64])
    statements = [
        [(GENERATOR, blind), (ceremony.joint_key, add(hidden, negative(multiple(weight, GENERATOR))))]
        for weight in (0, AGREE, AGAINST)
    ]
    check_proof(ballot[64:], statements, "one valid choice", context)
    return blind, hidden


def check_part(ceremony, item, votes, told):
    message, seat = bytes.fromhex(told["part"]), told["seat"]
    if seat not in SEATS:
        raise Wrong("an unknown scrutineer")
    part = point(message[:32])
    statement = [(GENERATOR, ceremony.keys[seat]), (votes[0], part)]
    context = (*ceremony.context(item), bytes([seat]), spelled(votes[0]) + spelled(votes[1]))
    check_proof(message[32:], [statement], "part of an opening", context)
    return part


def opened(votes, parts, cast):
    """Return (agree, against, abstain) of ``cast`` ballots from the parts of two scrutineers."""
    if len(parts) < THRESHOLD:
        raise Wrong("fewer than two scrutineers opened the sum")
    (one, first), (two, second), *_ = sorted(parts.items())
    weights = two * pow(two - one, -1, ORDER) % ORDER, one * pow(one - two, -1, ORDER) % ORDER
    blind = add(multiple(weights[0], first), multiple(weights[1], second))
    left, column = add(votes[1], negative(blind)), IDENTITY
    for against in range(cast + 1):
        each = column
        for agree in range(cast + 1 - against):
            if equal(each, left):
                return agree, against, cast - agree - against
            each = add(each, GENERATOR)
        column = add(column, multiple(AGAINST, GENERATOR))
    raise Wrong("the ballots do not have this sum")


def check_item(record, ceremony, told):
    """Return what the ballots of an item say, in words; raises Wrong where the record says otherwise."""
    roll = told["roll"]
    if len(set(roll)) != len(roll) or not set(roll) <= {each["key"] for each in record["members"]}:
        raise Wrong("the roll names a key twice, or one that was never registered")
    keys = [each["key"] for each in told["ballots"]]
    if len(set(keys)) != len(keys) or not set(keys) <= set(roll):
        raise Wrong("a ballot too many: two of one member, or one of nobody on the roll")
    sealed = [check_ballot(ceremony, told["item"], each) for each in told["ballots"]]
    agree, against, abstain = 0, 0, 0
    if sealed:
        votes = IDENTITY, IDENTITY
        for blind, hidden in sealed:
            votes = add(votes[0], blind), add(votes[1], hidden)
        parts = {each["seat"]: check_part(ceremony, told["item"], votes, each) for each in told["parts"]}
        agree, against, abstain = opened(votes, parts, len(sealed))
    present = len(roll)
    counted = {"agree": agree, "against": against, "abstain": abstain, "not_cast": present - len(sealed)}
    if told["totals"] != counted or told["present"] != present:
        raise Wrong(f"announced {told['totals']} of {told['present']}, counted {counted} of {present}")
    share = told["fraction"]
    more = share["denominator"] * agree - share["numerator"] * present
    passed = present > 0 and (more >= 0 if share["inclusive"] else more > 0)
    if told["passed"] != passed:
        raise Wrong(f"{agree} of {present} agree: {'passed' if passed else 'not passed'}")
    return f"{agree} agree, {against} against, {abstain} abstain, {present - len(sealed)} not cast: " + (
        "passed" if passed else "not passed"
    )


def problems(record, say=print):
    """Check everything; say one line for each item and return what is wrong."""
    if record.get("protocol") != PROTOCOL.decode():
        return ["the record speaks another protocol"]
    try:
        ceremony = Ceremony(record)
    except (Wrong, KeyError, ValueError) as error:
        return [f"the scrutineers' key: {error!r}"]
    keys = [each["key"] for each in record["members"]]
    found = [] if len(set(keys)) == len(keys) else ["two members have one key"]
    digits = f"{int.from_bytes(ceremony.transcript[:16], 'big') % 10**24:024d}"
    say("key of the scrutineers: " + " ".join(digits[at : at + 4] for at in range(0, 24, 4)))
    for item in record["items"]:
        try:
            say(f"{item['item']}: {check_item(record, ceremony, item)}")
        except (Wrong, KeyError, ValueError) as error:
            found.append(f"{item.get('item')}: {error}")
    return found


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = problems(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    for problem in found:
        print("WRONG", problem)
    print("The record is sound." if not found else f"{len(found)} things are wrong.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
