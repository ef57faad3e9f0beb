// Effects: sparks, shards, rings, floating words, shake and flashes. Pools of fixed size; the world never waits for them.

import { CYAN, GOLD, GREEN, IVORY, PINK, PURPLE, RED, STEEL, TONES } from "../palette.js";
import { POWERS } from "../game/powerups.js";

const MOST = [220, 420, 800, 1300];
const KIND_COLOUR = { tough: STEEL, special: PINK, rare: GOLD };

export class Effects {
  /** Sparks: newest overwrite oldest. */
  sparks = [];
  rings = [];
  words = [];
  shake = 0;
  flash = { alpha: 0, colour: IVORY };
  calm = false;
  #next = 0;
  #quality = 3;

  /** @param {import("../game/world.js").World} world */
  constructor(world) {
    this.world = world;
    for (const [name, play] of Object.entries(PLAY)) world.events.on(name, (detail) => play(this, detail));
  }

  set quality(level) {
    this.#quality = level;
    this.sparks.length = Math.min(this.sparks.length, MOST[level]);
    this.#next = 0;
  }

  step(dt) {
    for (const spark of this.sparks) {
      if (spark.life <= 0) continue;
      spark.life -= dt;
      spark.vy += spark.weight * dt;
      const drag = Math.exp(-dt * spark.drag);
      spark.vx *= drag;
      spark.vy *= drag;
      spark.x += spark.vx * dt;
      spark.y += spark.vy * dt;
    }
    this.rings = this.rings.filter((ring) => (ring.age += dt) < ring.last);
    this.words = this.words.filter((word) => (word.age += dt) < word.last);
    this.shake *= Math.exp(-dt * 7);
    this.flash.alpha *= Math.exp(-dt * 5);
  }

  burst(x, y, colour, count, speed, { life = 0.7, size = 7, weight = 380, drag = 1.6 } = {}) {
    const most = MOST[this.#quality];
    const scaled = Math.ceil(count * (0.35 + this.#quality * 0.22) * (this.calm ? 0.4 : 1));
    for (let made = 0; made < scaled; made += 1) {
      const angle = Math.random() * Math.PI * 2;
      const pace = speed * (0.25 + Math.random() * 0.75);
      this.sparks[this.#next] = {
        x,
        y,
        vx: Math.cos(angle) * pace,
        vy: Math.sin(angle) * pace,
        life: life * (0.5 + Math.random() * 0.5),
        full: life,
        size: size * (0.6 + Math.random() * 0.7),
        weight,
        drag,
        colour,
      };
      this.#next = (this.#next + 1) % most;
    }
  }

  ring(x, y, colour, reach, last = 0.5, thick = 3) {
    this.rings.push({ x, y, colour, reach, last, thick, age: 0 });
  }

  word(x, y, text, colour, size = 22, last = 0.9) {
    if (this.words.length > 18) this.words.shift();
    this.words.push({ x, y, text, colour, size, last, age: 0 });
  }

  jolt(amount) {
    if (!this.calm) this.shake = Math.min(22, this.shake + amount);
  }

  flare(alpha, colour = IVORY) {
    this.flash = { alpha: this.calm ? alpha * 0.3 : alpha, colour };
  }
}

/** What each happening looks like. @type {Record<string, (effects: Effects, detail: any) => void>} */
const PLAY = {
  launch: (effects, { x, y }) => effects.burst(x, y, CYAN, 14, 240, { weight: -60 }),
  wall: (effects, { x, y }) => effects.burst(x, y, PURPLE, 5, 130, { life: 0.35, size: 5 }),
  paddle: (effects, { x, y }) => effects.burst(x, y, CYAN, 9, 190, { life: 0.4, weight: 200 }),
  dent: (effects, { x, y, brick }) => effects.burst(x, y, KIND_COLOUR[brick.kind] ?? IVORY, 8, 180, { life: 0.4 }),
  brick(effects, { x, y, brick, gained }) {
    const colour = KIND_COLOUR[brick.kind] ?? TONES[brick.tone][0];
    effects.burst(x, y, colour, brick.kind === "rare" ? 46 : 22, brick.kind === "rare" ? 420 : 290);
    effects.ring(x, y, colour, brick.kind === "rare" ? 120 : 52, 0.42);
    effects.jolt(brick.kind === "rare" ? 5 : 1.6);
    effects.word(x, y, `+${gained}`, brick.kind === "rare" ? GOLD : IVORY, brick.kind === "rare" ? 30 : 18);
  },
  blast(effects, { x, y }) {
    effects.burst(x, y, GOLD, 50, 520, { size: 10 });
    effects.burst(x, y, PINK, 30, 340, { size: 12 });
    effects.ring(x, y, PINK, 150, 0.55, 5);
    effects.jolt(7);
    effects.flare(0.12, PINK);
  },
  rowClear(effects, { rows }) {
    effects.word(420, 470, rows > 1 ? `${rows} ROWS CLEAR` : "ROW CLEAR", CYAN, 34, 1.4);
    effects.ring(420, 470, CYAN, 320, 0.8, 3);
  },
  power(effects, { kind, x, y }) {
    const { colour, title } = POWERS[kind];
    effects.burst(x, y, colour, 30, 320, { weight: -120 });
    effects.ring(x, y, colour, 110, 0.55);
    effects.word(x, y - 50, title.toUpperCase(), colour, 26, 1.2);
  },
  lifeLost(effects, { x }) {
    effects.burst(x, 960, RED, 60, 520, { weight: 100 });
    effects.flare(0.3, RED);
    effects.jolt(14);
  },
  lifeGained: (effects) => effects.word(420, 470, "EXTRA LIFE", GREEN, 34, 1.6),
  combo(effects, { combo }) {
    if (combo % 5 !== 0) return;
    effects.ring(420, 620, combo >= 10 ? GOLD : PURPLE, 260, 0.7, 4);
    effects.burst(420, 620, combo >= 10 ? GOLD : CYAN, 18, 420, { weight: 0 });
  },
  stunned(effects, { x, y }) {
    effects.burst(x, y, RED, 34, 360);
    effects.word(x, y - 40, "STUNNED", RED, 24, 1.2);
    effects.jolt(8);
  },
  bossHit(effects, { x, y, harmed, part }) {
    effects.burst(x, y, harmed ? (part === "core" ? GOLD : RED) : STEEL, part === "core" ? 26 : 12, 320);
    if (part === "core" && harmed) effects.ring(x, y, GOLD, 90, 0.4);
    effects.jolt(harmed ? 3 : 1);
  },
  bossPhase(effects, { x, y }) {
    for (const away of [-180, -60, 60, 180]) effects.burst(x + away, y + 40, away % 120 ? PINK : GOLD, 40, 460, { size: 10 });
    effects.ring(x, y + 40, PINK, 480, 1, 5);
    effects.flare(0.3, PINK);
    effects.jolt(16);
  },
  beam: (effects) => effects.jolt(6),
  bossDefeat(effects, { x, y }) {
    for (let blow = 0; blow < 9; blow += 1) {
      effects.burst(x + (Math.random() - 0.5) * 420, y + Math.random() * 110, [GOLD, PINK, CYAN][blow % 3], 60, 620, { life: 1.5, size: 11 });
    }
    effects.ring(x, y, GOLD, 700, 1.5, 6);
    effects.flare(0.8, IVORY);
    effects.jolt(22);
  },
  levelComplete(effects) {
    for (const x of [140, 420, 700]) effects.burst(x, 420, GOLD, 50, 460, { life: 1.4, weight: 160 });
  },
};
