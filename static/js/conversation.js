import { ConversationChannel } from "./channels.js";
import { fill } from "./links.js";
import { ReadMark } from "./readmark.js";
import { fetchPage, postJSON, swap } from "./server.js";
import { setTime } from "./words.js";

const STEPS = Array.from({ length: 101 }, (_, i) => i / 100);

// The letters of one conversation on the page: those that arrive are put below,
// and those that are seen are marked as read.
export class ConversationView {
  constructor(list, connection, { words, me, told, announce, own, beforeSeal }) {
    Object.assign(this, { list, connection, words, me, told, announce, own, beforeSeal });
    this.id = list.dataset.conversation;
    this.people = JSON.parse(document.getElementById("participants").textContent);
    this.template = document.getElementById("letter");
    this.below = document.querySelector("[data-below]");
    this.onScreen = new Set();
    this.mark = new ReadMark(Number(list.dataset.readSeq), (upTo) => this.read(upTo));
    // A page of older letters is not added to.
    if ("newest" in list.dataset) {
      this.channel = new ConversationChannel(connection, this.id, Number(list.dataset.lastSeq), {
        letters: (letters) => this.append(letters),
        read: (readSeq) => this.mark.moved(readSeq),
        sealed: () => this.seal(),
      });
    }
    this.watch();
  }

  // The connection stands (again).
  connected() {
    if (this.channel) this.channel.subscribe();
    this.mark.flush();
  }

  // Tells how far one has read: over the socket, or without where there is none
  // (a proxy may let no socket through).
  async read(upTo) {
    const head = this.connection.up
      ? await this.connection.request("read", { conversation: this.id, up_to: upTo })
      : await postJSON(`/api/v1/conversations/${this.id}/read`, { up_to: upTo });
    if (head) this.told({ ...head, read: { conversation: this.id } });
  }

  // Whether something happened in this conversation, and not elsewhere.
  isAbout({ letter, read }) {
    const what = letter || read;
    return Boolean(what && what.conversation === this.id);
  }

  event(frame) {
    if (this.channel) this.channel.event(frame);
    if (frame.read && frame.read.conversation === this.id) this.mark.moved(frame.read.read_seq);
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
    for (const item of this.list.querySelectorAll("[data-seq]")) this.observe(item);
    document.addEventListener("visibilitychange", () => this.see());
    if (this.below) this.below.addEventListener("click", () => this.goBelow());
  }

  observe(item) {
    if (item.dataset.sender === this.me) this.mark.saw(Number(item.dataset.seq), true);
    this.observer.observe(item);
  }

  see() {
    if (document.visibilityState !== "visible") return;
    for (const item of this.onScreen) {
      this.mark.saw(Number(item.dataset.seq));
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
    if (!first) return;
    first.tabIndex = -1;
    first.scrollIntoView();
    first.focus({ preventScroll: true });
  }

  // The server says what stands in place of the reply box, with what was being
  // written.
  async seal() {
    if (!document.querySelector("[data-footer] [data-reply]")) return;
    await this.beforeSeal();
    swap(await fetchPage(`/conversations/${this.id}/footer`));
  }
}
