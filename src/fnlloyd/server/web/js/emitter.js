// A tiny emitter: the game's nouns say what happened without knowing who listens.

export class Emitter {
  #listeners = new Map();

  /**
   * Calls `listener(detail, name)` each time; "*" hears everything. Returns the way to stop.
   * @param {string} name
   * @param {(detail: any, name: string) => void} listener
   */
  on(name, listener) {
    const heard = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, heard.add(listener));
    return () => heard.delete(listener);
  }

  emit(name, detail = {}) {
    for (const listener of this.#listeners.get(name) ?? []) listener(detail, name);
    for (const listener of this.#listeners.get("*") ?? []) listener(detail, name);
  }
}
