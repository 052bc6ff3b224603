// The register on a phone: without network the marks stay in the page and go when it is back, once.
export class Register {
  constructor(form) {
    this.form = form;
    this.note = document.querySelector("[data-register-waits]");
    this.waiting = false;
    form.addEventListener("submit", (event) => this.send(event));
    window.addEventListener("online", () => this.waiting && this.send());
    window.addEventListener("beforeunload", (event) => this.waiting && event.preventDefault());
  }

  async send(event) {
    event?.preventDefault();
    // Marked again while it waits: the later marks are what is sent.
    if (event || !this.form.elements.marked_at.value) this.form.elements.marked_at.value = String(Date.now());
    clearTimeout(this.again);
    try {
      const answer = await fetch(this.form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(this.form)),
        redirect: "follow",
      });
      this.show(false);
      if (answer.ok) window.location.assign(answer.url);
      else this.form.submit();
    } catch {
      this.show(true);
      this.again = setTimeout(() => this.send(), 15000);
    }
  }

  show(waits) {
    this.waiting = waits;
    this.note.hidden = !waits;
  }
}
