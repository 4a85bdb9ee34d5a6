// Sends a form once: a second press while the first is on its way does nothing.
// The server refuses doubles by the hidden _key as well; this only spares people the wait.
export function guardForms(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    // A place in the address would travel on, and take the focus from what the answer has to tell.
    if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    root.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    });
  });
}
