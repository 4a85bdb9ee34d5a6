// Holds the browser's modules to the shared vectors; returns what differs. Runs in a browser and in Node alike.
import * as casting from "../../../static/js/ballot/casting.js";
import * as ceremonies from "../../../static/js/ballot/ceremony.js";
import * as counting from "../../../static/js/ballot/counting.js";
import * as group from "../../../static/js/ballot/group.js";

const { hex, unhex } = group;
const drawing = (numbers) => {
  const left = numbers.map((digits) => BigInt(`0x${digits}`));
  return () => left.shift();
};

export async function agree(vectors) {
  const differences = [];
  const expect = (name, got, wanted) => got === wanted || differences.push(`${name}: ${got}, not ${wanted}`);
  const expectRefusal = (name, fault, call) => {
    try {
      call();
      differences.push(`${name} is taken`);
    } catch (refusal) {
      expect(name, refusal.fault, fault);
    }
  };
  const { purpose, fields, is } = vectors.digest;
  expect("digest", hex(group.digest(purpose, ...fields.map(unhex))), is);
  for (const [name, encoding] of Object.entries(vectors.refused_points)) {
    const fault = encoding.length === 64 ? "point" : "length";
    expectRefusal(name, fault, () => group.point(unhex(encoding)));
  }
  for (const encoding of vectors.refused_scalars) expectRefusal(encoding, "scalar", () => group.scalar(unhex(encoding)));
  const ceremony = await ofCeremony(vectors, expect);
  const booth = { session: vectors.session, item: vectors.item, jointKey: ceremony.jointKey };
  const sealed = vectors.ballots.map((each) => ofBallot(booth, each, expect));
  ofAttacks(booth, vectors.ballots, expectRefusal);
  const votes = counting.added(sealed);
  expect("sum", hex(casting.sealedBytes(votes)), vectors.sum);
  const parts = new Map();
  for (const { seat, draws, part } of vectors.parts) {
    const share = BigInt(`0x${vectors.ceremony.shares[seat - 1]}`);
    expect(`part ${seat}`, hex(counting.partOfOpening(booth, ceremony, seat, share, votes, drawing(draws))), part);
    parts.set(seat, counting.checkPart(booth, ceremony, seat, votes, unhex(part)));
    expectRefusal(`part of ${seat} for ${(seat % 3) + 1}`, "partial", () => counting.checkPart(booth, ceremony, (seat % 3) + 1, votes, unhex(part)));
  }
  for (const missing of [1, 2, 3]) {
    const two = new Map([...parts].filter(([seat]) => seat !== missing));
    expect(`totals without ${missing}`, JSON.stringify(counting.opened(votes, two, sealed.length)), JSON.stringify(vectors.totals));
  }
  expectRefusal("one scrutineer alone", "threshold", () => counting.opened(votes, new Map([[1, parts.get(1)]]), sealed.length));
  expectRefusal("too few ballots for the sum", "totals", () => counting.opened(votes, parts, 3));
  return differences;
}

async function ofCeremony({ session, ceremony: told }, expect) {
  const secrets = told.secrets.map(({ constant, slope, box }) => ({ constant: BigInt(`0x${constant}`), slope: BigInt(`0x${slope}`), box: unhex(box) }));
  secrets.forEach((each, place) => {
    const announced = ceremonies.announce(session, place + 1, each, drawing([told.nonces[place]]));
    expect(`announcement ${place + 1}`, hex(announced), told.announcements[place]);
  });
  const held = ceremonies.ceremonyOf(session, told.announcements.map(unhex));
  expect("joint key", hex(held.jointKey.toBytes()), told.joint_key);
  expect("transcript", hex(held.transcript), told.transcript);
  expect("fingerprint", ceremonies.fingerprint(held), told.fingerprint);
  const received = [1, 2, 3].map((seat) => [ceremonies.shareFor(secrets[seat - 1], seat)]);
  for (const { from, to, once, sealed } of told.sealed) {
    expect(`sealed ${from} to ${to}`, hex(await ceremonies.sealShare(held, from, to, secrets[from - 1], unhex(once))), sealed);
    received[to - 1].push(await ceremonies.openShare(held, from, to, secrets[to - 1], unhex(sealed)));
    const astray = await ceremonies.openShare(held, from, to, secrets[from - 1], unhex(sealed)).catch(({ fault }) => fault);
    expect(`sealed ${from} to ${to}, opened by its sender`, astray, "share");
  }
  told.confirmations.forEach(({ draws, confirmation }, place) => {
    const share = ceremonies.combined(received[place]);
    expect(`share ${place + 1}`, share.toString(16).padStart(64, "0"), told.shares[place]);
    expect(`verification key ${place + 1}`, hex(held.verificationKey(place + 1).toBytes()), told.verification_keys[place]);
    expect(`confirmation ${place + 1}`, hex(ceremonies.confirm(held, place + 1, share, drawing(draws))), confirmation);
    ceremonies.checkConfirmation(held, place + 1, unhex(confirmation));
  });
  return held;
}

function ofBallot(booth, told, expect) {
  const marked = casting.mark(booth, unhex(told.key), told.choice, drawing(told.draws));
  expect("ballot", hex(marked), told.ballot);
  expect("signature", hex(casting.sign(booth, unhex(told.seed), marked)), told.signature);
  casting.checkSignature(booth, unhex(told.key), unhex(told.ballot), unhex(told.signature));
  return casting.check(booth, unhex(told.key), unhex(told.ballot));
}

function ofAttacks(booth, [first, second], expectRefusal) {
  const [key, ballot, signature] = [first.key, first.ballot, first.signature].map(unhex);
  const other = { ...booth, item: "another" };
  const altered = ballot.slice();
  altered[100] ^= 1;
  expectRefusal("copied by another member", "proof", () => casting.check(booth, unhex(second.key), ballot));
  expectRefusal("replayed for another item", "proof", () => casting.check(other, key, ballot));
  expectRefusal("altered", "proof", () => casting.check(booth, key, altered));
  expectRefusal("signed for another item", "signature", () => casting.checkSignature(other, key, ballot, signature));
  expectRefusal("too long", "length", () => casting.check(booth, key, group.joined(ballot, ballot)));
}
