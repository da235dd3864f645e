// How what the server tells is put together, by number alone. Nothing here
// knows a page, a socket or the time: recorded histories replay through it.

const MAX_HELD = 500;

// The letters of one conversation: each once, in order, without a gap.
export class Letters {
  constructor(last = 0) {
    this.last = last; // the number up to which all were given out
    this.head = last; // the highest number heard of
    this.held = new Map();
  }

  // There are letters up to this number.
  heard(seq) {
    this.head = Math.max(this.head, seq);
  }

  // Takes letters in any order, some of them again, and gives back those whose
  // turn it is now.
  take(letters) {
    for (const letter of letters) {
      this.heard(letter.seq);
      if (letter.seq > this.last && this.held.size < MAX_HELD) this.held.set(letter.seq, letter);
    }
    const next = [];
    while (this.held.has(this.last + 1)) {
      this.last++;
      next.push(this.held.get(this.last));
      this.held.delete(this.last);
    }
    // What is held far ahead would keep out what is needed: it is asked for again.
    if (this.held.size >= MAX_HELD) this.held.clear();
    return next;
  }

  // Whether there are letters that one has heard of and not been given.
  get missing() {
    return this.head > this.last;
  }
}

// The state of one's inbox. Within an epoch the highest version wins, and the number shown is
// the one that came with it: nothing is ever counted here.
export class Inbox {
  constructor(version = 0, unread = 0) {
    this.version = version;
    this.unread = unread;
  }

  // The versions so far are of another epoch: whatever comes next counts.
  forget() {
    this.version = -1;
  }

  // Takes an event, or the head of an answer: "stale" changes nothing, "next"
  // follows on what was known and says what happened, "missed" leaves rows to
  // be read again.
  take(told) {
    if (told.version <= this.version) return "stale";
    const follows = told.version === this.version + 1;
    this.version = told.version;
    this.unread = told.unread;
    return follows && (told.letter || told.read || told.sealed) ? "next" : "missed";
  }

  // The rows were read again, as of some version. Gives back whether more has
  // happened since, so that they have to be read once more.
  loaded(head) {
    if (head.version > this.version) Object.assign(this, { version: head.version, unread: head.unread });
    return head.version < this.version;
  }
}
