// JSON Schema for people: a type in a few words, an outline of fields, and an example to start from.

import { el, prose } from "./dom.js";

const DEEPEST = 6;
const KNOWN = { session: "docs", sessionId: "docs", trigger: "boss_appear" };

/** Reads schemas of one OpenAPI document, following its references. */
export class Schemas {
  constructor(components = {}) {
    this.components = components;
  }

  /** The schema itself, without reference and without its null choice. `nullable` says there was one. */
  plain(schema = {}) {
    let { $ref, ...rest } = schema;
    if ($ref) rest = { ...this.components[$ref.split("/").at(-1)], ...rest };
    const choices = rest.anyOf ?? rest.oneOf;
    if (!choices) return rest;
    const others = choices.filter((choice) => choice.type !== "null");
    const nullable = others.length < choices.length;
    if (others.length !== 1) return { ...rest, nullable, choices: others };
    const { anyOf, oneOf, ...about } = rest;
    return { ...this.plain(others[0]), ...about, nullable };
  }

  typeOf(schema) {
    const it = this.plain(schema);
    let name;
    if (it.choices) name = it.choices.map((choice) => this.typeOf(choice)).join(" or ");
    else if ("const" in it) name = JSON.stringify(it.const);
    else if (it.type === "array") name = `list of ${it.items ? this.typeOf(it.items) : "anything"}`;
    else if (it.type === "object" && it.additionalProperties?.type) name = `object of ${it.additionalProperties.type}`;
    else name = [it.type ?? "anything"].flat().join(" or ");
    return it.nullable ? `${name} or null` : name;
  }

  /** What can be said of a value beside its type: choices, bounds, default. */
  bounds(schema) {
    const it = this.plain(schema);
    const range = (low, high, unit) => {
      if (low === undefined && high === undefined) return "";
      if (low === undefined) return `at most ${high}${unit}`;
      return high === undefined ? `at least ${low}${unit}` : `${low} to ${high}${unit}`;
    };
    const found = [range(it.minLength, it.maxLength, " characters"), range(it.minimum, it.maximum, "")];
    if (it.default !== undefined && it.default !== "" && !("const" in it)) found.push(`default ${JSON.stringify(it.default)}`);
    return found.filter(Boolean).join("; ");
  }

  /** The fields of an object, or of what a list holds, and theirs; null for what has none. `must` marks those that are always there. */
  outline(schema, must = "required", depth = 0) {
    const it = this.plain(schema);
    if (depth > DEEPEST) return null;
    if (it.type === "array" && it.items) return this.outline(it.items, must, depth);
    if (it.choices) {
      const parts = it.choices.map((choice) => this.outline(choice, must, depth + 1)).filter(Boolean);
      return parts.length ? el("div", {}, parts) : null;
    }
    if (!it.properties) return null;
    const rows = Object.entries(it.properties).map(([name, field]) =>
      this.row(name, field, it.required?.includes(name) && must, this.outline(field, must, depth + 1)));
    return el("ul", { class: "fields" }, rows);
  }

  row(name, schema, must, inner = null, where = "") {
    const it = this.plain(schema);
    const says = it.description !== `\`${it.const}\``;
    const bounds = this.bounds(schema);
    return el("li", {},
      el("p", { class: "field" },
        el("code", { class: "name" }, name), " ",
        el("span", { class: "type" }, this.typeOf(schema)), " ",
        where && [el("span", { class: "where" }, where), " "],
        must && el("b", { class: must }, must)),
      el("div", { class: "about" },
        says && it.description && el("p", {}, prose(it.description)),
        it.enum && el("p", { class: "choices" }, "One of", it.enum.map((value) => [" ", el("code", {}, String(value))])),
        bounds && el("p", { class: "bounds" }, bounds)),
      inner);
  }

  /** A value to start from. Objects hold what is required, or their first field if nothing is. */
  example(schema, name = "") {
    const it = this.plain(schema);
    const given = it.examples?.[0] ?? it.example ?? it.const;
    if (given !== undefined) return given;
    const hint = /such as `([^`]+)`/.exec(it.description ?? "")?.[1];
    if (hint) return hint;
    if (name in KNOWN) return KNOWN[name];
    if (it.choices) return this.example(it.choices[0], name);
    if (it.default !== undefined) return it.default;
    if (it.enum) return it.enum[0];
    const type = [it.type].flat()[0];
    if (type === "object" && it.properties) {
      const names = it.required ?? Object.keys(it.properties).slice(0, 1);
      return Object.fromEntries(names.map((key) => [key, this.example(it.properties[key], key)]));
    }
    return { string: "Hello", integer: it.minimum ?? 0, number: it.minimum ?? 0, boolean: false, array: [], object: {} }[type] ?? null;
  }

  /** What a parameter's box says at first: nothing unless there is something good to say. */
  exampleOf(parameter, about = "") {
    const it = this.plain(parameter.schema);
    const hint = /such as `([^`]+)`/.exec(`${parameter.description ?? ""} ${parameter.in === "path" ? about : ""}`)?.[1];
    return String(parameter.example ?? it.examples?.[0] ?? hint ?? KNOWN[parameter.name] ?? it.default ?? "");
  }
}
