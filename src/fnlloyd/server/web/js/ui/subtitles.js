// Subtitles: the sentence that sounds now, word by word as he says it; without sound, the words as they come.

const READ_MS = 1600;
const READ_MS_A_LETTER = 42;
const SILENT_WORDS_A_SECOND = 5;
const PATIENCE_MS = 900;

export class Subtitles {
  #line = null;
  #shown = "";
  #shownAt = 0;
  #words = [];
  #announced = "";

  /**
   * @param {{text: HTMLElement, spoken: HTMLElement}} places  what is seen, and what a screen reader is told
   * @param {import("../talk/conversation.js").Conversation} conversation
   */
  constructor(places, conversation) {
    this.places = places;
    this.voice = conversation.voice;
    conversation.on("line", (line) => (this.#line = line));
    conversation.on("over", (line) => this.#announce(line.text));
    conversation.on("words", (line) => line.end || this.#announce(line.sentences.at(-1)?.text));
  }

  get shown() {
    return this.#shown;
  }

  frame(now = performance.now()) {
    const line = this.#line;
    if (!line) return;
    const at = this.voice.position(line.line);
    const part = at === null ? this.#silent(line, now) : this.#sounding(line, at);
    if (part) this.#show(part.text, part.progress, now);
    else if (this.#isOver(line, at, now)) this.#show("", 0, now);
  }

  #sounding({ sentences, text }, at) {
    const current = [...sentences].reverse().find((sentence) => at >= sentence.start_ms);
    if (!current) return text && !sentences.length ? { text, progress: 0 } : sentences[0] && { text: sentences[0].text, progress: 0 };
    if (at > current.start_ms + current.duration_ms + READ_MS) return null;
    return { text: current.text, progress: (at - current.start_ms) / Math.max(1, current.duration_ms) };
  }

  /** Waits a moment for sound, then shows the words by themselves. */
  #silent(line, now) {
    const waiting = this.voice.has(line.line) || now - line.startedAt < PATIENCE_MS;
    if (!line.text || (waiting && !line.end && line.text.length < 3)) return null;
    const words = line.text.split(" ").length;
    const progress = ((now - line.startedAt) / 1000) * SILENT_WORDS_A_SECOND / words;
    if (line.end && now > line.startedAt + READ_MS + line.text.length * READ_MS_A_LETTER) return null;
    return { text: line.text, progress };
  }

  #isOver(line, at, now) {
    return Boolean(line.end) && now - this.#shownAt > READ_MS && (at === null || now - line.endedAt > READ_MS);
  }

  #show(text, progress, now) {
    if (text !== this.#shown) {
      this.#shown = text;
      this.#shownAt = now;
      this.#words = text.split(" ").filter(Boolean).map((word) => {
        const span = document.createElement("span");
        span.textContent = word;
        return span;
      });
      this.places.text.replaceChildren(...this.#words.flatMap((span) => [span, " "]));
      this.places.text.classList.toggle("long", text.length > 110);
      this.places.text.parentElement.classList.toggle("speaking", text !== "");
    }
    const said = Math.ceil(progress * this.#words.length);
    this.#words.forEach((span, at) => span.classList.toggle("said", at < said));
  }

  #announce(text) {
    if (!text || text === this.#announced) return;
    this.#announced = text;
    this.places.spoken.textContent = text;
  }
}
