// What stands above the points: arrows of an analogy, marked words, labels. Each function draws on the canvas of a MapView.

import { Labels } from "./labels.js";
import { drawRegions } from "./regions.js";

const SEARCHED = 4000; // most prominent words on the screen that are tried for a label
const MARGIN = 4; // pixels beside a label that belong to it

function markedIndices({ marks, hovered }) {
  const ends = marks.arrows.flat();
  return [...new Set([hovered, marks.center, ...ends, ...marks.others])].filter((i) => i >= 0);
}

export function drawArrows({ context, camera, marks, style, x, y }) {
  context.strokeStyle = style.mark;
  context.lineWidth = 1.5;
  for (const [from, to] of marks.arrows) {
    const [x0, y0] = camera.toScreen(x[from], y[from]);
    const [x1, y1] = camera.toScreen(x[to], y[to]);
    const angle = Math.atan2(y1 - y0, x1 - x0);
    const [endX, endY] = [x1 - 7 * Math.cos(angle), y1 - 7 * Math.sin(angle)];
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(endX, endY);
    for (const turn of [0.45, -0.45]) {
      context.moveTo(endX, endY);
      context.lineTo(endX - 9 * Math.cos(angle + turn), endY - 9 * Math.sin(angle + turn));
    }
    context.stroke();
  }
}

export function drawMarks(map) {
  const { context, camera, marks, style, colors, hovered, x, y } = map;
  const strong = new Set([marks.center, ...marks.arrows.flat()]);
  for (const i of markedIndices(map).reverse()) {
    const [left, top] = camera.toScreen(x[i], y[i]);
    context.beginPath();
    context.arc(left, top, strong.has(i) ? 6 : 4.5, 0, 2 * Math.PI);
    context.fillStyle = strong.has(i) ? style.mark : colors[i];
    context.strokeStyle = i === hovered ? style.ink : style.back;
    context.lineWidth = 2;
    context.fill();
    context.stroke();
  }
}

export function drawLabels(map) {
  const { context, camera, marks, style, x, y, group, prominent } = map;
  const labels = new Labels(camera.width, camera.height);
  const important = markedIndices(map);
  map.labelled = new Map();
  const chosen = new Set(important);
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = style.back;
  for (const i of important) {
    const [left, top] = camera.toScreen(x[i], y[i]);
    labels.take(left - 2, top - 2, 4, 4, true);
  }
  const strong = new Set([marks.center, map.hovered, ...marks.arrows.flat()]);
  context.fillStyle = style.ink;
  for (const i of important) put(map, labels, i, strong.has(i) ? 15 : 13, strong.has(i) ? 650 : 500, strong.has(i));
  drawRegions(map, labels);
  // While words are marked the others are a quiet background.
  context.fillStyle = important.length > (map.hovered >= 0 ? 1 : 0) ? style.quiet : style.ink;
  context.globalAlpha = important.length > 1 ? 0.6 : 0.9;
  let room = Math.round((camera.width * camera.height) / 9000); // labels that leave the map readable
  let searched = 0;
  for (const i of prominent) {
    if (room <= 0 || searched >= SEARCHED) break;
    const left = (x[i] - camera.x) * camera.scale + camera.width / 2;
    const top = (camera.y - y[i]) * camera.scale + camera.height / 2;
    if (left < 0 || top < 0 || left > camera.width || top > camera.height || chosen.has(i) || (group && !group(i))) continue;
    searched++;
    if (put(map, labels, i, 12, 400, false)) room--;
  }
  context.globalAlpha = 1;
}

/** Key of the box of `boxes` that a point of the screen is in, or -1. */
export function boxAt(boxes, x, y) {
  const within = ([left, top, right, bottom]) => x >= left - MARGIN && x <= right + MARGIN && y >= top && y <= bottom;
  return [...boxes].find(([, box]) => within(box))?.[0] ?? -1;
}

/** Write a word beside its point, where there is room; `force`: also over others, but never outside. */
function put({ context, camera, texts, widths, style, spots, labelled, hovered, x, y }, labels, i, size, weight, force) {
  const [left, top] = camera.toScreen(x[i], y[i]);
  const font = `${weight} ${size}px ${style.font}`;
  const key = size * 1_000_000 + i;
  if (context.font !== font) context.font = font;
  let width = widths.get(key);
  if (width === undefined) widths.set(key, (width = context.measureText(texts[i]).width));
  const height = size + 3;
  const gap = size > 12 ? 10 : 6; // a marked word has a larger point
  const corners = [
    [left + gap, top - height / 2],
    [left - gap - width, top - height / 2],
    [left - width / 2, top - gap - height],
    [left - width / 2, top + gap],
  ];
  if (i === hovered && spots.has(i)) corners[spots.get(i)] = camera.inside(...corners[spots.get(i)], width, height);
  const order = spots.has(i) ? [spots.get(i), 0, 1, 2, 3] : [0, 1, 2, 3]; // where it was before, so that no label jumps from under the pointer
  const takes = (isForced) => (corner) => labels.take(...corners[corner], width, height, isForced);
  const corner = (i === hovered ? undefined : order.find(takes(false))) ?? (force ? order.find(takes(true)) : undefined);
  if (corner === undefined) return false;
  const [labelLeft, labelTop] = corners[corner];
  spots.set(i, corner);
  labelled.set(i, [labelLeft, labelTop, labelLeft + width, labelTop + height]);
  context.strokeText(texts[i], labelLeft, labelTop + height / 2);
  context.fillText(texts[i], labelLeft, labelTop + height / 2);
  return true;
}
