// The signing key of one member on this device: Ed25519, not to be read out where the browser can keep it so.
import { ed25519 } from "./curves.min.js";
import { keep, keepSecret, kept, keptSecret } from "./vault.js";

const nameOf = (session, member) => `${session}/${member}/signing key`;

export async function makeKey(session, member) {
  const name = nameOf(session, member);
  try {
    const pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    await keep(name, { pair, publicKey });
    return publicKey;
  } catch {
    const seed = crypto.getRandomValues(new Uint8Array(32)); // an older browser: the seed, encrypted
    const publicKey = ed25519.getPublicKey(seed);
    await keepSecret(`${name} seed`, seed);
    await keep(name, { publicKey });
    return publicKey;
  }
}

/** { publicKey, sign } of the key made on this device, or null. */
export async function keyOf(session, member) {
  const name = nameOf(session, member);
  const found = await kept(name);
  if (!found) return null;
  const { pair, publicKey } = found;
  if (pair) return { publicKey, sign: async (message) => new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, message)) };
  return { publicKey, sign: async (message) => ed25519.sign(message, await keptSecret(`${name} seed`)) };
}
