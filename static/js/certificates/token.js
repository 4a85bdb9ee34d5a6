// Reads the digits behind the # of a certificate's address and verifies them without asking anybody; as portal/sealing/tokens.py.
//
//   import { digitsIn, read } from "../certificates/token.js";
//   const result = await read(digitsIn(location.hash), keys);
//
// keys: { "<id>": "<Base64 of 32 bytes>" }, what portal.sealing.tokens.public_keys() returns, as JSON in the page.
// result: { ok: true, face: { number, holder_name, series, specialty, title, level, passed_on, issued_on, check_code,
//   district_limited } }, all texts, days as 2026-10-14, empty parts left out; of a restricted certificate only
//   { number, is_restricted: "true" }. Or { ok: false, reason: "malformed" | "unknown_key" | "bad_signature" | "too_long" }.
// Never throws for what is in the digits. Whether the certificate was revoked since, no token tells: ask the portal for that.

const LONGEST = 2000;
const HEAD = [0xd2, 0x84, 0x49, 0xa2, 0x01, 0x27, 0x04, 0x44];
const PROTECTED = 3;
const ID_BYTES = 4;
const SIGNATURE_BYTES = 64;
const VERSION = 1;
const NAMES = [
  undefined,
  "number",
  "holder_name",
  "series",
  "specialty",
  "title",
  "level",
  "passed_on",
  "issued_on",
  "check_code",
  "district_limited",
  "is_restricted",
];
const LEVELS = ["正高级", "副高级", "中级", "助理级", "员级", "高级", "初级"];
const DAYS = new Set(["passed_on", "issued_on"]);
const UNSIGNED = 0;
const BYTES = 2;
const TEXT = 3;
const MAP = 5;
const TRUE = 0xf5;

class Invalid extends Error {}

/** The digits of an address's fragment; empty where there are none. */
export const digitsIn = (fragment) => fragment.replace(/^#/, "");

export async function read(digits, keys) {
  try {
    return { ok: true, face: await proven(digits, keys) };
  } catch (problem) {
    if (problem instanceof Invalid) return { ok: false, reason: problem.message };
    throw problem;
  }
}

async function proven(digits, keys) {
  if (digits.length > LONGEST) throw new Invalid("too_long");
  if (!/^[1-9][0-9]*$/.test(digits)) throw new Invalid("malformed");
  const { header, payload, signature } = parts(bytesOf(digits));
  const id = Array.from(header.slice(-ID_BYTES), (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!Object.hasOwn(keys, id)) throw new Invalid("unknown_key");
  const key = Uint8Array.from(atob(keys[id]), (sign) => sign.charCodeAt(0));
  if (!(await holds(key, signature, toBeSigned(header, payload)))) throw new Invalid("bad_signature");
  return faceOf(new Reader(payload));
}

/** The number's bytes without their leading 01. */
function bytesOf(digits) {
  const spelled = BigInt(digits).toString(16);
  const even = spelled.padStart(spelled.length + (spelled.length % 2), "0");
  const bytes = Uint8Array.from(even.match(/../g), (pair) => parseInt(pair, 16));
  if (bytes[0] !== 1) throw new Invalid("malformed");
  return bytes.subarray(1);
}

/** The parts of a token exactly as the portal writes it; nothing else is taken, whatever else COSE would allow. */
function parts(token) {
  const reader = new Reader(token);
  reader.expect(HEAD);
  reader.take(ID_BYTES);
  const header = token.subarray(PROTECTED, reader.at);
  reader.expect([0xa0]);
  const payload = reader.string(BYTES);
  const signature = reader.string(BYTES);
  if (!reader.isAtEnd || signature.length !== SIGNATURE_BYTES || !payload.length) throw new Invalid("malformed");
  return { header, payload, signature };
}

/** What an Ed25519 signature of COSE_Sign1 is made over: ["Signature1", header, "", payload]. */
function toBeSigned(header, payload) {
  const context = new TextEncoder().encode("Signature1");
  return Uint8Array.from([0x84, 0x60 + context.length, ...context, ...spelled(header), 0x40, ...spelled(payload)]);
}

function spelled(bytes) {
  const { length } = bytes;
  if (length < 24) return [0x40 + length, ...bytes];
  return length < 256 ? [0x58, length, ...bytes] : [0x59, length >> 8, length & 255, ...bytes];
}

/** The browser's own arithmetic, or where it has none (older ones, pages without TLS) that of the secret ballot. */
export async function holds(key, signature, data, subtle = globalThis.crypto?.subtle) {
  try {
    const imported = await subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await subtle.verify({ name: "Ed25519" }, imported, signature, data);
  } catch {
    const { ed25519 } = await import("../ballot/curves.min.js");
    return ed25519.verify(signature, data, key, { zip215: false });
  }
}

function faceOf(reader) {
  const told = new Map(Array.from({ length: reader.head(MAP) }, () => [reader.head(UNSIGNED), reader.value()]));
  if (!reader.isAtEnd || told.get(0) !== VERSION) throw new Invalid("malformed");
  const known = [...told].filter(([code]) => NAMES[code]);
  return Object.fromEntries(known.map(([code, value]) => [NAMES[code], inText(NAMES[code], value)]));
}

function inText(name, value) {
  if (name === "level" && typeof value === "number") return LEVELS[value] ?? String(value);
  if (DAYS.has(name)) return String(value).padStart(8, "0").replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3");
  return String(value);
}

/** The little of CBOR (RFC 8949) that our tokens are made of; refuses every longer spelling. */
class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  get isAtEnd() {
    return this.at === this.bytes.length;
  }

  take(length) {
    const end = this.at + length;
    if (end > this.bytes.length) throw new Invalid("malformed");
    const taken = this.bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  expect(wanted) {
    const found = this.take(wanted.length);
    if (!wanted.every((byte, place) => byte === found[place])) throw new Invalid("malformed");
  }

  /** The number in the head of an item of this kind: its value, or how long it is. */
  head(kind) {
    const [first] = this.take(1);
    const short = first & 31;
    if (first >> 5 !== kind || short > 26) throw new Invalid("malformed");
    if (short < 24) return short;
    const number = this.take(1 << (short - 24)).reduce((sum, byte) => sum * 256 + byte, 0);
    if (number < (short === 24 ? 24 : 2 ** (1 << (short - 22)))) throw new Invalid("malformed");
    return number;
  }

  string(kind) {
    return this.take(this.head(kind));
  }

  value() {
    const next = this.bytes[this.at];
    if (next === TRUE) return this.take(1)[0] === TRUE;
    if (next >> 5 === UNSIGNED) return this.head(UNSIGNED);
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(this.string(TEXT));
    } catch (problem) {
      throw problem instanceof Invalid ? problem : new Invalid("malformed");
    }
  }
}
