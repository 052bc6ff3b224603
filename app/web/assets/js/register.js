// The register on a phone: without network each press is kept in the page and goes when it is back, once and in order.
const SIGNED_OUT = new Error("signed out");

export class Register {
  constructor(form) {
    this.form = form;
    this.note = document.querySelector("[data-register-waits]");
    this.signedOut = document.querySelector("[data-register-signed-out]");
    this.names = document.querySelector("[data-register-names]");
    this.more = document.querySelector("[data-register-more]");
    this.kept = [];
    this.pressed = 0;
    form.addEventListener("submit", (event) => this.keep(event));
    for (const back of ["online", "focus"]) window.addEventListener(back, () => this.kept.length && this.send());
    window.addEventListener("beforeunload", (event) => this.kept.length && event.preventDefault());
  }

  // As it stands at the press: what is marked or typed after it belongs to the next one.
  keep(event) {
    event.preventDefault();
    const told = new URLSearchParams(new FormData(this.form));
    told.set("marked_at", String(Date.now()));
    // By its key whoever came without a booking is let in once, however often this is sent; each press has its own.
    told.set("key", `${told.get("key")}-${++this.pressed}`);
    this.kept.push(told);
    this.form.elements.walk_in.value = "";
    this.more.hidden = true;
    this.asPressed = this.marks();
    this.nameThem();
    this.send();
  }

  // What people marked and typed, without what the form carries along.
  marks() {
    const told = new FormData(this.form);
    for (const name of ["csrf_token", "key", "marked_at"]) told.delete(name);
    return new URLSearchParams(told).toString();
  }

  // Whoever came without a booking is not on the page yet: their names say that they are kept too.
  nameThem() {
    const waiting = this.kept.map((told) => told.get("walk_in")).filter(Boolean);
    this.names.querySelector("span").textContent = waiting.join(", ");
    this.names.hidden = waiting.length === 0;
  }

  post() {
    return fetch(this.form.action, { method: "POST", body: this.kept[0], redirect: "follow" });
  }

  isElsewhere(answer) {
    return new URL(answer.url).pathname !== new URL(this.form.action).pathname;
  }

  // The page as it is now says whether somebody is signed in, and has the token that their forms need.
  async renew() {
    const page = await fetch(this.form.action);
    if (this.isElsewhere(page)) throw SIGNED_OUT;
    const today = new DOMParser().parseFromString(await page.text(), "text/html");
    const token = today.querySelector("form[data-module='wm-register'] [name='csrf_token']").value;
    this.form.elements.csrf_token.value = token;
    for (const told of this.kept) told.set("csrf_token", token);
  }

  async send() {
    if (this.sending) return;
    this.sending = true;
    clearTimeout(this.again);
    try {
      let answer;
      const refused = [];
      while (this.kept.length) {
        answer = await this.post();
        // Signed out meanwhile, or signed in anew: nothing was kept.
        if (this.isElsewhere(answer) || answer.status === 400) {
          await this.renew();
          answer = await this.post();
        }
        if (answer.status >= 500 || this.isElsewhere(answer)) throw answer;
        // Whoever came after the one that the server does not take is let in all the same.
        const told = this.kept.shift();
        if (!answer.ok) refused.push(told.get("walk_in"));
        this.nameThem();
      }
      this.note.hidden = this.signedOut.hidden = true;
      if (refused.length) {
        // The server said why not: let it say so on the page, with the names of all whom it did not take.
        this.form.elements.walk_in.value = refused.filter(Boolean).join(", ");
        this.form.submit();
      } else if (answer && this.marks() === this.asPressed) window.location.assign(answer.url);
      // What was marked since the press would be lost with the page: it stays until the button is pressed again.
      else if (answer) this.more.hidden = false;
    } catch (error) {
      this.signedOut.hidden = error !== SIGNED_OUT;
      this.note.hidden = error === SIGNED_OUT;
      this.again = setTimeout(() => this.send(), 15000);
    } finally {
      this.sending = false;
    }
  }
}
