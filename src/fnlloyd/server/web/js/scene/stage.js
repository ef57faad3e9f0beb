// The stage: sizes the canvases to the window and the pixels of the screen, and maps the world to them.

import { HEIGHT, WIDTH } from "../game/field.js";

const PIXEL_CAP = [0.75, 1, 1.5, 2];
const MARGIN = 10;

export class Stage {
  /** CSS pixels: the world's place on the field canvas, and its scale. */
  view = { left: 0, top: 0, scale: 1, width: 1, height: 1, pixels: 1 };
  #quality = 3;

  /**
   * @param {HTMLCanvasElement} field
   * @param {HTMLCanvasElement} backdrop
   * @param {() => void} resized
   */
  constructor(field, backdrop, resized) {
    this.field = field;
    this.backdrop = backdrop;
    this.resized = resized;
    new ResizeObserver(() => this.fit()).observe(field.parentElement);
    window.addEventListener("resize", () => this.fit());
  }

  set quality(level) {
    this.#quality = level;
    this.fit();
  }

  fit() {
    const { width, height } = this.field.parentElement.getBoundingClientRect();
    if (width < 2 || height < 2) return;
    const pixels = Math.min(window.devicePixelRatio || 1, PIXEL_CAP[this.#quality]);
    const margin = width < 500 ? 4 : MARGIN;
    const scale = Math.min((width - margin * 2) / WIDTH, (height - margin * 2) / HEIGHT);
    this.view = {
      left: (width - WIDTH * scale) / 2,
      top: (height - HEIGHT * scale) * (height > width ? 0.25 : 0.5),
      scale,
      width,
      height,
      pixels,
    };
    size(this.field, width, height, pixels);
    size(this.backdrop, window.innerWidth, window.innerHeight, pixels);
    this.resized();
  }

  /** Where the field lies in the window, for the backdrop's frame around it. */
  get pane() {
    const at = this.field.getBoundingClientRect();
    const { left, top, scale } = this.view;
    return { x: at.left + left, y: at.top + top, w: WIDTH * scale, h: HEIGHT * scale };
  }

  toWorldX(clientX) {
    return (clientX - this.field.getBoundingClientRect().left - this.view.left) / this.view.scale;
  }
}

function size(canvas, width, height, pixels) {
  canvas.width = Math.round(width * pixels);
  canvas.height = Math.round(height * pixels);
}
