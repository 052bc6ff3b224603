// The form that opens without network: what is kept waits in the tab and goes as a draft when the network is back.
import { howManyWait, keepEntry, sendKept, takeUpTyping } from "./advice-kept.js";

const RETRY = 10000;

/** @param {HTMLElement} part holds the form, and as data what to say */
export function adviceOffline(part) {
  const form = part.querySelector("form");
  const status = part.querySelector("[data-status]");
  const then = part.querySelector("[data-then]");
  const say = (words) => {
    status.textContent = words.replace("{number}", howManyWait());
  };
  let sending = false;

  const send = async () => {
    if (sending || !howManyWait()) return;
    sending = true;
    try {
      const made = await sendKept();
      say(made === null ? part.dataset.signedOut : howManyWait() ? part.dataset.waiting : part.dataset.sent);
      if (made?.length) then.hidden = false;
    } catch {
      say(part.dataset.waiting);
    } finally {
      sending = false;
    }
  };

  part.hidden = false;
  if (takeUpTyping() || howManyWait()) say(part.dataset.waiting);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!keepEntry(form)) {
      say(part.dataset.empty);
      return;
    }
    form.reset();
    say(part.dataset.waiting);
    form.querySelector("input").focus();
    send();
  });
  // Only what was not kept yet would be lost with the page.
  addEventListener("beforeunload", (event) => {
    if ([...form.querySelectorAll('input[type="text"], textarea')].some((field) => field.value)) event.preventDefault();
  });
  addEventListener("online", send);
  setInterval(send, RETRY);
  send();
}
