// The world in play: phases of a game, one fixed step, and the deeds that change it. Draws nothing, sounds nothing.

import { Emitter } from "../emitter.js";
import { Aftermath } from "./aftermath.js";
import { Ball, RADIUS, isLost, moveBall } from "./balls.js";
import { BOSS_HEALTH, Boss } from "./boss.js";
import { KINDS, formation, swayBricks } from "./bricks.js";
import { LEVELS } from "./levels.js";
import { fireLasers, flyLasers } from "./lasers.js";
import { Paddle } from "./paddle.js";
import { applyPower, drawPower, fallCapsules } from "./powerups.js";
import { Tally } from "./tally.js";

/** @typedef {"title" | "ready" | "play" | "cleared" | "lost" | "gameover" | "victory"} Phase */

const MOST_BALLS = 9;
const PAUSE_AFTER = { lost: 1.1, cleared: 3.6 };

export class World {
  events = new Emitter();
  /** @type {Phase} */
  phase = "title";
  levelIndex = 0;
  lives = 3;
  paddle = new Paddle();
  balls = [new Ball(0, 0)];
  bricks = formation(LEVELS[0].rows);
  capsules = [];
  lasers = [];
  /** @type {Boss | null} */
  boss = null;
  time = 0;
  slow = 0;
  rally = 0;
  phaseTime = 0;
  levelTime = 0;
  livesLostHere = 0;
  laserWait = 0;
  tally = new Tally((name, detail) => this.tell(name, detail));
  #aftermath = new Aftermath(this);

  constructor() {
    this.events.on("lifeEarned", () => this.gainLife());
  }

  get level() {
    return LEVELS[this.levelIndex];
  }

  get ballSpeed() {
    return this.level.pace * (1 + Math.min(0.3, this.rally / 240)) * (this.slow > 0 ? 0.66 : 1);
  }

  tell(name, detail = {}) {
    this.events.emit(name, detail);
  }

  start() {
    this.tally = new Tally((name, detail) => this.tell(name, detail));
    this.lives = 3;
    this.tell("start");
    this.enterLevel(0);
  }

  enterLevel(index) {
    this.levelIndex = index;
    this.bricks = formation(this.level.rows);
    this.boss = this.level.boss ? new Boss() : null;
    this.capsules = [];
    this.lasers = [];
    this.#aftermath = new Aftermath(this);
    this.levelTime = 0;
    this.livesLostHere = 0;
    this.paddle.reset();
    this.#ready();
    this.tell("level", { level: index + 1, name: this.level.name, boss: Boolean(this.boss) });
    if (this.boss) this.tell("bossAppear", { name: this.level.name });
  }

  /** Goes on from whatever waits for the player: a held ball, a cleared level, an ended game. */
  press() {
    if (this.phase === "title" || this.phase === "gameover" || this.phase === "victory") {
      if (this.phase === "title" || this.phaseTime > 0.8) this.start();
    } else if (this.phase === "cleared") {
      if (this.phaseTime > 0.8) this.enterLevel(this.levelIndex + 1);
    } else if (this.phase === "ready" || this.phase === "play") {
      this.#launchHeld();
    }
  }

  /** @param {{way: number, pointerX: number | null}} wish */
  step(dt, wish) {
    this.time += dt;
    this.phaseTime += dt;
    this.#settle(dt);
    if (this.phase === "title") return;
    if (this.phase !== "gameover" && this.phase !== "victory") this.paddle.step(dt, wish);
    this.boss?.step(dt, this);
    if (this.phase === "lost" && this.phaseTime > PAUSE_AFTER.lost) this.#ready();
    if (this.phase === "cleared" && this.phaseTime > PAUSE_AFTER.cleared) this.enterLevel(this.levelIndex + 1);
    if (this.phase === "ready") this.balls.forEach((ball) => moveBall(ball, dt, this));
    if (this.phase === "play") this.#play(dt);
  }

