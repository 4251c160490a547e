// What api.js asks of a server, answered from what the page itself carries: its words, where they are, and the neighbors of each.

import { EXTENT } from "./camera.js";
import { shown } from "./text.js";

const CLOSE = 8; // words that are offered for an unknown one

const carried = JSON.parse(document.getElementById("carried").textContent);
const { words, counts, ranks } = carried;
const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const integers = (text) => new Uint16Array(bytes(text).buffer);
const near = integers(carried.near); // the nearest words of word 0, then those of word 1, …
const similarities = integers(carried.similarities); // 0 is -1, 65,535 is 1
const nNear = words.length ? near.length / words.length : 0;
const fold = (text) => text.normalize("NFC").toLowerCase();
const folded = words.map(fold);
const places = new Map();
words.forEach((word, i) => {
  for (const form of [word, shown(word), folded[i]]) if (!places.has(form)) places.set(form, i);
});
words.forEach((word, i) => places.set(word, i)); // the very word, before one that is another when folded

/** An answer that is no answer: `message`, and for an unknown word its `closeMatches`. */
export class Refusal extends Error {
  constructor(word) {
    super(`${word} is not on this map`);
    Object.assign(this, { word, where: "is not on this map.", closeMatches: closeMatches(fold(word)) });
  }
}

function entry(i) {
  return { word: words[i], rank: i, overall: ranks ? ranks[i] : i, count: counts[i] };
}

/** Words that have the text in them, or else begin with as much of it as any does. */
function closeMatches(text) {
  const those = (isMeant) => words.filter((_, i) => isMeant(folded[i])).slice(0, CLOSE);
  let found = those((word) => word.includes(text));
  for (let n = text.length - 1; n > 1 && !found.length; n--) found = those((word) => word.startsWith(text.slice(0, n)));
  return found;
}

function find(typed) {
  const text = typed.trim();
  const i = places.get(typed) ?? places.get(text) ?? places.get(fold(text));
  if (i === undefined) throw new Refusal(text);
  return i;
}

/** Words that begin as typed, the most frequent first; before them the word that was typed, if it is one. */
function complete(beginning, n) {
  const text = fold(beginning);
  const found = new Set([beginning.trim(), text.trim()].map((form) => places.get(form)).filter((i) => i !== undefined));
  for (let i = 0; i < words.length && found.size < n; i++) if (folded[i].startsWith(text)) found.add(i);
  return [...found].slice(0, n).map(entry);
}

function neighbors(typed, n) {
  const i = find(typed);
  const around = Array.from({ length: Math.min(n, nNear) }, (_, k) => i * nNear + k);
  const scored = around.map((at) => ({ ...entry(near[at]), similarity: (2 * similarities[at]) / 65_535 - 1 }));
  return { query: typed, ...entry(i), neighbors: scored, note: carried.model.note };
}

function content() {
  const [x, y] = [carried.x, carried.y].map((axis) => Array.from(integers(axis), (value) => value - EXTENT));
  const { names, named } = carried;
  return { words, counts, ranks, names, named, clusters: [...bytes(carried.clusters)], prominent: integers(carried.prominent), points: { x, y } };
}

const answers = {
  model: () => ({ ...carried.model, words: words.length, onlyNeighbors: true }),
  map: content,
  complete: ({ beginning, n }) => complete(beginning, n),
  neighbors: ({ word, n }) => [neighbors(word, n)],
};

export async function ask(path, parameters = {}) {
  return answers[path](parameters);
}
