// Contacts that could not be saved: they stay in this tab, in nobody else's sight, and go as drafts when the network
// is back. Nothing of them is kept once they are sent, the tab is closed, or whoever typed them signs out.
const TYPING = "waymark-typing";
const KEPT = "waymark-kept";
const LOG = "/desk/advice/log";
const NOT_TYPED = ["csrf_token", "do"];

const read = (name, none) => {
  try {
    return JSON.parse(sessionStorage.getItem(name)) ?? none;
  } catch {
    return none;
  }
};

const write = (name, value) => {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing: the page itself still does.
  }
};

const hasWords = (form) =>
  [...form.querySelectorAll('input[type="text"], textarea')].some((field) => field.value.trim());

/** What a form holds now, with the day where none was typed: it may be sent on another. */
const entryOf = (form, key) => {
  const body = new FormData(form);
  for (const name of NOT_TYPED) body.delete(name);
  if (!body.get("happened_on-year")) {
    const now = new Date();
    body.set("happened_on-day", now.getDate());
    body.set("happened_on-month", now.getMonth() + 1);
    body.set("happened_on-year", now.getFullYear());
  }
  return { key, whose: form.dataset.whose, fields: [...body] };
};

/** While the server does not have it: what is in the form, should the page be loaded again without network. */
export const keepTyping = (form, key) => write(TYPING, entryOf(form, key));
export const typingIsSaved = () => sessionStorage.removeItem(TYPING);

/** What was being typed when the page went becomes an entry that waits. */
export function takeUpTyping() {
  const typed = read(TYPING, null);
  if (!typed) return false;
  write(KEPT, [...read(KEPT, []).filter((entry) => entry.key !== typed.key), typed]);
  typingIsSaved();
  return true;
}

export const howManyWait = () => read(KEPT, []).length;

/** Puts the form among what waits. False where there is nothing in it. */
export function keepEntry(form) {
  if (!hasWords(form)) return false;
  write(KEPT, [...read(KEPT, []), entryOf(form, crypto.randomUUID())]);
  return true;
}

const signedIn = async () => {
  const answer = await fetch(LOG, { redirect: "manual", credentials: "same-origin" });
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("form[data-whose]");
};

/** Sends what waits, one after the other: the drafts that came of it, or null where nobody is signed in. */
export async function sendKept() {
  if (!howManyWait()) return [];
  const form = await signedIn();
  if (!form) return null;
  const made = [];
  for (const entry of read(KEPT, [])) {
    if (entry.whose !== form.dataset.whose) continue;
    const body = new FormData();
    for (const [name, value] of entry.fields) body.append(name, value);
    body.set("csrf_token", form.elements.csrf_token.value);
    body.set("kept_as", entry.key);
    body.set("do", "autosave");
    const answer = await fetch(LOG, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
    if (!answer.ok) continue;
    made.push((await answer.json()).draft);
    write(KEPT, read(KEPT, []).filter((each) => each.key !== entry.key));
  }
  return made;
}
