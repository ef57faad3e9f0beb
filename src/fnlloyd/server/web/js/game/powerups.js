// Power-ups: capsules that fall from broken bricks, and what each does when caught.

import { HEIGHT } from "./field.js";
import { overlaps } from "./collide.js";

/** `weight` is how often one falls against the others; `seconds` how long it lasts, if it does. */
export const POWERS = {
  multiball: { letter: "M", colour: "#00d4ff", weight: 5, title: "Multiball" },
  laser: { letter: "L", colour: "#ff4f9a", weight: 4, seconds: 10, title: "Laser" },
  expand: { letter: "E", colour: "#3ef0a8", weight: 5, seconds: 18, title: "Expand" },
  slow: { letter: "S", colour: "#8f9bff", weight: 4, seconds: 12, title: "Slow" },
  glue: { letter: "G", colour: "#b6ff5a", weight: 3, seconds: 14, title: "Glue" },
  bonus: { letter: "★", colour: "#ffc107", weight: 3, title: "Bonus" },
  life: { letter: "♥", colour: "#ff5a6e", weight: 1, title: "Extra life" },
};

const FALL = 190;

/** @typedef {{x: number, y: number, kind: keyof typeof POWERS, age: number}} Capsule */

/** @returns {keyof typeof POWERS} */
export function drawPower(random = Math.random) {
  const total = Object.values(POWERS).reduce((sum, power) => sum + power.weight, 0);
  let left = random() * total;
  for (const [kind, power] of Object.entries(POWERS)) {
    left -= power.weight;
    if (left <= 0) return kind;
  }
  return "bonus";
}

/** Moves the capsules; returns those still falling and calls `caught` for the others that met the paddle. */
export function fallCapsules(capsules, dt, paddle, caught) {
  return capsules.filter((capsule) => {
    capsule.age += dt;
    capsule.y += FALL * dt;
    if (overlaps({ x: capsule.x - 24, y: capsule.y - 12, w: 48, h: 24 }, paddle.box)) {
      caught(capsule);
      return false;
    }
    return capsule.y < HEIGHT + 30;
  });
}

/** @param {import("./world.js").World} world @param {keyof typeof POWERS} kind */
export function applyPower(world, kind) {
  const { seconds } = POWERS[kind];
  const paddle = world.paddle;
  if (kind === "multiball") world.splitBalls();
  if (kind === "laser") paddle.laser = seconds;
  if (kind === "expand") paddle.expanded = seconds;
  if (kind === "glue") paddle.glue = seconds;
  if (kind === "slow") world.slow = seconds;
  if (kind === "bonus") world.tally.add(1000);
  if (kind === "life") world.gainLife();
}
