import { clock as realClock } from "./clock.js";

const GATHER = 1000; // ms
const MOST = 5; // lines in one announcement

// Says to a screen reader what happened, gathered over a second. say(text)
// puts the text into the page's polite live region.
export class Announcer {
  constructor(say, clock = realClock) {
    Object.assign(this, { say, clock });
    this.lines = [];
    this.total = "";
  }

  line(text) {
    this.gather();
    if (this.lines.length < MOST) this.lines.push(text);
  }

  // Of several totals only the last is said.
  count(text) {
    this.gather();
    this.total = text;
  }

  gather() {
    if (this.lines.length || this.total) return;
    this.say("");
    this.clock.after(GATHER, () => {
      this.say([...this.lines, this.total].filter(Boolean).join("\n"));
      this.lines = [];
      this.total = "";
    });
  }
}
