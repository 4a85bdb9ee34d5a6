// Asks whether what the page waits for has arrived: <p data-waiting="/address"> with a link <a data-waiting-reload>.
// The page is loaded again by itself only while nobody has begun to fill anything in; otherwise the link says so.
const PAUSE = 3000;
const TRIES = 60;

export function awaitArrival(place) {
  const link = place.querySelector("[data-waiting-reload]");
  let touched = false;
  let left = TRIES;
  document.addEventListener("input", () => (touched = true), { once: true });

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

  setTimeout(look, PAUSE);
}
