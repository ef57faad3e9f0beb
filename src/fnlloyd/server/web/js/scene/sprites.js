// Sprites: what is drawn often is painted once per size, glow included, then stamped.

import { CELL_HEIGHT, CELL_WIDTH } from "../game/field.js";
import { POWERS } from "../game/powerups.js";
import { CYAN, GOLD, GREEN, IVORY, PINK, PURPLE, RED, STEEL, TONES, faded } from "../palette.js";

const GLOW = 10;
const SPARKS = [GOLD, CYAN, PINK, PURPLE, GREEN, IVORY, RED, ...TONES.map(([light]) => light)];

/** @typedef {{image: HTMLCanvasElement, w: number, h: number}} Sprite  w, h in world units */

export class Sprites {
  #made = new Map();

  /** @param {number} density device pixels per world unit */
  constructor(density) {
    this.density = density;
  }

  /** @param {import("../game/bricks.js").Brick} brick @returns {Sprite} */
  brick(brick) {
    const key = `brick ${brick.kind} ${brick.tone} ${brick.hits}`;
    const w = CELL_WIDTH - 5;
    const h = CELL_HEIGHT - 5;
    return this.#once(key, w + GLOW * 2, h + GLOW * 2, (pen) => {
      pen.translate(GLOW, GLOW);
      PAINT[brick.kind](pen, w, h, brick);
    });
  }

  /** A soft dot of light. @returns {Sprite} */
  spark(colour) {
    return this.#once(`spark ${colour}`, 16, 16, (pen) => {
      const light = pen.createRadialGradient(8, 8, 0, 8, 8, 8);
      light.addColorStop(0, "#ffffff");
      light.addColorStop(0.22, colour);
      light.addColorStop(1, faded(colour, 0));
      pen.fillStyle = light;
      pen.fillRect(0, 0, 16, 16);
    });
  }

  ball(fiery) {
    return this.#once(`ball ${fiery}`, 60, 60, (pen) => {
      const halo = pen.createRadialGradient(30, 30, 4, 30, 30, 30);
      halo.addColorStop(0, faded(fiery ? GOLD : CYAN, 0.75));
      halo.addColorStop(0.5, faded(fiery ? PINK : PURPLE, 0.22));
      halo.addColorStop(1, faded(PURPLE, 0));
      pen.fillStyle = halo;
      pen.fillRect(0, 0, 60, 60);
      const pearl = pen.createRadialGradient(27, 26, 1, 30, 30, 9.5);
      pearl.addColorStop(0, "#ffffff");
      pearl.addColorStop(0.6, fiery ? "#ffeeb0" : "#d9f6ff");
      pearl.addColorStop(1, fiery ? GOLD : CYAN);
      pen.fillStyle = pearl;
      pen.beginPath();
      pen.arc(30, 30, 9, 0, 7);
      pen.fill();
    });
  }

  /** @param {keyof typeof POWERS} kind */
  capsule(kind) {
    const { letter, colour } = POWERS[kind];
    return this.#once(`capsule ${kind}`, 76, 52, (pen) => {
      pen.translate(14, 14);
      pen.shadowColor = colour;
      pen.shadowBlur = 11 * this.density;
      octagon(pen, 0, 0, 48, 24, 9);
      pen.fillStyle = "#0b0d2c";
      pen.fill();
      pen.shadowBlur = 0;
      pen.lineWidth = 2;
      pen.strokeStyle = colour;
      pen.stroke();
      octagon(pen, 4, 4, 40, 16, 6);
      pen.lineWidth = 1;
      pen.strokeStyle = faded(colour, 0.4);
      pen.stroke();
      pen.fillStyle = "#ffffff";
      pen.font = "700 15px system-ui, sans-serif";
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(letter, 24, 13);
    });
  }

  #once(key, w, h, paint) {
    let sprite = this.#made.get(key);
    if (!sprite) {
      const image = document.createElement("canvas");
      image.width = Math.ceil(w * this.density);
      image.height = Math.ceil(h * this.density);
      const pen = image.getContext("2d");
      pen.scale(this.density, this.density);
      paint(pen);
      sprite = { image, w, h };
      this.#made.set(key, sprite);
    }
    return sprite;
  }

  /** Paints the sparks before play, so no frame has to. */
  warm() {
    SPARKS.forEach((colour) => this.spark(colour));
  }
}

export function octagon(pen, x, y, w, h, cut) {
  pen.beginPath();
  pen.moveTo(x + cut, y);
  pen.lineTo(x + w - cut, y);
  pen.lineTo(x + w, y + cut);
  pen.lineTo(x + w, y + h - cut);
  pen.lineTo(x + w - cut, y + h);
  pen.lineTo(x + cut, y + h);
  pen.lineTo(x, y + h - cut);
  pen.lineTo(x, y + cut);
  pen.closePath();
}

/** Shadows are measured in device pixels, whatever the scale. */
function glowPixels(pen) {
  return 8 * pen.getTransform().a;
}

