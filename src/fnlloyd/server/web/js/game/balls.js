// The balls: swept flight, contacts with walls, paddle, bricks and the flagship, and what one shot achieved.

import { separate, sweep } from "./collide.js";
import { CEILING, HEIGHT, WALL, WIDTH, clamp } from "./field.js";

export const RADIUS = 9;
const FLATTEST = 0.24;
const LOST_PATIENCE = 6;
const STEER = 0.5;
const TRAIL = 18;

export class Ball {
  vx = 0;
  vy = 0;
  /** Where it sits on the paddle while held, or null in flight. */
  held = 0;
  heldFor = 0;
  /** Since the paddle: what this shot has touched. */
  shot = { bricks: 0, walls: 0, hit: false, counted: false };
  idle = 0;
  spin = 0;
  trail = [];

  constructor(x, y) {
    this.x = x;
    this.y = y;
  }

  aim(angle, speed) {
    this.vx = Math.sin(angle) * speed;
    this.vy = -Math.cos(angle) * speed;
  }
}

/** @param {Ball} ball @param {import("./world.js").World} world */
export function moveBall(ball, dt, world) {
  if (ball.held !== null) {
    ball.x = world.paddle.x + ball.held * world.paddle.w * 0.5;
    ball.y = world.paddle.y - RADIUS - 0.5;
    ball.heldFor += dt;
    return;
  }
  keepPace(ball, world, dt);
  let left = dt;
  for (let bounce = 0; bounce < 6 && left > 1e-6; bounce += 1) {
    const contact = firstContact(ball, ball.vx * left, ball.vy * left, world);
    const part = contact ? contact.t : 1;
    ball.x += ball.vx * left * part;
    ball.y += ball.vy * left * part;
    if (!contact) break;
    ball.x += contact.nx * 0.02;
    ball.y += contact.ny * 0.02;
    left *= 1 - part;
    meet(ball, contact, world);
    if (ball.held !== null) return;
  }
  pushOut(ball, world);
  ball.trail.push(ball.x, ball.y);
  if (ball.trail.length > TRAIL * 2) ball.trail.splice(0, 2);
}

/** @param {Ball} ball */
export function isLost(ball) {
  return ball.y > HEIGHT + 24;
}

/** Speed follows the level; a ball that only flies between walls is steered, gently, to a brick. */
function keepPace(ball, world, dt) {
  ball.idle += dt;
  let angle = Math.atan2(ball.vx, -ball.vy);
  if (ball.idle > LOST_PATIENCE && !world.boss) {
    const prey = nearest(world.bricks, ball);
    if (prey) {
      const wanted = Math.atan2(prey.x + prey.w / 2 - ball.x, -(prey.y + prey.h / 2 - ball.y));
      const turn = Math.atan2(Math.sin(wanted - angle), Math.cos(wanted - angle));
      if (Math.abs(turn) < Math.PI / 2) angle += clamp(-STEER * dt, turn, STEER * dt);
    }
  }
  ball.aim(angle, world.ballSpeed);
}

function nearest(bricks, ball) {
  let best = null;
  let distance = Infinity;
  for (const brick of bricks) {
    const away = Math.hypot(brick.x - ball.x, brick.y - ball.y);
    if (away < distance) [best, distance] = [brick, away];
  }
  return best;
}

function firstContact(ball, dx, dy, world) {
  let first = wallContact(ball, dx, dy);
  const consider = (box, what) => {
    const contact = sweep(ball.x, ball.y, dx, dy, RADIUS, box);
    if (contact && (!first || contact.t < first.t)) first = { ...contact, what, box };
  };
  for (const brick of world.bricks) if (brick.arrive <= 0) consider(brick, "brick");
  if (world.boss?.present) for (const box of world.boss.boxes) consider(box, "boss");
  if (dy > 0) consider(world.paddle.box, "paddle");
  return first;
}

function wallContact(ball, dx, dy) {
  let first = null;
  const offer = (t, nx, ny) => {
    if (t >= 0 && t <= 1 && (!first || t < first.t)) first = { t, nx, ny, what: "wall", box: null };
  };
  if (dx < 0) offer((WALL + RADIUS - ball.x) / dx, 1, 0);
  if (dx > 0) offer((WIDTH - WALL - RADIUS - ball.x) / dx, -1, 0);
  if (dy < 0) offer((CEILING + RADIUS - ball.y) / dy, 0, 1);
  return first;
}

function meet(ball, contact, world) {
  if (contact.what === "paddle" && ball.y < world.paddle.y + world.paddle.h * 0.6) {
    world.returnBall(ball);
    return;
  }
  bounce(ball, contact.nx, contact.ny);
  if (contact.what === "wall") {
    ball.shot.walls += 1;
    world.tell("wall", { x: ball.x, y: ball.y, walls: ball.shot.walls });
  } else if (contact.what !== "paddle") {
    strike(ball, contact, world);
  }
}

function strike(ball, contact, world) {
  ball.idle = 0;
  if (!ball.shot.hit) {
    ball.shot.hit = true;
    if (ball.shot.counted) world.tally.shotHit();
  }
  if (contact.what === "boss") world.hitBoss(contact.box, 1, ball.x, ball.y);
  else if (world.hitBrick(contact.box, 1)) ball.shot.bricks += 1;
}

function bounce(ball, nx, ny) {
  const into = ball.vx * nx + ball.vy * ny;
  if (into >= 0) return;
  ball.vx -= 2 * into * nx;
  ball.vy -= 2 * into * ny;
  const speed = Math.hypot(ball.vx, ball.vy);
  if (Math.abs(ball.vy) < speed * FLATTEST) {
    ball.vy = (ball.vy < 0 ? -1 : 1) * speed * FLATTEST;
    ball.vx = Math.sign(ball.vx) * Math.sqrt(speed * speed - ball.vy * ball.vy);
  }
}

/** What moved onto the ball (a swaying brick, the flagship, the paddle) pushes it aside. */
function pushOut(ball, world) {
  const push = (box) => {
    const way = separate(ball.x, ball.y, RADIUS, box);
    if (!way) return false;
    ball.x += way.nx * way.depth;
    ball.y += way.ny * way.depth;
    bounce(ball, way.nx, way.ny);
    return true;
  };
  for (const brick of world.bricks) if (brick.arrive <= 0) push(brick);
  if (world.boss?.present) world.boss.boxes.forEach(push);
  if (ball.vy > 0 && ball.y < world.paddle.y + world.paddle.h && separate(ball.x, ball.y, RADIUS, world.paddle.box)) {
    world.returnBall(ball);
  }
  ball.x = clamp(WALL + RADIUS, ball.x, WIDTH - WALL - RADIUS);
}
