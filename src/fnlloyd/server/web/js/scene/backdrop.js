// The backdrop: night sky, sunburst, a striped sun, a deco skyline and the grid. Painted once for each size of window.

import { CYAN, GOLD, NAVY, PINK, PURPLE, faded } from "../palette.js";

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} pixels device pixels per CSS pixel
 * @param {{x: number, y: number, w: number, h: number}} pane the field's place, CSS pixels
 */
export function paintBackdrop(canvas, pixels, pane) {
  const pen = canvas.getContext("2d", { alpha: false });
  const width = canvas.width / pixels;
  const height = canvas.height / pixels;
  pen.setTransform(pixels, 0, 0, pixels, 0, 0);
  const middle = pane.x + pane.w / 2;
  const horizon = pane.y + pane.h * 0.72;
  paintSky(pen, width, height, horizon);
  paintRays(pen, middle, horizon, Math.hypot(width, height));
  paintStars(pen, width, horizon);
  paintSun(pen, middle, horizon, Math.min(pane.w * 0.42, pane.h * 0.4));
  paintSkyline(pen, width, middle, horizon, pane.h);
  paintFloor(pen, width, height, middle, horizon);
  paintPane(pen, pane);
}

function paintSky(pen, width, height, horizon) {
  const sky = pen.createLinearGradient(0, 0, 0, horizon);
  sky.addColorStop(0, "#04061a");
  sky.addColorStop(0.5, NAVY);
  sky.addColorStop(0.82, "#1d1456");
  sky.addColorStop(1, "#4b1d74");
  pen.fillStyle = sky;
  pen.fillRect(0, 0, width, horizon);
  const floor = pen.createLinearGradient(0, horizon, 0, height);
  floor.addColorStop(0, "#2a1358");
  floor.addColorStop(0.35, "#0d0b30");
  floor.addColorStop(1, "#05061a");
  pen.fillStyle = floor;
  pen.fillRect(0, horizon, width, height - horizon);
}

function paintRays(pen, x, y, reach) {
  const light = pen.createRadialGradient(x, y, 0, x, y, reach * 0.75);
  light.addColorStop(0, faded(GOLD, 0.2));
  light.addColorStop(0.3, faded(PINK, 0.1));
  light.addColorStop(0.65, faded(PURPLE, 0.12));
  light.addColorStop(1, faded(PURPLE, 0));
  pen.fillStyle = light;
  const rays = 30;
  for (let ray = 0; ray < rays; ray += 1) {
    const from = Math.PI + (ray / rays) * Math.PI;
    pen.beginPath();
    pen.moveTo(x, y);
    pen.arc(x, y, reach, from, from + Math.PI / rays / 2);
    pen.fill();
  }
}

function paintStars(pen, width, horizon) {
  let seed = 7;
  const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let star = 0; star < 170; star += 1) {
    const y = next() ** 1.6 * horizon * 0.85;
    pen.fillStyle = faded(next() > 0.7 ? CYAN : "#ffffff", 0.15 + next() * 0.6);
    const size = next() > 0.93 ? 2 : 1;
    pen.fillRect(next() * width, y, size, size);
  }
}

function paintSun(pen, x, y, radius) {
  const glow = pen.createRadialGradient(x, y, radius * 0.4, x, y, radius * 1.9);
  glow.addColorStop(0, faded(PINK, 0.34));
  glow.addColorStop(1, faded(PINK, 0));
  pen.fillStyle = glow;
  pen.fillRect(x - radius * 2, y - radius * 2, radius * 4, radius * 2);
  pen.save();
  pen.beginPath();
  for (let band = 0; band < 14; band += 1) {
    const top = y - radius + (radius * band) / 14;
    const thick = (radius / 14) * (1 - (band / 14) * 0.62);
    pen.rect(x - radius, top, radius * 2, thick);
  }
  pen.clip();
  const face = pen.createLinearGradient(0, y - radius, 0, y);
  face.addColorStop(0, "#ffd08a");
  face.addColorStop(0.3, "#ff8f6b");
  face.addColorStop(0.7, PINK);
  face.addColorStop(1, "#b03bd0");
  pen.fillStyle = face;
  pen.beginPath();
  pen.arc(x, y, radius, Math.PI, 0);
  pen.fill();
  pen.restore();
}

/** Stepped towers, tall at the sides, so the sun stands free. */
function paintSkyline(pen, width, middle, horizon, tall) {
  let seed = 41;
  const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let x = -30; x < width + 30; x += 34 + next() * 26) {
    const aside = Math.min(1, Math.abs(x - middle) / (tall * 0.55));
    const height = tall * (0.03 + 0.24 * aside * (0.35 + next() * 0.65));
    tower(pen, x, horizon, 30 + next() * 26, height, next);
  }
  pen.fillStyle = faded(CYAN, 0.8);
  pen.fillRect(0, horizon - 0.75, width, 1.5);
}

