import { clock as realClock } from "./clock.js";

const GATHER = 300; // ms
const AGAIN = 10000; // ms after a mark that did not get through

// How far one has read: over what was shown without a gap, and only forward.
// send(upTo, again) tells the server and gives a promise; again says that an
// earlier try did not get through.
export class ReadMark {
  constructor(readSeq, send, clock = realClock) {
    Object.assign(this, { readSeq, send, clock });
    this.shown = new Map(); // number → whether it is one's own
    this.sending = false;
    this.gathering = false;
    this.ended = false;
    this.again = false;
  }

  // What was shown is of another epoch: nothing is told of it any more.
  end() {
    this.ended = true;
  }

  // A letter stood on the screen of a visible page, or is one's own.
  saw(seq, own = false) {
    if (seq <= this.readSeq || this.shown.has(seq)) return;
    this.shown.set(seq, own);
    if (this.gathering) return;
    this.gathering = true;
    this.clock.after(GATHER, () => {
      this.gathering = false;
      this.flush();
    });
  }

  // The server says how far one has read, here or elsewhere.
  moved(readSeq) {
    this.readSeq = Math.max(this.readSeq, readSeq);
    for (const seq of this.shown.keys()) if (seq <= this.readSeq) this.shown.delete(seq);
  }

  // The highest number of another's letter that was reached without a gap.
  get reached() {
    let reached = this.readSeq;
    for (let seq = this.readSeq + 1; this.shown.has(seq); seq++) {
      if (!this.shown.get(seq)) reached = seq;
    }
    return reached;
  }

  // Tells the server, if there is something to tell; what fails is told after
  // the next connection, or a while later.
  async flush() {
    const upTo = this.reached;
    if (this.sending || this.ended || upTo <= this.readSeq) return;
    this.sending = true;
    let told = true;
    try {
      await this.send(upTo, this.again);
      this.moved(upTo);
    } catch {
      told = false;
    }
    this.sending = false;
    this.again = !told;
    if (told) this.flush();
    else this.clock.after(AGAIN, () => this.flush());
  }
}
