// The head-up figures: score, level, lives, combo and the powers that run. Touches the page only when a figure changes.

import { POWERS } from "../game/powerups.js";

const ROMAN = ["I", "II", "III", "IV", "V", "VI"];

export class Hud {
  #shown = new Map();
  #score = 0;

  /** @param {Record<"score" | "best" | "level" | "levelName" | "lives" | "combo" | "powers", HTMLElement>} places */
  constructor(places) {
    this.places = places;
  }

  /** @param {import("../game/world.js").World} world */
  frame(world, best) {
    const { tally, lives, levelIndex, level } = world;
    this.#score += Math.ceil((tally.score - this.#score) * 0.2);
    if (this.#score > tally.score) this.#score = tally.score;
    this.#set("score", this.#score.toLocaleString("en-GB"));
    this.#set("best", Math.max(best, tally.score).toLocaleString("en-GB"));
    this.#set("level", ROMAN[levelIndex]);
    this.#set("levelName", level.name);
    this.#set("lives", "◆".repeat(lives) || "–");
    this.places.lives.setAttribute("aria-label", `${lives} lives`);
    this.#set("combo", tally.combo > 1 ? `×${tally.combo}` : "–");
    this.#powers(world);
  }

  #set(name, text) {
    if (this.#shown.get(name) === text) return;
    this.#shown.set(name, text);
    this.places[name].textContent = text;
  }

  #powers({ paddle, slow }) {
    const running = { expand: paddle.expanded, laser: paddle.laser, glue: paddle.glue, slow };
    for (const [kind, left] of Object.entries(running)) {
      const bar = this.#bar(kind);
      const part = Math.min(1, left / POWERS[kind].seconds);
      bar.hidden = part <= 0;
      if (part > 0) bar.lastElementChild.style.setProperty("--left", part.toFixed(2));
    }
  }

  #bar(kind) {
    const known = this.#shown.get(`power ${kind}`);
    if (known) return known;
    const bar = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = POWERS[kind].title;
    bar.append(name, document.createElement("i"));
    bar.style.setProperty("--colour", POWERS[kind].colour);
    this.places.powers.append(bar);
    this.#shown.set(`power ${kind}`, bar);
    return bar;
  }
}
