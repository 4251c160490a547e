// The three questions: neighbors of a word, analogy, similarity. Each panel asks, shows the answer and marks it on the map.

import { ask } from "./api.js";
import { rankLine, refusalMessage, signedBar, wordList } from "./lists.js";
import { element, integer, shortened, shown, wordSpan } from "./text.js";

const N = 20;
const TITLE = document.title;

class Panel {
  /** explorer: {map, nOnMap, restriction(), select(word), point(index), say(text)} */
  constructor(name, explorer) {
    this.explorer = explorer;
    this.panel = document.getElementById(`panel-${name}`);
    this.answer = this.panel.querySelector(".answer");
  }

  /** Ask, and show what `show` makes of the answer; only the latest question is ever shown. */
  async ask(path, parameters, show, onMatch) {
    const question = (this.question = Symbol());
    this.answer.classList.add("waiting");
    let found;
    try {
      const content = await ask(path, parameters);
      if (question === this.question) found = show(content);
    } catch (error) {
      if (question !== this.question) return;
      this.mark();
      this.explorer.say(error.message);
      found = [refusalMessage(error, onMatch)];
    }
    if (question !== this.question) return;
    const byKeys = this.answer.querySelector(":focus-visible") !== null;
    this.answer.classList.remove("waiting");
    this.answer.replaceChildren(...found);
    this.explorer.map.point(-1); // the word under the pointer has gone
    if (byKeys) this.answer.querySelector("button")?.focus();
  }

  /** Mark the answer on the map, and bring `seen` onto the screen by `how`; while another panel is open, its marks stay. */
  mark(marks = {}, seen = [], how = "fit") {
    this.marks = marks;
    if (this.panel.hidden) return;
    this.explorer.map.mark(marks);
    if (seen.length) this.explorer.map[how](seen);
  }

  list(entries) {
    const { explorer } = this;
    return wordList(entries, explorer.nOnMap, (word) => explorer.select(word), (index) => explorer.map.point(index));
  }

  onMap(entries) {
    return entries.map(({ rank }) => rank).filter((rank) => rank < this.explorer.nOnMap);
  }
}

export class Neighbors extends Panel {
  constructor(explorer) {
    super("neighbors", explorer);
  }

  /** Show the neighbors of a word; they are brought onto the screen; without `fly` only if one of them is not. */
  show(typed, fly) {
    this.panel.querySelector(".hint").hidden = true;
    this.word = typed; // an unknown one too, so that it is asked again and not the one before
    const parameters = { word: typed, n: N, restrict_vocab: this.explorer.restriction() };
    return this.ask("neighbors", parameters, ([found]) => this.render(found, fly), (word) => this.explorer.select(word));
  }

  render(found, fly) {
    const { nOnMap, say } = this.explorer;
    this.word = found.word;
    document.title = `${shortened(shown(found.word), 40)} – ${TITLE}`;
    const others = this.onMap(found.neighbors);
    const center = found.rank < nOnMap ? found.rank : -1;
    this.mark({ center, others }, center < 0 ? [] : [center, ...others], fly ? "fit" : "reveal");
    say(`${found.neighbors.length} neighbors of ${shown(found.word)}`);
    return [
      element("h2", { className: "title" }, wordSpan(found.word)),
      element("p", { className: "quiet below-title" }, rankLine(found, nOnMap)),
      this.list(found.neighbors),
      element("p", { className: "quiet" }, found.note ?? ""),
    ];
  }

  clear() {
    this.question = this.word = null;
    this.answer.replaceChildren();
    this.panel.querySelector(".hint").hidden = false;
    document.title = TITLE;
    this.mark();
  }
}

export class Analogy extends Panel {
  constructor(explorer) {
    super("analogy", explorer);
    this.fields = ["a", "b", "c"].map((name) => document.getElementById(`analogy-${name}`));
    this.method = document.getElementById("analogy-method");
    this.method.addEventListener("change", () => this.show());
  }

  show() {
    const [a, b, c] = this.fields.map((field) => field.value.trim());
    const missing = this.fields.find((field) => !field.value.trim());
    if (missing) return missing.focus();
    const parameters = { a, b, c, n: N, method: this.method.value, restrict_vocab: this.explorer.restriction() };
    return this.ask("analogy", parameters, (found) => this.render(found), (word, unknown) => correct(this, word, unknown));
  }

  render({ a, b, c, answers }) {
    const { say } = this.explorer;
    const best = answers[0];
    const arrows = [[a, b], ...(best ? [[c, best]] : [])].map((ends) => this.onMap(ends)).filter((ends) => ends.length === 2);
    this.mark({ others: this.onMap([a, b, c, ...answers.slice(0, 8)]), arrows }, this.onMap([a, b, c, ...answers.slice(0, 1)]));
    say(best ? `best answer ${shown(best.word)}` : "no answer");
    return [this.list(answers)];
  }
}

export class Similarity extends Panel {
  constructor(explorer) {
    super("similarity", explorer);
    this.fields = ["a", "b"].map((name) => document.getElementById(`similarity-${name}`));
  }

  show() {
    const [a, b] = this.fields.map((field) => field.value.trim());
    const missing = this.fields.find((field) => !field.value.trim());
    if (missing) return missing.focus();
    return this.ask("similarity", { a, b }, (found) => this.render(found), (word, unknown) => correct(this, word, unknown));
  }

  render({ a, b, similarity, places }) {
    const ends = this.onMap([a, b]);
    this.mark({ others: ends, arrows: ends.length === 2 && a.rank !== b.rank ? [ends] : [] }, ends);
    this.explorer.say(`similarity ${similarity.toFixed(3)}`);
    const line = (of, word, place) => {
      const text = place === null ? "the same word" : `neighbor ${integer(place)} of`;
      const button = (which) => {
        const made = element("button", { type: "button" }, wordSpan(which.word));
        made.addEventListener("click", () => this.explorer.select(which.word));
        return made;
      };
      return element("div", { className: "chips" }, button(word), element("span", { className: "quiet" }, text), button(of));
    };
    return [
      element("p", { className: "large" }, similarity.toFixed(3)),
      signedBar(similarity),
      element("p", { className: "quiet below-title ends" }, element("span", {}, "−1"), element("span", {}, "cosine similarity"), element("span", {}, "1")),
      line(a, b, places[0]),
      line(b, a, places[1]),
    ];
  }
}

/** Put a close match into the field with the unknown word, and ask again. */
function correct(panel, word, unknown) {
  for (const field of panel.fields) if (field.value.trim() === unknown) field.value = word;
  panel.show();
}
