// The paddle: follows a pointer or keys, grows, shrinks, and decides the angle of a return.

import { PADDLE_Y, WALL, WIDTH, clamp } from "./field.js";

const NORMAL = 132;
const EXPANDED = 208;
const STUNNED = 0.6;
const KEY_SPEED = 1150;
const POINTER_SPEED = 5200;
const STEEPEST = (62 * Math.PI) / 180;

export class Paddle {
  x = WIDTH / 2;
  y = PADDLE_Y;
  w = NORMAL;
  h = 18;
  velocity = 0;
  squash = 0;
  /** Seconds left of each condition. */
  expanded = 0;
  laser = 0;
  glue = 0;
  stunned = 0;

  /** The box balls and capsules touch. */
  get box() {
    return { x: this.x - this.w / 2, y: this.y, w: this.w, h: this.h };
  }

  /** @param {{way: number, pointerX: number | null}} wish */
  step(dt, wish) {
    for (const condition of ["expanded", "laser", "glue", "stunned"]) {
      this[condition] = Math.max(0, this[condition] - dt);
    }
    this.squash *= Math.exp(-dt * 14);
    const full = (this.expanded > 0 ? EXPANDED : NORMAL) * (this.stunned > 0 ? STUNNED : 1);
    this.w += (full - this.w) * Math.min(1, dt * 10);
    const before = this.x;
    this.#move(dt, wish);
    this.x = clamp(WALL + this.w / 2, this.x, WIDTH - WALL - this.w / 2);
    this.velocity = (this.x - before) / dt;
  }

  #move(dt, wish) {
    const slowed = this.stunned > 0 ? 0.45 : 1;
    if (wish.way !== 0) {
      const target = wish.way * KEY_SPEED * slowed;
      this.x += (this.velocity + (target - this.velocity) * Math.min(1, dt * 22)) * dt;
    } else if (wish.pointerX !== null) {
      const most = POINTER_SPEED * slowed * dt;
      this.x += clamp(-most, wish.pointerX - this.x, most);
    }
  }

  /** Where a ball at `x` meets the paddle: -1 left end, 1 right end. */
  offset(x) {
    return clamp(-1, (x - this.x) / (this.w / 2), 1);
  }

  /** Direction of a return, as an angle from straight up. */
  returnAngle(x) {
    return this.offset(x) * STEEPEST;
  }

  reset() {
    this.expanded = this.laser = this.glue = this.stunned = 0;
  }
}
