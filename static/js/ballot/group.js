// Arithmetic in the subgroup of prime order of edwards25519; the same as portal/ballot/group.py.
// Points are @noble/curves objects, scalars BigInts below ORDER; what comes from outside passes through point() and scalar().
import { ed25519, sha512 } from "./curves.min.js";

const Point = ed25519.Point;
const text = new TextEncoder();

export const ORDER = Point.Fn.ORDER;
export const GENERATOR = Point.BASE;
export const IDENTITY = Point.ZERO;
export const SIZE = 32;
export const PROTOCOL = "portal.ballot/1";

export class BallotRefused extends Error {
  constructor(fault, words) {
    super(words);
    this.fault = fault;
  }
}

export const mod = (number) => ((number % ORDER) + ORDER) % ORDER;

const fromLittleEndian = (bytes) => bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);

export function fresh() {
  for (;;) {
    const number = fromLittleEndian(crypto.getRandomValues(new Uint8Array(64))) % ORDER;
    if (number) return number;
  }
}

/** Decode what came from outside; refuses encodings that are not canonical, points of small or mixed order and the identity. */
export function point(bytes) {
  if (bytes.length !== SIZE) throw new BallotRefused("length", `a point has ${SIZE} bytes, not ${bytes.length}`);
  let decoded;
  try {
    decoded = Point.fromBytes(bytes);
  } catch {
    throw new BallotRefused("point", "not the canonical encoding of a point");
  }
  if (decoded.isSmallOrder() || !decoded.isTorsionFree()) throw new BallotRefused("point", "not a point of prime order");
  return decoded;
}

/** Decode what came from outside; refuses a scalar that is not reduced. */
export function scalar(bytes) {
  if (bytes.length !== SIZE) throw new BallotRefused("length", `a scalar has ${SIZE} bytes, not ${bytes.length}`);
  const number = fromLittleEndian(bytes);
  if (number >= ORDER) throw new BallotRefused("scalar", "a scalar that is not reduced");
  return number;
}

export function encoded(number) {
  let rest = mod(number);
  return Uint8Array.from({ length: SIZE }, () => {
    const byte = Number(rest & 255n);
    rest >>= 8n;
    return byte;
  });
}

/** number · base in a time that does not depend on the number, which may be secret. */
export function times(number, base) {
  const reduced = mod(number);
  return reduced === 0n || base.equals(IDENTITY) ? IDENTITY : base.multiply(reduced);
}

/** number · base, faster, for numbers that everybody may know. */
export const timesPublic = (number, base) => base.multiplyUnsafe(mod(number));

export const total = (points) => points.reduce((sum, each) => sum.add(each), IDENTITY);

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

/** SHA-512 of the protocol's name, the purpose and each field, all with their lengths: 64 bytes. */
export function digest(purpose, ...fields) {
  const hashed = sha512.create();
  for (const field of [text.encode(PROTOCOL), text.encode(purpose), ...fields]) {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, field.length);
    hashed.update(length).update(field);
  }
  return hashed.digest();
}

export const challenge = (purpose, ...fields) => fromLittleEndian(digest(purpose, ...fields)) % ORDER;

export function pieces(message, count) {
  if (message.length !== count * SIZE) {
    throw new BallotRefused("length", `${count * SIZE} bytes are expected, not ${message.length}`);
  }
  return Array.from({ length: count }, (_, place) => message.slice(place * SIZE, (place + 1) * SIZE));
}

export const words = (sentence) => text.encode(sentence);
export const same = (left, right) => left.length === right.length && left.every((byte, place) => byte === right[place]);
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export function unhex(digits) {
  if (!/^([0-9a-f]{2})*$/.test(digits)) throw new BallotRefused("length", "not the hexadecimal spelling of bytes");
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
