// The actors: paddle, balls, capsules, and everything that is fired, as they look this moment.

import { RADIUS } from "../game/balls.js";
import { HEIGHT } from "../game/field.js";
import { CYAN, GOLD, PINK, RED, faded } from "../palette.js";
import { octagon } from "./sprites.js";

export function drawPaddle(pen, { paddle, time, phase }) {
  if (phase === "gameover") return;
  const h = paddle.h;
  const x = paddle.x - paddle.w / 2;
  const y = paddle.y + paddle.squash * 5;
  const light = paddle.stunned > 0 ? RED : paddle.glue > 0 ? "#b6ff5a" : paddle.laser > 0 ? PINK : CYAN;
  paddleGlow(pen, paddle, light);
  octagon(pen, x, y, paddle.w, h, 7);
  const body = pen.createLinearGradient(0, y, 0, y + h);
  body.addColorStop(0, "#fff3c4");
  body.addColorStop(0.35, GOLD);
  body.addColorStop(1, "#8a5a00");
  pen.fillStyle = body;
  pen.fill();
  const inset = paddle.w * 0.2;
  octagon(pen, x + inset, y + 4, paddle.w - inset * 2, h - 8, 4);
  pen.fillStyle = "#101338";
  pen.fill();
  pen.fillStyle = faded(light, paddle.stunned > 0 && Math.sin(time * 40) > 0 ? 0.2 : 0.95);
  pen.fillRect(x + inset + 6, y + h / 2 - 1.5, paddle.w - inset * 2 - 12, 3);
  pen.fillStyle = faded("#5a3900", 0.8);
  for (let stripe = 0; stripe < 3; stripe += 1) {
    pen.fillRect(x + 9 + stripe * 5, y + 4, 1.6, h - 8);
    pen.fillRect(x + paddle.w - 10.6 - stripe * 5, y + 4, 1.6, h - 8);
  }
  if (paddle.laser > 0) {
    pen.fillStyle = PINK;
    for (const side of [-1, 1]) pen.fillRect(paddle.x + side * (paddle.w / 2 - 12) - 3, y - 7, 6, 9);
  }
}

/** A flat pool of light under the paddle. */
function paddleGlow(pen, { x, y, w, h }, light) {
  pen.save();
  pen.translate(x, y + h);
  pen.scale(1, 0.42);
  const glow = pen.createRadialGradient(0, 0, 0, 0, 0, w);
  glow.addColorStop(0, faded(light, 0.5));
  glow.addColorStop(1, faded(light, 0));
  pen.fillStyle = glow;
  pen.fillRect(-w, -w, w * 2, w * 2);
  pen.restore();
}

export function drawBalls(pen, { world, sprites, quality }) {
  const fiery = world.tally.combo >= 10;
  const sprite = sprites.ball(fiery);
  const spark = sprites.spark(fiery ? GOLD : CYAN);
  for (const ball of world.balls) {
    if (quality > 0 && ball.held === null) {
      pen.globalCompositeOperation = "lighter";
      const { trail } = ball;
      for (let at = 0; at < trail.length; at += 4) {
        const part = at / trail.length;
        const size = RADIUS * 2 * (0.5 + part);
        pen.globalAlpha = part * 0.4;
        pen.drawImage(spark.image, trail[at] - size / 2, trail[at + 1] - size / 2, size, size);
      }
      pen.globalAlpha = 1;
      pen.globalCompositeOperation = "source-over";
    }
    pen.drawImage(sprite.image, ball.x - 30, ball.y - 30, 60, 60);
  }
}

export function drawCapsules(pen, { world, sprites }) {
  for (const capsule of world.capsules) {
    const sprite = sprites.capsule(capsule.kind);
    const turn = 0.86 + Math.abs(Math.cos(capsule.age * 3)) * 0.14;
    pen.drawImage(sprite.image, capsule.x - (sprite.w / 2) * turn, capsule.y - sprite.h / 2, sprite.w * turn, sprite.h);
  }
}

export function drawLasers(pen, { lasers }) {
  for (const laser of lasers) {
    pen.fillStyle = faded(PINK, 0.35);
    pen.fillRect(laser.x - 5, laser.y - 4, 10, 32);
    pen.fillStyle = "#ffe3f0";
    pen.fillRect(laser.x - 1.5, laser.y, 3, 24);
  }
}

export function drawBolts(pen, { world, sprites }) {
  if (!world.boss) return;
  const spark = sprites.spark(RED);
  for (const bolt of world.boss.bolts) {
    pen.drawImage(spark.image, bolt.x - 22, bolt.y - 22, 44, 44);
    pen.fillStyle = "#fff0e8";
    pen.beginPath();
    pen.arc(bolt.x, bolt.y, 6, 0, 7);
    pen.fill();
  }
}

export function drawBeam(pen, beam, time) {
  if (!beam) return;
  if (beam.wait > 0) {
    pen.fillStyle = faded(RED, 0.12 + 0.12 * Math.sin(time * 26));
    pen.fillRect(beam.x - 37, 0, 74, HEIGHT);
    pen.fillStyle = faded(RED, 0.8);
    pen.fillRect(beam.x - 38, 0, 1.5, HEIGHT);
    pen.fillRect(beam.x + 36.5, 0, 1.5, HEIGHT);
    return;
  }
  const light = pen.createLinearGradient(beam.x - 44, 0, beam.x + 44, 0);
  light.addColorStop(0, faded(PINK, 0));
  light.addColorStop(0.3, faded(PINK, 0.7));
  light.addColorStop(0.5, "#ffffff");
  light.addColorStop(0.7, faded(PINK, 0.7));
  light.addColorStop(1, faded(PINK, 0));
  pen.fillStyle = light;
  pen.fillRect(beam.x - 44, 0, 88, HEIGHT);
}