function tower(pen, x, base, width, height, next) {
  const tiers = 3;
  for (let tier = 0; tier < tiers; tier += 1) {
    const w = width * (1 - tier * 0.3);
    const top = base - height * (0.55 + tier * 0.2);
    const wall = pen.createLinearGradient(0, top, 0, base);
    wall.addColorStop(0, "#191653");
    wall.addColorStop(1, "#0a0a2c");
    pen.fillStyle = wall;
    pen.fillRect(x - w / 2, top, w, base - top);
    pen.fillStyle = faded(PURPLE, 0.5);
    pen.fillRect(x - w / 2, top, w, 1);
  }
  pen.fillStyle = faded(GOLD, 0.5);
  pen.fillRect(x - 0.5, base - height * 1.12, 1, height * 0.2);
  for (let light = 0; light < 7; light += 1) {
    pen.fillStyle = faded(next() > 0.5 ? GOLD : CYAN, 0.18 + next() * 0.4);
    pen.fillRect(x + (next() - 0.5) * width * 0.7, base - next() * height * 0.7, 1.5, 3);
  }
}

function paintFloor(pen, width, height, middle, horizon) {
  const depth = height - horizon;
  pen.lineWidth = 1;
  pen.strokeStyle = faded(PURPLE, 0.5);
  pen.beginPath();
  for (let line = -26; line <= 26; line += 1) {
    pen.moveTo(middle + line * 16, horizon);
    pen.lineTo(middle + line * (16 + depth * 0.62), height);
  }
  pen.stroke();
  for (let row = 1; row < 15; row += 1) {
    const y = horizon + depth * (row / 15) ** 2.1;
    pen.fillStyle = faded(CYAN, 0.1 + 0.3 * (row / 15));
    pen.fillRect(0, y, width, 1);
  }
}

function paintPane(pen, { x, y, w, h }) {
  const glass = pen.createLinearGradient(0, y, 0, y + h);
  glass.addColorStop(0, "rgba(6, 8, 30, 0.84)");
  glass.addColorStop(0.55, "rgba(8, 9, 36, 0.6)");
  glass.addColorStop(1, "rgba(6, 7, 26, 0.74)");
  pen.fillStyle = glass;
  pen.fillRect(x, y, w, h);
  const step = Math.max(8, w * 0.022);
  steppedFrame(pen, x - 1, y - 1, w + 2, h + 2, step, faded(GOLD, 0.95), 2);
  steppedFrame(pen, x + 5, y + 5, w - 10, h - 10, step, faded(GOLD, 0.28), 1);
  pen.save();
  pen.shadowColor = PURPLE;
  pen.shadowBlur = 26;
  steppedFrame(pen, x - 5, y - 5, w + 10, h + 10, step, faded(PURPLE, 0.75), 1.5);
  pen.restore();
  for (const [cornerX, cornerY, turn] of [
    [x, y, 0],
    [x + w, y, Math.PI / 2],
  ]) {
    fan(pen, cornerX, cornerY, w * 0.085, turn);
  }
}

/** A frame with the ziggurat corners of the period. */
function steppedFrame(pen, x, y, w, h, step, colour, thick) {
  pen.strokeStyle = colour;
  pen.lineWidth = thick;
  pen.beginPath();
  const corner = (cx, cy, sx, sy, flip) => {
    const points = [[2, 0], [2, 1], [1, 1], [1, 2], [0, 2]].map(([a, b]) => [cx + sx * a * step * 0.5, cy + sy * b * step * 0.5]);
    for (const [px, py] of flip ? points.reverse() : points) pen.lineTo(px, py);
  };
  corner(x + w, y, -1, 1, false);
  corner(x + w, y + h, -1, -1, true);
  corner(x, y + h, 1, -1, false);
  corner(x, y, 1, 1, true);
  pen.closePath();
  pen.stroke();
}

function fan(pen, x, y, radius, turn) {
  pen.save();
  pen.translate(x, y);
  pen.rotate(turn);
  pen.lineWidth = 1;
  for (let ring = 1; ring <= 3; ring += 1) {
    pen.strokeStyle = faded(GOLD, 0.5 - ring * 0.1);
    pen.beginPath();
    pen.arc(0, 0, (radius * ring) / 3, 0.06, Math.PI / 2 - 0.06);
    pen.stroke();
  }
  pen.strokeStyle = faded(GOLD, 0.3);
  pen.beginPath();
  for (let spoke = 1; spoke < 6; spoke += 1) {
    const angle = (spoke / 6) * (Math.PI / 2);
    pen.moveTo(Math.cos(angle) * radius * 0.33, Math.sin(angle) * radius * 0.33);
    pen.lineTo(Math.cos(angle) * radius, Math.sin(angle) * radius);
  }
  pen.stroke();
  pen.restore();
}
