import { clock as realClock } from "./clock.js";
import { fetchPage, fieldsOf, natively, post, swap } from "./server.js";
import { setTime } from "./words.js";

const PAUSE = 500; // ms at least between two, however much happens
const AGAIN = 5000; // ms after one that failed

// The list of conversations. loaded(head) is told of which version it was read
// again, and says whether that is behind what is known.
export class InboxList {
  constructor(words, loaded) {
    this.words = words;
    this.refresh = new Refresh(load, loaded);
  }

  // Shows an event that follows on what the list shows. What is more than a row
  // that changes is the server's to show: a new row, a list that is filtered, a
  // seal, and that there is nothing more to read.
  happened({ letter, read, sealed, unread }) {
    const row = this.row((letter || read || sealed).conversation);
    if (!row || this.filtered || sealed) {
      this.refresh.ask();
      return;
    }
    if (letter) this.letter(row, letter);
    else this.unread(row, read.unread);
    if (unread === 0 || !this.marksAll) this.refresh.ask();
    else this.somethingUnread();
  }

  // Whether the page offers to mark everything as read.
  get marksAll() {
    return Boolean(document.querySelector(".mark-all"));
  }

  row(conversation) {
    return document.querySelector(`[data-inbox] [data-conversation="${conversation}"]`);
  }

  // A list that is filtered, or not the newest page, is the server's to order.
  get filtered() {
    return "filtered" in document.querySelector("[data-inbox]").dataset;
  }

  letter(row, letter) {
    row.dataset.lastSeq = letter.seq;
    row.querySelector("[data-mark]").elements.up_to.value = letter.seq;
    row.querySelector("[data-slot=preview]").textContent = letter.preview;
    setTime(row.querySelector("[data-slot=time]"), letter.at, this.words);
    this.unread(row, letter.unread);
    const first = row.parentNode.firstElementChild;
    if (row === first) return;
    // The others are moved below it: so the row, and focus in it, stay as they are.
    while (row.previousElementSibling) row.after(row.previousElementSibling);
  }

  unread(row, unread) {
    row.dataset.unread = unread;
    row.querySelector("[data-mark]").hidden = unread === 0;
    const text = row.querySelector("[data-slot=new]");
    text.hidden = unread === 0;
    text.textContent = unread ? this.words.say("new", { count: unread }) : "";
  }

  // Marks one row, or all as they stand here, as read; done() says so.
  async mark(form, done) {
    const row = form.closest(".row");
    const fields = fieldsOf(form);
    if (!row) {
      fields.delete("shown");
      for (const { dataset } of document.querySelectorAll("[data-inbox] .row")) {
        if (dataset.unread !== "0") fields.append("shown", `${dataset.conversation}:${dataset.lastSeq}`);
      }
    }
    try {
      if (!(await post(form, fields)).stored) throw new Error();
    } catch {
      natively(form);
      return;
    }
    done();
    const next = row ? row.querySelector("a") : document.querySelector("h1");
    if (!row) next.tabIndex = -1;
    next.focus({ preventScroll: true });
    this.refresh.ask();
  }

  somethingUnread() {
    const nothing = document.querySelector("[data-all-read]");
    if (nothing) nothing.remove();
  }
}

async function load() {
  const page = await fetchPage(location.href);
  swap(page);
  const { epoch, version, unread } = page.body.dataset;
  return { epoch, version: Number(version), unread: Number(unread) };
}

// Reads again what the page shows, one at a time: load() fetches and shows it,
// behind(what it gave) says whether more has happened meanwhile.
export class Refresh {
  constructor(load, behind, clock = realClock) {
    Object.assign(this, { load, behind, clock });
    this.running = false;
    this.wanted = false;
  }

  async ask() {
    this.wanted = true;
    if (this.running) return;
    this.running = true;
    this.wanted = false;
    let pause = PAUSE;
    try {
      if (this.behind(await this.load())) this.wanted = true;
    } catch {
      this.wanted = true;
      pause = AGAIN;
    }
    this.clock.after(pause, () => {
      this.running = false;
      if (this.wanted) this.ask();
    });
  }
}
