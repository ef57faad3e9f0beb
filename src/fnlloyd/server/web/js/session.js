// The session id: from the address (?session=), else the one this browser tab keeps, else a new random one.

const KEY = "fnlloyd.session";

/** @param {URLSearchParams} address */
export function sessionId(address) {
  const named = address.get("session");
  if (named) return named;
  try {
    const kept = sessionStorage.getItem(KEY) ?? fresh();
    sessionStorage.setItem(KEY, kept);
    return kept;
  } catch {
    return fresh();
  }
}

function fresh() {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return `web-${[...bytes].map((byte) => byte.toString(36).padStart(2, "0")).join("")}`;
}
