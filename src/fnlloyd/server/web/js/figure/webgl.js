// Draws the sculpture with WebGL2: one buffer, one draw, light added to light.

import { STRIDE } from "./sculpture.js";
import { FRAGMENT, VERTEX } from "./shaders.js";

const UNIFORMS = ["time", "tempo", "turbulence", "loud", "gather", "size", "intensity", "turn", "aspect", "coreColour", "edgeColour"];

const OPTIONS = { alpha: true, antialias: false, powerPreference: "low-power", failIfMajorPerformanceCaveat: true };
/** Software that imitates a GPU is slower than the 2D canvas: it counts as having none. */
const IMITATIONS = /swiftshader|llvmpipe|softpipe|basic render/i;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} points
 * @returns {((pose: import("./figure.js").Pose, share: number) => void) | null} null where there is no WebGL2
 */
export function openWebGL(canvas, points) {
  const gl = canvas.getContext("webgl2", OPTIONS);
  if (!gl || IMITATIONS.test(rendererOf(gl))) return null;
  const program = link(gl);
  if (!program) return null;
  gl.useProgram(program);
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, points, gl.STATIC_DRAW);
  ["place", "normal", "nature"].forEach((name, at) => {
    const slot = gl.getAttribLocation(program, name);
    gl.enableVertexAttribArray(slot);
    gl.vertexAttribPointer(slot, 3, gl.FLOAT, false, STRIDE * 4, at * 12);
  });
  const at = Object.fromEntries(UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)]));
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE);
  const count = points.length / STRIDE;
  return (pose, share) => {
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    for (const name of ["time", "tempo", "turbulence", "loud", "gather", "intensity"]) gl.uniform1f(at[name], pose[name]);
    gl.uniform1f(at.size, Math.max(1.6, canvas.height / 140) * (share < 0.6 ? 1.35 : 1));
    gl.uniform2f(at.turn, pose.yaw, pose.pitch);
    gl.uniform2f(at.aspect, ...pose.fit);
    gl.uniform3f(at.coreColour, ...pose.core);
    gl.uniform3f(at.edgeColour, ...pose.edge);
    gl.drawArrays(gl.POINTS, 0, Math.floor(count * share));
  };
}

function rendererOf(gl) {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  return String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}

function link(gl) {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null;
}
