// Elements without markup: whatever a text holds, it stays text.

/** An element with attributes and children; children that are false, null, undefined or "" are left out. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

/** A text whose `ticked` parts are code. */
export function prose(text = "") {
  return text.split("`").map((part, index) => (index % 2 && part ? el("code", {}, part) : part));
}

/** One paragraph for each paragraph of a text. */
export function paragraphs(text = "") {
  return text.split(/\n\s*\n/).filter(Boolean).map((part) => el("p", {}, prose(part)));
}
