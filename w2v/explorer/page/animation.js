// One movement at a time, smooth at both ends; at once where people asked their system for less motion.

export const reduced = matchMedia("(prefers-reduced-motion: reduce)");

export class Animation {
  /** Call `step` with a share from 0 to 1 for so many milliseconds; a new movement ends an earlier one where it is. */
  run(milliseconds, step) {
    this.stop();
    if (reduced.matches) return step(1);
    const start = performance.now();
    const frame = (now) => {
      const time = Math.min(Math.max((now - start) / milliseconds, 0), 1);
      this.handle = time < 1 ? requestAnimationFrame(frame) : 0;
      step(time * time * (3 - 2 * time));
    };
    this.handle = requestAnimationFrame(frame);
  }

  stop() {
    cancelAnimationFrame(this.handle);
  }
}
