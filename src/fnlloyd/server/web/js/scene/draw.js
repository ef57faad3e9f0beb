// Drawing one frame of play, back to front. Reads the world and the effects; changes neither.

import { HEIGHT, WALL, WIDTH } from "../game/field.js";
import { CYAN, GOLD, PURPLE, faded } from "../palette.js";
import { drawBalls, drawBeam, drawBolts, drawCapsules, drawLasers, drawPaddle } from "./actors.js";
import { drawBoss } from "./flagship.js";
import { octagon } from "./sprites.js";

/** Geometric faces that many systems carry, then whatever sans there is. */
export const DISPLAY = '"Futura", "Century Gothic", "Avenir Next", "Inter Display", "Inter", "Segoe UI", sans-serif';

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {{world: import("../game/world.js").World, effects: import("./effects.js").Effects,
 *   sprites: import("./sprites.js").Sprites, view: import("./stage.js").Stage["view"], quality: number}} scene
 */
export function drawFrame(pen, scene) {
  const { world, effects, view } = scene;
  pen.setTransform(view.pixels, 0, 0, view.pixels, 0, 0);
  pen.clearRect(0, 0, view.width, view.height);
  const shakeX = Math.sin(world.time * 91) * effects.shake;
  const shakeY = Math.cos(world.time * 77) * effects.shake;
  pen.translate(view.left + shakeX * view.scale, view.top + shakeY * view.scale);
  pen.scale(view.scale, view.scale);
  pen.save();
  pen.beginPath();
  pen.rect(-2, -2, WIDTH + 4, HEIGHT + 4);
  pen.clip();
  drawFloorLines(pen, world.time, effects.calm);
  drawCombo(pen, world);
  if (world.phase !== "title") drawBricks(pen, scene);
  if (world.boss) drawBoss(pen, world.boss, world.time);
  drawBeam(pen, world.boss?.beam, world.time);
  drawCapsules(pen, scene);
  drawLasers(pen, world);
  if (world.phase !== "title") {
    drawPaddle(pen, world);
    drawBalls(pen, scene);
  }
  drawBolts(pen, scene);
  pen.globalCompositeOperation = "lighter";
  drawRings(pen, effects);
  drawSparks(pen, scene);
  pen.globalCompositeOperation = "source-over";
  drawWords(pen, effects);
  if (effects.flash.alpha > 0.01) {
    pen.fillStyle = faded(effects.flash.colour, Math.min(0.85, effects.flash.alpha));
    pen.fillRect(0, 0, WIDTH, HEIGHT);
  }
  pen.restore();
}

/** The grid's rows come towards the player. */
function drawFloorLines(pen, time, calm) {
  const horizon = HEIGHT * 0.72;
  const drift = calm ? 0 : (time * 0.25) % 1;
  for (let row = 0; row < 9; row += 1) {
    const near = (row + drift) / 9;
    pen.fillStyle = faded(CYAN, 0.16 * near);
    pen.fillRect(WALL, horizon + (HEIGHT - horizon) * near ** 2.1, WIDTH - 2 * WALL, 1 + near);
  }
}

function drawCombo(pen, { tally, phase }) {
  if (tally.combo < 3 || phase !== "play") return;
  const left = tally.comboLeftPart;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.font = `200 ${150 + Math.min(90, tally.combo * 3)}px ${DISPLAY}`;
  pen.fillStyle = faded(tally.combo >= 10 ? GOLD : PURPLE, 0.16 + 0.26 * left);
  pen.fillText(String(tally.combo), WIDTH / 2, 620);
  pen.font = `500 20px ${DISPLAY}`;
  pen.letterSpacing = "10px";
  pen.fillText("COMBO", WIDTH / 2 + 5, 742);
  pen.letterSpacing = "0px";
  pen.fillRect(WIDTH / 2 - 90 * left, 766, 180 * left, 2);
}

function drawBricks(pen, { world, sprites }) {
  const [ball] = world.balls;
  for (const brick of world.bricks) {
    const sprite = sprites.brick(brick);
    const waiting = Math.min(1, brick.arrive * 4);
    const rise = waiting * waiting * -60;
    pen.globalAlpha = 1 - waiting;
    const middleX = brick.x + brick.w / 2;
    const middleY = brick.y + brick.h / 2 + rise;
    pen.drawImage(sprite.image, middleX - sprite.w / 2, middleY - sprite.h / 2, sprite.w, sprite.h);
    if (brick.flash > 0) {
      pen.globalAlpha = brick.flash * 0.8;
      octagon(pen, brick.x, brick.y, brick.w, brick.h, 6);
      pen.fillStyle = "#ffffff";
      pen.fill();
    }
    if (brick.eyes) drawEyes(pen, brick, middleX, middleY, ball, world.time);
  }
  pen.globalAlpha = 1;
}

/** A Brick-Lien watches the ball, and blinks. */
function drawEyes(pen, brick, x, y, ball, time) {
  const blink = Math.sin(time * 1.3 + brick.home * 0.7 + brick.row) > 0.985;
  const lift = brick.kind === "special" ? -4 : brick.kind === "tough" ? -2.5 : 0;
  const lookX = ball ? Math.max(-1, Math.min(1, (ball.x - x) / 200)) * 2 : 0;
  const lookY = ball ? Math.max(-1, Math.min(1, (ball.y - y) / 260)) * 1.6 : 1;
  for (const side of [-1, 1]) {
    const eyeX = x + side * 8;
    pen.fillStyle = brick.kind === "tough" ? "#d8f6ff" : "#fffbe8";
    pen.beginPath();
    pen.ellipse(eyeX, y + lift, 4.6, blink ? 0.8 : 4.2, 0, 0, 7);
    pen.fill();
    if (blink) continue;
    pen.fillStyle = brick.kind === "special" ? "#6b0024" : "#0a0e27";
    pen.beginPath();
    pen.arc(eyeX + lookX, y + lift + lookY, 2.1, 0, 7);
    pen.fill();
  }
}

function drawRings(pen, { rings }) {
  for (const ring of rings) {
    const part = ring.age / ring.last;
    pen.strokeStyle = faded(ring.colour, (1 - part) * 0.8);
    pen.lineWidth = ring.thick * (1 - part) + 0.5;
    pen.beginPath();
    pen.arc(ring.x, ring.y, ring.reach * (1 - (1 - part) ** 3), 0, 7);
    pen.stroke();
  }
}

function drawSparks(pen, { effects, sprites }) {
  for (const spark of effects.sparks) {
    if (spark.life <= 0) continue;
    const part = spark.life / spark.full;
    const size = spark.size * (0.6 + part);
    pen.globalAlpha = Math.min(1, part * 1.6);
    pen.drawImage(sprites.spark(spark.colour).image, spark.x - size, spark.y - size, size * 2, size * 2);
  }
  pen.globalAlpha = 1;
}

function drawWords(pen, { words }) {
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const word of words) {
    const part = word.age / word.last;
    pen.globalAlpha = Math.min(1, (1 - part) * 2.2);
    pen.font = `600 ${word.size * (0.8 + Math.min(0.2, part * 2))}px ${DISPLAY}`;
    pen.letterSpacing = word.text.startsWith("+") ? "0px" : "5px";
    pen.lineWidth = 5;
    pen.strokeStyle = "rgba(5, 6, 26, 0.7)";
    pen.strokeText(word.text, word.x, word.y - part * 34);
    pen.fillStyle = word.colour;
    pen.fillText(word.text, word.x, word.y - part * 34);
  }
  pen.letterSpacing = "0px";
  pen.globalAlpha = 1;
}
