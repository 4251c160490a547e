// The map: points, marks, labels and what is under the pointer. Index i of every list is the word of rank i.

import { Animation, reduced } from "./animation.js";
import { Camera, EXTENT } from "./camera.js";
import { onSchemeChange, pixel, styleColor } from "./colors.js";
import { listen } from "./gestures.js";
import { Grid } from "./grid.js";
import { boxAt, drawArrows, drawLabels, drawMarks } from "./overlay.js";
import { Painter } from "./painter.js";
import { regionPlaces } from "./regions.js";
import { integer, shortened, shown, wordSpan } from "./text.js";

const FADED = 0.13; // opacity of words that are not meant
const PLAIN = 0.78;
const BORDER = 12; // pixels of the screen where a word is not well seen

export class MapView {
  /** onPick: called with the index of a word that was clicked; onRegion: with the number of a region whose name was. */
  constructor(canvas, tip, onPick, onRegion) {
    Object.assign(this, { canvas, tip, onPick, onRegion, words: [], counts: [], x: new Float32Array(), y: new Float32Array() });
    this.context = canvas.getContext("2d", { alpha: false });
    this.painter = new Painter(this.context);
    this.camera = new Camera();
    this.movement = new Animation();
    this.arranging = new Animation();
    this.marks = { center: -1, others: [], arrows: [] };
    this.group = null; // a function from an index to whether it is meant
    this.regionBoxes = new Map();
    this.regions = []; // where their names stand
    this.hovered = -1;
    this.labelled = new Map(); // the boxes of the labels on the screen
    this.spots = new Map(); // at which side of its point each label stood last
    new ResizeObserver(() => this.resize()).observe(canvas);
    onSchemeChange(() => this.readStyle());
    matchMedia("print").addEventListener("change", () => {
      this.readStyle();
      this.draw(); // at once: paper does not wait for a frame
    });
    this.readStyle();
    listen(canvas, this);
  }

  readStyle() {
    const names = ["back", "ink", "quiet", "mark", "accent"];
    this.style = Object.fromEntries(names.map((name) => [name, styleColor(name)]));
    this.style.font = styleColor("font");
    this.request();
  }

