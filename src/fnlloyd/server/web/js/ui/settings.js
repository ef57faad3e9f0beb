// Settings: volumes, mute, calm motion and the best score, kept in this browser, with the dialog that changes them.

import { Emitter } from "../emitter.js";

const KEY = "fnlloyd.settings";
const DEFAULTS = { voice: 0.9, music: 0.5, effects: 0.6, muted: false, calm: null, best: 0 };
const VOLUMES = ["voice", "music", "effects"];

/** Says "change" with itself. */
export class Settings extends Emitter {
  #values = { ...DEFAULTS, ...stored() };
  #system = window.matchMedia("(prefers-reduced-motion: reduce)");

  constructor() {
    super();
    this.#system.addEventListener("change", () => this.emit("change", this));
  }

  get volumes() {
    const { voice, music, effects, muted } = this.#values;
    return { voice, music, effects, muted };
  }

  get muted() {
    return this.#values.muted;
  }

  get best() {
    return this.#values.best;
  }

  /** Reduced motion: the player's own choice, else the system's. */
  get calm() {
    return this.#values.calm ?? this.#system.matches;
  }

  set(name, value) {
    this.#values[name] = value;
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#values));
    } catch {
      // A browser may forbid storage; the setting then lasts as long as the page.
    }
    this.emit("change", this);
  }

  /** @param {HTMLElement} form the inputs named like the settings */
  bind(form) {
    for (const name of VOLUMES) {
      const slider = form.querySelector(`[name="${name}"]`);
      slider.value = String(this.#values[name] * 100);
      slider.addEventListener("input", () => this.set(name, Number(slider.value) / 100));
    }
    const calm = form.querySelector('[name="calm"]');
    const muted = form.querySelector('[name="muted"]');
    calm.addEventListener("change", () => this.set("calm", calm.checked));
    muted.addEventListener("change", () => this.set("muted", muted.checked));
    const reflect = () => {
      calm.checked = this.calm;
      muted.checked = this.muted;
    };
    this.on("change", reflect);
    reflect();
  }
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}
