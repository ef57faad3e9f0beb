// The colours, once: the canvas reads them here, the page reads the same ones from style.css.

export const NAVY = "#0a0e27";
export const PURPLE = "#6b5ce7";
export const CYAN = "#00d4ff";
export const GOLD = "#ffc107";
export const PINK = "#ff4f9a";
export const IVORY = "#fff4d6";
export const RED = "#ff5a4f";
export const GREEN = "#3ef0a8";
export const STEEL = "#9fb4d8";

/** Formation tones of ordinary bricks: [light, dark]. */
export const TONES = [
  ["#ff6fae", "#a3246b"],
  ["#b06bff", "#5a2bb8"],
  ["#7f78ff", "#3a34b5"],
  ["#2fb6ff", "#11529f"],
  ["#1fe5d0", "#0c7a86"],
];

/** How !Fnlloyd looks in each mood: two colours, tempo of his motion, turbulence of his particles. */
export const MOODS = {
  neutral: { core: "#ffc95a", edge: "#ff9d2e", tempo: 0.6, turbulence: 0.18 },
  happy: { core: "#ffe08a", edge: "#3fd9ff", tempo: 0.95, turbulence: 0.26 },
  excited: { core: "#ffd24a", edge: "#ff4f9a", tempo: 1.5, turbulence: 0.5 },
  worried: { core: "#c9d6ff", edge: "#3d7bff", tempo: 1.25, turbulence: 0.62 },
  proud: { core: "#ffd873", edge: "#8f7bff", tempo: 0.45, turbulence: 0.12 },
  frustrated: { core: "#ffb066", edge: "#ff4a3d", tempo: 1.35, turbulence: 0.55 },
};

/** @param {string} hex @returns {[number, number, number]} 0-1 */
export function channels(hex) {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/** @param {string} hex @param {number} alpha */
export function faded(hex, alpha) {
  const [red, green, blue] = channels(hex);
  return `rgba(${red * 255}, ${green * 255}, ${blue * 255}, ${alpha})`;
}
