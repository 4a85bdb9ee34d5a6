// What the ballot's own modules need of @noble/curves and @noble/hashes; build.sh makes one file of it.
export { ed25519, x25519 } from "@noble/curves/ed25519.js";
export { sha512 } from "@noble/hashes/sha2.js";