  #settle(dt) {
    for (const brick of this.bricks) {
      brick.arrive = Math.max(0, brick.arrive - dt);
      brick.flash = Math.max(0, brick.flash - dt * 4);
    }
    if (this.level.sway) swayBricks(this.bricks, this.level.sway, this.levelTime);
  }

  #play(dt) {
    this.levelTime += dt;
    this.rally += dt;
    this.slow = Math.max(0, this.slow - dt);
    this.tally.step(dt);
    for (const ball of this.balls) {
      moveBall(ball, dt, this);
      if (ball.held !== null && ball.heldFor > 1.6) this.#launch(ball);
    }
    this.capsules = fallCapsules(this.capsules, dt, this.paddle, (capsule) => this.#catch(capsule));
    fireLasers(this, dt);
    flyLasers(this, dt);
    this.#aftermath.step(dt);
    const flying = this.balls.filter((ball) => !isLost(ball));
    if (flying.length < this.balls.length && flying.length) this.tell("ballGone", { left: flying.length });
    this.balls = flying;
    if (this.boss ? this.boss.health <= 0 : this.bricks.length === 0) this.#clear();
    else if (this.balls.length === 0) this.#loseLife();
  }

  #ready() {
    this.phase = "ready";
    this.phaseTime = 0;
    this.rally = 0;
    this.slow = 0;
    this.balls = [new Ball(this.paddle.x, this.paddle.y - RADIUS)];
    this.balls[0].held = 0.12;
  }

  #launchHeld() {
    for (const ball of this.balls) if (ball.held !== null) this.#launch(ball);
    this.phase = "play";
  }

  #launch(ball) {
    ball.aim(ball.held * 1.1, this.ballSpeed);
    ball.held = null;
    ball.shot = { bricks: 0, walls: 0, hit: false, counted: true };
    this.tally.shot();
    this.tell("launch", { x: ball.x, y: ball.y });
  }

  /** The paddle sends a ball back, or holds it when it is glued. @param {Ball} ball */
  returnBall(ball) {
    const { shot } = ball;
    const offset = this.paddle.offset(ball.x);
    if (shot.counted && !shot.hit) this.tally.shotMissed();
    ball.y = this.paddle.y - RADIUS - 0.5;
    this.paddle.squash = 1;
    this.tell("paddle", { x: ball.x, y: ball.y, offset, bricks: shot.bricks, alone: this.balls.length === 1 });
    ball.shot = { bricks: 0, walls: 0, hit: false, counted: true };
    if (this.paddle.glue > 0) {
      ball.held = offset;
      ball.heldFor = 0;
      return;
    }
    this.tally.shot();
    ball.aim(this.paddle.returnAngle(ball.x), this.ballSpeed);
  }

  splitBalls() {
    for (const ball of [...this.balls]) {
      for (const turn of [-0.35, 0.35]) {
        if (this.balls.length >= MOST_BALLS) return;
        const twin = new Ball(ball.x, ball.y);
        twin.held = null;
        const angle = ball.held === null ? Math.atan2(ball.vx, -ball.vy) : 0;
        twin.aim(angle + turn, this.ballSpeed);
        this.balls.push(twin);
      }
    }
  }

  /** Returns true when the brick broke. @param {import("./bricks.js").Brick} brick */
  hitBrick(brick, power) {
    if (brick.hits <= 0) return false;
    brick.hits -= power;
    brick.flash = 1;
    const x = brick.x + brick.w / 2;
    const y = brick.y + brick.h / 2;
    if (brick.hits > 0) {
      this.tell("dent", { brick, x, y });
      return false;
    }
    this.bricks = this.bricks.filter((other) => other !== brick);
    const gained = this.tally.brick(KINDS[brick.kind].points);
    this.tell("brick", { brick, x, y, gained, left: this.bricks.length });
    if (Math.random() < KINDS[brick.kind].drop) this.capsules.push({ x, y, kind: drawPower(), age: 0 });
    this.#aftermath.broke(brick, x, y);
    return true;
  }

  hitBoss(box, amount, x, y) {
    const harmed = this.boss.hurt(box.part === "core" ? amount * 3 : amount);
    if (harmed) this.tally.add(box.part === "core" ? 300 : 100);
    this.tell("bossHit", { x, y, harmed, part: box.part, health: this.boss.health / BOSS_HEALTH });
    if (this.boss.health > 0 && this.boss.duePhase > this.boss.phase) {
      this.boss.enterPhase(this.boss.duePhase);
      this.tell("bossPhase", { phase: this.boss.phase, x: this.boss.x, y: this.boss.y });
    }
  }

  stunPaddle(seconds) {
    if (this.paddle.stunned > 0) return;
    this.paddle.stunned = seconds;
    this.tally.breakCombo();
    this.tell("stunned", { x: this.paddle.x, y: this.paddle.y });
  }

  gainLife() {
    this.lives = Math.min(6, this.lives + 1);
    this.tell("lifeGained", { lives: this.lives });
  }

  #catch(capsule) {
    this.tally.powerups += 1;
    this.tally.add(100);
    applyPower(this, capsule.kind);
    this.tell("power", { kind: capsule.kind, x: capsule.x, y: capsule.y });
  }

  #loseLife() {
    this.lives -= 1;
    this.livesLostHere += 1;
    this.tally.breakCombo();
    this.tally.streak = 0;
    this.capsules = [];
    this.lasers = [];
    this.paddle.reset();
    this.phase = this.lives > 0 ? "lost" : "gameover";
    this.phaseTime = 0;
    this.tell("lifeLost", { lives: this.lives, x: this.paddle.x });
    if (this.lives <= 0) this.tell("gameOver", { score: this.tally.score, level: this.levelIndex + 1 });
  }

  #clear() {
    const last = this.levelIndex === LEVELS.length - 1;
    this.phaseTime = 0;
    this.phase = last ? "victory" : "cleared";
    this.capsules = [];
    this.lasers = [];
    if (this.boss) this.tell("bossDefeat", { x: this.boss.x, y: this.boss.y });
    this.tell("levelComplete", {
      level: this.levelIndex + 1,
      seconds: this.levelTime,
      perfect: this.livesLostHere === 0,
      fast: this.levelTime < this.level.par,
      comeback: this.lives === 1 && this.livesLostHere > 0,
    });
    this.balls = [];
    if (last) this.tell("victory", { score: this.tally.score });
  }
}
