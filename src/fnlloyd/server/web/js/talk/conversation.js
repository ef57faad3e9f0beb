// The conversation: what a line is while it lives, from line.start to line.end, with its sound and its words.

import { Emitter } from "../emitter.js";

const KEEP = 30;

/**
 * @typedef {object} Line
 * @property {number} line
 * @property {string} text       what is known of it so far
 * @property {string} source
 * @property {string} [trigger]
 * @property {string} mood
 * @property {{index: number, text: string, start_ms: number, duration_ms: number}[]} sentences
 * @property {number} startedAt  performance.now() at line.start
 * @property {number} [askedAt]  performance.now() when what it answers was sent
 * @property {number} [firstSoundMs]  to the first sound frame, from asking or from the end of the line it had to wait for
 * @property {object} [timings]
 * @property {string} [end]
 * @property {number} [endedAt]
 */

/** Says "line", "words", "over" with the line; "mood" with {mood, intensity}; "said" with {text}. */
export class Conversation extends Emitter {
  /** @type {Line | null} */
  current = null;
  mood = "neutral";
  intensity = 0;
  /** @type {Map<number, Line>} */
  #lines = new Map();
  #asked = new Map();
  #lastOver = 0;

  /**
   * @param {import("./chat.js").Chat} chat
   * @param {import("../sound/voice.js").Voice} voice
   */
  constructor(chat, voice) {
    super();
    this.chat = chat;
    this.voice = voice;
    for (const [type, hear] of Object.entries(HEARD)) chat.on(type, (message) => hear(this, message));
    chat.on("frame", (frame) => voice.play(frame));
    voice.on("first", ({ line }) => this.#firstSound(line));
    for (const status of ["started", "finished", "cut", "dropped"]) {
      voice.on(status, ({ line, at_ms: at }) => chat.send({ type: "heard", line, status, at_ms: at }));
    }
  }

  /** Something was sent that may be answered; its clock starts. */
  ask(id) {
    this.#asked.set(id, performance.now());
    if (this.#asked.size > KEEP) this.#asked.delete(this.#asked.keys().next().value);
  }

  /** The player speaks; what he was saying is cut short. */
  say(text) {
    if (this.voice.speaking !== null) this.hush();
    const id = this.chat.say(text);
    if (id === null) return false;
    this.ask(id);
    this.emit("said", { text });
    return true;
  }

  hush() {
    const line = this.voice.speaking ?? undefined;
    this.voice.stopAll(120);
    this.chat.send({ type: "interrupt", line, fade_ms: 120 });
  }

  begin(message) {
    const { line, text = "", source, trigger, mood, intensity, event, mix } = message;
    this.current = {
      line, text, source, trigger, mood, sentences: [], startedAt: performance.now(), askedAt: this.#asked.get(event),
    };
    this.#lines.set(line, this.current);
    if (this.#lines.size > KEEP) this.#lines.delete(this.#lines.keys().next().value);
    this.voice.announce(line, mix);
    this.feel(mood, intensity);
    this.emit("line", this.current);
  }

  /** @returns {Line | undefined} */
  find(line) {
    return this.#lines.get(line);
  }

  /** A line and what answered it may only meet here: the outcome names both. */
  pair(id, line) {
    const known = this.find(line);
    if (known) known.askedAt ??= this.#asked.get(id);
  }

  finish(line, { text, end, timings }) {
    this.#lastOver = performance.now();
    Object.assign(line, { text: text || line.text, end, timings, endedAt: this.#lastOver });
    this.emit("over", line);
  }

  feel(mood, intensity) {
    this.mood = mood ?? this.mood;
    this.intensity = intensity ?? this.intensity;
    this.emit("mood", { mood: this.mood, intensity: this.intensity });
  }

  /** After a restart of the server its lines count from one again. */
  forget() {
    this.#lines.clear();
    this.voice.stopAll(150);
    this.voice.reset();
  }

  #firstSound(number) {
    const line = this.find(number);
    if (!line) return;
    const from = Math.max(line.askedAt ?? line.startedAt, Math.min(line.startedAt, this.#lastOver));
    line.firstSoundMs = Math.round(performance.now() - from);
    this.emit("words", line);
  }
}

/** What each message of the server does; the ones not named here are for others, or unknown, and do nothing. */
const HEARD = {
  welcome(conversation, { voice, resumed }) {
    if (!resumed) conversation.forget();
    if (voice?.sample_rate) conversation.voice.sampleRate = voice.sample_rate;
  },
  "line.start": (conversation, message) => conversation.begin(message),
  "line.delta"(conversation, { line, text }) {
    const known = conversation.find(line);
    if (!known) return;
    known.deltas = (known.deltas ?? "") + text;
    if (known.deltas.length > known.text.length) known.text = known.deltas;
    conversation.emit("words", known);
  },
  "line.sentence"(conversation, message) {
    const known = conversation.find(message.line);
    if (!known) return;
    known.sentences.push(message);
    conversation.emit("words", known);
  },
  "line.sent"(conversation, { line, text }) {
    conversation.voice.sent(line);
    const known = conversation.find(line);
    if (!known) return;
    known.text = text || known.text;
    conversation.emit("words", known);
  },
  "line.stop": (conversation, { line, fade_ms: fade }) => conversation.voice.stop(line, fade),
  "line.end"(conversation, message) {
    const known = conversation.find(message.line);
    if (!known) return;
    if (message.end === "complete") conversation.voice.sent(message.line);
    else conversation.voice.stop(message.line, 120);
    conversation.finish(known, message);
  },
  outcome: (conversation, { id, line }) => conversation.pair(id, line),
  state: (conversation, { mood, intensity }) => conversation.feel(mood, intensity),
};
