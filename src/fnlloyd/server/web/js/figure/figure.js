// !Fnlloyd's figure: mood, intensity and the loudness of his voice become the pose the renderers draw.

import { MOODS, channels } from "../palette.js";
import { openCanvas2D } from "./canvas2d.js";
import { sculpt } from "./sculpture.js";
import { openWebGL } from "./webgl.js";

const POINTS = 15000;
const SHARE = [0.3, 0.5, 0.8, 1];
const BUST_WIDTH = 1.72;
const BUST_HEIGHT = 2.22;

/**
 * @typedef {object} Pose
 * @property {number} time
 * @property {number} tempo
 * @property {number} turbulence
 * @property {number} loud       0-1
 * @property {number} gather     0 scattered, 1 himself
 * @property {number} intensity  0-3
 * @property {number} yaw
 * @property {number} pitch
 * @property {[number, number]} fit  scale to clip space
 * @property {[number, number, number]} core
 * @property {[number, number, number]} edge
 */

export class Figure {
  mood = "neutral";
  intensity = 0;
  /** Loudness of his voice now, 0-1. */
  loudness = 0;
  calm = false;
  quality = 3;
  #points = sculpt(POINTS);
  #skipped = 0;
  /** @type {Pose} */
  #pose;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    const { core, edge, tempo, turbulence } = MOODS.neutral;
    this.#pose = {
      time: 0, tempo, turbulence, loud: 0, gather: 0, intensity: 0, yaw: 0, pitch: 0,
      fit: [1, 1], core: channels(core), edge: channels(edge),
    };
    this.#open();
    new ResizeObserver(() => this.#fit()).observe(this.canvas.parentElement);
    this.#fit();
  }

  #open() {
    this.render = openWebGL(this.canvas, this.#points);
    if (this.render) {
      this.canvas.addEventListener("webglcontextlost", () => this.#fallBack(), { once: true });
    } else {
      this.#fallBack();
    }
  }

  /** A canvas that had WebGL cannot draw in 2D: a fresh one takes its place. */
  #fallBack() {
    const fresh = this.canvas.cloneNode();
    this.canvas.replaceWith(fresh);
    this.canvas = fresh;
    this.render = openCanvas2D(fresh, this.#points);
    this.#fit();
  }

  #fit() {
    const { width, height } = this.canvas.parentElement.getBoundingClientRect();
    if (width < 2 || height < 2) return;
    const pixels = Math.min(window.devicePixelRatio || 1, this.quality > 1 ? 2 : 1);
    this.canvas.width = Math.round(width * pixels);
    this.canvas.height = Math.round(height * pixels);
    const unit = Math.min(width / BUST_WIDTH, height / BUST_HEIGHT);
    this.#pose.fit = [(2 * unit) / width, (2 * unit) / height];
  }

  /** Slow machines get every second or third frame. */
  frame(dt) {
    const pose = this.#pose;
    const wanted = MOODS[this.mood] ?? MOODS.neutral;
    const soon = Math.min(1, dt * 2.2);
    pose.time += dt;
    pose.gather = Math.min(1, pose.gather + dt * (this.calm ? 2 : 0.6));
    pose.tempo += (wanted.tempo * (this.calm ? 0.3 : 1) - pose.tempo) * soon;
    pose.turbulence += (wanted.turbulence * (this.calm ? 0.3 : 1) - pose.turbulence) * soon;
    pose.intensity += (this.intensity - pose.intensity) * soon;
    pose.loud += (this.loudness - pose.loud) * Math.min(1, dt * (this.loudness > pose.loud ? 30 : 9));
    const core = channels(wanted.core);
    const edge = channels(wanted.edge);
    for (let channel = 0; channel < 3; channel += 1) {
      pose.core[channel] += (core[channel] - pose.core[channel]) * soon;
      pose.edge[channel] += (edge[channel] - pose.edge[channel]) * soon;
    }
    pose.yaw = Math.sin(pose.time * 0.35) * (this.calm ? 0.12 : 0.42) + Math.sin(pose.time * 0.13) * 0.1;
    pose.pitch = Math.sin(pose.time * 0.27) * 0.06 + pose.loud * 0.05;
    this.#skipped += 1;
    if (this.#skipped < 3 - Math.min(2, this.quality)) return;
    this.#skipped = 0;
    this.render(pose, SHARE[this.quality]);
  }
}
