// What a scanned code says, verified in this browser at once, and how the certificate stands now, asked of the portal:
// <section data-certificate data-keys="{…}" data-status="/address"> on the page of checks. The digits stand behind the # of the address and
// are taken out of it as soon as they are read; of a code that proves nothing, nothing is sent.
import { digitsIn, read } from "./token.js";

const TONES = ["good", "bad"];

export function verify(section) {
  addEventListener("hashchange", () => verifyNow(section));
  return verifyNow(section);
}

async function verifyNow(section) {
  const digits = digitsIn(location.hash);
  if (!/^\d+$/.test(digits)) return;
  history.replaceState(null, "", location.pathname);
  const result = await read(digits, JSON.parse(section.dataset.keys));
  section.hidden = false;
  if (!result.ok) showForged(section, result.reason);
  else if (result.face.is_restricted) show(section, "restricted");
  else await showProven(section, result.face);
}

const part = (section, name) => section.querySelector(`[data-certificate-part="${name}"]`);

function show(section, name) {
  for (const one of ["proven", "restricted", "forged"]) part(section, one).hidden = one !== name;
  part(section, name).querySelector("h2").focus();
}

function showForged(section, reason) {
  for (const one of section.querySelectorAll("[data-certificate-fault]")) one.hidden = one.dataset.certificateFault !== reason;
  show(section, "forged");
}

async function showProven(section, face) {
  for (const row of section.querySelectorAll("[data-certificate-fact]")) {
    const text = face[row.dataset.certificateFact];
    row.classList.toggle("govuk-!-display-none", !text);
    row.querySelector("dd").textContent = text ?? "";
  }
  const asking = part(section, "asking");
  asking.hidden = false;
  for (const one of section.querySelectorAll("[data-certificate-verdict]")) one.hidden = true;
  show(section, "proven");
  try {
    const { verdict, tone } = await statusOf(section.dataset.status, face);
    const shown = section.querySelector(`[data-certificate-verdict="${TONES.includes(tone) ? tone : "other"}"]`);
    shown.firstElementChild.textContent = verdict;
    shown.hidden = false;
    asking.hidden = true;
  } catch {
    asking.textContent = section.dataset.unreachable;
    offerForm(face);
  }
}

/** How the certificate stands now: asked with what is printed on it, never with the token. */
async function statusOf(address, { number, holder_name, check_code = "" }) {
  const reply = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form().elements.csrfmiddlewaretoken.value },
    body: JSON.stringify({ number, name: holder_name, code: check_code, is_scan: true }),
  });
  if (!reply.ok) throw new Error(`the status: ${reply.status}`);
  return reply.json();
}

const form = () => document.querySelector("form[data-certificate-form]");

function offerForm({ number, holder_name }) {
  form().elements.number.value = number;
  form().elements.name.value = holder_name;
}
