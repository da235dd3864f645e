import { fieldsOf, natively, post, sendByKey, swap } from "./server.js";

const MOST_WAITING = 8;

// By which it is decided who will see it.
const CHOICES = '#mode input, input[name="to"][type="checkbox"]';

// Finds, adds, takes out and sends without reloading: what is pressed is posted
// as without script, one after the other, and the regions of the answer are
// put in place.
export function takeOverCompose(form, { draft, ended, setTitle, say }) {
  let pressed = null;
  let waiting = 0;
  let last = Promise.resolve();
  let changed = false; // who will see it, since that was asked last

  sendByKey(form);
  form.addEventListener("change", (event) => event.target.matches(CHOICES) && chosen());
  if ([...form.querySelectorAll(CHOICES)].some((choice) => choice.checked !== choice.defaultChecked)) {
    chosen(); // from a draft, or as the browser left it
  }
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

  function chosen() {
    if (ended()) return;
    const said = form.querySelector(".audience");
    if (said) said.remove(); // it is not true of what is chosen now
    if (changed) return;
    changed = true;
    last = last.then(askAudience);
  }

  // Who will see it is said anew with each other choice. Where it cannot be
  // asked now, nothing is said, and the button that asks stays.
  async function askAudience() {
    changed = false;
    await draft.settle();
    try {
      const { page } = await post(form, fieldsOf(form, { name: "do", value: "check" }));
      if (page && !changed) swap(page, ["audience"]);
    } catch {
      // The button is there.
    }
    draft.resume();
    const said = [...form.querySelectorAll(".audience p:not(.meta)")].map((p) => p.textContent);
    if (said.length > 0) say(said.join(" "));
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
      swap(result.page, changed && except("audience")); // what is chosen now is not in it
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

function except(name) {
  return [...document.querySelectorAll("[data-swap]")].map((region) => region.dataset.swap).filter((other) => other !== name);
}
