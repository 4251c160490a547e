// A text field that completes words: the combobox pattern of the ARIA Authoring Practices, with a list below the field.

import { ask } from "./api.js";
import { element, integer, wordSpan } from "./text.js";

export class Combobox {
  /** onWord: called with the word when one is chosen (Enter takes the first), or typed where nothing begins so; false lets the form be sent. */
  constructor(input, onWord) {
    this.input = input;
    this.onWord = onWord;
    this.list = element("ul", { className: "completions", id: `${input.id}-list`, role: "listbox", hidden: true });
    this.list.setAttribute("aria-label", "Words that begin so");
    const field = element("div", { className: "field" });
    input.before(field);
    field.append(input, this.list);
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    const plain = { autocomplete: "off", autocapitalize: "off", spellcheck: "false", maxlength: "1000" };
    for (const [name, value] of Object.entries({ ...attributes, ...plain })) input.setAttribute(name, value);
    this.close();
    input.addEventListener("input", () => this.complete());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the focus stays in the field
      const option = event.target.closest("li");
      if (option) this.choose([...this.list.children].indexOf(option));
    });
  }

  complete() {
    this.close();
    const beginning = this.input.value.trimStart();
    if (!beginning || this.input !== document.activeElement) return;
    this.request = new AbortController();
    this.asked = this.answered(beginning, this.request.signal);
  }

  async answered(beginning, signal) {
    const words = await ask("complete", { beginning, n: 8 }, signal).catch(() => []); // Enter will tell what is wrong
    if (signal.aborted) return;
    this.asked = null;
    this.open(words);
  }

  open(entries) {
    this.words = entries.map(({ word }) => word);
    this.list.replaceChildren(
      ...entries.map(({ word, count }, i) => {
        const number = element("span", { className: "number" }, count ? integer(count) : "");
        const option = element("li", { id: `${this.input.id}-option-${i}`, role: "option" }, wordSpan(word), number);
        option.setAttribute("aria-selected", "false");
        return option;
      }),
    );
    this.list.hidden = !entries.length;
    this.input.setAttribute("aria-expanded", String(entries.length > 0));
  }

  close() {
    this.request?.abort();
    this.asked = null;
    this.words = [];
    this.active = -1;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return; // Enter that ends the input of a Chinese word
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && this.words.length) {
      event.preventDefault();
      const n = this.words.length + 1; // one place is the field itself
      this.activate(((this.active + 1 + steps[event.key] + n) % n) - 1);
    } else if (event.key === "Enter") {
      if (this.active >= 0) {
        event.preventDefault();
        this.choose(this.active);
      } else if (this.asked) {
        event.preventDefault();
        this.enterLater();
      } else if (this.enter()) event.preventDefault();
    } else if (event.key === "Escape") {
      if (this.words.length) {
        event.preventDefault();
        event.stopPropagation();
      }
      this.close(); // a list that is still being asked for does not open either
    }
  }

  /** Take the first completion, or what was typed where there is none; whether the form is not to be sent. */
  enter() {
    const typed = this.input.value.trim();
    if (!typed) return false;
    if (this.words.length && this.words[0] !== typed) {
      this.choose(0);
      return true;
    }
    this.close();
    return this.onWord(typed);
  }

  /** The same, when the completions of what was typed have come; not after more was typed, or Escape. */
  async enterLater() {
    const { signal } = this.request;
    await this.asked;
    if (!signal.aborted && !this.enter()) this.input.form?.requestSubmit();
  }

  activate(index) {
    this.active = index;
    [...this.list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    if (index >= 0) this.input.setAttribute("aria-activedescendant", this.list.children[index].id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  choose(index) {
    const word = this.words[index];
    this.input.value = word;
    this.close();
    this.onWord(word, true);
  }
}
