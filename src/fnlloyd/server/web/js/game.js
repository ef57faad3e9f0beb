// The game: joins the world, its pictures and sounds, and the conversation, and runs them frame by frame.

import { Figure } from "./figure/figure.js";
import { Autoplay } from "./game/autoplay.js";
import { Input } from "./game/input.js";
import { LEVELS } from "./game/levels.js";
import { Loop } from "./game/loop.js";
import { World } from "./game/world.js";
import { paintBackdrop } from "./scene/backdrop.js";
import { drawFrame } from "./scene/draw.js";
import { Effects } from "./scene/effects.js";
import { Sprites } from "./scene/sprites.js";
import { Stage } from "./scene/stage.js";
import { sessionId } from "./session.js";
import { Sound } from "./sound/audio.js";
import { SoundEffects } from "./sound/effects.js";
import { Music } from "./sound/music.js";
import { Voice } from "./sound/voice.js";
import { Chat } from "./talk/chat.js";
import { Conversation } from "./talk/conversation.js";
import { Report } from "./talk/report.js";
import { Triggers } from "./talk/triggers.js";
import { Hud } from "./ui/hud.js";
import { Panel } from "./ui/panel.js";
import { Screens } from "./ui/screens.js";
import { Settings } from "./ui/settings.js";
import { Subtitles } from "./ui/subtitles.js";
import { TalkBox } from "./ui/talkbox.js";

const TYPING_PACE = 0.05;
const IDLE_SECONDS = 20;
const LOW_FPS = 38;
const HUD_PLACES = ["score", "best", "level", "levelName", "lives", "combo", "powers"];

export class Game {
  settings = new Settings();
  world = new World();
  #fpsLow = 0;

