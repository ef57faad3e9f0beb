// The flagship's looks: a stepped liner of the armada, lit windows, chimneys, a core that burns brighter by phase.

import { BOSS_HEALTH } from "../game/boss.js";
import { WIDTH } from "../game/field.js";
import { CYAN, GOLD, PINK, PURPLE, RED, faded } from "../palette.js";
import { octagon } from "./sprites.js";

const ALARM = { 1: CYAN, 2: GOLD, 3: RED };

/** @param {import("../game/boss.js").Boss} boss */
export function drawBoss(pen, boss, time) {
  if (boss.health <= 0) return;
  const light = ALARM[boss.phase];
  const [deck, keel, core] = boss.boxes;
  halo(pen, boss, light);
  chimneys(pen, boss, deck, time);
  tier(pen, deck, "#8f86ff", "#2a2470", light);
  tier(pen, keel, "#6f66e0", "#1d1954", light);
  windows(pen, deck, 15, time, light);
  windows(pen, keel, 10, time + 2, light);
  eyes(pen, boss, deck);
  heart(pen, core, boss, time, light);
  if (boss.flash > 0) {
    pen.globalAlpha = boss.flash * (boss.guard > 0 ? 0.25 : 0.6);
    pen.fillStyle = boss.guard > 0 ? CYAN : "#ffffff";
    for (const box of [deck, keel, core]) pen.fillRect(box.x, box.y, box.w, box.h);
    pen.globalAlpha = 1;
  }
  if (boss.guard > 0) shield(pen, boss, time);
  healthBar(pen, boss, light);
}

function halo(pen, boss, light) {
  const glow = pen.createRadialGradient(boss.x, boss.y + 50, 30, boss.x, boss.y + 50, 330);
  glow.addColorStop(0, faded(light, 0.28));
  glow.addColorStop(1, faded(light, 0));
  pen.fillStyle = glow;
  pen.fillRect(boss.x - 330, boss.y - 280, 660, 660);
}

function chimneys(pen, boss, deck, time) {
  for (const away of [-150, -75, 0, 75, 150]) {
    const tall = 52 - Math.abs(away) * 0.14;
    const x = boss.x + away;
    for (const [w, part] of [[34, 0.55], [24, 0.8], [14, 1]]) {
      pen.fillStyle = "#1a1650";
      pen.fillRect(x - w / 2, deck.y - tall * part, w, tall * part);
      pen.fillStyle = faded(GOLD, 0.75);
      pen.fillRect(x - w / 2, deck.y - tall * part, w, 2);
    }
    pen.fillStyle = faded(PURPLE, 0.25);
    for (let puff = 0; puff < 3; puff += 1) {
      const age = (time * 0.6 + puff / 3 + away * 0.01 + 2) % 1;
      pen.beginPath();
      pen.arc(x + Math.sin(time + away) * 8 * age, deck.y - tall - age * 50, 5 + age * 12, 0, 7);
      pen.globalAlpha = 1 - age;
      pen.fill();
    }
    pen.globalAlpha = 1;
  }
}

function tier(pen, { x, y, w, h }, top, low, light) {
  octagon(pen, x, y, w, h, 12);
  const plate = pen.createLinearGradient(0, y, 0, y + h);
  plate.addColorStop(0, top);
  plate.addColorStop(0.25, "#3d36a0");
  plate.addColorStop(1, low);
  pen.fillStyle = plate;
  pen.fill();
  pen.lineWidth = 2;
  pen.strokeStyle = faded(GOLD, 0.9);
  pen.stroke();
  pen.fillStyle = faded(light, 0.85);
  pen.fillRect(x + 16, y + h - 5, w - 32, 1.5);
}

function windows(pen, { x, y, w, h }, count, time, light) {
  for (let at = 0; at < count; at += 1) {
    const lit = Math.sin(time * 2 + at * 2.4) > -0.4;
    pen.fillStyle = lit ? "#ffe9a8" : faded(light, 0.4);
    pen.fillRect(x + 22 + (at * (w - 44)) / (count - 1) - 3, y + h * 0.55, 6, 9);
  }
}

function eyes(pen, boss, deck) {
  for (const side of [-1, 1]) {
    const x = boss.x + side * 54;
    const y = deck.y + 15;
    pen.fillStyle = boss.phase === 3 ? "#ffd2c8" : "#fff6d8";
    pen.beginPath();
    pen.ellipse(x, y, 17, boss.phase === 3 ? 8 : 10, side * 0.25, 0, 7);
    pen.fill();
    pen.fillStyle = boss.phase === 3 ? "#a00018" : "#0a0e27";
    pen.beginPath();
    pen.arc(x - side * 2, y + 3, 5, 0, 7);
    pen.fill();
    pen.fillStyle = "#1d1954";
    pen.beginPath();
    pen.moveTo(x - side * 22, y - 4);
    pen.lineTo(x + side * 20, y - 14);
    pen.lineTo(x + side * 22, y - 4 - boss.phase);
    pen.fill();
  }
}

function heart(pen, { x, y, w, h }, boss, time, light) {
  const beat = 0.7 + 0.3 * Math.sin(time * (3 + boss.phase * 2.5));
  octagon(pen, x, y, w, h, 10);
  const fire = pen.createRadialGradient(boss.x, y + h / 2, 2, boss.x, y + h / 2, w * 0.6);
  fire.addColorStop(0, "#ffffff");
  fire.addColorStop(0.3, boss.phase === 3 ? "#ff8a6a" : "#ffe08a");
  fire.addColorStop(0.8, faded(boss.phase === 3 ? RED : PINK, 0.6 + beat * 0.4));
  fire.addColorStop(1, "#4a0f3c");
  pen.fillStyle = fire;
  pen.fill();
  pen.lineWidth = 2.5;
  pen.strokeStyle = light;
  pen.stroke();
}

function shield(pen, boss, time) {
  pen.strokeStyle = faded(CYAN, 0.45 + 0.3 * Math.sin(time * 18));
  pen.lineWidth = 2;
  for (const grow of [0, 10]) {
    pen.beginPath();
    pen.ellipse(boss.x, boss.y + 46, 260 + grow, 96 + grow, 0, 0, 7);
    pen.stroke();
  }
}

function healthBar(pen, boss, light) {
  const width = WIDTH - 220;
  const part = boss.health / BOSS_HEALTH;
  octagon(pen, 110, 30, width, 14, 5);
  pen.fillStyle = "rgba(5, 6, 26, 0.8)";
  pen.fill();
  pen.strokeStyle = faded(GOLD, 0.9);
  pen.lineWidth = 1.5;
  pen.stroke();
  pen.fillStyle = light;
  pen.fillRect(115, 34, (width - 10) * part, 6);
  pen.fillStyle = "#05061a";
  for (const third of [1, 2]) pen.fillRect(110 + (width * third) / 3 - 1, 31, 2, 12);
}
