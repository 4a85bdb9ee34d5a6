// Keeps "time left" true while a page stays open. Counts from the server's clock, which may be a demonstration clock,
// so that a wrong clock on the reader's machine changes nothing.
//
// <span data-deadline="2026-07-24T00:00:00+08:00" data-now="…" data-days="还剩 {d} 天 {h} 小时" data-hours="还剩 {h} 小时 {m} 分"
//       data-over="已截止">
const MINUTE = 60000;

export function countDown(root) {
  const places = [...root.querySelectorAll("[data-deadline]")];
  if (!places.length) return;
  const opened = Date.now();
  const show = () => places.forEach((place) => (place.textContent = left(place.dataset, Date.now() - opened)));
  show();
  setInterval(show, MINUTE);
}

function left({ deadline, now, days, hours, over }, passed) {
  const minutes = Math.floor((Date.parse(deadline) - Date.parse(now) - passed) / MINUTE);
  if (minutes < 0) return over;
  const parts = { "{d}": Math.floor(minutes / 1440), "{h}": Math.floor(minutes / 60) % 24, "{m}": minutes % 60 };
  const text = minutes >= 1440 ? days : hours;
  return text.replace(/\{[dhm]\}/g, (part) => parts[part]);
}
