import { fill } from "./links.js";
import { fieldsOf, freshKey, natively, post, sendByKey, swap } from "./server.js";

const AGAIN = 2000; // ms
const TRIES = 20; // by itself

// The reply box: a reply is sent without leaving the page until it is stored.
// ended() says whether the sign-in has ended: then the form goes the way
// without script, which keeps the text through a new one. say(text) tells a screen reader, and
// waits(yes) hears whether a reply will be sent once the connection is back.
export class Reply {
  constructor(form, { list, draft, ended, say, waits }) {
    Object.assign(this, { form, list, draft, say, waits });
    this.item = null; // the letter that is on its way
    sendByKey(form);
    form.addEventListener("submit", (event) => {
      if (ended() || !form.elements.body.value.trim()) return;
      event.preventDefault();
      this.show();
      this.send();
    });
  }

  // Puts the letter under the others as one that is on its way.
  show() {
    const template = document.getElementById("sending");
    this.item = document.importNode(template.content.firstElementChild, true);
    this.item.dataset.sending = "";
    this.body = this.form.elements.body.value.trim();
    this.stored = false;
    this.tries = 0;
    fill(this.item.querySelector("[data-slot=body]"), this.body);
    this.item.querySelector("[data-retry]").onclick = () => this.send();
    this.item.querySelector("[data-edit]").onclick = () => {
      this.form.elements.key.value = freshKey();
      this.draft.changed();
      this.edit();
    };
    this.list.append(this.item);
    this.item.tabIndex = -1;
    this.item.focus({ preventScroll: true });
    this.form.hidden = true;
  }

  state(name) {
    this.failed = name === "failed";
    for (const part of this.item.querySelectorAll("[data-state]")) {
      part.hidden = part.dataset.state !== name;
      if (!part.hidden && !this.item.hidden) this.say(part.firstChild.textContent.trim());
    }
    this.waits(this.failed && this.tries < TRIES);
  }

  // The key is the form's: the same for every try of the same text.
  async send() {
    if (!this.item || this.underWay) return;
    this.underWay = true;
    this.cameBack = false;
    this.state("sending");
    await this.draft.settle();
    let result = null;
    try {
      result = await post(this.form, fieldsOf(this.form));
    } catch {
      // It is not known what became of it.
    }
    this.underWay = false;
    if (result) this.answered(result);
    else this.unanswered();
  }

  // The connection is back: what was not sent is tried again.
  connected() {
    this.cameBack = true;
    if (this.item && this.failed && this.tries++ < TRIES) this.send();
  }

  answered(result) {
    if (result.stored) {
      this.draft.done();
      this.form.elements.body.value = "";
      location.assign(result.stored);
    } else if (result.signedOut) {
      natively(this.form);
    } else {
      swap(result.page);
      this.draft.changed(); // the key may be another
      this.edit();
      const errors = document.querySelector("[data-errors]");
      if (errors) errors.focus();
    }
  }

  // It is not known whether it was stored, unless it has come back.
  unanswered() {
    this.state("failed");
    if (this.stored || this.cameBack) this.askAgain();
    else this.item.querySelector("[data-retry]").focus();
  }

  // A letter of one's own has arrived. Where it is the one on its way, it is
  // stored, and only the answer is missing.
  arrived(letter) {
    if (!this.item || letter.body !== this.body) return;
    this.stored = true;
    this.item.hidden = true;
    if (this.failed) this.askAgain();
  }

  // Only an answer leads to the Inbox, for the confirmation comes with it: the
  // page stays until there is one.
  askAgain() {
    if (this.tries++ < TRIES) setTimeout(() => this.send(), AGAIN);
  }

  edit() {
    this.waits(false);
    this.item.remove();
    this.item = null;
    this.form.hidden = false;
    this.form.elements.body.focus();
  }
}
