import { ConversationChannel } from "./channels.js";
import { fill } from "./links.js";
import { Refresh } from "./inbox.js";
import { ReadMark } from "./readmark.js";
import { fetchPage, postJSON, swap } from "./server.js";
import { setTime } from "./words.js";

const SOON = 1500; // ms in which what is on the screen is read and told
const STEPS = Array.from({ length: 101 }, (_, i) => i / 100);

// The letters of one conversation on the page: those that arrive are put below,
// and those that are seen are marked as read.
export class ConversationView {
  constructor(list, connection, { words, me, told, announce, say, own, beforeSeal }) {
    Object.assign(this, { list, connection, words, me, told, announce, say, own, beforeSeal });
    this.id = list.dataset.conversation;
    this.people = JSON.parse(document.getElementById("participants").textContent);
    this.template = document.getElementById("letter");
    this.below = document.querySelector("[data-below]");
    this.onScreen = new Set();
    this.again = new Refresh(() => load(), (page) => this.reread(page));
    this.begin(list.dataset);
    this.line = document.querySelector("[data-unread-here]");
    this.line.hidden = true; // it would come and go while what is on the screen is read
    this.unreadHere(Number(this.line.dataset.count));
    this.watch();
    this.takeOverLine();
  }

  // Follows the letters after those that are shown. A page of older letters is
  // not added to.
  begin({ lastSeq, readSeq, newest }) {
    const mark = new ReadMark(Number(readSeq), (upTo, tried) => this.read(upTo, tried), this.clock);
    this.mark = mark;
    this.channel = newest === undefined ? null : new ConversationChannel(this.connection, this.id, Number(lastSeq), {
      letters: (letters) => this.append(letters),
      read: (seq) => mark.moved(seq),
      sealed: () => this.seal(),
    }, this.clock);
  }

  // The connection stands (again).
  connected() {
    if (this.channel) this.channel.subscribe();
    this.mark.flush();
  }

  // What is shown is of another epoch: letters may be gone, and others may have
  // their numbers. It stands until it is read again, and is not told of.
  forget() {
    if (this.channel) this.channel.end();
    this.channel = null;
    this.mark.end();
    this.again.ask();
  }

  // The page was read again; gives back whether it has to be once more.
  reread(page) {
    if (page.epoch !== this.connection.epoch) return true;
    if (!this.mark.ended) return false;
    this.show(page);
    this.begin(page.letters);
    this.shown();
    if (this.connection.up && this.channel) this.channel.subscribe();
    return false;
  }

  // Tells how far one has read: over the socket, or without where there is none
  // (a proxy may let no socket through). What is told late may be of an epoch
  // that has ended, without the page having heard of it.
  async read(upTo, tried) {
    const { epoch, up } = this.connection;
    const mark = tried || !up ? { up_to: upTo, epoch } : { up_to: upTo };
    const head = up
      ? await this.connection.request("read", { conversation: this.id, ...mark })
      : await postJSON(`/api/v1/conversations/${this.id}/read`, mark);
    if (head && epoch === this.connection.epoch) this.told({ ...head, read: { conversation: this.id } });
  }

  // Whether something happened in this conversation, and not elsewhere.
  isAbout({ letter, read }) {
    const what = letter || read;
    return Boolean(what && what.conversation === this.id);
  }

  event(frame) {
    if (this.channel) this.channel.event(frame);
    if (frame.type === "messaging" && frame.messaging !== this.repliable) this.footer();
    const { letter, read } = frame;
    if (!this.isAbout(frame)) return;
    if (read) this.mark.moved(read.read_seq);
    this.unreadHere((letter || read).unread);
  }

  // Something happened of which nothing was told but the number in all.
  async missed() {
    try {
      const { conversation } = await this.connection.request("conversation", { conversation: this.id });
      this.mark.moved(conversation.read_seq);
      this.unreadHere(conversation.unread);
    } catch {
      // The next welcome begins anew.
    }
  }

  // So many messages here are unread, as the server says: above the reply box,
  // unless they are read in a moment.
  unreadHere(count) {
    this.here = count;
    if (!count) this.line.hidden = true;
    else setTimeout(() => this.tellUnread(), SOON);
  }

  tellUnread() {
    if (!this.here) return;
    this.line.hidden = false;
    const words = "newest" in this.list.dataset ? "unread_above" : "unread_here";
    this.line.querySelector("[data-slot=count]").textContent = this.words.say(words, { count: this.here });
  }

