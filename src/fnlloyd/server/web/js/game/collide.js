// Contacts of a moving circle with still boxes. Pure geometry; a contact is {t, nx, ny} with t in 0-1 of the move.

/** @typedef {{x: number, y: number, w: number, h: number}} Box  x, y is the top left corner */
/** @typedef {{t: number, nx: number, ny: number}} Contact */

/**
 * First contact of a circle moving from (x, y) by (dx, dy) with a box, or null. A circle already inside is not a
 * contact: `separate` deals with it.
 * @param {Box} box
 * @returns {Contact | null}
 */
export function sweep(x, y, dx, dy, radius, box) {
  const along = slab(x, dx, box.x - radius, box.x + box.w + radius);
  const down = slab(y, dy, box.y - radius, box.y + box.h + radius);
  if (!along || !down) return null;
  const t = Math.max(along.enter, down.enter);
  if (t < 0 || t > 1 || t > Math.min(along.leave, down.leave)) return null;
  const hitX = x + dx * t;
  const hitY = y + dy * t;
  const cornerX = hitX < box.x ? box.x : hitX > box.x + box.w ? box.x + box.w : null;
  const cornerY = hitY < box.y ? box.y : hitY > box.y + box.h ? box.y + box.h : null;
  if (cornerX !== null && cornerY !== null) return sweepPoint(x, y, dx, dy, radius, cornerX, cornerY);
  if (along.enter > down.enter) return { t, nx: -Math.sign(dx), ny: 0 };
  return { t, nx: 0, ny: -Math.sign(dy) };
}

/** When a coordinate moving from `at` by `by` is between `low` and `high`; null when never. */
function slab(at, by, low, high) {
  if (by === 0) return at > low && at < high ? { enter: -Infinity, leave: Infinity } : null;
  const first = (low - at) / by;
  const second = (high - at) / by;
  return { enter: Math.min(first, second), leave: Math.max(first, second) };
}

function sweepPoint(x, y, dx, dy, radius, px, py) {
  const fromX = x - px;
  const fromY = y - py;
  const a = dx * dx + dy * dy;
  const b = fromX * dx + fromY * dy;
  const c = fromX * fromX + fromY * fromY - radius * radius;
  const under = b * b - a * c;
  if (a === 0 || b >= 0 || under < 0) return null;
  const t = (-b - Math.sqrt(under)) / a;
  if (t < 0 || t > 1) return null;
  return { t, nx: (fromX + dx * t) / radius, ny: (fromY + dy * t) / radius };
}

/**
 * The shortest way out for a circle that overlaps a box (the box moved onto it), or null when they are apart.
 * @param {Box} box
 * @returns {{nx: number, ny: number, depth: number} | null}
 */
export function separate(x, y, radius, box) {
  const left = x - (box.x - radius);
  const right = box.x + box.w + radius - x;
  const above = y - (box.y - radius);
  const below = box.y + box.h + radius - y;
  const depth = Math.min(left, right, above, below);
  if (depth <= 0.01) return null;
  const gapX = Math.max(box.x - x, 0, x - box.x - box.w);
  const gapY = Math.max(box.y - y, 0, y - box.y - box.h);
  if (gapX * gapX + gapY * gapY >= radius * radius) return null;
  if (depth === left) return { nx: -1, ny: 0, depth };
  if (depth === right) return { nx: 1, ny: 0, depth };
  return depth === above ? { nx: 0, ny: -1, depth } : { nx: 0, ny: 1, depth };
}

/** @param {Box} one @param {Box} other */
export function overlaps(one, other) {
  return one.x < other.x + other.w && one.x + one.w > other.x && one.y < other.y + other.h && one.y + one.h > other.y;
}