function slab(pen, w, h, light, dark, glow = light) {
  pen.shadowColor = faded(glow, 0.8);
  pen.shadowBlur = glowPixels(pen);
  octagon(pen, 0, 0, w, h, 6);
  const face = pen.createLinearGradient(0, 0, 0, h);
  face.addColorStop(0, light);
  face.addColorStop(1, dark);
  pen.fillStyle = face;
  pen.fill();
  pen.shadowBlur = 0;
  pen.save();
  octagon(pen, 0, 0, w, h, 6);
  pen.clip();
  pen.fillStyle = "rgba(255, 255, 255, 0.55)";
  pen.fillRect(0, 0, w, 1.6);
  pen.fillStyle = "rgba(255, 255, 255, 0.1)";
  pen.fillRect(0, 0, w, h * 0.42);
  pen.fillStyle = "rgba(0, 0, 0, 0.32)";
  pen.fillRect(0, h - 3, w, 3);
  pen.restore();
}

function inlay(pen, w, h, colour, inset = 4.5) {
  octagon(pen, inset, inset, w - inset * 2, h - inset * 2, 4);
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.stroke();
}

/** Half a sunburst, the emblem of what explodes. */
function burst(pen, x, y, radius, colour) {
  pen.strokeStyle = colour;
  pen.lineWidth = 1.3;
  pen.beginPath();
  for (let ray = 0; ray <= 8; ray += 1) {
    const angle = Math.PI + (ray / 8) * Math.PI;
    pen.moveTo(x + Math.cos(angle) * radius * 0.4, y + Math.sin(angle) * radius * 0.4);
    pen.lineTo(x + Math.cos(angle) * radius * 1.5, y + Math.sin(angle) * radius);
  }
  pen.stroke();
}

const PAINT = {
  normal(pen, w, h, { tone }) {
    slab(pen, w, h, ...TONES[tone]);
    inlay(pen, w, h, "rgba(255, 255, 255, 0.28)");
    pen.strokeStyle = "rgba(255, 255, 255, 0.22)";
    pen.beginPath();
    for (const side of [0, 1]) {
      for (const inset of [8, 12]) {
        const x = side ? w - inset : inset;
        const tip = side ? -5 : 5;
        pen.moveTo(x, 7);
        pen.lineTo(x + tip, h / 2);
        pen.lineTo(x, h - 7);
      }
    }
    pen.stroke();
  },

  tough(pen, w, h, { hits }) {
    slab(pen, w, h, "#cfdcf5", "#4a5a86", STEEL);
    pen.fillStyle = "rgba(10, 14, 39, 0.72)";
    pen.fillRect(6, 6, w - 12, h - 12);
    for (let bar = 0; bar < 3; bar += 1) {
      pen.fillStyle = bar < hits ? CYAN : "rgba(120, 140, 190, 0.22)";
      pen.fillRect(10 + bar * ((w - 20) / 3) + 1.5, h - 9.5, (w - 20) / 3 - 3, 2.4);
    }
    for (const x of [3.4, w - 3.4]) {
      for (const y of [7, h - 7]) {
        pen.fillStyle = "#eef4ff";
        pen.beginPath();
        pen.arc(x, y, 1.3, 0, 7);
        pen.fill();
      }
    }
    if (hits < 3) crack(pen, w, h, 3 - hits);
  },

  special(pen, w, h) {
    slab(pen, w, h, "#ff8a5c", "#b3174f", PINK);
    inlay(pen, w, h, faded(GOLD, 0.8), 3.5);
    burst(pen, w / 2, h - 5, 15, faded(GOLD, 0.9));
  },

  rare(pen, w, h, { hits }) {
    slab(pen, w, h, "#fff0b0", "#c98a00", GOLD);
    pen.strokeStyle = "rgba(120, 70, 0, 0.55)";
    pen.lineWidth = 1.2;
    pen.beginPath();
    for (const [x, y] of [[w * 0.28, 3], [w * 0.72, 3], [w * 0.28, h - 3], [w * 0.72, h - 3]]) {
      pen.moveTo(x, y);
      pen.lineTo(w / 2, h / 2);
    }
    pen.moveTo(3, h / 2);
    pen.lineTo(w - 3, h / 2);
    pen.stroke();
    inlay(pen, w, h, "rgba(255, 255, 255, 0.85)", 3.5);
    if (hits < 2) crack(pen, w, h, 2);
  },
};

function crack(pen, w, h, depth) {
  pen.strokeStyle = "rgba(4, 6, 20, 0.85)";
  pen.lineWidth = 1.4;
  pen.beginPath();
  for (let line = 0; line < depth; line += 1) {
    const x = w * (0.3 + line * 0.36);
    pen.moveTo(x, 0);
    pen.lineTo(x + 5, h * 0.35);
    pen.lineTo(x - 4, h * 0.6);
    pen.lineTo(x + 3, h);
  }
  pen.stroke();
}
