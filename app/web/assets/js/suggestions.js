// Suggestions under the search box: an ARIA 1.2 combobox with a list. The box is an ordinary field without this.
const WAIT_MS = 150;
const SHORTEST = 2;

/** @param {HTMLElement} box holds the input and says in data-url where to ask */
export function suggestWhileTyping(box) {
  const input = box.querySelector("input");
  if (input) new Suggestions(box, input);
}

class Suggestions {
  constructor(box, input) {
    this.url = box.dataset.url;
    this.words = box.dataset;
    this.input = input;
    this.items = [];
    this.active = -1;
    this.timer = 0;
    this.asked = 0;
    this.list = this.makeList(box);
    this.status = makeStatus(box);
    this.describeInput();
    input.addEventListener("input", () => this.askSoon());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
  }

  makeList(box) {
    const list = document.createElement("ul");
    list.className = "wm-suggestions";
    list.id = `${this.input.id}-suggestions`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", this.words.listLabel);
    list.hidden = true;
    // The press must not take the focus from the field before it is read.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const item = event.target.closest("[role=option]");
      if (item) this.choose(Number(item.dataset.at));
    });
    box.append(list);
    return list;
  }

  describeInput() {
    const attributes = {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
      autocomplete: "off",
    };
    Object.entries(attributes).forEach(([name, value]) => this.input.setAttribute(name, value));
  }

  askSoon() {
    window.clearTimeout(this.timer);
    const typed = this.input.value.trim();
    if (typed.length < SHORTEST) return this.close();
    this.timer = window.setTimeout(() => this.ask(typed), WAIT_MS);
  }

  async ask(typed) {
    const turn = ++this.asked;
    try {
      const answer = await fetch(`${this.url}?q=${encodeURIComponent(typed.slice(0, 100))}`);
      if (!answer.ok) return this.close();
      const { suggestions } = await answer.json();
      // An answer that comes late must not replace a newer one, nor open the list of a field left long ago.
      if (turn === this.asked && document.activeElement === this.input) this.show(suggestions);
    } catch {
      this.close();
    }
  }

  show(suggestions) {
    this.items = suggestions;
    this.active = -1;
    this.list.replaceChildren(...suggestions.map((item, at) => this.makeItem(item, at)));
    this.setOpen(suggestions.length > 0);
    this.status.textContent = suggestions.length ? this.words.found.replace("{count}", suggestions.length) : "";
  }

  makeItem(item, at) {
    const element = document.createElement("li");
    element.className = "wm-suggestions__item";
    element.id = `${this.list.id}-${at}`;
    element.dataset.at = at;
    element.setAttribute("role", "option");
    element.setAttribute("aria-selected", "false");
    element.textContent = item.label;
    // The interface for programs answers in English, also to a page in Welsh.
    element.lang = "en";
    return element;
  }

  key(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !this.list.hidden) {
      event.preventDefault();
      this.move(step);
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Tab") {
      this.close();
    }
  }

  // One place more than there are items: the field itself lies between the last and the first.
  move(step) {
    const places = this.items.length + 1;
    this.active = ((this.active + 1 + step + places) % places) - 1;
    [...this.list.children].forEach((item, at) => {
      item.setAttribute("aria-selected", String(at === this.active));
      if (at === this.active) item.scrollIntoView({ block: "nearest" });
    });
    if (this.active >= 0) this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.active}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  choose(at) {
    const item = this.items[at];
    this.close();
    if (!item) return;
    if (item.url) {
      window.location.assign(item.url);
    } else {
      this.input.value = item.label;
      this.input.form.requestSubmit();
    }
  }

  close() {
    window.clearTimeout(this.timer);
    this.asked += 1;
    this.active = -1;
    this.setOpen(false);
    this.status.textContent = "";
  }

  setOpen(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    if (!open) this.input.removeAttribute("aria-activedescendant");
  }
}

function makeStatus(box) {
  const status = document.createElement("span");
  status.className = "govuk-visually-hidden";
  status.setAttribute("role", "status");
  box.append(status);
  return status;
}
