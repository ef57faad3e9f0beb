// The connection to /chat in full mode: opens a session, reconnects by itself, passes messages on. Knows no meanings.

import { Emitter } from "../emitter.js";
import { readFrame } from "./frames.js";

const PROTOCOL = 1;
const FIRST_WAIT = 400;
const LONGEST_WAIT = 15000;
const REFUSED = new Set([1008, 4400]);
const BUSY = 1013;

/**
 * Says "status" ({status, retryMs?, reason?}), "message" (every message of the server), the message's own type, and
 * "frame" (sound). Status is connecting, open, waiting or refused.
 */
export class Chat extends Emitter {
  status = "connecting";
  /** Newest `seq` seen, so a resumed session can be told where to go on. */
  seq = 0;
  reconnects = 0;
  #socket = null;
  #attempt = 0;
  #timer = 0;
  #lastId = 0;

  /** @param {{url: string, session: string, sampleRate?: number, character?: string, token?: string}} options */
  constructor(options) {
    super();
    this.options = options;
    window.addEventListener("online", () => this.#hurry());
  }

  connect() {
    this.#become("connecting");
    const socket = new WebSocket(this.options.url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.addEventListener("open", () => this.#greet());
    socket.addEventListener("message", ({ data }) => this.#receive(data));
    socket.addEventListener("close", (event) => this.#closed(socket, event));
  }

  #greet() {
    const { session, sampleRate, character, token } = this.options;
    this.send({
      type: "hello",
      protocol: PROTOCOL,
      session,
      audio: "binary",
      format: "pcm16",
      sample_rate: sampleRate,
      character,
      token,
      resume_after: this.seq || undefined,
    });
  }

  #receive(bytes) {
    if (typeof bytes !== "string") {
      const frame = readFrame(bytes);
      if (frame) this.emit("frame", frame);
      return;
    }
    const message = parsed(bytes);
    if (!message) return;
    if (message.type === "welcome") this.#welcome(message);
    else if (typeof message.seq === "number") this.seq = Math.max(this.seq, message.seq);
    this.emit("message", message);
    if (message.type !== "message" && message.type !== "frame" && message.type !== "status") this.emit(message.type, message);
  }

  #welcome(message) {
    if (!message.resumed) this.seq = 0;
    this.seq = Math.max(this.seq, message.seq ?? 0);
    this.#attempt = 0;
    this.options.session = message.session ?? this.options.session;
    this.#become("open");
  }

  #closed(socket, { code, reason }) {
    if (socket !== this.#socket) return;
    this.#attempt += 1;
    if (REFUSED.has(code)) {
      this.#become("refused", { reason: reason || `closed with ${code}` });
      return;
    }
    const step = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(8, this.#attempt - 1)) * (code === BUSY ? 3 : 1);
    const retryMs = Math.round(step * (0.6 + Math.random() * 0.8));
    this.reconnects += 1;
    this.#become("waiting", { retryMs, reason });
    this.#timer = setTimeout(() => this.connect(), retryMs);
  }

  #hurry() {
    if (this.status !== "waiting") return;
    clearTimeout(this.#timer);
    this.connect();
  }

  #become(status, more = {}) {
    this.status = status;
    this.emit("status", { status, ...more });
  }

  /** Sends a message if the socket is open; returns whether it went. Fields that are undefined are left out. */
  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    if (message.type !== "hello" && this.status !== "open") return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Returns the event's id, or null when there is no connection. */
  event(trigger, data, more = {}) {
    const id = this.#id("e");
    return this.send({ type: "event", id, trigger, data, ...more }) ? id : null;
  }

  say(text) {
    const id = this.#id("s");
    return this.send({ type: "say", id, text }) ? id : null;
  }

  #id(kind) {
    this.#lastId += 1;
    return `${kind}${this.#lastId}-${Date.now().toString(36)}`;
  }
}

/** A message, with fields that are null left out; null for what is none. */
function parsed(text) {
  try {
    const message = JSON.parse(text, (_, value) => value ?? undefined);
    return message && typeof message.type === "string" ? message : null;
  } catch {
    return null;
  }
}
