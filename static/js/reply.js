import { fill } from "./links.js";
import { fieldsOf, freshKey, natively, post, sendByKey } from "./submit.js";
import { swap } from "./swap.js";

// Sends replies without leaving the page until they are stored. ended() says
// whether the sign-in has ended: then the form goes the way without script,
// which keeps the text through a new one.
export function takeOverReply(form, { list, draft, ended }) {
  sendByKey(form);
  form.addEventListener("submit", (event) => {
    if (ended() || !form.elements.body.value.trim()) return;
    event.preventDefault();
    send(form, show(form, list), draft);
  });
}

// Puts the letter under the others as one that is on its way.
function show(form, list) {
  const template = document.getElementById("sending");
  const item = document.importNode(template.content.firstElementChild, true);
  item.dataset.sending = "";
  fill(item.querySelector("[data-slot=body]"), form.elements.body.value);
  list.append(item);
  form.hidden = true;
  return item;
}

function state(item, name) {
  for (const part of item.querySelectorAll("[data-state]")) part.hidden = part.dataset.state !== name;
}

// The key is the form's: the same for every try of the same text.
async function send(form, item, draft) {
  state(item, "sending");
  await draft.settle();
  let result;
  try {
    result = await post(form, fieldsOf(form));
  } catch {
    failed(form, item, draft);
    return;
  }
  if (result.stored) {
    draft.done();
    location.assign(result.stored);
  } else if (result.signedOut) {
    natively(form);
  } else {
    refused(form, item, result.page);
  }
}

function failed(form, item, draft) {
  state(item, "failed");
  const again = item.querySelector("[data-retry]");
  again.onclick = () => send(form, item, draft);
  item.querySelector("[data-edit]").onclick = () => {
    form.elements.key.value = freshKey();
    draft.changed();
    edit(form, item);
  };
  again.focus();
}

function refused(form, item, page) {
  swap(page);
  edit(form, item);
  const errors = document.querySelector("[data-errors]");
  if (errors) errors.focus();
}

function edit(form, item) {
  item.remove();
  form.hidden = false;
  form.elements.body.focus();
}
