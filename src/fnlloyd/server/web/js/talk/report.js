// The state report: what changed in the game since the last one, as a merge patch, at most twice a second.

const EVERY_MS = 500;

export class Report {
  #told = {};
  #next = 0;

  /**
   * @param {import("./chat.js").Chat} chat
   * @param {import("../game/world.js").World} world
   */
  constructor(chat, world) {
    this.chat = chat;
    this.world = world;
    chat.on("welcome", () => {
      this.#told = {};
      this.#next = 0;
    });
  }

  /** The whole state, by the names the character's moods are worked out from. */
  get state() {
    const { tally, lives, levelIndex } = this.world;
    return {
      score: tally.score,
      lives,
      level: levelIndex + 1,
      combo: tally.combo,
      maxCombo: tally.maxCombo,
      bricksDestroyed: tally.bricks,
      powerupsCollected: tally.powerups,
      accuracy: Math.round(tally.accuracy * 100) / 100,
      shotsFired: tally.shotsFired,
      shotsHit: tally.shotsHit,
      streak: tally.streak,
    };
  }

  send(now = performance.now()) {
    if (now < this.#next) return;
    const { state } = this;
    const changed = Object.fromEntries(Object.entries(state).filter(([name, value]) => this.#told[name] !== value));
    if (Object.keys(changed).length === 0 || !this.chat.send({ type: "state", state: changed })) return;
    this.#told = state;
    this.#next = now + EVERY_MS;
  }
}
