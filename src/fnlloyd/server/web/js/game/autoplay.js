// The demo (`?autoplay=1`): the paddle follows the most urgent ball and aims at what is left.

import { WALL, WIDTH, clamp } from "./field.js";
import { RADIUS } from "./balls.js";

const WAIT = { title: 1.2, ready: 0.9, cleared: 2.6, gameover: 5, victory: 9 };

export class Autoplay {
  way = 0;
  pointerX = WIDTH / 2;
  #aim = 0;
  #seen = 0;

  /** @param {import("./world.js").World} world */
  step(world) {
    if (world.phase in WAIT && world.phaseTime > WAIT[world.phase]) world.press();
    if (world.phase === "ready") this.#arrive(world);
    const landing = soonest(world);
    if (landing === null) return;
    if (world.tally.shotsFired !== this.#seen) {
      this.#seen = world.tally.shotsFired;
      this.#aim = aimAt(world, landing);
    }
    this.pointerX = landing - this.#aim * world.paddle.w * 0.5;
  }

  #arrive(world) {
    this.pointerX = WIDTH / 2 + Math.sin(world.time) * 120;
  }
}

/** Where the first ball to come down will be at the paddle's height, walls folded in. */
function soonest(world) {
  let best = null;
  let soon = Infinity;
  for (const ball of world.balls) {
    if (ball.held !== null) continue;
    const rise = ball.vy < 0;
    const way = rise ? ball.y + world.paddle.y - 200 : world.paddle.y - RADIUS - ball.y;
    const time = Math.max(0, way / Math.abs(ball.vy));
    if (time < soon) {
      soon = time;
      best = rise ? ball.x : folded(ball.x + ball.vx * time);
    }
  }
  return best;
}

function folded(x) {
  const low = WALL + RADIUS;
  const span = WIDTH - 2 * low;
  const turn = Math.abs(x - low) % (2 * span);
  return low + (turn > span ? 2 * span - turn : turn);
}

/** Which part of the paddle sends a ball from `x` to a brick that is left. */
function aimAt(world, x) {
  const prey = world.boss ? world.boss : world.bricks[Math.floor(Math.random() * world.bricks.length)];
  if (!prey) return 0;
  const angle = Math.atan2(prey.x - x, world.paddle.y - prey.y);
  return clamp(-0.7, angle / 1.08 + (Math.random() - 0.5) * 0.2, 0.7);
}
