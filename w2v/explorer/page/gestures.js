// Mouse, finger, wheel and keys on the map.

const CLICK = 5; // pixels that a pointer may move in a click
const STEP = 60; // pixels of an arrow key

/** Tell `map` (MapView) what is done to its canvas. */
export function listen(canvas, map) {
  const isPart = canvas.closest(".embedded") !== null; // of a page that is scrolled itself
  const pointers = new Map();
  let moved = 0;

  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const middle = () => {
    const points = [...pointers.values()];
    const x = points.reduce((sum, point) => sum + point.x, 0) / points.length;
    const y = points.reduce((sum, point) => sum + point.y, 0) / points.length;
    return { x, y, spread: points.length > 1 ? Math.hypot(points[0].x - points[1].x, points[0].y - points[1].y) : 0 };
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    if (pointers.size === 0) moved = 0;
    pointers.set(event.pointerId, place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    const now = place(event);
    if (!pointers.has(event.pointerId)) return map.hover(now.x, now.y);
    const before = middle();
    pointers.set(event.pointerId, now);
    const after = middle();
    moved += Math.hypot(after.x - before.x, after.y - before.y) + Math.abs(after.spread - before.spread);
    if (moved < CLICK) return;
    canvas.classList.add("moving");
    map.unhover();
    map.pan(after.x - before.x, after.y - before.y);
    if (before.spread && after.spread) map.zoom(after.spread / before.spread, after.x, after.y);
  });
  const release = (event) => {
    if (!pointers.delete(event.pointerId) || pointers.size) return;
    canvas.classList.remove("moving");
    if (event.type === "pointerup" && moved < CLICK) map.pick(place(event), event.pointerType === "mouse" ? 10 : 22);
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => map.unhover());
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (isPart && document.activeElement !== canvas && !event.ctrlKey) return;
      event.preventDefault();
      const { x, y } = place(event);
      const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
      map.zoom(Math.exp(-pixels * (event.ctrlKey ? 0.012 : 0.0018)), x, y); // a pinch on a touchpad comes with ctrlKey
    },
    { passive: false },
  );

  const keys = {
    ArrowLeft: () => map.pan(STEP, 0),
    ArrowRight: () => map.pan(-STEP, 0),
    ArrowUp: () => map.pan(0, STEP),
    ArrowDown: () => map.pan(0, -STEP),
    "+": () => map.zoom(1.4),
    "=": () => map.zoom(1.4),
    "-": () => map.zoom(1 / 1.4),
    0: () => map.showAll(),
  };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
}
