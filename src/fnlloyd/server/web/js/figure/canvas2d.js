// Draws the sculpture on a plain 2D canvas, where there is no WebGL2: fewer points, the same light.

import { PART, STRIDE } from "./sculpture.js";

const MOST = 7000;
const LEAST_SHARE = 0.55;
const SHADES = 12;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} points
 * @returns {(pose: import("./figure.js").Pose, share: number) => void}
 */
export function openCanvas2D(canvas, points) {
  const pen = canvas.getContext("2d");
  const count = Math.min(MOST, points.length / STRIDE);
  const bins = Array.from({ length: SHADES }, () => []);
  return (pose, share) => {
    const { width, height } = canvas;
    const [fitX, fitY] = pose.fit;
    const dot = Math.max(1, height / 270);
    bins.forEach((bin) => (bin.length = 0));
    const sinYaw = Math.sin(pose.yaw);
    const cosYaw = Math.cos(pose.yaw);
    for (let point = 0; point < count * Math.max(LEAST_SHARE, share); point += 1) {
      const at = point * STRIDE;
      const seed = points[at + 7];
      const part = points[at + 6];
      const wave = Math.sin(points[at] * 9 + pose.time * pose.tempo * 2 + seed * 6.3);
      const swell = wave * 0.012 * (0.4 + pose.turbulence * 2) + pose.loud * 0.07 * seed ** 3;
      const scatter = 1 + (1 - pose.gather) * (0.6 + seed * 2.4);
      const x = (points[at] + points[at + 3] * swell) * scatter;
      const z = (points[at + 2] + points[at + 5] * swell) * scatter;
      let y = (points[at + 1] + points[at + 4] * swell) * scatter;
      if (part === PART.mouth && points[at + 1] < 0.065) y -= pose.loud * 0.06;
      const depth = 3.4 / (3.4 - (z * cosYaw - x * sinYaw));
      const light = brightness(points, at, part, sinYaw, cosYaw, pose.loud);
      if (light < 0.04) continue;
      const screenX = (0.5 + (x * cosYaw + z * sinYaw) * depth * fitX * 0.5) * width;
      const screenY = (0.5 - (y - 0.06) * depth * fitY * 0.5) * height;
      bins[Math.min(SHADES - 1, Math.floor(light * SHADES))].push(screenX, screenY, dot * depth * (0.7 + seed * 0.6));
    }
    paint(pen, bins, pose, width, height);
  };
}

function brightness(points, at, part, sinYaw, cosYaw, loud) {
  const bright = points[at + 8];
  if (part === PART.halo) return bright * (0.3 + loud);
  const nx = points[at + 3] * cosYaw + points[at + 5] * sinYaw;
  const ny = points[at + 4];
  const nz = points[at + 5] * cosYaw - points[at + 3] * sinYaw;
  if (nz < -0.1) return 0;
  const key = Math.max(0, nx * -0.54 + ny * 0.49 + nz * 0.68);
  const rim = (1 - Math.abs(nz)) ** 2.5;
  return bright * (0.12 + 0.8 * key * key + 0.45 * rim) * (0.9 + loud * 0.6);
}

function paint(pen, bins, pose, width, height) {
  pen.clearRect(0, 0, width, height);
  pen.globalCompositeOperation = "lighter";
  bins.forEach((bin, shade) => {
    const light = (shade + 1) / SHADES;
    const tint = pose.core.map((value, channel) => Math.round(255 * (pose.edge[channel] + (value - pose.edge[channel]) * light)));
    pen.fillStyle = `rgba(${tint.join(",")},${Math.min(1, 0.12 + light)})`;
    for (let at = 0; at < bin.length; at += 3) pen.fillRect(bin[at], bin[at + 1], bin[at + 2], bin[at + 2]);
  });
}
