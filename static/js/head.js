// What stands at the head of a page: the number of unread messages, and the strip.

const PATIENCE = 5000; // ms
const SIGNED_OUT = 4501; // as 41xx is to a page: its session has expired
const OFF_ROSTER = 4502;

// Shows the number of unread messages: beside the links, and in the title.
export function showUnread(unread, words) {
  for (const badge of document.querySelectorAll("[data-unread-badge]")) {
    badge.textContent = unread;
    badge.hidden = unread === 0;
  }
  for (const text of document.querySelectorAll("[data-unread-words]")) {
    text.textContent = unread ? words.say("unread", { count: unread }) : "";
  }
  setTitle(document.title, unread);
}

// Sets a title, with the number before it; where something is wrong the title
// begins with that.
export function setTitle(title, unread) {
  const bare = title.replace(/^\(\d+\) /, "");
  const wrong = document.querySelector("[data-errors]");
  document.title = unread && !wrong ? `(${unread}) ${bare}` : bare;
}

// The strip that says that the page is not connected.
export class Strip {
  constructor(element, words) {
    Object.assign(this, { element, words, timer: 0 });
  }

  up() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.element.hidden = true;
  }

  down() {
    if (!this.timer) this.timer = setTimeout(() => (this.element.hidden = false), PATIENCE);
  }

  // Whether a reply is waiting to be sent by itself.
  replyWaits(waits) {
    this.element.textContent = this.words.say(waits ? "offline_reply" : "offline");
  }

  // The connection has ended for good: why, and where one can go on.
  ended(code) {
    this.up();
    this.replyWaits = () => {};
    this.element.hidden = false;
    if (code === OFF_ROSTER) {
      this.element.textContent = this.words.say("off_roster");
    } else if (code === SIGNED_OUT || code < 4500) {
      const here = location.pathname + location.search;
      this.leads("signed_out", "sign_in", `/sign-in?next=${encodeURIComponent(here)}`);
    } else {
      this.leads("stopped", "reload", location.href);
    }
  }

  leads(why, where, href) {
    const link = document.createElement("a");
    Object.assign(link, { href, textContent: this.words.say(where) });
    this.element.replaceChildren(`${this.words.say(why)} `, link);
  }
}
