// What the game tells !Fnlloyd: the world's happenings become triggers, each with its own least gap in seconds.

/** Least seconds between two of the same trigger; 0 is always told. */
const GAPS = {
  ball_launch: 4, good_shot: 5, perfect_shot: 5, near_miss: 6, miss: 7, wall_bounce: 30,
  combo_start: 6, combo_5: 2, combo_10: 2, combo_15: 2, combo_20_plus: 4, streak_broken: 6,
  powerup: 3, powerup_multiball: 3, powerup_laser: 3, powerup_expand: 3, powerup_slow: 3, powerup_glue: 3,
  brick_destroyed: 18, brick_survival: 8, brick_special: 6, brick_rare: 4, row_clear: 3, multi_row_clear: 3,
  boss_appear: 0, boss_damage: 7, boss_phase: 0, boss_defeat: 0,
  life_lost: 0, life_lost_3: 0, life_lost_1: 0, extra_life: 0,
  start: 0, pause: 2, resume: 2, idle: 20, score_milestone: 5, level_complete: 0, game_complete: 0, game_over: 0,
  first_brick: 0, hundred_brick: 0, perfect_level: 0, speed_run: 0, comeback: 0, clutch: 8,
  debug_mode: 0, fps_drop: 60, fps_stable: 60, help: 5,
  morning: 0, afternoon: 0, evening: 0, night: 0,
};

/** Moments that are spoilt when they come late. */
const DEADLINES = { boss_appear: 1500, boss_phase: 1200, life_lost_1: 1200, life_lost: 1500, clutch: 900, near_miss: 700 };
const POWER_TRIGGERS = new Set(["multiball", "laser", "expand", "slow", "glue"]);
const BRICK_TRIGGERS = { tough: "brick_survival", special: "brick_special", rare: "brick_rare", normal: "brick_destroyed" };

export class Triggers {
  /** How often each was sent. @type {Record<string, number>} */
  sent = {};
  #last = new Map();

  /**
   * @param {import("./chat.js").Chat} chat
   * @param {import("../game/world.js").World} world
   * @param {(id: string) => void} noted  called with the id of each event sent
   */
  constructor(chat, world, noted) {
    this.chat = chat;
    this.world = world;
    this.noted = noted;
    for (const [name, tell] of Object.entries(HAPPENINGS)) world.events.on(name, (detail) => tell(this, detail));
  }

  /** Sends a trigger unless it was sent too lately. */
  tell(trigger, data = {}) {
    const now = performance.now() / 1000;
    if (now - (this.#last.get(trigger) ?? -Infinity) < GAPS[trigger]) return;
    const id = this.chat.event(trigger, { ...this.#moment(), ...data }, { deadline_ms: DEADLINES[trigger] });
    if (id === null) return;
    this.#count(trigger, now);
    this.noted(id);
  }

  #count(trigger, now) {
    this.#last.set(trigger, now);
    this.sent[trigger] = (this.sent[trigger] ?? 0) + 1;
  }

  /** What every event carries: where the game stands. */
  #moment() {
    const { tally, lives, levelIndex } = this.world;
    return { score: tally.score, combo: tally.combo, lives, level: levelIndex + 1 };
  }

  hour() {
    const hour = new Date().getHours();
    this.tell(hour < 5 ? "night" : hour < 12 ? "morning" : hour < 18 ? "afternoon" : hour < 22 ? "evening" : "night");
  }
}

/** @type {Record<string, (triggers: Triggers, detail: any) => void>} */
const HAPPENINGS = {
  start: (triggers) => triggers.tell("start"),
  launch: (triggers) => triggers.tell("ball_launch"),
  wall(triggers, { walls }) {
    if (walls >= 4) triggers.tell("wall_bounce", { bounces: walls });
  },
  paddle(triggers, { offset, bricks, alone }) {
    const edge = Math.abs(offset) > 0.86;
    if (edge && alone && triggers.world.lives === 1) triggers.tell("clutch");
    else if (edge) triggers.tell("near_miss");
    if (bricks >= 7) triggers.tell("perfect_shot", { bricks });
    else if (bricks >= 4) triggers.tell("good_shot", { bricks });
  },
  shotMissed(triggers, { streak }) {
    triggers.tell(streak >= 5 ? "streak_broken" : "miss", { streak });
  },
  combo(triggers, { combo }) {
    if (combo === 3) triggers.tell("combo_start");
    if (combo === 5 || combo === 10 || combo === 15) triggers.tell(`combo_${combo}`);
    if (combo >= 20 && combo % 5 === 0) triggers.tell("combo_20_plus");
  },
  comboEnd(triggers, { combo }) {
    if (combo >= 10) triggers.tell("streak_broken", { combo });
  },
  power(triggers, { kind }) {
    if (kind !== "life") triggers.tell(POWER_TRIGGERS.has(kind) ? `powerup_${kind}` : "powerup", { power: kind });
  },
  brick(triggers, { brick, left }) {
    triggers.tell(BRICK_TRIGGERS[brick.kind], { left });
  },
  firstBrick: (triggers) => triggers.tell("first_brick"),
  hundredBricks: (triggers, { bricks }) => triggers.tell("hundred_brick", { bricks }),
  rowClear: (triggers, { rows }) => triggers.tell(rows > 1 ? "multi_row_clear" : "row_clear", { rows }),
  milestone: (triggers, { score }) => triggers.tell("score_milestone", { milestone: score }),
  bossAppear: (triggers) => triggers.tell("boss_appear", { name: "The Flagship" }),
  bossHit(triggers, { harmed, health }) {
    if (harmed && health > 0) triggers.tell("boss_damage", { health: Math.round(health * 100) });
  },
  bossPhase: (triggers, { phase }) => triggers.tell("boss_phase", { phase }),
  bossDefeat: (triggers) => triggers.tell("boss_defeat"),
  lifeLost(triggers, { lives }) {
    if (lives > 0) triggers.tell(lives === 1 ? "life_lost_1" : lives === 3 ? "life_lost_3" : "life_lost", { lives });
  },
  lifeGained: (triggers, { lives }) => triggers.tell("extra_life", { lives }),
  levelComplete(triggers, { level, seconds, perfect, fast, comeback }) {
    const data = { finished: level, seconds: Math.round(seconds) };
    triggers.tell(comeback ? "comeback" : perfect && fast ? "speed_run" : perfect ? "perfect_level" : "level_complete", data);
  },
  gameOver: (triggers, { score }) => triggers.tell("game_over", { score }),
  victory: (triggers, { score }) => triggers.tell("game_complete", { score }),
};
