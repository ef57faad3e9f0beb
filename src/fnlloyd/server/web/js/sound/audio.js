// The sound desk: one Web Audio context, three buses (voice, music, effects), ducking, and the unlocking gesture.

const FFT = 1024;

export class Sound {
  /** Loudest loudness of the voice heard so far, 0-1. */
  voicePeak = 0;
  #samples = new Float32Array(FFT);

  constructor() {
    this.context = new AudioContext({ latencyHint: "interactive" });
    const limiter = new DynamicsCompressorNode(this.context, { threshold: -10, ratio: 8, attack: 0.004, release: 0.2 });
    this.master = new GainNode(this.context);
    this.master.connect(limiter).connect(this.context.destination);
    this.buses = { voice: this.#bus(), music: this.#bus(), effects: this.#bus() };
    this.ducker = new GainNode(this.context);
    this.buses.music.disconnect();
    this.buses.music.connect(this.ducker).connect(this.master);
    this.analyser = new AnalyserNode(this.context, { fftSize: FFT, smoothingTimeConstant: 0.2 });
    this.voiceIn = new GainNode(this.context);
    this.voiceIn.connect(this.analyser).connect(this.buses.voice);
    for (const gesture of ["pointerdown", "keydown"]) window.addEventListener(gesture, () => this.unlock());
    this.unlock();
  }

  #bus() {
    const bus = new GainNode(this.context);
    bus.connect(this.master);
    return bus;
  }

  get unlocked() {
    return this.context.state === "running";
  }

  get now() {
    return this.context.currentTime;
  }

  unlock() {
    if (this.context.state === "suspended") this.context.resume().catch(() => {});
  }

  /** @param {{voice: number, music: number, effects: number, muted: boolean}} levels 0-1 each */
  setLevels({ voice, music, effects, muted }) {
    this.#glide(this.buses.voice, voice ** 1.6 * 1.2);
    this.#glide(this.buses.music, music ** 1.6);
    this.#glide(this.buses.effects, effects ** 1.6);
    this.#glide(this.master, muted ? 0 : 1);
  }

  #glide(node, value) {
    node.gain.setTargetAtTime(value, this.now, 0.03);
  }

  /** Takes the music down while he speaks, as the line's `mix` says. */
  duck({ duck_db: decibels = -9, attack_ms: attack = 120 } = {}) {
    this.ducker.gain.cancelScheduledValues(this.now);
    this.ducker.gain.setTargetAtTime(10 ** (-Math.abs(decibels) / 20), this.now, attack / 3000);
  }

  unduck({ release_ms: release = 400 } = {}) {
    this.ducker.gain.cancelScheduledValues(this.now);
    this.ducker.gain.setTargetAtTime(1, this.now, release / 3000);
  }

  /** Loudness of the voice in this moment, 0-1; measured before the volume, so a muted player still sees him speak. */
  loudness() {
    this.analyser.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples) sum += sample * sample;
    const loud = Math.min(1, Math.sqrt(sum / FFT) * 4);
    this.voicePeak = Math.max(this.voicePeak, loud);
    return loud;
  }
}
