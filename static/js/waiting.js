// Asks whether what the page waits for has arrived: <p data-waiting="/address"> with a link <a data-waiting-reload>.
// The page is loaded again by itself only while nobody has begun to fill anything in or pressed a button, for loading
// would take what was pressed with it; otherwise the link says so.
// With data-moves (a session's stream) and data-revision it hears of it at once, and asks only where no stream can be had:
// then without end, for a meeting lasts longer than any upload.
import { enteredBefore } from "./entered.js";

const PAUSE = 3000;
const TRIES = 60;

export function awaitArrival(place) {
  const link = place.querySelector("[data-waiting-reload]");
  let touched = [...document.querySelectorAll("input, select, textarea")].some(enteredBefore);
  let left = place.dataset.moves ? Infinity : TRIES;
  document.addEventListener("input", () => (touched = true), { once: true });
  document.addEventListener("click", (event) => (touched ||= Boolean(event.target.closest("button"))), { capture: true });

  async function look() {
    left -= 1;
    try {
      const reply = await fetch(place.dataset.waiting, { headers: { Accept: "application/json" }, redirect: "error" });
      if (reply.ok && !(await reply.json()).waiting) return arrived();
    } catch {
      // The line is down; the next look may succeed, and the link works without it.
    }
    if (left > 0) setTimeout(look, PAUSE);
  }

  function arrived() {
    if (touched) link.textContent = link.dataset.arrived;
    else location.reload();
  }

  function stream() {
    const moves = new EventSource(place.dataset.moves);
    moves.addEventListener("message", (event) => {
      if (event.data === place.dataset.revision) return;
      moves.close();
      arrived();
    });
    moves.addEventListener("error", () => {
      if (moves.readyState === EventSource.CLOSED) setTimeout(look, PAUSE);
    });
  }

  if (place.dataset.moves && window.EventSource) stream();
  else setTimeout(look, PAUSE);
}
