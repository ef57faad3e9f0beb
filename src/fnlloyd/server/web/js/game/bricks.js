// The Brick-Liens: what each kind endures, is worth and leaves behind.

import { BRICK_TOP, CELL_HEIGHT, CELL_WIDTH, WALL } from "./field.js";

/** @typedef {"normal" | "tough" | "special" | "rare"} BrickKind */
/**
 * @typedef {object} Brick
 * @property {number} x
 * @property {number} y
 * @property {number} w
 * @property {number} h
 * @property {number} home   x before the row sways
 * @property {number} row
 * @property {BrickKind} kind
 * @property {number} hits   how many it still endures
 * @property {number} tone
 * @property {number} flash  0-1, fades after a hit
 * @property {boolean} eyes  whether this one stares at the ball
 * @property {number} arrive seconds until it is in place; it cannot be hit before
 */

export const KINDS = {
  normal: { hits: 1, points: 50, drop: 0.13 },
  tough: { hits: 3, points: 150, drop: 0.22 },
  special: { hits: 1, points: 120, drop: 0 },
  rare: { hits: 2, points: 600, drop: 1 },
};

const LETTERS = { n: "normal", t: "tough", s: "special", r: "rare" };
const GAP = 5;

/** @param {string[]} rows one letter a cell, "." is empty @returns {Brick[]} */
export function formation(rows) {
  const bricks = [];
  rows.forEach((cells, row) => {
    [...cells].forEach((letter, column) => {
      if (letter in LETTERS) bricks.push(brickAt(LETTERS[letter], column, row));
    });
  });
  return bricks;
}

/** @param {BrickKind} kind @returns {Brick} */
export function brickAt(kind, column, row, arrive = 0.25 + row * 0.07 + column * 0.02) {
  const x = WALL + column * CELL_WIDTH + GAP / 2;
  return {
    x,
    y: BRICK_TOP + row * CELL_HEIGHT + GAP / 2,
    w: CELL_WIDTH - GAP,
    h: CELL_HEIGHT - GAP,
    home: x,
    row,
    kind,
    hits: KINDS[kind].hits,
    tone: row % 5,
    flash: 0,
    eyes: kind !== "normal" || (column * 7 + row * 5) % 6 === 0,
    arrive,
  };
}

/**
 * Rows drift left and right, neighbours against each other.
 * @param {Brick[]} bricks
 * @param {{reach: number, pace: number}} sway
 */
export function swayBricks(bricks, sway, time) {
  for (const brick of bricks) {
    const way = brick.row % 2 ? -1 : 1;
    brick.x = brick.home + Math.sin(time * sway.pace) * sway.reach * way;
  }
}

/** The bricks a blast at (x, y) reaches. @param {Brick[]} bricks */
export function blastAround(bricks, x, y, reach) {
  return bricks.filter((brick) => Math.hypot(brick.x + brick.w / 2 - x, brick.y + brick.h / 2 - y) < reach);
}
