// The tally: score, combo, streak, shots. It only counts; it says what it counted through the world's events.

const COMBO_WINDOW = 2.6;
const MILESTONE = 5000;
const LIFE_EVERY = 25000;

export class Tally {
  score = 0;
  combo = 0;
  maxCombo = 0;
  bricks = 0;
  powerups = 0;
  shotsFired = 0;
  shotsHit = 0;
  streak = 0;
  comboLeft = 0;

  /** @param {(name: string, detail?: object) => void} tell */
  constructor(tell) {
    this.tell = tell;
  }

  get accuracy() {
    return this.shotsFired ? this.shotsHit / this.shotsFired : 0;
  }

  /** How long the combo still lasts, 1 to 0. */
  get comboLeftPart() {
    return this.comboLeft / COMBO_WINDOW;
  }

  step(dt) {
    if (this.combo === 0) return;
    this.comboLeft -= dt;
    if (this.comboLeft <= 0) this.breakCombo();
  }

  /** Adds points and says so at each milestone; returns what was added. */
  add(points) {
    const before = this.score;
    this.score += points;
    const milestone = Math.floor(this.score / MILESTONE);
    if (milestone > Math.floor(before / MILESTONE)) this.tell("milestone", { score: milestone * MILESTONE });
    if (Math.floor(this.score / LIFE_EVERY) > Math.floor(before / LIFE_EVERY)) this.tell("lifeEarned");
    return points;
  }

  brick(points) {
    this.bricks += 1;
    this.combo += 1;
    this.comboLeft = COMBO_WINDOW;
    this.maxCombo = Math.max(this.maxCombo, this.combo);
    const gained = this.add(points * (1 + Math.floor(this.combo / 5)));
    this.tell("combo", { combo: this.combo });
    if (this.bricks === 1) this.tell("firstBrick");
    if (this.bricks % 100 === 0) this.tell("hundredBricks", { bricks: this.bricks });
    return gained;
  }

  breakCombo() {
    const combo = this.combo;
    this.combo = 0;
    if (combo >= 3) this.tell("comboEnd", { combo });
  }

  shot() {
    this.shotsFired += 1;
  }

  /** The first brick a shot touches. */
  shotHit() {
    this.shotsHit += 1;
    this.streak += 1;
  }

  shotMissed() {
    const streak = this.streak;
    this.streak = 0;
    this.tell("shotMissed", { streak });
  }
}
