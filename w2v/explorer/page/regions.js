// Names of regions on the map: the words that stand for a cluster, written where most of its points are.

import { EXTENT } from "./camera.js";

const SIDE = 10; // cells of the map in a row
const FARTHEST = 2.5; // zoom up to which regions are named
const SHIFTS = [0, -22, 22, -44, 44, -66, 66]; // pixels up and down, where there is no room

/** For each region: the middle of its points in the cell where most of them are, and one of its words. */
export function regionPlaces(clusters, n, x, y) {
  const cell = (value) => Math.min(Math.floor(((value / EXTENT + 1) / 2) * SIDE), SIDE - 1);
  const sums = Array.from({ length: n }, () => new Map());
  clusters.forEach((region, i) => {
    const at = cell(y[i]) * SIDE + cell(x[i]);
    const sum = sums[region].get(at) ?? { size: 0, x: 0, y: 0, member: i };
    sums[region].set(at, Object.assign(sum, { size: sum.size + 1, x: sum.x + x[i], y: sum.y + y[i] }));
  });
  return sums.map((cells) => {
    const { size, x: sumX, y: sumY, member } = [...cells.values()].reduce((a, b) => (b.size > a.size ? b : a), { size: 0 });
    return size ? { x: sumX / size, y: sumY / size, member } : null;
  });
}

/** Write the names while much of the map is on the screen and nothing is marked; each takes its room in `labels`. */
export function drawRegions({ context, camera, marks, style, regions, regionTexts, regionBoxes, named, group }, labels) {
  regionBoxes.clear();
  if (camera.zoom > FARTHEST || marks.center >= 0 || marks.arrows.length || marks.others.length) return;
  context.font = `700 ${camera.width < 500 ? 12 : 14}px ${style.font}`;
  context.fillStyle = style.ink;
  context.strokeStyle = style.back;
  context.lineWidth = 5;
  regions.forEach((region, number) => {
    if (!region || !named[number] || (group && !group(region.member))) return;
    const [x, y] = camera.toScreen(region.x, region.y);
    const { width } = context.measureText(regionTexts[number]);
    const [left, top] = camera.inside(x - width / 2, y - 9, width, 18);
    const shift = SHIFTS.find((pixels) => labels.take(left, top + pixels, width, 18));
    if (shift === undefined) return;
    regionBoxes.set(number, [left, top + shift, left + width, top + shift + 18]);
    context.strokeText(regionTexts[number], left, top + shift + 9);
    context.fillText(regionTexts[number], left, top + shift + 9);
  });
  context.lineWidth = 3;
}
