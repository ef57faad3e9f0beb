// Sound effects: each happening has a small synthesised sound; a rising combo climbs a pentatonic scale.

import { noiseBuffer } from "./music.js";

const SCALE = [0, 3, 5, 7, 10];
const MOST_AT_ONCE = 14;

export class SoundEffects {
  #noise;
  #busy = 0;

  /**
   * @param {import("./audio.js").Sound} sound
   * @param {import("../game/world.js").World} world
   */
  constructor(sound, world) {
    this.sound = sound;
    this.world = world;
    this.#noise = noiseBuffer(sound.context);
    for (const [name, play] of Object.entries(PLAY)) {
      world.events.on(name, (detail) => {
        if (sound.unlocked && this.#busy < MOST_AT_ONCE) play(this, detail);
      });
    }
  }

  /** One tone that glides. Frequencies in hertz, length in seconds. */
  tone(from, to, length, { type = "triangle", peak = 0.2, wait = 0 } = {}) {
    const { context, now } = this.sound;
    const at = now + wait;
    const voice = new OscillatorNode(context, { type, frequency: from });
    voice.frequency.setValueAtTime(from, at);
    voice.frequency.exponentialRampToValueAtTime(to, at + length);
    this.#out(voice, at, length, peak);
    voice.start(at);
    voice.stop(at + length + 0.02);
  }

  noise(frequency, length, peak = 0.25, wait = 0) {
    const { context, now } = this.sound;
    const at = now + wait;
    const source = new AudioBufferSourceNode(context, { buffer: this.#noise });
    const filter = new BiquadFilterNode(context, { type: "lowpass", frequency });
    filter.frequency.setValueAtTime(frequency, at);
    filter.frequency.exponentialRampToValueAtTime(80, at + length);
    source.connect(filter);
    this.#out(filter, at, length, peak, source);
    source.start(at, Math.random(), length + 0.02);
  }

  #out(node, at, length, peak, source = node) {
    const envelope = new GainNode(this.sound.context, { gain: peak });
    envelope.gain.setValueAtTime(peak, at);
    envelope.gain.exponentialRampToValueAtTime(0.0008, at + length);
    node.connect(envelope).connect(this.sound.buses.effects);
    this.#busy += 1;
    source.addEventListener("ended", () => (this.#busy -= 1), { once: true });
  }

  chord(notes, length, options = {}) {
    notes.forEach((note, at) => this.tone(hertz(note), hertz(note), length, { ...options, wait: at * (options.apart ?? 0.07) }));
  }
}

function hertz(note) {
  return 440 * 2 ** ((note - 69) / 12);
}

/** @type {Record<string, (effects: SoundEffects, detail: any) => void>} */
const PLAY = {
  launch: (effects) => effects.tone(240, 720, 0.16, { type: "sawtooth", peak: 0.08 }),
  wall: (effects) => effects.tone(520, 380, 0.05, { peak: 0.06 }),
  paddle: (effects, { offset }) => effects.tone(300 + offset * 40, 190, 0.11, { peak: 0.22 }),
  dent: (effects) => effects.tone(1150, 800, 0.07, { type: "square", peak: 0.05 }),
  brick(effects, { brick }) {
    const climb = Math.min(24, effects.world.tally.combo);
    const note = 62 + SCALE[climb % 5] + 12 * Math.floor(climb / 5) * 0.5;
    effects.tone(hertz(note), hertz(note), 0.16, { peak: 0.16 });
    effects.tone(hertz(note + 12), hertz(note + 12), 0.09, { type: "square", peak: 0.03 });
    effects.noise(2600, 0.09, 0.1);
    if (brick.kind === "rare") effects.chord([74, 79, 83, 86, 91], 0.3, { peak: 0.1, apart: 0.045 });
  },
  blast(effects) {
    effects.noise(1300, 0.5, 0.4);
    effects.tone(150, 36, 0.45, { peak: 0.35 });
  },
  rowClear: (effects) => effects.chord([69, 74, 77, 81], 0.3, { peak: 0.1 }),
  power: (effects) => effects.chord([65, 69, 72, 77], 0.26, { peak: 0.13, apart: 0.05 }),
  laser: (effects) => effects.tone(1700, 300, 0.11, { type: "sawtooth", peak: 0.045 }),
  lifeGained: (effects) => effects.chord([72, 76, 79, 84, 88], 0.4, { peak: 0.12 }),
  lifeLost(effects) {
    effects.tone(420, 60, 0.8, { type: "sawtooth", peak: 0.16 });
    effects.noise(900, 0.6, 0.22);
  },
  stunned: (effects) => effects.tone(200, 70, 0.4, { type: "square", peak: 0.12 }),
  bossShot: (effects) => effects.tone(700, 180, 0.2, { type: "sawtooth", peak: 0.07 }),
  beamCharge: (effects) => effects.tone(120, 900, 1, { type: "sawtooth", peak: 0.05 }),
  beam: (effects) => effects.noise(3000, 0.6, 0.28),
  bossHit(effects, { part, harmed }) {
    effects.tone(part === "core" ? 520 : 260, 120, 0.16, { type: "square", peak: harmed ? 0.12 : 0.04 });
    effects.noise(1500, 0.12, 0.16);
  },
  bossPhase(effects) {
    effects.noise(1000, 0.9, 0.4);
    effects.chord([50, 51, 56], 0.9, { type: "sawtooth", peak: 0.1, apart: 0.02 });
  },
  bossDefeat(effects) {
    for (let blow = 0; blow < 6; blow += 1) effects.noise(1400, 0.6, 0.35, blow * 0.16);
    effects.tone(200, 30, 1.6, { peak: 0.4 });
  },
  levelComplete: (effects) => effects.chord([62, 65, 69, 72, 76, 81], 0.5, { peak: 0.13, apart: 0.1 }),
  gameOver: (effects) => effects.chord([65, 62, 58, 50], 0.9, { type: "sawtooth", peak: 0.08, apart: 0.22 }),
};
