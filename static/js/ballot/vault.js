// Secrets of this browser, in its own database: keys that scripts cannot read out where the browser can keep such,
// everything else encrypted under one of them. Names begin with session and member, so that people can share a device.
const NAME = "secret-ballot";
const WRAPPING = "wrapping key";

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function store(mode) {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("kept");
  return (await asked(opening)).transaction("kept", mode).objectStore("kept");
}

/** Keep a value that can be cloned, such as a key pair. */
export const keep = async (name, value) => asked((await store("readwrite")).put(value, name));
export const kept = async (name) => asked((await store("readonly")).get(name));

async function wrappingKey() {
  const earlier = await kept(WRAPPING);
  if (earlier) return earlier;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await keep(WRAPPING, made);
  return made;
}

/** Keep bytes encrypted under a key that never leaves the browser. */
export async function keepSecret(name, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await wrappingKey(), bytes);
  await keep(name, { iv, sealed });
}

export async function keptSecret(name) {
  const found = await kept(name);
  if (!found) return null;
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: found.iv }, await wrappingKey(), found.sealed));
}
