// Saves the fields of a form while they are filled in: <form data-fields="/address" …> around <div data-field="name"> with
// their versions, and one <p data-fields-status>.
//
// A field is sent when it is left or changed, and every twenty seconds while somebody types. The server answers
//   200 {saved, versions, errors, conflicts}   what fits is stored; what another window changed is shown with both values
//   409 {detail}                               the draft can no longer be edited: saving stops
// Without a line the same request is sent again until it is answered; its key makes a double of it harmless.
// A button pressed while a save is on its way waits for the answer: it would rest on versions that are no more.
import { enteredBefore } from "./entered.js";
import { newKey } from "./keys.js";

const PAUSE = 20000;
const RETRY = 10000;

export function saveFields(form) {
  const status = form.querySelector("[data-fields-status]");
  const boxes = new Map([...form.querySelectorAll("[data-field]")].map((box) => [box.dataset.field, box]));
  const texts = form.dataset;
  const dirty = new Set();
  const asked = new Set();
  let waiting = null;
  let sending = false;
  let stopped = false;
  let failing = false;
  let timer = null;
  let pressed = null;

  const tell = (state, text) => {
    status.dataset.state = state;
    status.textContent = text;
  };
  const plan = (delay) => {
    clearTimeout(timer);
    timer = stopped ? null : setTimeout(save, delay);
  };

  async function save() {
    timer = null;
    if (sending || stopped || (!waiting && !dirty.size)) return;
    waiting ??= gathered();
    sending = true;
    tell("saving", texts.saving);
    try {
      const reply = await fetch(texts.fields, {
        method: "POST",
        body: JSON.stringify(waiting.body),
        redirect: "manual",
        keepalive: true, // what is on its way arrives although the page is left
        headers: {
          Accept: "application/json",
          "Content-Type": "application/json",
          "Idempotency-Key": waiting.key,
          "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
        },
      });
      await heard(reply);
    } catch {
      failing = true;
      tell("failed", texts.offline);
      plan(RETRY);
    } finally {
      sending = false;
    }
    if (pressed) {
      const { button } = pressed;
      pressed = null;
      form.requestSubmit(button);
    } else if (!waiting && dirty.size && !timer) plan(0);
  }

  function gathered() {
    const names = [...dirty];
    dirty.clear();
    const fields = Object.fromEntries(names.map((name) => [name, valueOf(boxes.get(name))]));
    const versions = Object.fromEntries(names.map((name) => [name, Number(versionOf(name).value)]));
    return { key: newKey(), body: { fields, versions } };
  }

  async function heard(reply) {
    if (reply.status >= 500) throw new Error(String(reply.status));
    const answer = (reply.headers.get("Content-Type") || "").includes("json") ? await reply.json() : null;
    if (!reply.ok || !answer) {
      stopped = true;
      tell("failed", (answer && answer.detail) || texts.stopped);
      return;
    }
    const sent = Object.keys(waiting.body.fields);
    failing = false;
    waiting = null;
    sent.forEach((name) => settle(name, answer));
    if (answer.conflicts.length) tell("failed", texts.asked);
    else if (Object.keys(answer.errors).length) tell("failed", texts.unfit);
    else tell("saved", texts.saved.replace("{t}", answer.saved));
  }

  function settle(name, answer) {
    const box = boxes.get(name);
    const words = answer.errors[name] || "";
    const place = box.querySelector("[data-field-error]");
    place.textContent = words;
    place.hidden = !words;
    const conflict = answer.conflicts.find((one) => one.field === name);
    if (conflict) ask(box, conflict);
    else if (!words) versionOf(name).value = answer.versions[name] || 0;
  }

  // Nothing is overwritten before the person has seen both values and decided.
  function ask(box, conflict) {
    const panel = box.querySelector("[data-field-conflict]");
    asked.add(conflict.field);
    panel.querySelector("[data-theirs]").textContent = conflict.shown;
    panel.querySelector("[data-mine]").textContent = wordsOf(box);
    panel.hidden = false;
    const decide = (take) => {
      panel.hidden = true;
      asked.delete(conflict.field);
      versionOf(conflict.field).value = conflict.version;
      if (take) put(box, conflict.value);
      else dirty.add(conflict.field);
      if (!take) plan(0);
      else tell("saved", "");
      controls(box)[0].focus();
    };
    panel.querySelector("[data-keep-mine]").onclick = () => decide(false);
    panel.querySelector("[data-take-theirs]").onclick = () => decide(true);
  }

  const versionOf = (name) => boxes.get(name).querySelector("[data-version]");
  const touched = (event, delay) => {
    const box = event.target.closest("[data-field]");
    if (!box || asked.has(box.dataset.field) || event.target.name.endsWith("-choice")) return;
    dirty.add(box.dataset.field);
    if (delay === 0 || !timer) plan(delay);
  };

  form.addEventListener("input", (event) => touched(event, PAUSE));
  form.addEventListener("change", (event) => {
    const box = event.target.closest("[data-field]");
    if (box && isWhole(box)) touched(event, 0);
  });
  form.addEventListener("focusout", (event) => {
    const box = event.target.closest("[data-field]");
    if (box && !box.contains(event.relatedTarget) && dirty.has(box.dataset.field)) plan(0);
  });
  form.addEventListener("submit", (event) => {
    stopped = true;
    clearTimeout(timer);
    if (!sending) return;
    event.preventDefault();
    pressed = { button: event.submitter };
  });
  window.addEventListener("pageshow", () => (stopped = false));
  window.addEventListener("online", () => plan(0));
  window.addEventListener("beforeunload", (event) => {
    if (stopped) return;
    save();
    if (dirty.size || asked.size || (waiting && failing)) event.preventDefault();
  });
  boxes.forEach((box, name) => controls(box).some(enteredBefore) && dirty.add(name));
  if (dirty.size) plan(0);
}

const controls = (box) =>
  [...box.querySelectorAll("input, select, textarea")].filter((one) => one.type !== "hidden" && !one.closest("[data-conflict]"));

// A date in several boxes is written as 2019-10-18, as its form sends it.
function valueOf(box) {
  const parts = controls(box);
  if (parts[0].type === "radio") return parts.find((one) => one.checked)?.value ?? "";
  const values = parts.map((one) => one.value.trim());
  return parts.length === 1 ? parts[0].value : values.some(Boolean) ? values.join("-") : "";
}

// While somebody goes from year to month, half a date is no mistake yet.
const isWhole = (box) => controls(box).every((one) => one.type === "radio" || one.value.trim());

function wordsOf(box) {
  const [first] = controls(box);
  if (first.type === "radio") return box.querySelector("input:checked + label")?.textContent ?? "";
  return first.tagName === "SELECT" ? first.selectedOptions[0].textContent : valueOf(box);
}

function put(box, value) {
  const parts = controls(box);
  const text = value === null ? "" : String(value);
  if (parts[0].type === "radio") parts.forEach((one) => (one.checked = one.value === text));
  else if (parts.length === 1) parts[0].value = text;
  else parts.forEach((one, place) => (one.value = text.split("-")[place] ?? ""));
}
