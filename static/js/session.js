// Lets a session's screen follow the room: <div data-live="screen" data-moves="stream" data-revision-at="poll" data-revision="7">.
// Asks by itself where no stream can be had. A screen in which somebody is typing, or holds the keyboard's place, is
// not changed under their hands: the note says that there is something new.
const PAUSE = 3000;

export function follow(place) {
  let seen = Number(place.dataset.revision);
  let wanted = seen; // the stream tells each move once: one that comes during a fetch is fetched after it
  let fetching = false;
  let polling = null;
  const note = document.querySelector("[data-live-note]");

  async function refresh(revision) {
    wanted = Math.max(wanted, revision);
    if (revision <= seen || fetching) return;
    const asked = wanted;
    fetching = true;
    try {
      const reply = await fetch(place.dataset.live, { redirect: "error" });
      if (!reply.ok) return;
      const text = await reply.text();
      seen = Number(reply.headers.get("X-Revision"));
      show(text);
    } catch {
      // The line is down; the next move or the next look brings the screen up to date.
    } finally {
      fetching = false;
      if (wanted > asked) refresh(wanted);
    }
  }

  function show(text) {
    const focused = place.contains(document.activeElement) ? nameOf(document.activeElement) : null;
    const fresh = new DOMParser().parseFromString(text, "text/html");
    place.replaceChildren(...fresh.body.childNodes);
    if (focused) place.querySelector(focused)?.focus();
    if (note) note.textContent = note.dataset.words;
  }

  // How the same control is found again on the fresh screen.
  const nameOf = (control) => (control.id ? `#${CSS.escape(control.id)}` : `a[href="${CSS.escape(control.getAttribute("href"))}"]`);

  async function look() {
    try {
      const reply = await fetch(place.dataset.revisionAt, { headers: { Accept: "application/json" }, redirect: "error" });
      if (reply.ok) await refresh((await reply.json()).revision);
    } catch {
      // The next look may succeed.
    }
  }

  function poll() {
    if (polling === null) polling = setInterval(look, PAUSE);
  }

  function stream() {
    const moves = new EventSource(place.dataset.moves);
    moves.addEventListener("message", (event) => refresh(Number(event.data)));
    moves.addEventListener("error", () => {
      if (moves.readyState === EventSource.CLOSED) poll();
    });
  }

  if (window.EventSource) stream();
  else poll();
}
