// A short secret on its way to another browser; the same as portal/ballot/sealing.py: X25519 and AES-256-GCM.
import { x25519 } from "./curves.min.js";
import { BallotRefused, SIZE, digest, joined } from "./group.js";

const SEALED_SIZE = 2 * SIZE + 16;
const PURPOSE = "sealed share";

export const boxKeyOf = (secret) => x25519.getPublicKey(secret);

export async function seal(message, boxKey, context, once = crypto.getRandomValues(new Uint8Array(SIZE))) {
  const sender = boxKeyOf(once);
  const { key, iv } = await derived(once, boxKey, sender, boxKey, context);
  const hidden = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: context }, key, message);
  return joined(sender, new Uint8Array(hidden));
}

export async function unseal(sealed, secret, context) {
  if (sealed.length !== SEALED_SIZE) {
    throw new BallotRefused("length", `a sealed share has ${SEALED_SIZE} bytes, not ${sealed.length}`);
  }
  const sender = sealed.slice(0, SIZE);
  const { key, iv } = await derived(secret, sender, sender, boxKeyOf(secret), context);
  try {
    const how = { name: "AES-GCM", iv, additionalData: context };
    return new Uint8Array(await crypto.subtle.decrypt(how, key, sealed.slice(SIZE)));
  } catch {
    throw new BallotRefused("share", "the sealed share was altered or is meant for another");
  }
}

async function derived(secret, other, sender, recipient, context) {
  let shared;
  try {
    shared = x25519.getSharedSecret(secret, other);
  } catch {
    throw new BallotRefused("point", "a box key of small order");
  }
  const material = digest(PURPOSE, context, sender, recipient, shared);
  const key = await crypto.subtle.importKey("raw", material.slice(0, 32), "AES-GCM", false, ["encrypt", "decrypt"]);
  return { key, iv: material.slice(32, 44) };
}
