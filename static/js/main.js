// Enhances what works without it. Each module looks for its own data attribute and does nothing where there is none.
import { initAll } from "./govuk-frontend.min.js";
import { guardForms } from "./once.js";
import { countDown } from "./deadline.js";
import { offerCopying } from "./copy.js";
import { awaitArrival } from "./waiting.js";

initAll();
// The skip link moves the focus by script; its mark in the address would go along with every form and take the focus there.
document.querySelector(".govuk-skip-link")?.addEventListener("click", (event) => event.preventDefault());
guardForms(document);
countDown(document);
offerCopying(document);
// Here from the start, for what was pressed while it was still being fetched would be thrown away with the page.
document.querySelectorAll("[data-waiting]").forEach(awaitArrival);

const uploads = document.querySelectorAll("[data-upload]");
if (uploads.length) import("./upload.js").then(({ offerResuming }) => uploads.forEach(offerResuming));

const drafts = document.querySelectorAll("form[data-autosave]");
if (drafts.length) import("./autosave.js").then(({ autosave }) => drafts.forEach(autosave));

const sections = document.querySelectorAll("form[data-fields]");
if (sections.length) import("./fields.js").then(({ saveFields }) => sections.forEach(saveFields));

const sessions = document.querySelectorAll("[data-live]");
if (sessions.length) import("./session.js").then(({ follow }) => sessions.forEach(follow));

const ballots = document.querySelectorAll("[data-ballot]");
if (ballots.length) import("./ballot/page.js").then(({ attend }) => ballots.forEach(attend));

const certificates = document.querySelectorAll("[data-certificate]");
if (certificates.length) import("./certificates/check.js").then(({ verify }) => certificates.forEach(verify));