  /** @param {URLSearchParams} address */
  constructor(address) {
    const find = (selector) => document.querySelector(selector);
    this.canvas = find("#field");
    this.#openTalk(address);
    this.#openScene(find);
    this.autoplay = address.has("autoplay") ? new Autoplay() : null;
    this.input = new Input(this.canvas, {
      toWorldX: (x) => this.stage.toWorldX(x),
      press: () => this.press(),
      commands: this.#commands(find),
    });
    this.talk = new TalkBox(find("#talk"), this.canvas, (text) => this.conversation.say(text));
    this.screens = new Screens(find("#screen"), find("#card"), () => this.press());
    this.hud = new Hud(Object.fromEntries(HUD_PLACES.map((name) => [name, find(`#${name}`)])));
    this.world.events.on("level", () => this.screens.level(this.world.levelIndex, this.world.level));
    this.world.events.on("gameOver", () => this.#keepBest());
    this.world.events.on("victory", () => this.#keepBest());
    this.loop = new Loop({
      step: (dt) => this.#step(dt),
      frame: (dt) => this.#frame(dt),
      quality: (level) => this.#setQuality(level),
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.#canPause && this.pause(true));
    this.settings.on("change", () => this.#applySettings());
    this.settings.bind(find("#settings"));
    this.#applySettings();
  }

  #openTalk(address) {
    this.sound = new Sound();
    this.voice = new Voice(this.sound);
    this.music = new Music(this.sound);
    this.chat = new Chat({
      url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/chat`,
      session: sessionId(address),
      sampleRate: this.sound.context.sampleRate,
      character: address.get("character") ?? undefined,
      token: address.get("token") ?? undefined,
    });
    this.conversation = new Conversation(this.chat, this.voice);
    this.triggers = new Triggers(this.chat, this.world, (id) => this.conversation.ask(id));
    this.report = new Report(this.chat, this.world);
    this.panel = new Panel(document, this.chat, this.conversation);
    const greet = this.chat.on("welcome", () => {
      greet();
      this.triggers.hour();
      if (address.has("debug")) this.triggers.tell("debug_mode");
      this.#jump(Number(address.get("level")));
    });
  }

  #openScene(find) {
    this.effects = new Effects(this.world);
    new SoundEffects(this.sound, this.world);
    this.figure = new Figure(find("#figure"));
    this.conversation.on("mood", ({ mood, intensity }) => Object.assign(this.figure, { mood, intensity }));
    this.subtitles = new Subtitles({ text: find("#words"), spoken: find("#spoken") }, this.conversation);
    this.pen = this.canvas.getContext("2d");
    this.stage = new Stage(this.canvas, find("#backdrop"), () => this.#resized());
    this.stage.fit();
  }

  #commands(find) {
    const settings = find("#settings");
    find("#open-settings").addEventListener("click", () => {
      if (this.#canPause) this.pause(true);
      settings.showModal();
    });
    find("#open-facts").addEventListener("click", () => find("#side").classList.toggle("open"));
    find("#hush").addEventListener("click", () => this.conversation.hush());
    find("#pause").addEventListener("click", () => this.#canPause && this.pause(!this.loop.paused));
    const pause = () => this.#canPause && this.pause(!this.loop.paused);
    return {
      p: pause,
      escape: pause,
      m: () => this.settings.set("muted", !this.settings.muted),
      enter: () => this.talk.focus(),
      h: () => this.triggers.tell("help"),
      x: () => this.conversation.hush(),
    };
  }

  start() {
    this.chat.connect();
    this.loop.start();
  }

  get #canPause() {
    return ["ready", "play", "lost"].includes(this.world.phase);
  }

  /** What the pointer, the space bar and the screens' button do. */
  press() {
    if (this.loop.paused) this.pause(false);
    else this.world.press();
    this.canvas.focus({ preventScroll: true });
  }

  pause(paused) {
    if (this.loop.paused === paused) return;
    this.loop.paused = paused;
    this.triggers.tell(paused ? "pause" : "resume");
  }

  /** `?level=6` begins there: for those who practise, and for those who test. */
  #jump(level) {
    if (level < 1 || level > LEVELS.length || !Number.isInteger(level)) return;
    this.world.start();
    this.world.enterLevel(level - 1);
  }

  #step(dt) {
    this.autoplay?.step(this.world);
    this.world.step(dt, this.autoplay ?? this.input);
  }

  #frame(dt) {
    const { world, effects, stage, settings } = this;
    this.loop.pace = this.talk.typing && !this.autoplay ? TYPING_PACE : 1;
    if (!this.loop.paused) effects.step(dt);
    drawFrame(this.pen, { world, effects, sprites: this.sprites, view: stage.view, quality: this.loop.quality });
    this.figure.loudness = this.sound.loudness();
    this.figure.frame(dt);
    this.subtitles.frame();
    this.hud.frame(world, settings.best);
    this.screens.frame(world, this.loop.paused);
    this.music.scene = world.phase === "title" || this.loop.paused ? "title" : world.boss ? "boss" : "play";
    this.report.send();
    this.#watchIdle();
    this.#watchFrames();
  }

  #watchIdle() {
    const still = (performance.now() - this.input.lastTouched) / 1000 > IDLE_SECONDS;
    if (still && !this.autoplay && this.world.phase !== "play" && !document.hidden) this.triggers.tell("idle");
  }

  #watchFrames() {
    const { fps } = this.loop;
    if (fps < LOW_FPS && this.#fpsLow === 0 && this.loop.quality === 0) {
      this.#fpsLow = fps;
      this.triggers.tell("fps_drop", { fps });
    } else if (this.#fpsLow && fps > LOW_FPS + 12) {
      this.#fpsLow = 0;
      this.triggers.tell("fps_stable", { fps });
    }
  }

  #resized() {
    const { view, pane } = this.stage;
    this.sprites = new Sprites(Math.max(0.5, view.scale * view.pixels));
    this.sprites.warm();
    paintBackdrop(this.stage.backdrop, view.pixels, pane);
  }

  #setQuality(level) {
    this.stage.quality = level;
    this.effects.quality = level;
    this.figure.quality = level;
    document.body.classList.toggle("plain", level < 2);
  }

  #applySettings() {
    const { settings } = this;
    this.sound.setLevels(settings.volumes);
    this.effects.calm = settings.calm;
    this.figure.calm = settings.calm;
    document.body.classList.toggle("calm", settings.calm);
    document.body.classList.toggle("muted", settings.muted);
  }

  #keepBest() {
    if (this.world.tally.score > this.settings.best) this.settings.set("best", this.world.tally.score);
  }
}
