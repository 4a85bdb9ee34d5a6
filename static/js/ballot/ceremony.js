// How three scrutineers make one key; the same as portal/ballot/ceremony.py, where it is explained.
// Secrets are { constant, slope, box }; an announcement is its 160 bytes, read and checked by readAnnouncement().
import { BallotRefused, GENERATOR, IDENTITY, digest, encoded, fresh, joined, mod, pieces, point, scalar, times, timesPublic, total, words } from "./group.js";
import { prove, verify } from "./proofs.js";
import { boxKeyOf, seal, unseal } from "./sealing.js";

export const SEATS = [1, 2, 3];
const POSSESSION = "possession of a key";
const TRANSCRIPT = "transcript of a ceremony";
const CONFIRMATION = "a share that fits";

export const drawSecrets = () => ({ constant: fresh(), slope: fresh(), box: crypto.getRandomValues(new Uint8Array(32)) });

export const shareFor = (secrets, seat) => mod(secrets.constant + secrets.slope * BigInt(seat));

/** What the scrutineer in `seat` publishes: 160 bytes. */
export function announce(session, seat, secrets, draw = fresh) {
  const boxKey = boxKeyOf(secrets.box);
  const [constant, slope] = [secrets.constant, secrets.slope].map((number) => times(number, GENERATOR));
  const context = announced(session, seat, boxKey, slope);
  const possession = prove(secrets.constant, [[GENERATOR, constant]], { purpose: POSSESSION, context, draw });
  return joined(boxKey, constant.toBytes(), slope.toBytes(), possession);
}

export function readAnnouncement(session, seat, message) {
  const [boxKey, constantBytes, slopeBytes, ...proof] = pieces(message, 5);
  const [constant, slope] = [point(constantBytes), point(slopeBytes)];
  const context = announced(session, seat, boxKey, slope);
  try {
    verify(joined(...proof), [[GENERATOR, constant]], { purpose: POSSESSION, context });
  } catch {
    throw new BallotRefused("possession", `scrutineer ${seat} does not prove to know the own key`);
  }
  const sharePoint = (other) => constant.add(timesPublic(BigInt(other), slope));
  return { seat, boxKey, constant, sharePoint, message };
}

/** The ceremony of all three announcements (bytes, in the order of the seats), each of them checked. */
export function ceremonyOf(session, messages) {
  if (messages.length !== SEATS.length) throw new BallotRefused("possession", "a ceremony has one announcement for each seat");
  const announcements = SEATS.map((seat, place) => readAnnouncement(session, seat, messages[place]));
  const transcript = digest(TRANSCRIPT, words(session), ...messages);
  const jointKey = total(announcements.map((each) => each.constant));
  const verificationKeys = SEATS.map((seat) => total(announcements.map((each) => each.sharePoint(seat))));
  if ([jointKey, ...verificationKeys].some((key) => key.equals(IDENTITY))) {
    throw new BallotRefused("point", "the announced keys cancel each other");
  }
  return { session, announcements, transcript, jointKey, verificationKey: (seat) => verificationKeys[seat - 1] };
}

/** Six groups of four digits, which the scrutineers read to each other. */
export function fingerprint(ceremony) {
  const number = ceremony.transcript.slice(0, 16).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return (number % 10n ** 24n).toString().padStart(24, "0").match(/..../g).join(" ");
}

export function sealShare(ceremony, sender, recipient, secrets, once) {
  const share = encoded(shareFor(secrets, recipient));
  return seal(share, ceremony.announcements[recipient - 1].boxKey, route(ceremony, sender, recipient), once);
}

export async function openShare(ceremony, sender, recipient, secrets, sealed) {
  const share = scalar(await unseal(sealed, secrets.box, route(ceremony, sender, recipient)));
  if (!times(share, GENERATOR).equals(ceremony.announcements[sender - 1].sharePoint(recipient))) {
    throw new BallotRefused("share", `the share of scrutineer ${sender} does not fit the announcement`);
  }
  return share;
}

export const combined = (shares) => mod(shares.reduce((sum, share) => sum + share, 0n));

/** Prove for the whole transcript that the share of `seat` fits: 64 bytes. */
export function confirm(ceremony, seat, share, draw = fresh) {
  const statement = [[GENERATOR, ceremony.verificationKey(seat)]];
  return prove(share, statement, { purpose: CONFIRMATION, context: confirmed(ceremony, seat), draw });
}

export function checkConfirmation(ceremony, seat, confirmation) {
  try {
    const statement = [[GENERATOR, ceremony.verificationKey(seat)]];
    verify(confirmation, statement, { purpose: CONFIRMATION, context: confirmed(ceremony, seat) });
  } catch {
    throw new BallotRefused("confirmation", `scrutineer ${seat} confirms another ceremony`);
  }
}

const announced = (session, seat, boxKey, slope) => [words(session), Uint8Array.of(seat), boxKey, slope.toBytes()];
const confirmed = (ceremony, seat) => [ceremony.transcript, Uint8Array.of(seat)];
const route = (ceremony, sender, recipient) => joined(ceremony.transcript, Uint8Array.of(sender, recipient));
