// The player's hands: keys, mouse and touch become one wish (which way, or where to).

export class Input {
  /** -1 left, 1 right. */
  way = 0;
  /** World x the pointer asks for; null until it moved since the last key. */
  pointerX = null;
  lastTouched = performance.now();
  #held = new Set();

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{toWorldX: (clientX: number) => number, press: () => void, commands: Record<string, () => void>}} hands
   */
  constructor(canvas, { toWorldX, press, commands }) {
    window.addEventListener("keydown", (event) => this.#keyDown(event, press, commands));
    window.addEventListener("keyup", (event) => this.#keyUp(event));
    window.addEventListener("blur", () => this.#letGo());
    const follow = (event) => {
      this.lastTouched = performance.now();
      this.pointerX = toWorldX(event.clientX);
    };
    canvas.addEventListener("pointermove", follow);
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button > 0) return;
      follow(event);
      canvas.focus({ preventScroll: true });
      canvas.setPointerCapture(event.pointerId);
      press();
    });
  }

  #keyDown(event, press, commands) {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    this.lastTouched = performance.now();
    const way = wayOf(event.key);
    if (way) {
      event.preventDefault();
      this.#held.add(way);
      this.#steer(way);
    } else if (event.key === " ") {
      if (event.target instanceof HTMLButtonElement) return;
      event.preventDefault();
      if (!event.repeat) press();
    } else if (!event.repeat && event.key.toLowerCase() in commands) {
      if (event.key === "Enter" && event.target instanceof HTMLButtonElement) return;
      event.preventDefault();
      commands[event.key.toLowerCase()]();
    }
  }

  #keyUp(event) {
    this.#held.delete(wayOf(event.key));
    this.#steer([...this.#held].at(-1) ?? 0);
  }

  #steer(way) {
    this.way = way;
    if (way) this.pointerX = null;
  }

  #letGo() {
    this.#held.clear();
    this.way = 0;
  }
}

function wayOf(key) {
  if (key === "ArrowLeft" || key === "a" || key === "A") return -1;
  return key === "ArrowRight" || key === "d" || key === "D" ? 1 : 0;
}

/** Keys pressed in a field or in a dialog are not meant for the game. */
function isTyping(target) {
  return target instanceof Element && target.closest("input, dialog") !== null;
}
