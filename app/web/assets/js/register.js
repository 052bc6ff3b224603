// The register on a phone: without network each press is kept in the page and goes when it is back, once and in order.
export class Register {
  constructor(form) {
    this.form = form;
    this.note = document.querySelector("[data-register-waits]");
    this.kept = [];
    form.addEventListener("submit", (event) => this.keep(event));
    window.addEventListener("online", () => this.send());
    window.addEventListener("beforeunload", (event) => this.kept.length && event.preventDefault());
  }

  // As it stands at the press: what is marked or typed after it belongs to the next one.
  keep(event) {
    event.preventDefault();
    const told = new URLSearchParams(new FormData(this.form));
    told.set("marked_at", String(Date.now()));
    // By its key whoever came without a booking is let in once, however often this is sent.
    told.set("key", `${told.get("key")}${this.kept.length || ""}`);
    this.kept.push(told);
    this.form.elements.walk_in.value = "";
    this.send();
  }

  async send() {
    if (this.sending) return;
    this.sending = true;
    clearTimeout(this.again);
    try {
      let answer;
      while (this.kept.length) {
        answer = await fetch(this.form.action, { method: "POST", body: this.kept[0], redirect: "follow" });
        // Whoever was signed out meanwhile is led elsewhere: nothing was kept there.
        if (answer.status >= 500 || new URL(answer.url).pathname !== new URL(this.form.action).pathname) throw answer;
        if (!answer.ok) break;
        this.kept.shift();
      }
      this.note.hidden = true;
      if (answer && this.kept.length) {
        // The server said why not: let it say so on the page, with what was pressed.
        this.form.elements.walk_in.value = this.kept.shift().get("walk_in");
        this.kept = [];
        this.form.submit();
      } else if (answer) window.location.assign(answer.url);
    } catch {
      this.note.hidden = false;
      this.again = setTimeout(() => this.send(), 15000);
    } finally {
      this.sending = false;
    }
  }
}
