// The field's measures, in world units: everything in play is placed by these, never by pixels.

export const WIDTH = 840;
export const HEIGHT = 1000;
export const WALL = 12;
export const CEILING = 12;
export const COLUMNS = 12;
export const CELL_WIDTH = (WIDTH - 2 * WALL) / COLUMNS;
export const CELL_HEIGHT = 34;
export const BRICK_TOP = 96;
export const PADDLE_Y = 920;
export const STEP = 1 / 120;

/** @param {number} low @param {number} value @param {number} high */
export function clamp(low, value, high) {
  return Math.max(low, Math.min(high, value));
}
