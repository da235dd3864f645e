import { clock as realClock } from "./clock.js";
import { Inbox, Letters } from "./merge.js";
import { Lost } from "./socket.js";

const MOMENT = 200; // ms in which letters that overtook one another sort themselves out
const AGAIN = 2000; // ms until something that was refused is tried again

// Runs what a channel asks of the server, again after a while where it was
// refused for now. After a lost connection the next welcome begins anew.
async function trying(connection, clock, ask) {
  try {
    await ask();
  } catch (e) {
    if (e instanceof Lost && !connection.up) return;
    if (e.code === "not_found") return;
    clock.after(AGAIN, () => connection.up && trying(connection, clock, ask));
  }
}

// The letters of one conversation, live. on.letters(letters) is given each once
// and in order, on.read(readSeq) and on.sealed() what else happens there.
export class ConversationChannel {
  constructor(connection, id, last, on, clock = realClock) {
    Object.assign(this, { connection, id, on, clock });
    this.letters = new Letters(last);
    this.filling = false;
    this.ended = false;
  }

  // Its letters are of another epoch: nothing of it is shown any more.
  end() {
    this.ended = true;
  }

  subscribe() {
    return trying(this.connection, this.clock, async () => {
      if (this.ended) return;
      const answer = await this.connection.request("subscribe", {
        channel: `conversation:${this.id}`,
        after: this.letters.last,
      });
      this.letters.heard(answer.last_seq);
      this.take(answer.messages);
      this.on.read(answer.read_seq);
      if (answer.sealed) this.on.sealed();
      if (this.letters.missing) this.fill();
    });
  }

  event(frame) {
    if (frame.type === "message" && frame.message.conversation === this.id) {
      this.take([frame.message]);
      this.fillAfter(MOMENT);
    } else if (frame.type === "sealed" && frame.conversation === this.id) {
      this.on.sealed();
    } else if (frame.type === "resync" && frame.channel === `conversation:${this.id}`) {
      this.subscribe();
    }
  }

  take(messages) {
    const next = this.letters.take(messages);
    if (next.length) this.on.letters(next);
  }

  fillAfter(ms) {
    if (this.letters.missing && !this.ended) this.clock.after(ms, () => this.letters.missing && this.fill());
  }

  // Asks for what is missing after the last letter one has.
  async fill() {
    if (this.filling || this.ended || !this.connection.up) return;
    this.filling = true;
    let wait = MOMENT;
    try {
      const { messages } = await this.connection.request("messages", {
        conversation: this.id,
        after: this.letters.last,
        limit: 200,
      });
      this.take(messages);
    } catch {
      wait = AGAIN;
    }
    this.filling = false;
    this.fillAfter(wait);
  }
}

// One's inbox, live: on.unread(number, before, told),
// on.happened(event) where it follows on
// what was known, on.missed() where rows have to be read again.
export class UserChannel {
  constructor(connection, version, unread, on, clock = realClock) {
    Object.assign(this, { connection, on, clock });
    this.inbox = new Inbox(version, unread);
  }

  // The versions and rows so far are of another epoch.
  forget() {
    this.inbox.forget();
  }

  subscribe() {
    return trying(this.connection, this.clock, async () => {
      this.take(await this.connection.request("subscribe", { channel: "user" }));
    });
  }

  event(frame) {
    if (frame.type === "inbox") this.take(frame);
    else if (frame.type === "resync" && frame.channel === "user") this.subscribe();
  }

  // Takes what carries a version and the number of unread.
  take(told) {
    const before = this.inbox.unread;
    const how = this.inbox.take(told);
    if (how === "stale") return;
    this.on.unread(this.inbox.unread, before, told);
    if (how === "next") this.on.happened(told);
    else this.on.missed();
  }

  // The page's rows were read again; gives back whether they are behind, or of
  // another epoch than the connection.
  loaded(head) {
    if (head.epoch !== this.connection.epoch) return true;
    const before = this.inbox.unread;
    const behind = this.inbox.loaded(head);
    this.on.unread(this.inbox.unread, before, head);
    return behind;
  }
}
