// Puts regions of a page that the server rendered anew in place of those that
// stand here: every [data-swap=NAME] that both have. Focus stays where it was,
// or as near as can be.
export function swap(page) {
  const focus = bookmark();
  for (const old of document.querySelectorAll("[data-swap]")) {
    const fresh = page.querySelector(`[data-swap="${old.dataset.swap}"]`);
    if (fresh) old.replaceWith(document.importNode(fresh, true));
  }
  refocus(focus);
}

export async function fetchPage(url) {
  const headers = { Accept: "text/html", "X-Requested-By": "homeline-page" };
  const answer = await fetch(url, { headers, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error(`${url}: ${answer.status}`);
  return parse(await answer.text());
}

export function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
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
