// The sculpture: points on the surface of a gentleman's bust, with normals, so that light can model him.

export const STRIDE = 9;
/** What a point belongs to; the shaders know these numbers. */
export const PART = { skin: 0, hat: 1, monocle: 2, mouth: 3, coat: 4, halo: 5 };

/**
 * Nine floats a point: x y z, normal x y z, part, seed 0-1, brightness. Shuffled, so any first n points are the whole
 * figure, only thinner.
 * @param {number} count
 * @returns {Float32Array}
 */
export function sculpt(count) {
  const random = dice(20260);
  const recipes = [
    [0.24, head], [0.05, nose], [0.045, brows], [0.035, eye], [0.06, monocle], [0.02, chain], [0.075, moustache],
    [0.02, lip], [0.14, crown], [0.06, brim], [0.035, band], [0.03, collar], [0.025, bow], [0.13, coat], [0.03, lapels],
    [0.05, aureole],
  ];
  const points = [];
  for (const [share, recipe] of recipes) {
    for (let made = 0; made < count * share; made += 1) points.push([...recipe(random), random()]);
  }
  for (let at = points.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [points[at], points[other]] = [points[other], points[at]];
  }
  const packed = new Float32Array(points.length * STRIDE);
  points.forEach(([x, y, z, nx, ny, nz, part, bright, seed], at) => {
    const length = Math.hypot(nx, ny, nz) || 1;
    packed.set([x, y, z, nx / length, ny / length, nz / length, part, seed, bright], at * STRIDE);
  });
  return packed;
}

function dice(seed) {
  return () => (seed = (seed * 16807) % 2147483647) / 2147483647;
}

function sphere(random) {
  const z = random() * 2 - 1;
  const turn = random() * Math.PI * 2;
  const flat = Math.sqrt(1 - z * z);
  return [Math.cos(turn) * flat, z, Math.sin(turn) * flat];
}

/** How deep the face is at a place on it: cheeks, eye sockets, brow. */
function faceDepth(x, y) {
  const across = x / 0.3;
  const up = (y - 0.22) / 0.42;
  const round = Math.sqrt(Math.max(0, 1 - across * across - up * up)) * 0.33;
  const socket = 0.05 * Math.exp(-(((Math.abs(x) - 0.12) / 0.06) ** 2) - ((y - 0.3) / 0.05) ** 2);
  const cheek = 0.025 * Math.exp(-(((Math.abs(x) - 0.17) / 0.07) ** 2) - ((y - 0.17) / 0.06) ** 2);
  return round - socket + cheek;
}

function head(random) {
  const [x, y, z] = sphere(random);
  const jaw = y < 0 ? 1 + y * 0.26 : 1;
  const atX = x * 0.3 * jaw;
  const atY = 0.22 + y * 0.42;
  const front = z > 0 ? faceDepth(atX, atY) : z * 0.33;
  const ahead = 0.004;
  const slopeX = z > 0 ? (faceDepth(atX + ahead, atY) - faceDepth(atX - ahead, atY)) / (2 * ahead) : 0;
  const slopeY = z > 0 ? (faceDepth(atX, atY + ahead) - faceDepth(atX, atY - ahead)) / (2 * ahead) : 0;
  const normal = z > 0.12 ? [-slopeX, -slopeY, 1] : [x / 0.3, y / 0.42, z / 0.33];
  return [atX, atY, front, ...normal, PART.skin, 0.9];
}

function nose(random) {
  const down = random();
  const side = random() * 2 - 1;
  const wide = 0.018 + down * down * 0.038;
  const y = 0.3 - down * 0.145;
  const proud = 0.02 + down * 0.085;
  const z = faceDepth(0, y) + proud * (1 - side * side * 0.9);
  return [side * wide, y, z, side * 1.4, down > 0.9 ? -0.8 : 0.25, 1 - Math.abs(side) * 0.4, PART.skin, 0.85];
}

function brows(random) {
  const side = random() > 0.5 ? 1 : -1;
  const along = random();
  const x = side * (0.055 + along * 0.13);
  const raised = side > 0 ? 0.045 : 0;
  const y = 0.375 + raised + Math.sin(along * Math.PI * 0.8) * 0.035 - along * 0.012 + (random() - 0.5) * 0.016 * (1.2 - along);
  return [x, y, faceDepth(x, y) + 0.02, side * 0.2, 0.3, 1, PART.skin, 1.15];
}

function eye(random) {
  const side = random() > 0.6 ? 1 : -1;
  const kind = random();
  const turn = random() * Math.PI * 2;
  const iris = kind < 0.45;
  const x = side * 0.12 + Math.cos(turn) * (iris ? 0.017 : 0.05);
  const y = 0.3 + Math.sin(turn) * (iris ? 0.017 : 0.02);
  return [x, y, faceDepth(x, y) + 0.025, 0, 0.1, 1, PART.skin, iris ? 1.7 : 1];
}

function monocle(random) {
  const turn = random() * Math.PI * 2;
  const tube = random() * Math.PI * 2;
  const radius = 0.092 + Math.cos(tube) * 0.008;
  const glass = random() < 0.12;
  const reach = glass ? Math.sqrt(random()) * 0.085 : radius;
  const glint = Math.max(0, Math.cos(turn - 2.2)) ** 6;
  return [
    0.12 + Math.cos(turn) * reach, 0.298 + Math.sin(turn) * reach, 0.325 + Math.sin(tube) * 0.008 - Math.cos(turn) * 0.03,
    Math.cos(turn) * 0.3, 0.2, 1, PART.monocle, glass ? 0.35 : 1.25 + glint,
  ];
}

