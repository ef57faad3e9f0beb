// The music: a small generative nocturne for synthesiser, composed here. More players join as the game gets warmer.

const AHEAD = 0.18;
const WAKE_MS = 60;
const STEPS = 16;

/** Four bars each: root of the bass and the chord above it, as MIDI notes. */
const HARMONY = {
  calm: [[38, [57, 60, 64, 65]], [34, [57, 60, 62, 65]], [41, [55, 57, 60, 64]], [36, [55, 58, 62, 64]]],
  danger: [[38, [57, 60, 62, 65]], [39, [58, 62, 63, 67]], [38, [57, 60, 62, 65]], [37, [56, 59, 61, 64]]],
};
const ARPEGGIO = [0, 2, 1, 3, 2, 0, 3, 1, 0, 2, 3, 2, 1, 3, 0, 2];
const BASS = [1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 2];
const MELODY = [74, 72, 69, 67, 65, 69, 72, 77];

export class Music {
  /** "title" pad and bells, "play" with bass and drums, "boss" the darker, faster one. */
  scene = "title";
  #step = 0;
  #nextAt = 0;
  #phrase = [];
  #noise;

  /** @param {import("./audio.js").Sound} sound */
  constructor(sound) {
    this.sound = sound;
    const { context } = sound;
    this.out = new GainNode(context, { gain: 0.5 });
    this.out.connect(sound.buses.music);
    this.echo = new DelayNode(context, { delayTime: 0.42 });
    const again = new GainNode(context, { gain: 0.38 });
    this.echo.connect(again).connect(this.echo);
    this.echo.connect(this.out);
    this.#noise = noiseBuffer(context);
    setInterval(() => this.#compose(), WAKE_MS);
  }

  #compose() {
    if (!this.sound.unlocked) return;
    const { now } = this.sound;
    if (this.#nextAt < now - 0.5) this.#nextAt = now + 0.05;
    while (this.#nextAt < now + AHEAD) {
      this.#playStep(this.#step, this.#nextAt);
      this.#nextAt += 60 / (this.scene === "boss" ? 116 : 98) / 4;
      this.#step = (this.#step + 1) % (STEPS * 8);
    }
  }

  #playStep(step, at) {
    const bar = Math.floor(step / STEPS);
    const beat = step % STEPS;
    const [root, chord] = HARMONY[this.scene === "boss" ? "danger" : "calm"][bar % 4];
    if (beat === 0) chord.forEach((note) => this.#pad(note, at));
    if (this.scene === "title" ? beat % 2 === 0 : true) this.#arpeggio(chord[ARPEGGIO[beat]] + 12, at);
    if (bar >= 4) this.#melody(beat, bar, at);
    if (this.scene === "title") return;
    if (BASS[beat]) this.#bass(root + (BASS[beat] === 2 ? 12 : 0), at);
    if (beat % 8 === 0 || (this.scene === "boss" && beat % 4 === 0)) this.#kick(at);
    if (beat % 8 === 4) this.#brush(at, 0.16, 1400);
    if (beat % 2 === 1) this.#brush(at, 0.035, 7000, 0.04);
  }

  #melody(beat, bar, at) {
    if (beat === 0 && bar === 4) this.#phrase = Array.from({ length: 8 }, () => Math.floor(Math.random() * MELODY.length));
    if (beat % 4 !== 0 && beat !== 6) return;
    const note = MELODY[this.#phrase[(beat / 2 + bar) % 8 | 0]];
    this.#tone("triangle", note, at, { peak: 0.06, attack: 0.02, length: 0.5, echo: true });
  }

  #pad(note, at) {
    const length = 60 / 98 * 4;
    for (const detune of [-7, 7]) this.#tone("sawtooth", note, at, { peak: 0.022, attack: 0.5, length, detune, cutoff: 900 });
  }

  #arpeggio(note, at) {
    this.#tone("square", note, at, { peak: 0.022, attack: 0.004, length: 0.14, cutoff: 2400, echo: true });
  }

  #bass(note, at) {
    this.#tone("sawtooth", note, at, { peak: 0.16, attack: 0.006, length: 0.17, cutoff: 520 });
  }

  #tone(type, note, at, { peak, attack, length, detune = 0, cutoff = 6000, echo = false }) {
    const { context } = this.sound;
    const voice = new OscillatorNode(context, { type, frequency: 440 * 2 ** ((note - 69) / 12), detune });
    const filter = new BiquadFilterNode(context, { type: "lowpass", frequency: cutoff, Q: 2 });
    const envelope = new GainNode(context, { gain: 0 });
    envelope.gain.setValueAtTime(0, at);
    envelope.gain.linearRampToValueAtTime(peak, at + attack);
    envelope.gain.setTargetAtTime(0, at + Math.max(attack, length * 0.6), length * 0.22);
    voice.connect(filter).connect(envelope).connect(this.out);
    if (echo) envelope.connect(this.echo);
    voice.start(at);
    voice.stop(at + length * 2 + attack);
  }

  #kick(at) {
    const { context } = this.sound;
    const drum = new OscillatorNode(context, { frequency: 130 });
    const envelope = new GainNode(context, { gain: 0.5 });
    drum.frequency.setValueAtTime(130, at);
    drum.frequency.exponentialRampToValueAtTime(40, at + 0.11);
    envelope.gain.setValueAtTime(0.5, at);
    envelope.gain.exponentialRampToValueAtTime(0.001, at + 0.24);
    drum.connect(envelope).connect(this.out);
    drum.start(at);
    drum.stop(at + 0.26);
  }

  #brush(at, peak, frequency, length = 0.16) {
    const { context } = this.sound;
    const noise = new AudioBufferSourceNode(context, { buffer: this.#noise });
    const filter = new BiquadFilterNode(context, { type: "bandpass", frequency, Q: 0.7 });
    const envelope = new GainNode(context, { gain: peak });
    envelope.gain.setValueAtTime(peak, at);
    envelope.gain.exponentialRampToValueAtTime(0.0005, at + length);
    noise.connect(filter).connect(envelope).connect(this.out);
    noise.start(at, Math.random(), length + 0.02);
  }
}

/** @param {BaseAudioContext} context */
export function noiseBuffer(context) {
  const buffer = new AudioBuffer({ length: context.sampleRate * 2, sampleRate: context.sampleRate });
  const samples = buffer.getChannelData(0);
  for (let at = 0; at < samples.length; at += 1) samples[at] = Math.random() * 2 - 1;
  return buffer;
}
