// The shaders of the particle figure: drift, voice, light and colour of each point.

export const VERTEX = `#version 300 es
precision highp float;
in vec3 place;
in vec3 normal;
in vec3 nature;
uniform float time, tempo, turbulence, loud, gather, size, intensity;
uniform vec2 turn, aspect;
uniform vec3 coreColour, edgeColour;
out vec4 shade;

void main() {
  float part = nature.x;
  float seed = nature.y;
  float bright = nature.z;
  vec3 at = place;
  vec3 facing = normal;
  float beat = time * tempo;

  float jaw = smoothstep(0.1, -0.02, at.y) * smoothstep(-0.24, -0.08, at.y) * step(part, 0.5);
  if (part > 2.5 && part < 3.5) jaw = at.y < 0.065 && abs(at.x) < 0.07 ? 1.0 : 0.25 * seed;
  at.y -= jaw * loud * 0.06;

  float wave = sin(at.x * 9.0 + beat * 2.1 + seed * 6.3) + sin(at.y * 8.0 - beat * 1.7) + sin(at.z * 11.0 + beat * 1.3);
  at += facing * wave * 0.008 * (0.4 + turbulence * 2.2);
  at += facing * loud * 0.07 * pow(seed, 3.0);
  float stray = smoothstep(0.93 - turbulence * 0.14 - intensity * 0.02, 1.0, seed) * step(part, 4.5);
  float lift = fract(seed * 37.0 + beat * 0.14);
  at += stray * vec3(sin(lift * 9.0 + seed * 40.0) * 0.3, lift * 0.5 - 0.1, cos(lift * 7.0 + seed * 70.0) * 0.3);
  if (part > 4.5) at.xy = vec2(0.0, 0.36) + (at.xy - vec2(0.0, 0.36)) * (1.0 + loud * 0.1 + 0.015 * sin(beat * 2.0 + seed * 9.0));

  vec3 away = normalize(place + vec3(sin(seed * 91.0), cos(seed * 57.0), sin(seed * 23.0)) * 0.9) * (1.4 + seed * 1.8);
  float home = smoothstep(seed * 0.5, seed * 0.5 + 0.5, gather);
  at = mix(away, at, home);

  float solid = 1.0 - step(4.5, part);
  vec2 spin = turn * mix(0.3, 1.0, solid);
  mat3 yaw = mat3(cos(spin.x), 0.0, -sin(spin.x), 0.0, 1.0, 0.0, sin(spin.x), 0.0, cos(spin.x));
  mat3 pitch = mat3(1.0, 0.0, 0.0, 0.0, cos(spin.y), sin(spin.y), 0.0, -sin(spin.y), cos(spin.y));
  vec3 seen = pitch * (yaw * at);
  vec3 look = pitch * (yaw * facing);

  float depth = 3.4 / (3.4 - seen.z);
  gl_Position = vec4((seen.xy - vec2(0.0, 0.06)) * depth * aspect, 0.0, 1.0);

  float key = max(0.0, dot(look, normalize(vec3(-0.55, 0.5, 0.7))));
  float rim = pow(1.0 - abs(look.z), 2.5) * smoothstep(-0.5, 0.1, look.x * 0.8 + 0.3);
  float front = mix(1.0, smoothstep(-0.12, 0.2, look.z), solid * home);
  float flicker = 0.8 + 0.2 * sin(time * 3.0 + seed * 60.0);
  float light = bright * front * flicker * (0.1 + 0.95 * key * key + 0.55 * rim) * (0.85 + loud * 0.7 + intensity * 0.07);
  light = mix(bright * (0.3 + loud), light, solid) * (1.0 - stray * 0.4);
  vec3 tint = mix(edgeColour, coreColour, clamp(key * 1.2 - rim * 0.5, 0.0, 1.0));
  if (part > 1.5 && part < 2.5) tint = mix(tint, vec3(0.75, 0.95, 1.0), 0.55);
  tint = mix(tint, vec3(1.0), clamp(light - 1.1, 0.0, 0.35));
  shade = vec4(tint * light, 1.0);
  gl_PointSize = size * depth * (0.75 + 0.5 * seed + stray * 0.6) * (part > 4.5 ? 0.85 : 1.0);
}`;

export const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 shade;
out vec4 colour;

void main() {
  float edge = length(gl_PointCoord - 0.5);
  float soft = smoothstep(0.5, 0.08, edge);
  colour = vec4(shade.rgb * soft, soft * 0.25 * shade.g);
}`;
