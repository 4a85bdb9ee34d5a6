// Shows a hidden button that copies an address or a hash: <button hidden data-copy="text" data-copied="已复制">复制</button>
export function offerCopying(root) {
  if (!navigator.clipboard) return;
  root.querySelectorAll("button[data-copy]").forEach((button) => {
    button.hidden = false;
    const label = button.textContent;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.copied;
      button.setAttribute("aria-live", "polite");
      setTimeout(() => (button.textContent = label), 3000);
    });
  });
}
