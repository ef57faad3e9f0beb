// Sound frames of the chat socket: a 16-byte little-endian header, then samples.

const HEADER = 16;
const VERSION = 1;
const PCM16 = 0;

/**
 * @typedef {object} Frame
 * @property {number} line
 * @property {number} sentence
 * @property {number} first   index of the first sample in the line
 * @property {boolean} last   nothing of this line follows
 * @property {Float32Array} samples  -1 to 1, mono
 */

/**
 * Reads one frame; null for a version or a codec this client did not ask for.
 * @param {ArrayBuffer} bytes
 * @returns {Frame | null}
 */
export function readFrame(bytes) {
  if (bytes.byteLength < HEADER) return null;
  const view = new DataView(bytes);
  if (view.getUint8(0) !== VERSION || view.getUint8(1) !== PCM16) return null;
  const samples = new Float32Array((bytes.byteLength - HEADER) >> 1);
  for (let at = 0; at < samples.length; at += 1) samples[at] = view.getInt16(HEADER + at * 2, true) / 32768;
  return {
    last: (view.getUint16(2, true) & 1) === 1,
    line: view.getUint32(4, true),
    sentence: view.getUint32(8, true),
    first: view.getUint32(12, true),
    samples,
  };
}
