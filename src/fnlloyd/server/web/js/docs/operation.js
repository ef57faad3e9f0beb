// One door: what it takes, what it answers, an example, and a form to try it.

import { el, paragraphs, prose } from "./dom.js";
import { trial } from "./trial.js";

export const idOf = (method, path) => `${method}-${path.replace(/\W+/g, "-").replace(/^-|-$/g, "")}`;

/** A door that unfolds. What is inside is made when it is first opened. */
export function door({ schemas, method, path, operation }) {
  const id = idOf(method, path);
  const details = el("details", { id, class: "door" },
    el("summary", {},
      el("h3", {}, el("span", { class: `method ${method}` }, method), " ", el("code", { class: "path" }, broken(path))),
      el("span", { class: "gist" }, prose(firstSentence(operation.description || operation.summary)))));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(inside({ schemas, id, method, path, operation }));
  });
  return details;
}

function inside(it) {
  const { schemas, operation } = it;
  const parameters = operation.parameters ?? [];
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  return el("div", { class: "inside" },
    paragraphs(operation.description),
    parameters.length > 0 && [el("h4", {}, "Parameters"), el("ul", { class: "fields" }, parameters.map((parameter) =>
      schemas.row(parameter.name, { ...parameter.schema, description: parameter.description }, parameter.required && "required", null, `in the ${parameter.in}`)))],
    schema && [el("h4", {}, "Body"), body(schemas, schema, operation.requestBody.required)],
    el("h4", {}, "Answers"), answers(schemas, operation.responses ?? {}),
    trial(it));
}

function body(schemas, schema, required) {
  const about = schemas.plain(schema).description;
  return el("div", {},
    el("p", { class: "media" }, `application/json${required ? "" : ", may be left out"}`),
    about && el("p", {}, prose(about)), schemas.outline(schema));
}

/** Statuses that answer alike stand together; refusals are folded. */
function answers(schemas, responses) {
  const groups = new Map();
  for (const [status, response] of Object.entries(responses).sort(([a], [b]) => a.localeCompare(b))) {
    const good = /^[23]/.test(status);
    const key = `${good} ${JSON.stringify(response.content ?? null)}`;
    if (!groups.has(key)) groups.set(key, { good, content: response.content ?? {}, all: [] });
    groups.get(key).all.push([status, response.description]);
  }
  return [...groups.values()].map(({ good, content, all }) => {
    const list = el("dl", { class: "statuses" }, all.map(([status, description]) => [
      el("dt", { class: good ? "good" : "bad" }, status === "default" ? "other" : status), el("dd", {}, prose(description))]));
    const types = Object.keys(content);
    const schema = Object.values(content).map((media) => media.schema).find((found) => found && schemas.outline(found));
    const inner = [list, types.length > 0 && el("p", { class: "media" }, types.join(", ")), schema && schemas.outline(schema, "always")];
    if (good) return el("div", { class: "answer" }, inner);
    const named = all.map(([status]) => (status === "default" ? "others" : status)).join(", ");
    return el("details", { class: "answer" }, el("summary", {}, `Refusals: ${named}`), inner);
  });
}

const firstSentence = (text = "") => /^[\s\S]*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;

/** A path that may be broken before a slash. */
function broken(path) {
  return path.split(/(?=\/)/).map((part) => [el("wbr"), part]);
}
