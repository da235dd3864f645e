import { clock as realClock } from "./clock.js";

const GATHER = 1000; // ms
const MOST = 5; // lines in one announcement

// Says to a screen reader what happened, gathered over a second. say(text)
// puts the text into the page's polite live region, phrase(count) says so many
// new messages.
export class Announcer {
  constructor(say, phrase, clock = realClock) {
    Object.assign(this, { say, phrase, clock });
    this.lines = [];
    this.gathering = false;
  }

  line(text) {
    this.gather();
    if (this.lines.length < MOST) this.lines.push(text);
  }

  // The number of unread went from one that the server said to another.
  unread(before, now) {
    this.gather();
    if (this.before === undefined) this.before = before;
    this.now = now;
  }

  gather() {
    if (this.gathering) return;
    this.gathering = true;
    this.say("");
    this.clock.after(GATHER, () => {
      const more = this.now - this.before;
      if (more > 0) this.lines.push(this.phrase(more));
      this.say(this.lines.join("\n"));
      this.lines = [];
      this.before = this.now = undefined;
      this.gathering = false;
    });
  }
}
