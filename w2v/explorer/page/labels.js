// Labels that hide neither one another nor what was put down before them: a coarse grid of the screen remembers what is taken.

const CELL = 6; // pixels of the page

export class Labels {
  constructor(width, height) {
    this.columns = Math.ceil(width / CELL) + 1;
    this.rows = Math.ceil(height / CELL) + 1;
    this.width = width;
    this.height = height;
    this.taken = new Uint8Array(this.columns * this.rows);
  }

  /** Take a box where all of it is free and on the screen; whether it was. `force` takes what is not free, too. */
  take(left, top, width, height, force = false) {
    if (left < 2 || top < 2 || left + width > this.width - 2 || top + height > this.height - 2) return false;
    const firstColumn = Math.floor(left / CELL);
    const lastColumn = Math.floor((left + width) / CELL);
    const firstRow = Math.floor(top / CELL);
    const lastRow = Math.floor((top + height) / CELL);
    for (let row = firstRow; !force && row <= lastRow; row++) {
      for (let at = row * this.columns + firstColumn; at <= row * this.columns + lastColumn; at++) if (this.taken[at]) return false;
    }
    for (let row = firstRow; row <= lastRow; row++) {
      this.taken.fill(1, row * this.columns + firstColumn, row * this.columns + lastColumn + 1);
    }
    return true;
  }
}
