// The flagship: three phases, each with its own gait and weapon. A hit of its weapons stuns the paddle, never kills.

import { brickAt } from "./bricks.js";
import { overlaps } from "./collide.js";
import { COLUMNS, HEIGHT, PADDLE_Y, WALL, WIDTH, clamp } from "./field.js";

export const BOSS_HEALTH = 48;
const HOME_Y = 128;
const TIERS = [
  { part: "hull", w: 456, h: 42 },
  { part: "hull", w: 316, h: 36 },
  { part: "core", w: 104, h: 32 },
];
const MANNERS = {
  1: { pace: 0.55, reach: 150, every: 2.3, spread: [0], escorts: 0 },
  2: { pace: 0.85, reach: 175, every: 1.9, spread: [-0.3, 0, 0.3], escorts: 11 },
  3: { pace: 1.25, reach: 185, every: 2.6, spread: [-0.16, 0.16], escorts: 14 },
};
const BOLT_SPEED = 330;
const BEAM = { wait: 1.1, burn: 0.55, width: 74, every: 4.2 };

export class Boss {
  x = WIDTH / 2;
  y = -190;
  health = BOSS_HEALTH;
  phase = 1;
  time = 0;
  flash = 0;
  /** Seconds it cannot be harmed: while it arrives and between phases. */
  guard = 3;
  /** @type {{x: number, y: number, vx: number, vy: number}[]} */
  bolts = [];
  /** @type {{x: number, wait: number, burn: number} | null} */
  beam = null;
  #nextShot = 2.5;
  #nextBeam = 2;
  #nextEscort = 4;

  get present() {
    return this.health > 0 && this.y > -120;
  }

  get boxes() {
    let y = this.y;
    return TIERS.map(({ part, w, h }) => {
      const box = { part, x: this.x - w / 2, y, w, h };
      y += h;
      return box;
    });
  }

  /** Returns true when it was harmed. */
  hurt(amount) {
    this.flash = 1;
    if (this.guard > 0) return false;
    this.health = Math.max(0, this.health - amount);
    return true;
  }

  /** The phase its health asks for. */
  get duePhase() {
    const part = this.health / BOSS_HEALTH;
    return part > 0.66 ? 1 : part > 0.33 ? 2 : 3;
  }

  enterPhase(phase) {
    this.phase = phase;
    this.guard = 1.6;
    this.#nextShot = 2;
    this.#nextEscort = 0.8;
    this.beam = null;
  }

  /** @param {import("./world.js").World} world */
  step(dt, world) {
    const manner = MANNERS[this.phase];
    this.guard = Math.max(0, this.guard - dt);
    this.flash = Math.max(0, this.flash - dt * 5);
    this.y += (HOME_Y - this.y) * Math.min(1, dt * 1.3);
    this.time += dt * manner.pace;
    const home = WIDTH / 2 + Math.sin(this.time) * manner.reach;
    this.x += (clamp(WALL + 232, home, WIDTH - WALL - 232) - this.x) * Math.min(1, dt * 3);
    if (world.phase === "play" && this.guard === 0) this.#attack(dt, manner, world);
    this.#fly(dt, world);
  }

  #attack(dt, manner, world) {
    this.#nextShot -= dt;
    if (this.#nextShot <= 0) {
      this.#nextShot = manner.every;
      for (const turn of manner.spread) this.#shoot(world.paddle.x, turn);
      world.tell("bossShot", { x: this.x });
    }
    if (manner.escorts) {
      this.#nextEscort -= dt;
      if (this.#nextEscort <= 0) {
        this.#nextEscort = manner.escorts;
        this.#callEscorts(world);
      }
    }
    if (this.phase === 3 && !this.beam) {
      this.#nextBeam -= dt;
      if (this.#nextBeam <= 0) {
        this.#nextBeam = BEAM.every;
        this.beam = { x: world.paddle.x, wait: BEAM.wait, burn: BEAM.burn };
        world.tell("beamCharge", { x: this.beam.x });
      }
    }
  }

  #shoot(targetX, turn) {
    const angle = clamp(-0.5, Math.atan2(targetX - this.x, PADDLE_Y - this.y), 0.5) + turn;
    this.bolts.push({
      x: this.x,
      y: this.y + 108,
      vx: Math.sin(angle) * BOLT_SPEED,
      vy: Math.cos(angle) * BOLT_SPEED,
    });
  }

  #callEscorts(world) {
    if (world.bricks.length > 14) return;
    const row = 6 + (world.bricks.length ? 1 : 0);
    for (let column = 1; column < COLUMNS - 1; column += 1) {
      if (world.bricks.some((brick) => brick.row === row && Math.abs(brick.home - brickAt("normal", column, row).home) < 1)) continue;
      const kind = column % 5 === 2 ? "special" : column % 4 === 1 ? "tough" : "normal";
      world.bricks.push(brickAt(kind, column, row, 0.2 + column * 0.05));
    }
    world.tell("escorts");
  }

  #fly(dt, world) {
    const { paddle } = world;
    this.bolts = this.bolts.filter((bolt) => {
      bolt.x += bolt.vx * dt;
      bolt.y += bolt.vy * dt;
      if (overlaps({ x: bolt.x - 8, y: bolt.y - 8, w: 16, h: 16 }, paddle.box)) {
        world.stunPaddle(3);
        return false;
      }
      return bolt.y < HEIGHT + 20;
    });
    if (!this.beam) return;
    if (this.beam.wait > 0) {
      this.beam.wait -= dt;
      if (this.beam.wait <= 0) world.tell("beam", { x: this.beam.x });
      return;
    }
    this.beam.burn -= dt;
    if (Math.abs(this.beam.x - paddle.x) < BEAM.width / 2 + paddle.w / 2 - 8) world.stunPaddle(2.5);
    if (this.beam.burn <= 0) this.beam = null;
  }
}
