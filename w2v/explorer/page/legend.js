// Colors of the words and what they mean.

import { clusterColor, frequencyColor } from "./colors.js";
import { element, integer, wordSpan } from "./text.js";

/** Share from 0 (rarest) to 1 of each word by its rank, so that all colors are in use; words of one count have one color. */
export function frequencies(counts) {
  const last = Math.max(counts.length - 1, 1);
  let rank = 0;
  return counts.map((count, i) => {
    if (count === 0 || count !== counts[rank]) rank = i;
    return 1 - rank / last;
  });
}

/** Color the map by "cluster" or "frequency", and fill the legend. */
export function colorBy(kind, content, map, body) {
  map.setGroup(null);
  if (kind === "cluster") {
    map.setColors(content.clusters.map(clusterColor));
    body.replaceChildren(swatches(content, map));
  } else {
    map.setColors(frequencies(content.counts).map(frequencyColor));
    body.replaceChildren(scale(content));
  }
}

function swatches({ names: regions, clusters }, map) {
  const list = element("div", { className: "swatches" });
  regions.forEach((words, number) => {
    const dot = element("i");
    dot.style.backgroundColor = clusterColor(number);
    const names = words.flatMap((word, i) => (i ? [" ", wordSpan(word)] : [wordSpan(word)]));
    const button = element("button", { type: "button", title: "Show this cluster alone" }, dot, element("span", { className: "word" }, ...names));
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const on = button.getAttribute("aria-pressed") === "false";
      for (const other of list.children) other.setAttribute("aria-pressed", String(on && other === button));
      map.setGroup(on ? (i) => clusters[i] === number : null);
    });
    list.append(button);
  });
  return list;
}

function scale({ counts }) {
  const gradient = element("canvas", { width: 100, height: 1 });
  const context = gradient.getContext("2d");
  for (let i = 0; i < 100; i++) {
    context.fillStyle = frequencyColor(i / 99);
    context.fillRect(i, 0, 1, 1);
  }
  const known = counts[0] > 0;
  const [rare, frequent] = known ? [integer(counts.at(-1)), `${integer(counts[0])} times`] : ["rare", "frequent"];
  return element("div", { className: "scale" }, element("span", {}, rare), gradient, element("span", {}, frequent));
}
