// The reference page: reads the OpenAPI document of this server and writes out its doors, group by group.

import { el, prose } from "./docs/dom.js";
import { door } from "./docs/operation.js";
import { Schemas } from "./docs/schema.js";

const METHODS = ["get", "post", "put", "patch", "delete"];
const doors = document.querySelector("#doors");

function byTag(paths) {
  const groups = new Map();
  for (const [path, item] of Object.entries(paths)) {
    for (const method of METHODS.filter((name) => item[name])) {
      const tag = item[method].tags?.[0] ?? "other";
      if (!groups.has(tag)) groups.set(tag, []);
      const shared = item.parameters ?? [];
      const operation = { ...item[method], parameters: [...shared, ...(item[method].parameters ?? [])] };
      groups.get(tag).push({ method, path, operation });
    }
  }
  return groups;
}

function write(api) {
  document.querySelector("#title").textContent = api.info.title;
  document.querySelector("#version").textContent = `Reference · version ${api.info.version}`;
  document.querySelector("#intro").replaceChildren(...prose(api.info.description));
  const schemas = new Schemas(api.components?.schemas);
  const about = new Map((api.tags ?? []).map((tag) => [tag.name, tag.description]));
  const links = [];
  for (const [tag, operations] of byTag(api.paths)) {
    const id = `group-${tag.replace(/\W+/g, "-")}`;
    links.push(el("a", { href: `#${id}` }, tag));
    doors.append(el("section", { "aria-labelledby": id },
      el("h2", { id }, tag), about.get(tag) && el("p", {}, prose(about.get(tag))),
      operations.map((operation) => door({ schemas, ...operation }))));
  }
  document.querySelector("#groups").replaceChildren(...links);
}

/** Open the door the address names; without one, the first. */
function follow() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const wanted = named ?? (location.hash ? null : doors.querySelector(".door"));
  if (wanted?.matches(".door")) wanted.open = true;
  named?.scrollIntoView();
}

try {
  const response = await fetch("./openapi.json");
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  write(await response.json());
  follow();
  addEventListener("hashchange", follow);
} catch (error) {
  doors.append(el("p", { class: "notice", role: "alert" }, `The list of doors could not be read: ${error.message}.`));
}
doors.ariaBusy = "false";
