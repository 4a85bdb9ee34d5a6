// Sends a chosen file ahead in pieces that survive a lost line and a reload: <div data-upload="/address" …> around a file input.
// The form then carries only the code of the file. Without this script, or when it fails, the form carries the file itself.
import { newKey } from "./keys.js";

const PIECE = 2 * 1024 * 1024;
const RETRIES = [0, 1000, 3000, 5000, 10000, 20000];
const POLL = 2000;

export function offerResuming(box) {
  const input = box.querySelector("input[type=file]");
  const form = input.form;
  const part = (name) => box.querySelector(`[data-upload-${name}]`);
  const bar = part("bar");
  const texts = box.dataset;
  let upload = null;
  let sendWhenDone = false;

  const say = (words, isError = false) => {
    part("status").textContent = isError ? "" : words;
    part("error").textContent = isError ? words : "";
    part("error").hidden = !isError;
  };
  const show = (name, visible) => (part(name).hidden = !visible);
  const busy = (state) => {
    bar.hidden = !state;
    show("cancel", state);
    if (state) form.setAttribute("aria-busy", "true");
    else form.removeAttribute("aria-busy");
  };

  async function chosen() {
    const file = input.files[0];
    if (!file) return;
    show("receipt", false);
    show("again", false);
    part("code").value = "";
    if (file.size > Number(texts.limit)) {
      empty();
      say(texts.tooLarge.replace("{size}", inWords(file.size)), true);
      return;
    }
    await begin(file);
  }

  async function begin(file) {
    await import("./tus.min.js");
    const mark = await digest(new TextEncoder().encode([file.name, file.size, file.lastModified, texts.purpose].join("\n")));
    upload = new window.tus.Upload(file, {
      endpoint: new URL(texts.upload, location.href).href,
      chunkSize: PIECE,
      retryDelays: RETRIES,
      metadata: { filename: file.name, purpose: texts.purpose },
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, "Idempotency-Key": newKey() },
      fingerprint: async () => mark,
      urlStorage: rememberingAddressesOnly,
      removeFingerprintOnSuccess: true,
      onProgress: (sent, all) => {
        bar.value = (100 * sent) / all;
        const quarter = Math.floor((4 * sent) / all) * 25; // the bar moves for the eye; words come seldom, for they are read out
        if (quarter) say(texts.sending.replace("{percent}", quarter));
      },
      onError: failed,
      onSuccess: () => conclude(file),
    });
    const [earlier] = await upload.findPreviousUploads();
    if (earlier) upload.resumeFromPreviousUpload(earlier);
    start();
  }

  function start() {
    bar.value = 0;
    busy(true);
    show("again", false);
    say(texts.starting);
    upload.start();
  }

  async function conclude(file) {
    say(texts.checking);
    const reply = await fetch(upload.url, { headers: { Accept: "application/json" } });
    const told = reply.ok ? await reply.json() : { state: "lost" };
    if (told.state === "complete") return setTimeout(() => conclude(file), POLL);
    busy(false);
    upload = null;
    if (told.state === "kept") return kept(told.file, file);
    sendWhenDone = false;
    empty();
    say(told.state === "refused" ? told.reasons.map((reason) => reason.text).join(" ") : texts.failed, true);
  }

  async function kept(receipt, file) {
    part("code").value = receipt.code;
    const own = await digest(await file.arrayBuffer());
    const agrees = own === null || own === receipt.sha256;
    empty();
    showAsChosen(receipt.name);
    say(agrees ? texts.kept.replace("{name}", receipt.name).replace("{size}", inWords(receipt.size)) : texts.differs, !agrees);
    part("hash").textContent = receipt.sha256;
    show("receipt", true);
    if (sendWhenDone && agrees) form.requestSubmit();
  }

  function failed(error) {
    busy(false);
    sendWhenDone = false;
    const body = error.originalResponse && error.originalResponse.getBody();
    const reasons = reasonsIn(body);
    show("again", !reasons);
    say(reasons || texts.failed, true);
  }

  // The file has been sent; left in the input it would travel once more with the form.
  function empty() {
    input.value = "";
    input.dispatchEvent(new Event("change"));
  }

  // The button beside the empty input would go on saying that there is no file.
  function showAsChosen(name) {
    const button = box.querySelector(".govuk-file-upload-button");
    if (!button) return;
    button.classList.remove("govuk-file-upload-button--empty");
    button.querySelector(".govuk-file-upload-button__status").textContent = name;
  }

  input.addEventListener("change", chosen);
  part("again").addEventListener("click", start);
  part("cancel").addEventListener("click", async () => {
    sendWhenDone = false;
    await upload.abort(true).catch(() => {});
    upload = null;
    busy(false);
    empty();
    say(texts.cancelled);
  });
  form.addEventListener("submit", (event) => {
    if (bar.hidden) return;
    event.preventDefault();
    sendWhenDone = true;
    say(texts.queued);
  });
  chosen(); // a file may have been chosen before this script arrived
}

function inWords(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function reasonsIn(body) {
  try {
    return JSON.parse(body).reasons.map((reason) => reason.text).join(" ");
  } catch {
    return "";
  }
}

// Browsers offer hashing on secure addresses only; elsewhere the comparison is left out.
async function digest(bytes) {
  if (!crypto.subtle) return null;
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Remembers where an upload goes on, under a hash: no name of a file stays behind on a shared computer.
const PREFIX = "upload-";
const rememberingAddressesOnly = {
  async findAllUploads() {
    return [];
  },
  async findUploadsByFingerprint(mark) {
    const uploadUrl = mark && localStorage.getItem(PREFIX + mark);
    return uploadUrl ? [{ uploadUrl, urlStorageKey: PREFIX + mark, metadata: {}, size: null, creationTime: "" }] : [];
  },
  async addUpload(mark, upload) {
    if (mark) localStorage.setItem(PREFIX + mark, upload.uploadUrl);
    return PREFIX + mark;
  },
  async removeUpload(key) {
    localStorage.removeItem(key);
  },
};
