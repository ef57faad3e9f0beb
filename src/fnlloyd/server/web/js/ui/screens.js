// The screens over the field: title, level card, pause, level clear, game over, victory.

/** What each screen says; a function is asked for it when the screen opens. */
const SCREENS = {
  title: { kicker: "versus the Brick-Lien Armada", logo: true, button: "Begin", keys: true },
  paused: { kicker: "an interval", title: "Paused", button: "Resume", keys: true },
  cleared: (world) => ({
    kicker: `Level ${world.levelIndex + 1} complete`,
    title: "Splendid",
    lines: summary(world),
    button: "Onward",
  }),
  gameover: (world) => ({ kicker: "The curtain falls", title: "Game over", lines: summary(world), button: "Once more" }),
  victory: (world) => ({ kicker: "Earth is saved", title: "Victory", lines: summary(world), button: "Encore" }),
};

function summary({ tally }) {
  return [
    ["Score", tally.score.toLocaleString("en-GB")],
    ["Best combo", `×${tally.maxCombo}`],
    ["Accuracy", `${Math.round(tally.accuracy * 100)} %`],
  ];
}

export class Screens {
  #open = "none yet";

  /**
   * @param {HTMLElement} place
   * @param {HTMLElement} card  the short card of a level that begins
   * @param {() => void} press
   */
  constructor(place, card, press) {
    this.place = place;
    this.card = card;
    this.button = place.querySelector("button");
    this.button.addEventListener("click", press);
  }

  /** @param {import("../game/world.js").World} world */
  frame(world, paused) {
    const wanted = paused ? "paused" : world.phase in SCREENS ? world.phase : "";
    if (wanted !== this.#open) this.#turn(wanted, world);
    const fresh = world.phase === "ready" && world.levelTime === 0 && !paused;
    this.card.classList.toggle("shown", fresh);
  }

  #turn(wanted, world) {
    this.#open = wanted;
    this.place.hidden = wanted === "";
    if (!wanted) return;
    const screen = typeof SCREENS[wanted] === "function" ? SCREENS[wanted](world) : SCREENS[wanted];
    this.place.dataset.screen = wanted;
    this.#part(".kicker").textContent = screen.kicker;
    this.#part("h2").textContent = screen.title ?? "";
    this.#part("h2").hidden = !screen.title;
    this.#part(".logo").toggleAttribute("hidden", !screen.logo);
    this.#part(".keys").hidden = !screen.keys;
    this.#part("dl").replaceChildren(...(screen.lines ?? []).flatMap(entry));
    this.button.textContent = screen.button;
    if (document.activeElement === document.body) this.button.focus({ preventScroll: true });
  }

  level(index, level) {
    this.card.querySelector("b").textContent = `Level ${index + 1}`;
    this.card.querySelector("strong").textContent = level.name;
    this.card.querySelector("em").textContent = level.motto;
  }

  #part(selector) {
    return this.place.querySelector(selector);
  }
}

function entry([name, value]) {
  const term = document.createElement("dt");
  const detail = document.createElement("dd");
  term.textContent = name;
  detail.textContent = value;
  return [term, detail];
}
