import { parse } from "./swap.js";

const PATIENCE = 20000; // ms

// Posts a form's fields. Gives { stored: address } where it was done,
// { page } where the server has something to say about it, { signedOut: true }
// where it wants a sign-in first; throws where it is not known what became of it.
export async function post(form, fields) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE);
  try {
    const answer = await fetch(form.getAttribute("action"), {
      method: "POST",
      body: fields,
      headers: { Accept: "text/html", "X-Requested-By": "homeline-page" },
      credentials: "same-origin",
      signal: abort.signal,
    });
    if (answer.status === 204) return { stored: answer.headers.get("Location") };
    if (answer.status === 401 || answer.redirected) return { signedOut: true };
    if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
    return { page: parse(await answer.text()) };
  } finally {
    clearTimeout(timer);
  }
}

// Submits as a browser without script would, with the button that was pressed.
export function natively(form, button) {
  if (button && button.name) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: button.name, value: button.value });
    form.append(field);
  }
  HTMLFormElement.prototype.submit.call(form);
}

// A form's fields, as they would be posted.
export function fieldsOf(form, button) {
  const fields = new URLSearchParams(new FormData(form));
  if (button && button.name) fields.append(button.name, button.value);
  return fields;
}

// Ctrl+Enter, or Cmd+Enter, sends; Enter alone makes a new line.
export function sendByKey(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    form.querySelector("[data-send]").click();
  });
}

// A fresh random UUID; crypto.randomUUID is too young, and only there behind https.
export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
