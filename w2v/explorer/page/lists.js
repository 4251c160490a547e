// Answers as elements of the page: words with bars, and what to say when there is no answer.

import { element, integer, wordSpan } from "./text.js";

/** A bar for a value from 0 to 1; a negative one is empty. */
export function bar(value, className = "bar") {
  const filled = element("span");
  filled.style.width = `${Math.min(Math.max(value, 0), 1) * 100}%`;
  const made = element("div", { className }, filled);
  made.setAttribute("aria-hidden", "true");
  return made;
}

/** A bar for a value from -1 to 1, with 0 in the middle. */
export function signedBar(value) {
  const reach = Math.min(Math.abs(value), 1) * 50;
  const made = bar(0, "bar signed-bar");
  Object.assign(made.firstChild.style, { width: `${reach}%`, left: `${value < 0 ? 50 - reach : 50}%` });
  return made;
}

/**
 * Words by similarity or score, each a button.
 * entries: [{word, rank, similarity or score}]; nOnMap: words of a rank below it are on the map;
 * onPick(word), onPoint(index or -1): called on a click, and while pointer or focus is on a word.
 */
export function wordList(entries, nOnMap, onPick, onPoint) {
  const most = Math.max(1, ...entries.map(({ score = 0 }) => score)); // 3CosMul's scores may exceed 1
  const list = element("ul", { className: "list" });
  for (const { word, rank, similarity, score } of entries) {
    const value = similarity ?? score;
    const number = element("span", { className: "number" }, value.toFixed(3));
    const button = element("button", { type: "button", className: rank < nOnMap ? "" : "off" }, wordSpan(word), bar(value / most), number);
    button.addEventListener("click", () => onPick(word));
    for (const name of ["pointerenter", "focus"]) button.addEventListener(name, () => onPoint(rank < nOnMap ? rank : -1));
    for (const name of ["pointerleave", "blur"]) button.addEventListener(name, () => onPoint(-1));
    list.append(element("li", {}, button));
  }
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...list.querySelectorAll("button")];
    buttons[buttons.indexOf(document.activeElement) + step]?.focus();
  });
  return list;
}

/** "rank 12 · 3,456 times", and whether the word is on the map. */
export function rankLine({ rank, overall = rank, count }, nOnMap) {
  const parts = [`rank ${integer(overall + 1)}`];
  if (count) parts.push(`${integer(count)} times`);
  if (rank >= nOnMap) parts.push("not on the map");
  return parts.join(" · ");
}

/** What went wrong, with close matches to click. */
export function refusalMessage(error, onMatch) {
  if (error.word === null || error.word === undefined) return element("div", { className: "message" }, error.message);
  const line = element("div", { className: "title" }, wordSpan(error.word));
  const made = element("div", { className: "message" }, line, error.where ?? "is not in the vocabulary.");
  if (error.closeMatches.length) {
    const chips = error.closeMatches.map((word) => {
      const chip = element("button", { type: "button", className: "word" }, wordSpan(word));
      chip.addEventListener("click", () => onMatch(word, error.word));
      return chip;
    });
    made.append(" Close matches:", element("div", { className: "chips" }, ...chips));
  }
  return made;
}
