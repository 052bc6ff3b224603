// A button that prints. Without script it stays hidden: the browser's own menu prints too.
/** @param {HTMLButtonElement} button */
export function printPage(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
