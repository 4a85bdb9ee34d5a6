// What a page about a secret ballot can do in this browser: <section data-ballot="key|cast|ceremony|count" …>.
// Without scripts, or where the browser lacks what is needed, the section says so and points to paper.
import { BallotRefused, hex, joined, unhex, words } from "./group.js";
import * as casting from "./casting.js";
import * as ceremonies from "./ceremony.js";
import * as counting from "./counting.js";
import { keyOf, makeKey } from "./device.js";
import { keep, keepSecret, kept, keptSecret } from "./vault.js";

const FEWEST = 2;
const PARTS = { key: offerKey, cast: offerCasting, ceremony: takePart, count: offerCounting };

export async function attend(section) {
  if (!window.isSecureContext || !window.indexedDB || !crypto.subtle) return;
  section.querySelectorAll("[data-ballot-off]").forEach((one) => (one.hidden = true));
  await guarded(section, async () => {
    await PARTS[section.dataset.ballot](section);
    section.querySelectorAll("[data-ballot-on]").forEach((one) => (one.hidden = false)); // now its buttons do something
  });
}

/** Run it; what goes wrong is said on the page, and nothing is sent. */
async function guarded(section, act) {
  const place = section.querySelector("[data-ballot-error]");
  place.hidden = true;
  place.textContent = "";
  try {
    await act();
  } catch (error) {
    const { dataset } = section;
    place.textContent = error instanceof BallotRefused ? (dataset[`fault${error.fault}`] ?? `${dataset.fault} (${error.fault})`) : dataset.broken;
    place.hidden = false;
    place.scrollIntoView({ block: "nearest" });
    section.querySelectorAll("button[disabled]").forEach((button) => (button.disabled = false));
    if (!(error instanceof BallotRefused)) console.warn(error);
  }
}

function onPress(section, name, act) {
  const button = section.querySelector(`[data-ballot-${name}]`);
  button?.addEventListener("click", () => {
    button.disabled = true;
    guarded(section, act);
  });
}

const part = (section, name) => section.querySelector(`[data-ballot-${name}]`);

function send(section, fields) {
  const form = part(section, "form");
  for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
  form.submit();
}

