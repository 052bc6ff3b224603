// "Leave this page": one press, or Shift three times, puts another page in the place of this one.
const WITHIN_MS = 3000;
const PRESSES = 3;

/** @param {HTMLAnchorElement} link */
export function leaveQuickly(link) {
  const leave = () => {
    document.documentElement.classList.add("wm-leaving");
    document.title = link.dataset.title || "";
    window.location.replace(link.href);
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  listenForShift(leave);
  // A page that the browser kept whole comes back hidden: show it only when somebody asks for it anew.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && document.documentElement.classList.contains("wm-leaving")) window.location.reload();
  });
}

function listenForShift(leave) {
  let presses = 0;
  let timer = 0;
  const forget = () => {
    presses = 0;
  };
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") return forget();
    window.clearTimeout(timer);
    presses += 1;
    if (presses >= PRESSES) return leave();
    timer = window.setTimeout(forget, WITHIN_MS);
  });
  // Shift held down for a capital letter or to go back a field is not a wish to leave.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") forget();
  });
}
