// What part of the map is on the screen: the middle in the map's coordinates, and pixels of the page per unit.

export const EXTENT = 10_000; // coordinates of the map reach from -EXTENT to EXTENT

export class Camera {
  constructor() {
    Object.assign(this, { x: 0, y: 0, scale: 0, width: 1, height: 1 });
  }

  /** The scale at which all of the map fits. */
  get fitting() {
    return (0.46 * Math.min(this.width, this.height)) / EXTENT;
  }

  get zoom() {
    return this.scale / this.fitting;
  }

  resize(width, height) {
    const zoom = this.scale > 0 ? this.zoom : 1;
    Object.assign(this, { width, height });
    this.scale = zoom * this.fitting;
  }

  toScreen(x, y) {
    return [(x - this.x) * this.scale + this.width / 2, (this.y - y) * this.scale + this.height / 2];
  }

  toMap(left, top) {
    return [(left - this.width / 2) / this.scale + this.x, this.y - (top - this.height / 2) / this.scale];
  }

  /** Left and top of a box, moved onto the screen. */
  inside(left, top, width, height) {
    return [clamp(left, 2, this.width - width - 2), clamp(top, 2, this.height - height - 2)];
  }

  pan(dx, dy) {
    this.x = clamp(this.x - dx / this.scale, -EXTENT, EXTENT);
    this.y = clamp(this.y + dy / this.scale, -EXTENT, EXTENT);
  }

  /** Zoom by a factor; the point of the map under (left, top) stays there. */
  zoomAt(factor, left = this.width / 2, top = this.height / 2) {
    const [x, y] = this.toMap(left, top);
    this.scale = clamp(this.scale * factor, 0.6 * this.fitting, 300 * this.fitting);
    const [newX, newY] = this.toMap(left, top);
    this.x = clamp(this.x + x - newX, -EXTENT, EXTENT);
    this.y = clamp(this.y + y - newY, -EXTENT, EXTENT);
  }

  /** Between this view and `goal` ({x, y, scale}); share from 0 to 1. */
  between(start, goal, share) {
    this.scale = Math.exp(Math.log(start.scale) + share * (Math.log(goal.scale) - Math.log(start.scale)));
    this.x = start.x + share * (goal.x - start.x);
    this.y = start.y + share * (goal.y - start.y);
  }
}

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
