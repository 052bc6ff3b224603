// A part of the page that is fetched anew every so often: not while the page is hidden, and never under somebody's hands.
const EVERY = 20_000;

export class LookAgain {
  constructor(part) {
    this.part = part;
    this.said = document.querySelector("[data-look-again-said]");
    this.stopped = document.querySelector("[data-look-again-stopped]");
    this.timer = setInterval(() => this.look(), EVERY);
    document.addEventListener("visibilitychange", () => this.look());
  }

  get isBusy() {
    return document.hidden || this.part.contains(document.activeElement);
  }

  async look() {
    if (this.isBusy || !this.timer) return;
    const answer = await fetch(this.part.dataset.url).catch(() => null);
    if (!answer || answer.status >= 500) return;
    if (!answer.ok || answer.redirected) return this.stop();
    const text = await answer.text();
    if (!this.isBusy) this.show(text);
  }

  show(text) {
    const before = this.sentence();
    this.part.innerHTML = text;
    // Only what changed is read out.
    if (this.sentence() !== before) this.said.textContent = this.sentence();
  }

  sentence() {
    return this.part.querySelector("[data-look-again-says]")?.dataset.lookAgainSays;
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.stopped.hidden = false;
  }
}
