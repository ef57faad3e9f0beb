// A request as it was filled in: its address, what fetch needs, and the same for curl.

export const BASE = new URL("./", location.href);

/** `values` are a parameter's texts by place and name, as in `values.path.session`. */
export function request({ method, path, values, body, accept }) {
  const filled = path.replace(/\{(\w+)\}/g, (whole, name) => (values.path?.[name] ? encodeURIComponent(values.path[name]) : whole));
  const url = new URL(filled.slice(1), BASE);
  for (const [name, value] of Object.entries(values.query ?? {})) if (value) url.searchParams.set(name, value);
  const headers = {};
  if (accept) headers.accept = accept;
  for (const [name, value] of Object.entries(values.header ?? {})) if (value) headers[name] = value;
  if (body) headers["content-type"] = "application/json";
  return { url, options: { method: method.toUpperCase(), headers, body: body || undefined } };
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

export function curl({ url, options }) {
  const shown = withGaps(url.href);
  const parts = [`curl ${options.method === "GET" ? "" : `-X ${options.method} `}${quoted(shown)}`];
  for (const [name, value] of Object.entries(options.headers)) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (options.body) parts.push(`-d ${quoted(compact(options.body))}`);
  return parts.join(" \\\n  ");
}

/** What is still to be filled in is written large: NAME. */
function withGaps(href) {
  return href.replace(/%7B(\w+)%7D/g, (_, name) => name.toUpperCase());
}

function compact(text) {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
