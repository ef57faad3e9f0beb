// His voice: schedules the frames of each line without gaps, tells what was really heard, fades what is stopped.

import { Emitter } from "../emitter.js";

const LEAD = 0.05;
const GAP_BETWEEN_LINES = 0.06;
const WATCH_MS = 40;
const KEEP = 12;

/**
 * @typedef {object} Playing
 * @property {number} line
 * @property {object} mix
 * @property {GainNode} out
 * @property {AudioBufferSourceNode[]} sources
 * @property {number} startAt  context time of the line's first sample
 * @property {number} endAt    context time where the sound scheduled so far ends
 * @property {"waiting" | "speaking" | "over" | "dropped"} state
 * @property {boolean} final   no more frames follow
 */

/** Says "first" (sound arrived), "started", "finished", "cut" and "dropped", each with {line, at_ms?}. */
export class Voice extends Emitter {
  sampleRate = 24000;
  /** @type {Map<number, Playing>} */
  #lines = new Map();
  #mixes = new Map();

  /** @param {import("./audio.js").Sound} sound */
  constructor(sound) {
    super();
    this.sound = sound;
    setInterval(() => this.#watch(), WATCH_MS);
  }

  /** A line is announced: how the music makes room for it. */
  announce(line, mix = {}) {
    this.#mixes.set(line, mix);
    if (this.#mixes.size > KEEP) this.#mixes.delete(this.#mixes.keys().next().value);
  }

  /** @param {import("../talk/frames.js").Frame} frame */
  play(frame) {
    const known = this.#lines.get(frame.line);
    const playing = known ?? this.#open(frame.line);
    if (!known) this.emit("first", { line: frame.line });
    if (playing.state === "over" || playing.state === "dropped") return;
    if (!this.sound.unlocked) {
      this.#drop(playing);
      return;
    }
    if (frame.samples.length) this.#schedule(playing, frame);
    playing.final ||= frame.last;
  }

  #open(line) {
    const out = new GainNode(this.sound.context);
    out.connect(this.sound.voiceIn);
    const playing = { line, mix: this.#mixes.get(line) ?? {}, out, sources: [], startAt: 0, endAt: 0, state: "waiting", final: false };
    this.#lines.set(line, playing);
    if (this.#lines.size > KEEP) this.#lines.delete(this.#lines.keys().next().value);
    return playing;
  }

  #schedule(playing, frame) {
    const { context, now } = this.sound;
    const offset = frame.first / this.sampleRate;
    if (!playing.sources.length) playing.startAt = Math.max(now + LEAD, this.#busyUntil(playing)) - offset;
    const late = now + 0.01 - (playing.startAt + offset);
    if (late > 0) playing.startAt += late + LEAD;
    const buffer = new AudioBuffer({ length: frame.samples.length, sampleRate: this.sampleRate });
    buffer.copyToChannel(frame.samples, 0);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(playing.out);
    const at = Math.round((playing.startAt + offset) * context.sampleRate) / context.sampleRate;
    source.start(at);
    playing.sources.push(source);
    playing.endAt = Math.max(playing.endAt, at + buffer.duration);
  }

  #busyUntil(playing) {
    let until = 0;
    for (const other of this.#lines.values()) {
      if (other !== playing && (other.state === "waiting" || other.state === "speaking")) until = Math.max(until, other.endAt);
    }
    return until ? until + GAP_BETWEEN_LINES : 0;
  }

  #drop(playing) {
    playing.state = "dropped";
    this.emit("dropped", { line: playing.line });
  }

  /** All of a line was sent; its end is the end of what is scheduled. */
  sent(line) {
    const playing = this.#lines.get(line);
    if (playing) playing.final = true;
  }

  /** Fades a line and forgets what was still to come. */
  stop(line, fadeMs = 80) {
    const playing = this.#lines.get(line);
    if (!playing || playing.state === "over" || playing.state === "dropped") return;
    const { now } = this.sound;
    const heard = playing.state === "speaking";
    playing.out.gain.setTargetAtTime(0, now, Math.max(0.005, fadeMs / 3000));
    for (const source of playing.sources) source.stop(now + fadeMs / 1000 + 0.05);
    playing.state = "over";
    this.sound.unduck(playing.mix);
    this.emit(heard ? "cut" : "dropped", { line, at_ms: heard ? this.position(line) : undefined });
  }

  stopAll(fadeMs = 80) {
    for (const line of this.#lines.keys()) this.stop(line, fadeMs);
  }

  /** Line numbers start again: what was known by them is forgotten. */
  reset() {
    this.#lines.clear();
    this.#mixes.clear();
  }

  /** Milliseconds of the line that have sounded, or null when none has. */
  position(line) {
    const playing = this.#lines.get(line);
    if (!playing || !playing.sources.length || playing.state === "waiting") return null;
    return Math.max(0, Math.round((Math.min(this.sound.now, playing.endAt) - playing.startAt) * 1000));
  }

  has(line) {
    const playing = this.#lines.get(line);
    return Boolean(playing) && playing.state !== "dropped";
  }

  get speaking() {
    return [...this.#lines.values()].find((playing) => playing.state === "speaking")?.line ?? null;
  }

  #watch() {
    for (const playing of this.#lines.values()) {
      if (playing.state === "waiting" && playing.sources.length && this.sound.now >= playing.startAt) {
        playing.state = "speaking";
        this.sound.duck(playing.mix);
        this.emit("started", { line: playing.line, at_ms: 0 });
      }
      if (playing.state === "speaking" && playing.final && this.sound.now >= playing.endAt) {
        const at = this.position(playing.line);
        playing.state = "over";
        this.sound.unduck(playing.mix);
        this.emit("finished", { line: playing.line, at_ms: at });
      }
    }
  }
}
