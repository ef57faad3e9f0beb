// The panel beside the field: who answers, in which voice and mood, how fast, over which connection; and the log.

const MOST_LOGGED = 40;
const STATUS = { connecting: "connecting", open: "connected", waiting: "reconnecting", refused: "refused" };

export class Panel {
  #retryAt = 0;
  #entries = new Map();

  /**
   * @param {ParentNode} page
   * @param {import("../talk/chat.js").Chat} chat
   * @param {import("../talk/conversation.js").Conversation} conversation
   */
  constructor(page, chat, conversation) {
    this.page = page;
    this.log = page.querySelector("#log");
    chat.on("status", ({ status, retryMs, reason }) => this.#connection(status, retryMs, reason));
    chat.on("welcome", (message) => this.#welcome(message));
    chat.on("engine", (message) => this.#engine(message));
    chat.on("error", ({ code, message, hint }) => this.write("note", `${code}: ${message}${hint ? ` (${hint})` : ""}`));
    conversation.on("mood", ({ mood, intensity }) => this.#mood(mood, intensity));
    conversation.on("words", (line) => this.#timing(line));
    conversation.on("line", (line) => this.#entries.set(line.line, this.write("him", "", line.trigger ?? line.source)));
    conversation.on("over", (line) => this.#over(line));
    conversation.on("said", ({ text }) => this.write("you", text));
    setInterval(() => this.#count(), 250);
  }

  /** A line has its place in the log when it begins, and its words when it is over. */
  #over(line) {
    this.#timing(line);
    const entry = this.#entries.get(line.line);
    this.#entries.delete(line.line);
    if (!entry) return;
    entry.textContent = line.text;
    this.log.scrollTop = this.log.scrollHeight;
  }

  #put(name, text) {
    this.page.querySelector(`[data-fact="${name}"]`).textContent = text;
  }

  #connection(status, retryMs, reason) {
    const bar = this.page.querySelector("#connection");
    bar.dataset.status = status;
    this.#retryAt = status === "waiting" ? performance.now() + retryMs : 0;
    this.#put("connection", STATUS[status]);
    this.#put("connection-note", reason ? `${STATUS[status]}: ${reason}` : STATUS[status]);
  }

  #count() {
    if (!this.#retryAt) return;
    const seconds = Math.max(0, Math.ceil((this.#retryAt - performance.now()) / 1000));
    this.#put("connection-note", `line to !Fnlloyd lost, trying again in ${seconds} s`);
  }

  #welcome({ character, engine, voice }) {
    this.#put("name", character?.name ?? "!Fnlloyd");
    this.#engine(engine ?? {});
    this.#put("voice", voice ? `${voice.name} · ${Math.round(voice.sample_rate / 100) / 10} kHz` : "none");
  }

  #engine({ name = "none", model, degraded }) {
    this.#put("engine", model && model !== name ? `${name} · ${model}` : name);
    this.page.querySelector('[data-fact="engine"]').classList.toggle("degraded", Boolean(degraded));
  }

  #mood(mood, intensity) {
    this.#put("mood", mood);
    this.page.querySelector("#side").dataset.mood = mood;
    this.page.querySelector("#intensity").dataset.level = String(intensity);
  }

  #timing({ firstSoundMs, timings, source }) {
    const server = timings?.first_audio_ms;
    const parts = [
      firstSoundMs === undefined ? null : `${firstSoundMs} ms here`,
      server === undefined ? null : `${Math.round(server)} ms there`,
    ].filter(Boolean);
    if (parts.length) this.#put("first-sound", parts.join(" · "));
    this.#put("source", source ?? "–");
  }

  /** @param {"him" | "you" | "note"} who */
  write(who, text, label = "") {
    const item = document.createElement("li");
    item.className = who;
    if (label) item.dataset.label = label.replaceAll("_", " ");
    item.textContent = text;
    this.log.append(item);
    while (this.log.children.length > MOST_LOGGED) this.log.firstElementChild.remove();
    this.log.scrollTop = this.log.scrollHeight;
    return item;
  }
}
