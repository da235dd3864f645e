import { fieldsOf, natively, post, sendByKey, swap } from "./server.js";

const MOST_WAITING = 8;

// Finds, adds, takes out and sends without reloading: what is pressed is posted
// as without script, one after the other, and the regions of the answer are
// put in place.
export function takeOverCompose(form, { draft, ended, setTitle, say }) {
  let pressed = null;
  let waiting = 0;
  let last = Promise.resolve();

  sendByKey(form);
  form.addEventListener("click", (event) => {
    pressed = event.target.closest("button") || pressed;
  });
  form.addEventListener("submit", (event) => {
    if (ended()) return;
    event.preventDefault();
    const button = event.submitter || pressed;
    pressed = null;
    if (waiting === MOST_WAITING) return;
    waiting++;
    const { name, value } = button || {};
    last = last.then(() => submit({ name, value })).finally(() => waiting--);
  });

  async function submit(button) {
    const sending = button.value === "send";
    show(sending ? "sending" : "");
    form.setAttribute("aria-busy", "true");
    await draft.settle();
    try {
      await answer(await post(form, fieldsOf(form, button)), button);
    } catch {
      show("failed");
    }
    form.removeAttribute("aria-busy");
  }

  async function answer(result, button) {
    show("");
    if (result.stored) {
      draft.done();
      location.assign(result.stored);
      await new Promise(() => {}); // whatever waits would come too late
    } else if (result.signedOut) {
      natively(form, button);
    } else {
      swap(result.page);
      draft.resume();
      setTitle(result.page.title);
      tell();
    }
  }

  function show(name) {
    for (const part of form.querySelectorAll("[data-state]")) {
      part.hidden = part.dataset.state !== name;
      if (!part.hidden) say(part.textContent);
    }
  }

  function tell() {
    const errors = document.querySelector("[data-errors]");
    if (errors) errors.focus();
    const found = document.querySelector("[data-found]");
    if (found) say(found.textContent.trim());
  }
}
