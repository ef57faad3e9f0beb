// The laser power-up: twin bolts from the paddle's ends, fired by themselves while it lasts.

import { overlaps } from "./collide.js";

const EVERY = 0.32;
const SPEED = 900;

/** @param {import("./world.js").World} world */
export function fireLasers(world, dt) {
  world.laserWait -= dt;
  if (world.paddle.laser <= 0 || world.laserWait > 0) return;
  world.laserWait = EVERY;
  for (const side of [-1, 1]) world.lasers.push({ x: world.paddle.x + side * (world.paddle.w / 2 - 12), y: world.paddle.y });
  world.tell("laser", { x: world.paddle.x });
}

/** @param {import("./world.js").World} world */
export function flyLasers(world, dt) {
  world.lasers = world.lasers.filter((laser) => {
    laser.y -= SPEED * dt;
    const box = { x: laser.x - 3, y: laser.y, w: 6, h: 22 };
    const struck = world.bricks.find((brick) => brick.arrive <= 0 && overlaps(box, brick));
    if (struck) {
      world.hitBrick(struck, 1);
      return false;
    }
    const armour = world.boss?.present && world.boss.boxes.find((part) => overlaps(box, part));
    if (armour) {
      world.hitBoss(armour, 0.34, laser.x, laser.y);
      return false;
    }
    return laser.y > 0;
  });
}
