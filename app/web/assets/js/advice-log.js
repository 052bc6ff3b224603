// Logging a contact: what is typed is kept on the server while one types, and looking somebody or something up changes
// only its own part of the page. Without this file the same buttons do the same, with a page each time.
import { howManyWait, keepTyping, sendKept, takeUpTyping, typingIsSaved } from "./advice-kept.js";

const PAUSE = 2000;
const RETRY = 10000;
// Which parts of the page are written anew when what was looked up; what one is in the middle of is left alone.
const PARTS = {
  who: ["who", "issues-found", "services-found", "cases-found"],
  person: ["services-found", "cases-found"],
  words: ["issues-found", "services-found"],
};

/** @param {HTMLFormElement} form data-unsaved and data-signed-out hold what to say when a draft cannot be kept */
export function adviceLog(form) {
  const status = form.querySelector("[data-status]");
  const say = (words, trouble) => {
    status.textContent = words;
    status.dataset.is = trouble ? "trouble" : "fine";
  };
  let timer = 0;
  let busy = Promise.resolve();
  let leaving = false;
  let sent = false;
  const key = self.crypto.randomUUID?.() ?? "";
  let changes = 0;

  const send = (what) => {
    const body = new FormData(form);
    body.set("do", what);
    return fetch(form.action, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
  };

  // Signed in again in another window, the form goes on with that session, if it is of the same person.
  const renew = async () => {
    const answer = await fetch(form.action, { redirect: "manual", credentials: "same-origin" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("form[data-whose]");
    if (fresh?.dataset.whose !== form.dataset.whose) return false;
    form.elements.csrf_token.value = fresh.elements.csrf_token.value;
    return true;
  };

  const isSignedOut = (answer) => answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 400;

  /** Whether what is on the page may be sent on: not while it could get lost on the way. */
  const keep = async () => {
    if (leaving) return true;
    const upTo = changes;
    try {
      let answer = await send("autosave");
      if (isSignedOut(answer) && (await renew())) answer = await send("autosave");
      if (answer.ok) {
        const told = await answer.json();
        if (told.go) {
          // Something came between; it is shown beside what was typed, which is kept.
          leaving = true;
          typingIsSaved();
          location.assign(told.go);
          return false;
        }
        form.elements.draft.value = told.draft;
        form.elements.version.value = told.version;
        if (upTo === changes) typingIsSaved();
        say(told.saved, false);
        return true;
      }
      if (answer.status === 413 || answer.status === 422) {
        // Sent as it is, a page that is only too long for a draft comes back with what is wrong at each field.
        say(form.dataset.tooLong, true);
        return answer.status === 422;
      }
      say(isSignedOut(answer) ? form.dataset.signedOut : form.dataset.unsaved, true);
      later(RETRY);
      return !isSignedOut(answer);
    } catch {
      say(form.dataset.unsaved, true);
      later(RETRY);
      return false;
    }
  };

  // One after the other: two saves at once would make two drafts.
  const inTurn = (work) => (busy = busy.then(work, work));
  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(() => inTurn(keep), pause);
  };

  const look = async (what) => {
    try {
      const answer = await send("look");
      if (answer.type === "opaqueredirect") later(0);
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of PARTS[what]) {
        const fresh = page.getElementById(id);
        const old = document.getElementById(id);
        if (fresh && old) old.replaceWith(fresh);
      }
      for (const name of ["draft", "version", "form_key"]) {
        const fresh = page.querySelector(`input[name="${name}"]`);
        if (fresh) form.elements[name].value = fresh.value;
      }
      const said = page.querySelector("[data-status]");
      if (said) say(said.textContent, false);
      if (what === "who") form.querySelector('#who input[name="person"]')?.focus();
    } catch {
      say(form.dataset.unsaved, true);
      later(RETRY);
    }
  };

  form.addEventListener("input", (event) => {
    changes += 1;
    if (key) keepTyping(form, key);
    if (event.target.name === "words") {
      clearTimeout(timer);
      timer = setTimeout(() => inTurn(() => look("words")), 500);
    } else if (event.target.name === "person") {
      clearTimeout(timer);
      inTurn(() => look("person"));
    } else {
      later(PAUSE);
    }
  });
  // What an earlier page of this tab could not save: it becomes a draft now, and where it is this very one, it is shown.
  const takeUp = async () => {
    takeUpTyping();
    try {
      const made = await sendKept();
      if (!made?.length) return;
      if (made.includes(form.elements.draft.value)) location.reload();
      else say(form.dataset.kept, false);
    } catch {
      if (howManyWait()) say(form.dataset.unsaved, true);
      setTimeout(() => inTurn(takeUp), RETRY);
    }
  };
  inTurn(takeUp);

  // A new contact begins with a name: nobody with a keyboard has to go through the menu to get to it.
  const isNew = !form.elements.draft.value && !document.querySelector(".govuk-error-summary");
  const hasKeyboard = matchMedia("(pointer: fine)").matches;
  if (isNew && hasKeyboard && document.activeElement === document.body && !form.elements.name.value) {
    form.elements.name.focus({ preventScroll: true });
  }
  form.querySelector("[data-shortcut]").hidden = !hasKeyboard;
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector('button[name="do"][value="log"]'));
  });
  navigator.serviceWorker?.register("/desk/advice/offline.js").catch(() => {});

  // Gone back to, the page goes on where it was left.
  addEventListener("pageshow", (event) => {
    if (event.persisted) leaving = sent = false;
  });
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    clearTimeout(timer);
    if (leaving && !sent) {
      sent = true;
      return;
    }
    event.preventDefault();
    if (button?.value !== "look") {
      inTurn(async () => {
        if (leaving || !(await keep())) return;
        leaving = true;
        form.requestSubmit(button);
      });
      return;
    }
    const inWords = document.activeElement?.name === "words" || button.closest("#about");
    inTurn(() => look(inWords ? "words" : "who"));
  });
}
