// Points as pixels. Writing 50,000 small discs straight into ImageData takes 3 ms without any graphics card; the same as
// fillRect takes 24 ms, as arcs or sprites 150 ms (headless Chromium, software rendering). Pixels are blended by integers:
// red and blue in one multiplication, opacity in 128ths.

/** Coverage of a disc: rows of [dx, dy, share of the pixel that is covered]. */
function disc(radius) {
  const cells = [];
  const reach = Math.ceil(radius);
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const cover = Math.min(Math.max(radius + 0.5 - Math.hypot(dx, dy), 0), 1);
      if (cover > 0) cells.push([dx, dy, cover]);
    }
  }
  return cells;
}

export class Painter {
  constructor(context) {
    this.context = context;
    this.stamps = new Map();
  }

  /** Begin a picture of width x height pixels in one color (a `pixel`). */
  begin(width, height, back) {
    if (this.image?.width !== width || this.image?.height !== height) {
      this.image = this.context.createImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
      this.stamps.clear();
    }
    this.pixels.fill(back);
  }

  stamp(radius, opacity) {
    const key = `${radius} ${opacity}`;
    let found = this.stamps.get(key);
    if (!found) {
      const cells = disc(radius);
      found = {
        reach: Math.ceil(radius),
        offsets: Int32Array.from(cells, ([dx, dy]) => dy * this.image.width + dx),
        weights: Int32Array.from(cells, ([, , cover]) => Math.round(cover * opacity * 128)),
      };
      this.stamps.set(key, found);
    }
    return found;
  }

  /** A disc at a pixel; one that would be cut by the border is left out. */
  dot(x, y, color, stamp) {
    const { reach, offsets, weights } = stamp;
    const { width, height } = this.image;
    x = Math.round(x);
    y = Math.round(y);
    if (x < reach || y < reach || x >= width - reach || y >= height - reach) return;
    const pixels = this.pixels;
    const place = y * width + x;
    const redBlue = color & 0xff00ff;
    const green = color & 0xff00;
    for (let i = 0; i < offsets.length; i++) {
      const at = place + offsets[i];
      const weight = weights[i];
      const rest = 128 - weight;
      const old = pixels[at];
      pixels[at] =
        0xff000000 |
        ((((old & 0xff00ff) * rest + redBlue * weight) >>> 7) & 0xff00ff) |
        ((((old & 0xff00) * rest + green * weight) >>> 7) & 0xff00);
    }
  }

  end() {
    this.context.putImageData(this.image, 0, 0);
  }
}
