// Which point is nearest to the pointer: points sorted into the cells of a square grid over the map.

const SIDE = 128;

export class Grid {
  /** x, y: coordinates from -extent to extent. */
  constructor(x, y, extent) {
    this.x = x;
    this.y = y;
    this.extent = extent;
    const cells = Uint16Array.from(x, (_, i) => this.cell(y[i]) * SIDE + this.cell(x[i]));
    this.starts = new Uint32Array(SIDE * SIDE + 1);
    for (const cell of cells) this.starts[cell + 1]++;
    for (let i = 0; i < SIDE * SIDE; i++) this.starts[i + 1] += this.starts[i];
    const next = this.starts.slice();
    this.points = new Uint32Array(x.length);
    for (let i = 0; i < x.length; i++) this.points[next[cells[i]]++] = i;
  }

  cell(value) {
    return Math.min(Math.max(Math.floor(((value / this.extent + 1) / 2) * SIDE), 0), SIDE - 1);
  }

  /** Index of the point nearest to (x, y) within `reach`, or -1. */
  nearest(x, y, reach) {
    let found = -1;
    let best = reach * reach;
    for (let row = this.cell(y - reach); row <= this.cell(y + reach); row++) {
      const first = this.starts[row * SIDE + this.cell(x - reach)];
      const behind = this.starts[row * SIDE + this.cell(x + reach) + 1];
      for (let at = first; at < behind; at++) {
        const i = this.points[at];
        const distance = (this.x[i] - x) ** 2 + (this.y[i] - y) ** 2;
        if (distance < best) [best, found] = [distance, i];
      }
    }
    return found;
  }
}
