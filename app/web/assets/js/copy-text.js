// "Copy as text": the words stand in a field that can be copied by hand; this puts them on the clipboard.
/** @param {HTMLButtonElement} button data-from names the field, data-done what to say afterwards */
export function copyText(button) {
  const field = document.getElementById(button.dataset.from);
  const status = document.getElementById(button.dataset.status);
  if (!field || !status || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = button.dataset.done;
    } catch {
      field.focus();
      field.select();
    }
  });
}
