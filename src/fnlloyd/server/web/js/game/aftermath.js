// The aftermath of a broken brick: explosions that reach the neighbours, and rows that are cleared.

import { blastAround } from "./bricks.js";

const FUSE = 0.09;
const REACH = 92;
const TOGETHER = 1.5;

export class Aftermath {
  #blasts = [];
  /** When rows were cleared, lately. */
  #rows = [];

  /** @param {import("./world.js").World} world */
  constructor(world) {
    this.world = world;
  }

  /** @param {import("./bricks.js").Brick} brick */
  broke(brick, x, y) {
    if (brick.kind === "special") this.#blasts.push({ x, y, wait: FUSE });
    const { world } = this;
    if (world.boss || world.bricks.some((other) => other.row === brick.row)) return;
    this.#rows = [...this.#rows.filter((at) => world.time - at < TOGETHER), world.time];
    world.tell("rowClear", { row: brick.row, rows: this.#rows.length });
  }

  step(dt) {
    for (const blast of this.#blasts) blast.wait -= dt;
    const due = this.#blasts.filter((blast) => blast.wait <= 0);
    this.#blasts = this.#blasts.filter((blast) => blast.wait > 0);
    for (const { x, y } of due) {
      this.world.tell("blast", { x, y });
      for (const brick of blastAround(this.world.bricks, x, y, REACH)) this.world.hitBrick(brick, 2);
    }
  }
}
