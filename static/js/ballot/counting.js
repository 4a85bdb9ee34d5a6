// The sum of all ballots on one item, opened by two scrutineers; the same as portal/ballot/counting.py.
import { CHOICES, contextOf, sealedBytes } from "./casting.js";
import { BallotRefused, GENERATOR, IDENTITY, ORDER, SIZE, fresh, joined, mod, point, times, timesPublic, total } from "./group.js";
import { prove, verify } from "./proofs.js";

export const THRESHOLD = 2;
const PART = "part of an opening";

export const added = (ballots) => ({ blind: total(ballots.map((each) => each.blind)), hidden: total(ballots.map((each) => each.hidden)) });

/** What the scrutineer in `seat` contributes to opening the sum `votes`: 96 bytes. */
export function partOfOpening(booth, ceremony, seat, share, votes, draw = fresh) {
  const part = times(share, votes.blind);
  const how = { purpose: PART, context: context(booth, seat, votes), draw };
  return joined(part.toBytes(), prove(share, statement(ceremony, seat, votes, part), how));
}

/** A scrutineer's part, once it is proven to come from the share of `seat` and for exactly this sum. */
export function checkPart(booth, ceremony, seat, votes, message) {
  if (message.length !== 3 * SIZE) throw new BallotRefused("length", `a part has ${3 * SIZE} bytes, not ${message.length}`);
  const part = point(message.slice(0, SIZE));
  try {
    const how = { purpose: PART, context: context(booth, seat, votes) };
    verify(message.slice(SIZE), statement(ceremony, seat, votes, part), how);
  } catch {
    throw new BallotRefused("partial", `scrutineer ${seat} did not open this sum with the own share`);
  }
  return part;
}

/** Open the sum of `cast` ballots with checked parts, a Map from seat to point. */
export function opened(votes, parts, cast) {
  if (parts.size < THRESHOLD) throw new BallotRefused("threshold", `${THRESHOLD} scrutineers open a sum, not ${parts.size}`);
  const chosen = [...parts].sort(([left], [right]) => left - right).slice(0, THRESHOLD);
  const seats = chosen.map(([seat]) => seat);
  const blind = total(chosen.map(([seat, part]) => timesPublic(lagrange(seat, seats), part)));
  const sum = votes.hidden.subtract(blind);
  let column = IDENTITY;
  for (let against = 0; against <= cast; against++, column = column.add(AGAINST)) {
    let each = column;
    for (let agree = 0; agree + against <= cast; agree++, each = each.add(GENERATOR)) {
      if (each.equals(sum)) return { agree, against, abstain: cast - agree - against };
    }
  }
  throw new BallotRefused("totals", `no ${cast} ballots have this sum`);
}

const AGAINST = timesPublic(CHOICES.against, GENERATOR);

/** The weight with which the share of `seat` enters the value at zero of the line through `seats`. */
function lagrange(seat, seats) {
  return seats.reduce((weight, other) => {
    if (other === seat) return weight;
    return mod(weight * BigInt(other) * inverse(BigInt(other - seat)));
  }, 1n);
}

/** By Fermat: ORDER is prime. */
function inverse(number) {
  let [result, base, exponent] = [1n, mod(number), ORDER - 2n];
  for (; exponent; exponent >>= 1n, base = (base * base) % ORDER) if (exponent & 1n) result = (result * base) % ORDER;
  return result;
}

const statement = (ceremony, seat, votes, part) => [
  [GENERATOR, ceremony.verificationKey(seat)],
  [votes.blind, part],
];
const context = (booth, seat, votes) => [...contextOf(booth), Uint8Array.of(seat), sealedBytes(votes)];
