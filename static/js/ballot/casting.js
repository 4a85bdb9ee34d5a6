// One member's ballot on one item; the same as portal/ballot/casting.py, where it is explained.
// A booth is { session, item, jointKey }: two codes and the scrutineers' key as a point.
import { ed25519 } from "./curves.min.js";
import { BallotRefused, GENERATOR, SIZE, digest, fresh, joined, point, times, timesPublic, words } from "./group.js";
import { proveOneOf, verifyOneOf } from "./proofs.js";

export const CHOICES = { abstain: 0n, agree: 1n, against: 65536n };
export const BALLOT_SIZE = 8 * SIZE;
const PROOF = "one valid choice";
const SIGNATURE = "signature of a ballot";
const WEIGHTS = Object.values(CHOICES);

export const contextOf = (booth) => [words(booth.session), words(booth.item), booth.jointKey.toBytes()];
export const sealedBytes = ({ blind, hidden }) => joined(blind.toBytes(), hidden.toBytes());

/** The ballot with `choice` ("agree", "against" or "abstain"): ciphertext and proof, 256 bytes. */
export function mark(booth, memberKey, choice, draw = fresh) {
  const weight = CHOICES[choice];
  if (weight === undefined) throw new BallotRefused("choice", `${choice} is no choice`);
  const secret = draw();
  const sealed = { blind: times(secret, GENERATOR), hidden: times(secret, booth.jointKey).add(times(weight, GENERATOR)) };
  const context = [...contextOf(booth), memberKey];
  const proof = proveOneOf(statements(booth, sealed), WEIGHTS.indexOf(weight), secret, { purpose: PROOF, context, draw });
  return joined(sealedBytes(sealed), proof);
}

/** What a ballot adds to the sum, once its proof holds for this booth and this member. */
export function check(booth, memberKey, ballot) {
  if (ballot.length !== BALLOT_SIZE) {
    throw new BallotRefused("length", `a ballot has ${BALLOT_SIZE} bytes, not ${ballot.length}`);
  }
  const sealed = { blind: point(ballot.slice(0, SIZE)), hidden: point(ballot.slice(SIZE, 2 * SIZE)) };
  const context = [...contextOf(booth), memberKey];
  verifyOneOf(ballot.slice(2 * SIZE), statements(booth, sealed), { purpose: PROOF, context });
  return sealed;
}

/** What the member's key signs. */
export const signed = (booth, memberKey, ballot) => digest(SIGNATURE, ...contextOf(booth), memberKey, ballot);

export const sign = (booth, seed, ballot) => ed25519.sign(signed(booth, ed25519.getPublicKey(seed), ballot), seed);

export function checkSignature(booth, memberKey, ballot, signature) {
  point(memberKey);
  if (!ed25519.verify(signature, signed(booth, memberKey, ballot), memberKey, { zip215: false })) {
    throw new BallotRefused("signature", "the ballot is not signed by this member");
  }
}

/** For each choice the statement: these two points hide exactly its weight. */
const statements = (booth, sealed) =>
  WEIGHTS.map((weight) => [
    [GENERATOR, sealed.blind],
    [booth.jointKey, sealed.hidden.subtract(timesPublic(weight, GENERATOR))],
  ]);
