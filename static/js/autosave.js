// Saves a draft while it is being written: <form data-autosave="/address" …> with a <p data-autosave-status …> inside.
//
// Sends the changed form two seconds after the last change and when a field is left. The server answers
//   200 {"saved": "14:32", "version": "7"}   stored; the version replaces the hidden field named _version
//   409 {"detail": "…"}                      the draft was changed elsewhere: nothing is overwritten, saving stops
// A failed connection is tried again every fifteen seconds, and leaving the page with unsaved words asks first.
// A button pressed while a save is on its way waits for the answer: it would rest on a version that is no more.
import { enteredBefore } from "./entered.js";
import { newKey } from "./keys.js";

const PAUSE = 2000;
const RETRY = 15000;

export function autosave(form) {
  const status = form.querySelector("[data-autosave-status]");
  const texts = status ? status.dataset : {};
  let timer = null;
  let dirty = false;
  let sending = false;
  let stopped = false;
  let pressed = null;

  const tell = (state, text) => {
    if (!status) return;
    status.dataset.state = state;
    status.textContent = text;
  };
  const plan = (delay) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(save, delay);
  };

  async function save() {
    if (!dirty || sending || stopped) return;
    dirty = false;
    sending = true; // one at a time: each save rests on the version that the last one answered
    let pause = 0;
    tell("saving", texts.saving);
    try {
      const reply = await fetch(form.dataset.autosave, {
        method: "POST",
        body: words(form),
        headers: { Accept: "application/json", "Idempotency-Key": newKey() }, // each save is one of its own
      });
      const answer = await reply.json();
      if (reply.status === 409) {
        stopped = true;
        tell("failed", answer.detail);
      } else if (!reply.ok) {
        throw new Error(String(reply.status));
      } else {
        if (form.elements._version) form.elements._version.value = answer.version;
        tell("saved", texts.saved.replace("{t}", answer.saved));
      }
    } catch {
      dirty = true;
      pause = RETRY;
      tell("failed", texts.failed);
    } finally {
      sending = false;
    }
    if (pressed) {
      const { button } = pressed;
      pressed = null;
      form.requestSubmit(button);
    } else if (dirty) plan(pause);
  }

  form.addEventListener("input", () => {
    dirty = true;
    plan(PAUSE);
  });
  form.addEventListener("focusout", () => plan(0));
  form.addEventListener("submit", (event) => {
    dirty = false;
    clearTimeout(timer);
    if (!sending) return;
    event.preventDefault();
    pressed = { button: event.submitter };
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty && !stopped) event.preventDefault();
  });
  dirty = [...form.elements].some(enteredBefore);
  if (dirty) plan(PAUSE);
}

// Files travel by their own upload, never by autosave.
function words(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}
