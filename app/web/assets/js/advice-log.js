// Logging a contact: what is typed is kept on the server while one types, and looking somebody or something up changes
// only its own part of the page. Without this file the same buttons do the same, with a page each time.
const PAUSE = 2000;
const RETRY = 10000;
const PARTS = ["who", "issues-found"];

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

  const send = (what) => {
    const body = new FormData(form);
    body.set("do", what);
    return fetch(form.action, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
  };

  const keep = async () => {
    if (leaving) return;
    try {
      const answer = await send("autosave");
      if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 400) {
        say(form.dataset.signedOut, true);
      } else if (answer.ok) {
        const told = await answer.json();
        form.elements.draft.value = told.draft;
        say(told.saved, false);
        return;
      } else {
        say(form.dataset.unsaved, true);
      }
    } catch {
      say(form.dataset.unsaved, true);
    }
    later(RETRY);
  };

  // One after the other: two saves at once would make two drafts.
  const inTurn = (work) => (busy = busy.then(work, work));
  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(() => inTurn(keep), pause);
  };

  const look = async (focus) => {
    try {
      const answer = await send("look");
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of PARTS) {
        const fresh = page.getElementById(id);
        const old = document.getElementById(id);
        if (fresh && old && !(id === "who" && focus !== "who")) old.replaceWith(fresh);
      }
      const draft = page.querySelector('input[name="draft"]');
      if (draft) form.elements.draft.value = draft.value;
      const said = page.querySelector("[data-status]");
      if (said) say(said.textContent, false);
      if (focus === "who") form.querySelector('#who input[name="person"]')?.focus();
    } catch {
      say(form.dataset.unsaved, true);
      later(RETRY);
    }
  };

  form.addEventListener("input", (event) => {
    if (event.target.name === "words") {
      clearTimeout(timer);
      timer = setTimeout(() => inTurn(() => look("words")), 500);
    } else {
      later(PAUSE);
    }
  });
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.value !== "look") {
      leaving = true;
      clearTimeout(timer);
      return;
    }
    event.preventDefault();
    clearTimeout(timer);
    const inWords = document.activeElement?.name === "words" || button.closest("#about");
    inTurn(() => look(inWords ? "words" : "who"));
  });
}
