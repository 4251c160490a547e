// Colors of the map, as the page's style sheet and the present scheme (light or dark) have them.

const CLUSTERS = [
  "#4269d0", "#efa118", "#f2634d", "#3fae9a", "#3ca951", "#ef76a6", "#9d5bef", "#6fa3ee", "#9c6b4e", "#878b94", "#a9b23a", "#c8509b",
];
const RARE_TO_FREQUENT = { light: ["#b9c4e8", "#5a78d6", "#8a3fb0", "#c01f5c"], dark: ["#3d4a7a", "#5f83f5", "#c57bf0", "#ffb27a"] };

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Call `listener` when the scheme changes. */
export function onSchemeChange(listener) {
  dark.addEventListener("change", listener);
}

/** A color of the style sheet, such as "back". */
export function styleColor(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function clusterColor(number) {
  return CLUSTERS[number % CLUSTERS.length];
}

/** Color of a frequency from 0 (rare) to 1. */
export function frequencyColor(share) {
  const stops = RARE_TO_FREQUENT[dark.matches ? "dark" : "light"].map(channels);
  const place = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const first = Math.min(Math.floor(place), stops.length - 2);
  const mixed = stops[first].map((value, i) => Math.round(value + (stops[first + 1][i] - value) * (place - first)));
  return "#" + mixed.map((value) => value.toString(16).padStart(2, "0")).join("");
}

function channels(color) {
  return [1, 3, 5].map((start) => parseInt(color.slice(start, start + 2), 16));
}

/** "#rrggbb" as the number that a pixel of ImageData is on a little-endian machine. */
export function pixel(color) {
  const [red, green, blue] = channels(color);
  return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
}
