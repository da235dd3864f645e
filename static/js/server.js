// What is asked of the server, and how its answers come into the page.

const PATIENCE = 20000; // ms

// Asks the server as the page's script, which has to be seen there.
function ask(url, options, headers) {
  return fetch(url, { ...options, headers: { "X-Requested-By": "homeline-page", ...headers } });
}

const HTML = { Accept: "text/html" };
const JSON_BODY = { "Content-Type": "application/json" };

// Throws where something may be tried again later.
function notNow({ status }) {
  if (status >= 500 || status === 429) throw new Error(status);
}

// Throws where it was not done.
function done({ ok, redirected, status }) {
  if (!ok || redirected) throw new Error(status);
}

// Posts a form's fields. Gives { stored: address } where it was done,
// { page } where the server has something to say about it, { signedOut: true }
// where it wants a sign-in first; throws where it is not known what became of it.
export async function post(form, fields) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE);
  try {
    const answer = await ask(form.getAttribute("action"), { method: "POST", body: fields, signal: abort.signal }, HTML);
    if (answer.status === 204) return { stored: answer.headers.get("Location") };
    if (answer.status === 401 || answer.redirected) return { signedOut: true };
    notNow(answer);
    return { page: parse(await answer.text()) };
  } finally {
    clearTimeout(timer);
  }
}

// Posts a request of the API. Gives what it answered, nothing where it was
// refused for good; throws where it may be tried again.
export async function postJSON(url, body) {
  const answer = await ask(url, { method: "POST", body: JSON.stringify(body) }, JSON_BODY);
  notNow(answer);
  return answer.ok ? answer.json() : null;
}

// A page of the server's, to take regions from.
export async function fetchPage(url) {
  const answer = await ask(url, {}, HTML);
  done(answer);
  return parse(await answer.text());
}

// Saves what is being written, also while the page is being left.
export async function putDraft(slot, content, leaving) {
  const answer = await ask(`/drafts/${slot}`, { method: "PUT", body: JSON.stringify(content), keepalive: leaving }, JSON_BODY);
  done(answer);
}

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

// Puts regions of a page that the server rendered anew in place of those that
// stand here: every [data-swap=NAME] that both have. Focus stays where it was,
// or as near as can be. Where only is given, those of its names.
export function swap(page, only) {
  const focus = bookmark();
  for (const old of document.querySelectorAll("[data-swap]")) {
    if (only && !only.includes(old.dataset.swap)) continue;
    const fresh = page.querySelector(`[data-swap="${old.dataset.swap}"]`);
    if (fresh) old.replaceWith(document.importNode(fresh, true));
  }
  refocus(focus);
}

function bookmark() {
  const element = document.activeElement;
  const region = element && element.closest("[data-swap]");
  if (!region) return null;
  const { id, name, value, href } = element;
  return { region: region.dataset.swap, id, name, value, href };
}

function refocus(mark) {
  if (!mark) return;
  const region = document.querySelector(`[data-swap="${mark.region}"]`);
  if (!region || region.contains(document.activeElement)) return;
  const candidates = [...region.querySelectorAll("a, button, input, select, textarea, [tabindex]")];
  const same = candidates.find(({ id, name, value, href }) =>
    mark.id ? id === mark.id : name === mark.name && value === mark.value && href === mark.href);
  const next = same && !same.disabled ? same : region.querySelector('[tabindex="-1"]');
  if (next) next.focus({ preventScroll: true });
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