  resize() {
    const ratio = Math.min(devicePixelRatio || 1, 2);
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !height) return;
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    this.ratio = ratio;
    this.camera.resize(width, height);
    this.draw(); // at once: a resized canvas is empty
  }

  /**
   * prominent: indices of the words by how much they tell; clusters, names: the region of each word, and the words that name it;
   * named: whether its name stands on the map; ranks: among all words, where words of the map are left out.
   */
  setWords({ words, counts, prominent, clusters, names, named, ranks }) {
    Object.assign(this, { words, counts, prominent, clusters, names, named, ranks });
    this.texts = words.map((word) => shortened(shown(word), 32));
    this.widths = new Map();
    this.regionTexts = names.map((ofRegion) => ofRegion.map((word) => shortened(shown(word), 24)).join(" · "));
  }

  setColors(colors) {
    this.colors = colors;
    this.pixels = Uint32Array.from(colors, pixel);
    this.request();
  }

  /** Put the words at new points; with a movement where they had points before. */
  setPoints({ x, y }) {
    const from = { x: this.x, y: this.y };
    this.arranging.stop();
    if (!from.x.length) {
      this.settle(Float32Array.from(x), Float32Array.from(y));
      return;
    }
    this.arranging.run(1400, (share) => {
      this.settle(
        from.x.map((value, i) => value + share * (x[i] - value)),
        from.y.map((value, i) => value + share * (y[i] - value)),
        share === 1,
      );
    });
  }

  /** Move the words on towards points that are not their last ones; not at all where people asked their system for less motion. */
  follow({ x, y }, milliseconds) {
    if (reduced.matches) return;
    const from = { x: this.x, y: this.y };
    const between = (axis, values, share) => from[axis].map((value, i) => value + share * (values[i] - value));
    this.arranging.run(milliseconds, (share) => this.settle(between("x", x, share), between("y", y, share), share === 1, false));
  }

  settle(x, y, isFinal = true, isToBeFitted = isFinal) {
    Object.assign(this, { x, y, grid: isFinal ? new Grid(x, y, EXTENT) : null });
    if (isFinal) this.regions = regionPlaces(this.clusters, this.names.length, x, y);
    if (isToBeFitted && this.marks.center >= 0) this.fit([this.marks.center, ...this.marks.others]);
    this.request();
  }

  /** Mark words: `center`, `others` around it, `arrows` as pairs of indices; -1 and empty lists for none. */
  mark({ center = -1, others = [], arrows = [] } = {}) {
    this.marks = { center, others, arrows };
    this.request();
  }

  /** Fade the words for which `group` is false; null for none. */
  setGroup(group) {
    this.group = group;
    this.request();
  }

  /** Mark one word more, such as the one under the pointer; -1 for none. */
  point(index) {
    if (this.hovered === index) return;
    this.hovered = index;
    this.request();
  }

  hover(left, top) {
    const index = this.at(left, top, 12);
    this.point(index);
    this.canvas.classList.toggle("over", index >= 0);
    this.tip.hidden = index < 0;
    if (index < 0) return;
    const number = this.counts[index] ? `${integer(this.counts[index])} times` : `rank ${integer((this.ranks?.[index] ?? index) + 1)}`;
    const count = document.createElement("span");
    Object.assign(count, { className: "number", textContent: number });
    this.tip.replaceChildren(wordSpan(this.words[index]), count);
    const [x, y] = this.camera.toScreen(this.x[index], this.y[index]);
    const { offsetWidth: width, offsetHeight: height } = this.tip;
    const tipX = Math.min(Math.max(x - width / 2, 4), this.camera.width - width - 4);
    this.tip.style.transform = `translate(${tipX}px, ${y > height + 16 ? y - height - 12 : y + 14}px)`;
  }

  unhover() {
    this.tip.hidden = true;
    this.canvas.classList.remove("over");
    this.point(-1);
  }

  /** Index of the word whose label is there, or else of the nearest point within reach; -1 for none. */
  at(left, top, reach) {
    const labelled = boxAt(this.labelled, left, top);
    if (labelled >= 0 || boxAt(this.regionBoxes, left, top) >= 0) return labelled;
    return this.grid ? this.grid.nearest(...this.camera.toMap(left, top), reach / this.camera.scale) : -1;
  }

  pick({ x, y }, reach) {
    const index = this.at(x, y, reach);
    if (index >= 0) return this.onPick(index);
    const region = boxAt(this.regionBoxes, x, y);
    if (region >= 0) this.onRegion(region);
  }

  pan(dx, dy) {
    this.movement.stop();
    this.camera.pan(dx, dy);
    this.request();
  }

  zoom(factor, left, top) {
    this.movement.stop();
    this.tip.hidden = true;
    this.camera.zoomAt(factor, left, top);
    this.request();
  }

  showAll() {
    this.moveTo({ x: 0, y: 0, scale: this.camera.fitting });
  }

  /** Bring all of some words onto the screen. */
  fit(indices) {
    if (!indices.length) return;
    const [left, right] = [Math.min, Math.max].map((extreme) => extreme(...indices.map((i) => this.x[i])));
    const [low, high] = [Math.min, Math.max].map((extreme) => extreme(...indices.map((i) => this.y[i])));
    const { width, height, fitting } = this.camera;
    const wanted = Math.min((0.55 * width) / Math.max(right - left, 1), (0.55 * height) / Math.max(high - low, 1));
    const closest = (indices.length > 1 ? 14 : 4) * fitting; // one word alone keeps its surroundings
    this.moveTo({ x: (left + right) / 2, y: (low + high) / 2, scale: Math.min(wanted, closest) });
  }

  /** The same, unless all of them are on the screen. */
  reveal(indices) {
    const isOutside = (i) => {
      const [x, y] = this.camera.toScreen(this.x[i], this.y[i]);
      return x < BORDER || y < BORDER || x > this.camera.width - BORDER || y > this.camera.height - BORDER;
    };
    if (indices.some(isOutside)) this.fit(indices);
  }

  moveTo(goal) {
    const { x, y, scale } = this.camera;
    this.unhover();
    this.movement.run(550, (share) => {
      this.camera.between({ x, y, scale }, goal, share);
      this.request();
    });
  }

  /** Hand the map as it stands to the browser as a file. */
  savePicture(name) {
    this.unhover();
    this.draw();
    this.canvas.toBlob((blob) => {
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `${name} map.png` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    });
  }

  request() {
    this.frame ??= requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    if (!this.camera.scale || !this.pixels) return;
    this.paintPoints();
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    drawArrows(this);
    drawMarks(this);
    drawLabels(this);
    this.context.setTransform(1, 0, 0, 1, 0, 0);
  }

  paintPoints() {
    const { painter, camera, ratio, x, y, pixels, marks, group } = this;
    const { width, height } = this.canvas;
    painter.begin(width, height, pixel(this.style.back));
    const n = x.length;
    const crowd = Math.min(Math.max(Math.sqrt(10_000 / n), 0.75), 2);
    const base = 1.25 * ratio * crowd * Math.min(Math.max(camera.zoom, 0.5), 40) ** 0.25;
    const isMarked = marks.center >= 0 || marks.arrows.length > 0;
    const stampsOf = (opacity) => [2.2, 1.5, 1].map((size) => painter.stamp(Math.round(4 * base * size) / 4, opacity));
    const plain = stampsOf(isMarked ? 2.2 * FADED : PLAIN);
    const faded = stampsOf(FADED);
    const scale = camera.scale * ratio;
    const left = width / 2 - camera.x * scale;
    const top = height / 2 + camera.y * scale;
    for (let i = n - 1; i >= 0; i--) { // frequent words last, above the others
      const size = i < n / 200 ? 0 : i < n / 20 ? 1 : 2;
      painter.dot(left + x[i] * scale, top - y[i] * scale, pixels[i], (group === null || group(i) ? plain : faded)[size]);
    }
    painter.end();
  }
}
