// "Try it": a form that sends the request and shows what came back.

import { el, prose } from "./dom.js";
import { curl, request } from "./request.js";

const EVENTS = "text/event-stream";

/** The example command and the form, which keeps the command in step with what is filled in. */
export function trial({ schemas, id, method, path, operation }) {
  const boxes = (operation.parameters ?? []).map((parameter) => ({
    parameter,
    box: el("input", {
      id: `${id}-${parameter.in}-${parameter.name}`, value: schemas.exampleOf(parameter, operation.description),
      required: parameter.in === "path" || parameter.required, autocomplete: "off", spellcheck: "false", autocapitalize: "off",
    }),
  }));
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  const text = schema ? JSON.stringify(schemas.example(schema), null, 2) : "";
  const body = schema && el("textarea", { id: `${id}-body`, rows: Math.max(3, text.split("\n").length + 1), spellcheck: "false" }, text);
  const streams = Object.values(operation.responses ?? {}).some((answer) => answer.content?.[EVENTS]);
  const accept = streams && el("select", { id: `${id}-accept` },
    el("option", { value: "" }, "JSON, when it is whole"), el("option", { value: EVENTS }, "server-sent events"));

  const read = () => {
    const values = {};
    for (const { parameter, box } of boxes) (values[parameter.in] ??= {})[parameter.name] = box.value;
    return request({ method, path, values, body: body?.value.trim(), accept: accept ? accept.value : "" });
  };
  const command = el("code");
  const show = () => { command.textContent = curl(read()); };
  const result = el("div", { class: "result", role: "status", "aria-label": "Answer" });
  const labelled = (box, ...label) => el("div", { class: "entry" }, el("label", { for: box.id }, label), box);
  const send = el("button", { type: "submit" }, "Send");
  const form = el("form", { "aria-label": `Try ${method.toUpperCase()} ${path}` },
    boxes.map(({ parameter, box }) => labelled(box, el("code", {}, parameter.name), ` in the ${parameter.in}`)),
    body && labelled(body, "Body, JSON"),
    accept && labelled(accept, "Answer as"),
    send, result);
  form.addEventListener("input", show);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    result.replaceChildren(el("p", { class: "status" }, "Sent…"));
    result.replaceChildren(...await answer(read()));
    form.ariaBusy = "false";
  });
  show();
  return [
    el("h4", {}, "Example"), el("pre", { tabindex: "0", "aria-label": "curl command" }, command),
    el("h4", {}, "Try it"), form,
  ];
}

async function answer({ url, options }) {
  const start = performance.now();
  try {
    const response = await fetch(url, options);
    const type = response.headers.get("content-type") ?? "";
    const shown = type.startsWith("audio/")
      ? el("audio", { controls: true, src: URL.createObjectURL(await response.blob()) })
      : written(await response.text(), type);
    const took = `${Math.round(performance.now() - start)} ms`;
    const status = el("b", { class: response.ok ? "good" : "bad" }, `${response.status} ${response.statusText}`.trim());
    return [el("p", { class: "status" }, status, ` in ${took}`, type && [", ", el("span", {}, type)]), shown].filter(Boolean);
  } catch (error) {
    return [el("p", { class: "status" }, el("b", { class: "bad" }, "No answer"), ...prose(`: ${error.message}`))];
  }
}

function written(text, type) {
  if (!text) return null;
  let shown = text;
  if (type.startsWith("application/json")) shown = JSON.stringify(JSON.parse(text), null, 2);
  return el("pre", { tabindex: "0", "aria-label": "Body of the answer" }, el("code", {}, shown));
}
