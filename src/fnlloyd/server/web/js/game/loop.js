// The loop: fixed steps of play inside frames of any length, and a quality that steps down when frames are slow.

import { STEP } from "./field.js";

const MOST_BEHIND = 0.1;
const SAMPLE = 45;
const SLOW_FRAME = 21;
const QUICK_FRAME = 17.4;
const CLIMB_AFTER = 10;

export class Loop {
  /** 3 everything, 0 the least a slow machine draws. */
  quality = 3;
  fps = 60;
  /** 0-1: how fast the world's clock runs (slowed while the player types). */
  pace = 1;
  paused = false;
  #behind = 0;
  #last = 0;
  #times = [];
  #quick = 0;
  #climbAfter = CLIMB_AFTER;

  /** @param {{step: (dt: number) => void, frame: (dt: number) => void, quality: (level: number) => void}} work */
  constructor(work) {
    this.work = work;
  }

  start() {
    requestAnimationFrame((now) => {
      this.#last = now;
      this.#tick(now);
    });
  }

  #tick(now) {
    requestAnimationFrame((next) => this.#tick(next));
    const elapsed = Math.min(MOST_BEHIND, Math.max(0, (now - this.#last) / 1000));
    this.#measure(now - this.#last);
    this.#last = now;
    if (!this.paused) this.#behind += elapsed * this.pace;
    while (this.#behind >= STEP) {
      this.#behind -= STEP;
      this.work.step(STEP);
    }
    this.work.frame(elapsed);
  }

  #measure(milliseconds) {
    if (milliseconds <= 0 || milliseconds > 400) return;
    this.#times.push(milliseconds);
    if (this.#times.length < SAMPLE) return;
    const mean = this.#times.reduce((sum, time) => sum + time, 0) / SAMPLE;
    this.#times = [];
    this.fps = Math.round(1000 / mean);
    this.#quick = mean < QUICK_FRAME ? this.#quick + 1 : 0;
    if (mean > SLOW_FRAME && this.quality > 0) {
      this.#climbAfter *= 2;
      this.#set(this.quality - 1);
    } else if (this.#quick >= this.#climbAfter && this.quality < 3) {
      this.#set(this.quality + 1);
    }
  }

  #set(quality) {
    this.quality = quality;
    this.#quick = 0;
    this.work.quality(quality);
  }
}