  takeOverLine() {
    const form = this.line.querySelector("form");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const upTo = Number(form.elements.up_to.value);
      try {
        await this.read(upTo);
      } catch {
        form.submit();
        return;
      }
      this.mark.moved(upTo);
      if (!this.connection.up) this.unreadHere(0);
      this.say(this.words.say("marked"));
      const reply = document.getElementById("reply");
      reply.tabIndex = -1;
      reply.focus({ preventScroll: true });
    });
    this.line.querySelector("[data-show-unread]").addEventListener("click", (event) => {
      const first = [...this.list.querySelectorAll("[data-seq]")].find(({ dataset }) =>
        Number(dataset.seq) > this.mark.readSeq && dataset.sender !== this.me);
      if (!first || Number(first.dataset.seq) - 1 > this.mark.readSeq && first === this.list.querySelector("[data-seq]")) return;
      event.preventDefault();
      this.reveal(first);
    });
  }

  // Puts the letters of the page that was read again in place of those that are
  // shown; what is being sent stays below them.
  show({ html, letters }) {
    const fresh = html.querySelector("[data-letters]");
    const sending = this.list.querySelector("[data-sending]");
    const items = [...fresh.children].map((item) => document.importNode(item, true));
    this.people = JSON.parse(html.getElementById("participants").textContent);
    this.observer.disconnect();
    this.onScreen.clear();
    this.list.replaceChildren(...items, ...(sending ? [sending] : []));
    delete this.list.dataset.newest;
    Object.assign(this.list.dataset, letters);
    swap(html, ["older", "newer"]);
    this.line.querySelector("form").elements.up_to.value = letters.lastSeq;
    this.unreadHere(Number(html.querySelector("[data-unread-here]").dataset.count));
    this.tellBelow();
    // It was sealed, and is not: there is nothing here yet to write in.
    if (!document.querySelector("[data-reply]") && html.querySelector("[data-reply]")) location.reload();
  }

  // Looks at all the letters that are shown.
  shown() {
    for (const item of this.list.querySelectorAll("[data-seq]")) this.observe(item);
  }

  append(letters) {
    const end = this.list.getBoundingClientRect().bottom;
    const following = document.visibilityState === "visible" && end <= window.innerHeight;
    const items = letters.map((letter) => this.add(letter));
    this.list.dataset.lastSeq = letters[letters.length - 1].seq;
    if (!following) {
      this.tellBelow();
      return;
    }
    // What stands under the letters keeps its place on the screen, unless a new
    // letter would be pushed out of it.
    const [first] = items;
    window.scrollBy(0, Math.min(this.list.getBoundingClientRect().bottom - end, first.getBoundingClientRect().top));
  }

  add(letter) {
    if (letter.sender === this.me) this.own(letter);
    else this.announce(letter.sender_name, letter.body);
    const item = this.item(letter);
    this.list.insertBefore(item, this.list.querySelector("[data-sending]"));
    this.observe(item);
    return item;
  }

  item(letter) {
    const item = document.importNode(this.template.content.firstElementChild, true);
    const slot = (name) => item.querySelector(`[data-slot=${name}]`);
    const person = this.people[letter.sender] || {};
    item.dataset.seq = letter.seq;
    item.dataset.sender = letter.sender;
    item.classList.toggle("letter--own", letter.sender === this.me);
    slot("name").textContent = person.name || letter.sender_name;
    slot("part").textContent = person.words || "";
    fill(slot("body"), letter.body);
    setTime(slot("time"), letter.sent_at, this.words);
    item.dataset.arrived = "";
    return item;
  }

  // Watches what is on the screen: of a letter half of it, or half a screen of it.
  watch() {
    this.observer = new IntersectionObserver((entries) => {
      for (const { target, boundingClientRect: all, intersectionRect: seen } of entries) {
        const enough = Math.min(all.height, window.innerHeight) / 2;
        const veryLong = all.height > 50 * window.innerHeight;
        if (seen.height > 0 && (seen.height >= enough || veryLong)) this.onScreen.add(target);
        else this.onScreen.delete(target);
      }
      this.see();
    }, { threshold: STEPS });
    this.shown();
    document.addEventListener("visibilitychange", () => this.see());
    if (this.below) this.below.addEventListener("click", () => this.goBelow());
  }

  observe(item) {
    if (item.dataset.sender === this.me) this.mark.saw(Number(item.dataset.seq), true);
    this.observer.observe(item);
  }

  see() {
    if (document.visibilityState !== "visible") return;
    const { up_to: upTo } = this.line.querySelector("form").elements;
    for (const item of this.onScreen) {
      this.mark.saw(Number(item.dataset.seq));
      upTo.value = Math.max(upTo.value, item.dataset.seq);
      delete item.dataset.arrived;
    }
    this.tellBelow();
  }

  get unseen() {
    return this.list.querySelectorAll("[data-arrived]");
  }

  tellBelow() {
    const count = this.unseen.length;
    if (!this.below) return;
    this.below.hidden = count === 0;
    if (count) this.below.textContent = this.words.say("below", { count });
  }

  goBelow() {
    const [first] = this.unseen;
    if (first) this.reveal(first);
  }

  reveal(item) {
    item.tabIndex = -1;
    item.scrollIntoView();
    item.focus({ preventScroll: true });
  }

  // The server says what stands in place of the reply box, with what was being
  // written.
  async seal() {
    if (this.repliable) await this.footer();
  }

  get repliable() {
    return Boolean(document.querySelector("[data-footer] [data-reply]"));
  }

  async footer() {
    await this.beforeSeal();
    swap(await fetchPage(`/conversations/${this.id}/footer`));
  }
}

// The page as the server has it now. Where the conversation is gone, the server
// says so.
async function load() {
  try {
    const html = await fetchPage(location.href);
    return { html, epoch: html.body.dataset.epoch, letters: { ...html.querySelector("[data-letters]").dataset } };
  } catch (e) {
    if (e.message === "404") location.reload();
    throw e;
  }
}
