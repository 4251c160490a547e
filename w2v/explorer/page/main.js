// The page: loads the map, and joins search, panels and map.

import { ask } from "./api.js";
import { onSchemeChange } from "./colors.js";
import { Combobox } from "./combobox.js";
import { colorBy } from "./legend.js";
import { MapView } from "./map.js";
import { Analogy, Neighbors, Similarity } from "./panels.js";
import { integer } from "./text.js";

const POLL = 1000; // milliseconds between two questions how far the arrangement is

const byId = (id) => document.getElementById(id);
const [search, restrict, color, arrange, progress] = ["search", "restrict", "color", "arrange", "progress"].map(byId);
const tabs = [...document.querySelectorAll('[role="tab"]')];

const map = new MapView(
  byId("map"),
  byId("tip"),
  (index) => explorer.select(content.words[index], { fly: false }),
  (region) => byId("legend-body").querySelectorAll(".swatches button")[region]?.click(),
);
let content = { words: [] };

const explorer = {
  map,
  nOnMap: 0,
  restriction: () => (restrict.checked ? explorer.nOnMap : null),
  say: (text) => { byId("status").textContent = text; },
  /** Show the neighbors of a word; `push`: as a step that the browser's Back undoes. */
  select(word, { fly = true, push = true } = {}) {
    if (push && history.state?.word !== word) history.pushState({ word }, "");
    search.value = "";
    if (matchMedia("(pointer: coarse)").matches) search.blur(); // the keyboard of a phone covers the answer
    showTab("neighbors");
    return neighbors.show(word, fly);
  },
};
const neighbors = new Neighbors(explorer);
const analogy = new Analogy(explorer);
const similarity = new Similarity(explorer);

function showTab(name) {
  for (const tab of tabs) {
    const on = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    byId(tab.getAttribute("aria-controls")).hidden = !on;
  }
  map.mark({ neighbors, analogy, similarity }[name].marks); // those of the question before end with its tab
  byId("restrict-choice").hidden = name === "similarity" || explorer.nOnMap === explorer.nWords;
}

function listenToFields() {
  new Combobox(search, (word) => {
    explorer.select(word);
    return true;
  });
  for (const panel of [analogy, similarity]) {
    panel.fields.forEach((field, i) => {
      new Combobox(field, (word, chosen) => {
        const next = panel.fields[i + 1];
        if (chosen && next) next.focus();
        else if (chosen) field.form.requestSubmit();
        return false; // Enter on what is a word already sends the form
      });
      field.form.addEventListener("submit", (event) => event.preventDefault());
    });
    panel.fields[0].form.addEventListener("submit", () => panel.show());
  }
  restrict.addEventListener("change", () => {
    if (!byId("panel-analogy").hidden) analogy.show();
    else if (neighbors.word) explorer.select(neighbors.word, { push: false });
  });
}

function listenToTabs() {
  tabs.forEach((tab, i) => {
    tab.addEventListener("click", () => showTab(tab.id.slice("tab-".length)));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(i + step + tabs.length) % tabs.length];
      next.focus();
      next.click();
    });
  });
}

function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.matches?.('input[type="text"]');
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "Escape") {
      if (isTyping && event.target.value) event.target.value = "";
      else if (isTyping) event.target.blur();
      else clear();
    }
  });
  addEventListener("popstate", ({ state }) => (state?.word ? explorer.select(state.word, { push: false }) : clear(false)));
}

function clear(push = true) {
  if (push && history.state?.word) history.pushState(null, "");
  neighbors.clear();
}

function listenToMapTools() {
  byId("zoom-in").addEventListener("click", () => map.zoom(1.6));
  byId("zoom-out").addEventListener("click", () => map.zoom(1 / 1.6));
  byId("show-all").addEventListener("click", () => map.showAll());
  byId("save-picture").addEventListener("click", () => map.savePicture(byId("name").textContent.replace(/\.w2v$/, "")));
  const recolor = () => colorBy(color.value, content, map, byId("legend-body"));
  color.addEventListener("change", recolor);
  onSchemeChange(recolor);
  recolor();
  byId("legend").open = matchMedia("(min-width: 1100px) and (min-height: 700px)").matches;
}

/** Show t-SNE's points when the server has them; until then the principal components, and how far it is. */
async function awaitArrangement() {
  const points = { pca: content.points, tsne: null };
  byId("arrange-choice").hidden = content.method !== "tsne";
  arrange.addEventListener("change", () => map.setPoints(points[arrange.value] ?? points.pca));
  while (content.method === "tsne" && !points.tsne) {
    const state = await ask("arranged");
    progress.hidden = false;
    if (state.error) {
      progress.textContent = state.error;
      return;
    }
    points.tsne = state.points;
    progress.textContent = `bringing neighbors together … ${Math.floor(100 * state.progress)} %`;
    if (state.moving && arrange.value === "tsne") map.follow(state.moving, POLL / 2); // and rest, so that words can be pointed at
    if (!state.points) await new Promise((resolve) => setTimeout(resolve, POLL));
  }
  progress.hidden = true;
  if (points.tsne && arrange.value === "tsne") map.setPoints(points.tsne);
}

async function start() {
  progress.hidden = false;
  progress.textContent = "loading the map …";
  const model = await ask("model");
  content = await ask("map");
  progress.hidden = true;
  explorer.nWords = model.words;
  tabs[0].parentElement.hidden = model.onlyNeighbors === true;
  explorer.nOnMap = content.words.length;
  byId("name").textContent = model.name;
  byId("name").title = model.name;
  byId("facts").textContent = byId("facts").title = model.facts ?? `${integer(model.words)} words · dim ${integer(model.dim)}`;
  map.setWords(content);
  listenToMapTools();
  map.setPoints(content.points);
  listenToFields();
  listenToTabs();
  listenToKeys();
  showTab("neighbors");
  if (history.state?.word) explorer.select(history.state.word, { push: false });
  document.body.dataset.ready = "true";
  await awaitArrangement();
}

start().catch((error) => {
  progress.hidden = false;
  progress.textContent = error.message;
  byId("refused").hidden = error.status !== 401;
});