function chain(random) {
  const along = random();
  const x = 0.205 + along * 0.12 + Math.sin(along * Math.PI) * 0.05;
  const y = 0.27 - along * 0.72;
  const link = Math.sin(along * 90) * 0.5 + 0.5;
  return [x, y, 0.3 - Math.sin(along * Math.PI) * 0.06, 0, 0.2, 1, PART.monocle, 0.5 + link * 0.7];
}

function moustache(random) {
  const side = random() > 0.5 ? 1 : -1;
  const along = random();
  const thick = (1 - along) ** 0.7 * 0.032 + 0.004;
  const round = random() * Math.PI * 2;
  const x = side * (0.012 + along * 0.19);
  const sag = -0.032 * Math.sin(along * Math.PI * 0.72) + 0.075 * along ** 3.2;
  const y = 0.115 + sag + Math.sin(round) * thick;
  const z = faceDepth(x * 0.8, 0.12) + 0.035 + Math.cos(round) * thick * 0.8;
  return [x, y, z, Math.cos(round) * 0.2 * side, Math.sin(round), Math.abs(Math.cos(round)) + 0.3, PART.mouth, 1.05];
}

function lip(random) {
  const x = (random() * 2 - 1) * 0.062;
  const y = 0.045 - 0.016 * (1 - (x / 0.062) ** 2) + (random() - 0.5) * 0.012;
  return [x, y, faceDepth(x, y) + 0.022, x * 3, -0.2, 1, PART.mouth, 0.95];
}

function crown(random) {
  const turn = random() * Math.PI * 2;
  const top = random() < 0.16;
  const up = top ? 1 : random();
  const radius = (0.285 + 0.045 * (up - 0.4) ** 2 + up * 0.022) * (top ? Math.sqrt(random()) : 1);
  const y = 0.55 + up * 0.56;
  return [Math.cos(turn) * radius, y, Math.sin(turn) * radius, Math.cos(turn), top ? 3 : 0.06, Math.sin(turn), PART.hat, top ? 0.7 : 0.85];
}

function brim(random) {
  const turn = random() * Math.PI * 2;
  const edge = random() < 0.55;
  const radius = edge ? 0.47 : 0.29 + Math.sqrt(random()) * 0.18;
  const curl = Math.abs(Math.cos(turn)) ** 2 * 0.06 * (radius / 0.47) ** 2;
  return [
    Math.cos(turn) * radius, 0.535 + curl, Math.sin(turn) * radius * 0.92, Math.cos(turn) * 0.4, 1, Math.sin(turn) * 0.6,
    PART.hat, edge ? 1.1 : 0.5,
  ];
}

function band(random) {
  const turn = random() * Math.PI * 2;
  const y = 0.565 + (random() < 0.5 ? 0 : 0.085) + (random() - 0.5) * 0.01;
  return [Math.cos(turn) * 0.296, y, Math.sin(turn) * 0.296, Math.cos(turn), 0.1, Math.sin(turn), PART.hat, 1.35];
}

function collar(random) {
  const turn = random() * Math.PI * 2;
  const y = -0.29 + random() * 0.13;
  const radius = 0.17 + (-0.16 - y) * 0.2;
  return [Math.cos(turn) * radius, y, Math.sin(turn) * radius, Math.cos(turn), 0.2, Math.sin(turn), PART.coat, 1];
}

function bow(random) {
  const side = random() > 0.5 ? 1 : -1;
  const along = random();
  const x = side * along * 0.125;
  const y = -0.27 + (random() * 2 - 1) * (0.012 + along * 0.052);
  return [x, y, 0.235 - along * 0.03, side * 0.3, 0.25, 1, PART.coat, 1.15];
}

function shoulder(x) {
  return -0.3 - 0.1 * (Math.abs(x) / 0.4) ** 1.6 - 0.42 * Math.max(0, Math.abs(x) - 0.52) ** 1.1 * 3;
}

function coat(random) {
  const x = (random() * 2 - 1) * 0.74;
  const top = shoulder(x);
  const down = random() ** 1.4;
  const y = top - down * (top + 1.02);
  const curve = Math.sqrt(Math.max(0, 1 - (x / 0.78) ** 2));
  const z = (0.12 + down * 0.17) * curve + 0.02;
  const fade = Math.max(0.12, 1 - Math.max(0, -0.62 - y) * 2.4);
  return [x, y, z, x * 1.1, 0.9 - down * 1.2, 0.5 + curve * 0.5, PART.coat, 0.85 * fade];
}

function lapels(random) {
  const side = random() > 0.5 ? 1 : -1;
  const along = random();
  const outer = random() > 0.5;
  const x = side * (outer ? 0.19 + 0.1 * Math.sin(along * Math.PI) - along * 0.17 : 0.13 - along * 0.12);
  const y = -0.31 - along * 0.5;
  return [x, y, 0.27 + along * 0.02, side * 0.4, 0.3, 1, PART.coat, 1.25 * (1 - along * 0.6)];
}

/** A sunburst behind him, as the period would have it. */
function aureole(random) {
  const ray = Math.floor(random() * 32);
  const angle = (ray / 32) * Math.PI * 2 + 0.05;
  const far = ray % 2 ? 0.84 : 1.04;
  const radius = 0.72 + (far - 0.72) * random();
  return [Math.cos(angle) * radius, 0.36 + Math.sin(angle) * radius, -0.45, 0, 0, 1, PART.halo, 0.95];
}
