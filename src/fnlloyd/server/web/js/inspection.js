// What may be read of a running game from outside (`window.fnlloyd`), for automated play. Nothing can be changed here.

/** @param {import("./game.js").Game} game */
export function inspection(game) {
  const { world, chat, triggers, conversation, sound, subtitles, loop, report } = game;
  return Object.freeze({
    state: () => ({
      ...report.state,
      phase: world.phase,
      paused: loop.paused,
      balls: world.balls.length,
      bricks: world.bricks.length,
      paddle: world.paddle.x,
    }),
    triggers: () => ({ ...triggers.sent }),
    get lastLine() {
      return conversation.current && structuredClone(conversation.current);
    },
    get subtitle() {
      return subtitles.shown;
    },
    get voicePeak() {
      return sound.voicePeak;
    },
    get connection() {
      return { status: chat.status, session: chat.options.session, reconnects: chat.reconnects, seq: chat.seq };
    },
    get frames() {
      return { fps: loop.fps, quality: loop.quality };
    },
    get mood() {
      return { mood: conversation.mood, intensity: conversation.intensity };
    },
  });
}