/** Send the filled form and stay here if no answer comes: the same again changes nothing, whether or not it had arrived. */
async function sendOrStay(section, fields) {
  const form = part(section, "form");
  for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
  let reply;
  try {
    reply = await fetch(location.href, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
  } catch {
    throw new BallotRefused("lost", "the line is down");
  }
  if (reply.type === "opaqueredirect") location.reload();
  else if (reply.status >= 500) throw new BallotRefused("lost", `the portal is away: ${reply.status}`);
  else form.submit(); // refused, and nothing was kept: the page that comes says why
}

// --- A member's key and ballot -----------------------------------------------------------------
async function offerKey(section) {
  const { session, member, key } = section.dataset;
  const own = await keyOf(session, member);
  const isHere = Boolean(own && key && hex(own.publicKey) === key);
  for (const name of ["here", "elsewhere"]) {
    const said = part(section, name);
    if (said) said.hidden = (name === "here") !== isHere;
  }
  onPress(section, "make", async () => send(section, { key: hex(await makeKey(session, member)) }));
}

/** The ceremony from the scrutineers' own announcements, each checked; refuses another than this device saw first. */
async function ceremonyAsBefore({ session, member, announcements }) {
  const held = ceremonies.ceremonyOf(session, announcements.split(",").map(unhex));
  const name = `${session}/${member}/ceremony`;
  const earlier = await kept(name); // once a vote is open the scrutineers make no other key
  if (earlier && earlier !== hex(held.transcript)) throw new BallotRefused("changed", "the scrutineers' key is another than before");
  await keep(name, hex(held.transcript));
  return held;
}

async function offerCasting(section) {
  const { session, item, member, key } = section.dataset;
  const own = await keyOf(session, member);
  if (!own || hex(own.publicKey) !== key) throw new BallotRefused("device", "this device holds another key, or none");
  const held = await ceremonyAsBefore(section.dataset);
  part(section, "digits").textContent = ceremonies.fingerprint(held); // read aloud: the same in the whole room
  const booth = { session, item, jointKey: held.jointKey };
  const chosen = () => section.querySelector("input[type=radio]:checked");
  const show = (isSure) => {
    part(section, "choose").hidden = isSure;
    part(section, "sure").hidden = !isSure;
  };
  onPress(section, "review", async () => {
    part(section, "review").disabled = false;
    if (!chosen()) throw new BallotRefused("choice", "nothing is chosen");
    part(section, "chosen").textContent = section.querySelector(`label[for="${chosen().id}"]`).textContent.trim();
    show(true);
    part(section, "sure").focus(); // not its button: a key held down a little too long must not vote
  });
  part(section, "back").addEventListener("click", () => {
    show(false);
    chosen().focus();
  });
  let marked = null; // once it may have left this device, it is sent again, and never another
  onPress(section, "cast", async () => {
    if (!marked) {
      const content = casting.mark(booth, own.publicKey, chosen().value);
      const signature = await own.sign(casting.signed(booth, own.publicKey, content));
      marked = { content: hex(content), signature: hex(signature) };
      chosen().checked = false;
      part(section, "back").remove();
    }
    await sendOrStay(section, marked);
  });
}

// --- The scrutineers' key and count ------------------------------------------------------------
const secretsName = ({ session, member }) => `${session}/${member}/scrutineer`;

async function keptSecrets(dataset) {
  const bytes = await keptSecret(secretsName(dataset));
  if (!bytes) throw new BallotRefused("device", "this device holds no secrets of the scrutineer");
  const number = (from) => BigInt(`0x${hex(bytes.slice(from, from + 32))}`);
  return { constant: number(0), slope: number(32), box: bytes.slice(64, 96) };
}

async function keepSecrets(dataset, { constant, slope, box }) {
  const bytes = [constant, slope].map((number) => unhex(number.toString(16).padStart(64, "0")));
  await keepSecret(secretsName(dataset), joined(...bytes, box));
}

/** The ceremony as this browser sees it; refuses one in which the own announcement was exchanged. */
async function seen(dataset, secrets) {
  const held = ceremonies.ceremonyOf(dataset.session, dataset.announcements.split(",").map(unhex));
  const own = held.announcements[Number(dataset.seat) - 1];
  const drawn = ceremonies.readAnnouncement(dataset.session, own.seat, ceremonies.announce(dataset.session, own.seat, secrets));
  if (!own.constant.equals(drawn.constant) || hex(own.boxKey) !== hex(drawn.boxKey)) throw new BallotRefused("device", "another announcement stands in the own place");
  return held;
}

async function takePart(section) {
  const { dataset } = section;
  const seat = Number(dataset.seat);
  if (dataset.stage === "announce") {
    onPress(section, "make", async () => {
      const secrets = ceremonies.drawSecrets();
      await keepSecrets(dataset, secrets);
      send(section, { message: hex(ceremonies.announce(dataset.session, seat, secrets)) });
    });
  }
  if (dataset.stage === "share") {
    const secrets = await keptSecrets(dataset);
    const held = await seen(dataset, secrets);
    const others = ceremonies.SEATS.filter((other) => other !== seat);
    const sealed = await Promise.all(others.map(async (other) => `${other}:${hex(await ceremonies.sealShare(held, seat, other, secrets))}`));
    send(section, { message: sealed.join(",") });
  }
  if (dataset.stage === "confirm" || dataset.stage === "done") {
    const secrets = await keptSecrets(dataset);
    const held = await seen(dataset, secrets);
    part(section, "digits").textContent = ceremonies.fingerprint(held);
    onPress(section, "confirm", async () => {
      const share = await ownShare(dataset, held, secrets);
      send(section, { message: hex(ceremonies.confirm(held, seat, share)) });
    });
  }
}

/** This scrutineer's share of the joint key: the sum of what all three gave, each part checked. */
async function ownShare(dataset, held, secrets) {
  const seat = Number(dataset.seat);
  const shares = [ceremonies.shareFor(secrets, seat)];
  for (const told of dataset.sealed.split(",")) {
    const [sender, sealed] = told.split(":");
    shares.push(await ceremonies.openShare(held, Number(sender), seat, secrets, unhex(sealed)));
  }
  return ceremonies.combined(shares);
}

async function offerCounting(section) {
  const { dataset } = section;
  let checked = null;
  onPress(section, "check", async () => {
    const secrets = await keptSecrets(dataset);
    const held = await seen(dataset, secrets);
    const reply = await fetch(dataset.ballots, { headers: { Accept: "application/json" } });
    if (!reply.ok) throw new Error(`the ballots: ${reply.status}`);
    const { roll, ballots } = await reply.json();
    if (ballots.length < FEWEST) throw new BallotRefused("few", "the sum of so few ballots is somebody's vote");
    const booth = { session: dataset.session, item: dataset.item, jointKey: held.jointKey };
    checked = { secrets, held, booth, ballots, sealed: await checkedAll(section, booth, roll, ballots) };
    const numbers = dataset.numbers.replace("{roll}", roll.length).replace("{all}", ballots.length);
    part(section, "numbers").textContent = numbers; // what this browser holds, to be compared with the room
    part(section, "agreed").hidden = false;
    part(section, "check").remove();
    part(section, "open").focus();
  });
  onPress(section, "open", async () => {
    const { secrets, held, booth, ballots, sealed } = checked;
    await openOnce(dataset, ballots);
    const share = await ownShare(dataset, held, secrets);
    send(section, { message: hex(counting.partOfOpening(booth, held, Number(dataset.seat), share, counting.added(sealed))) });
  });
}

/** Every ballot of the roll, checked here; says how far it is. */
async function checkedAll(section, booth, roll, ballots) {
  const keys = ballots.map((each) => each.key);
  if (new Set(keys).size !== keys.length || !keys.every((key) => roll.includes(key)) || new Set(roll).size !== roll.length) {
    throw new BallotRefused("roll", "a ballot too many");
  }
  const sealed = [];
  for (const each of ballots) {
    const [key, ballot, signature] = [each.key, each.ballot, each.signature].map(unhex);
    casting.checkSignature(booth, key, ballot, signature);
    sealed.push(casting.check(booth, key, ballot));
    part(section, "progress").textContent = section.dataset.progress.replace("{done}", sealed.length).replace("{all}", ballots.length);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return sealed;
}

/** A scrutineer's device opens one sum for each item: two different ones would show the ballots between them. */
async function openOnce(dataset, ballots) {
  const name = `${dataset.session}/${dataset.member}/${dataset.item}/opened`;
  const mark = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", words(JSON.stringify(ballots)))));
  const earlier = await kept(name);
  if (earlier && earlier !== mark) throw new BallotRefused("opened", "another sum of this item was opened before");
  await keep(name, mark);
}
