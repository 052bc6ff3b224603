// A paper form is entered with one hand on the number keys: the next box follows by itself, Enter goes on too.
/** @param {HTMLFormElement} form its boxes say with data-codes which numbers they take */
export function keypad(form) {
  const boxes = [...form.querySelectorAll("input[data-codes]")];
  const hint = form.querySelector("[data-keypad-hint]");
  if (!boxes.length) return;
  if (hint) hint.hidden = false;
  const next = (box) => {
    const following = boxes[boxes.indexOf(box) + 1];
    if (following) {
      following.focus();
      following.select();
    }
    return Boolean(following);
  };
  for (const box of boxes) {
    const codes = box.dataset.codes.split(" ");
    box.addEventListener("input", () => {
      const goesOn = codes.some((code) => code !== box.value && code.startsWith(box.value));
      if (codes.includes(box.value) && !goesOn) next(box);
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && next(box)) event.preventDefault();
    });
  }
  if (!document.querySelector(".govuk-error-summary")) {
    boxes[0].focus({ preventScroll: true });
    boxes[0].select();
  }
}
