import { clock as realClock } from "./clock.js";

// docs/protocol.md, "Staying connected"; all in ms.
const QUIET = 10000; // of silence, then one asks
const DEAD = 20000; // of silence, then it is dead
const WELCOME = 15000;
const ANSWER = 15000;
const PROBE = 5000;
const STOOD = 10000;
const TOO_MANY = 4003;
const CROWDED = 30000;

// The longest wait after the n-th failure in a row, of which a random part is taken.
export function backoff(n, random = Math.random) {
  return random() * Math.min(4000, 500 * 2 ** n);
}

// The connection went away before the answer came, or was not there.
export class Lost extends Error {}

// The server refused a request; code is the protocol's word for why.
export class Refused extends Error {
  constructor(frame) {
    super(frame.code);
    this.code = frame.code;
  }
}

// One connection, kept up for as long as the page stands. open() makes a
// WebSocket; on.up(welcome, another), on.down(), on.ended(code) and on.event(frame) are
// told what happens; another says that the epoch is not the one before, which is
// on.epoch at first. on.seen() says whether somebody looks. Where the browser has signed in somebody else than on.me
// since, it ends as if they had signed out.
export class Connection {
  constructor(open, on, { clock = realClock, random = Math.random } = {}) {
    Object.assign(this, { open, on, clock, random });
    this.ws = null;
    this.up = false;
    this.stopped = true;
    this.epoch = on.epoch;
    this.failures = 0;
    this.lastId = 0;
    this.waiting = new Map(); // id → { resolve, reject, cancel }
    this.cancelWatch = () => {};
    this.cancelRetry = () => {};
  }

  start() {
    if (!this.stopped || this.ended) return;
    this.stopped = false;
    this.connect();
  }

  // Closes, so that the browser may keep the page for "back".
  stop() {
    this.stopped = true;
    this.drop();
  }

  // Something says that it is worth a look now: the network is back, the page
  // is seen again.
  wake() {
    if (this.stopped || this.ended) return;
    if (!this.ws) this.connect();
    else if (this.up) this.ask(PROBE);
  }

  request(type, fields) {
    if (!this.up) return Promise.reject(new Lost());
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(ANSWER, () => {
        this.waiting.delete(id);
        reject(new Lost());
      });
      this.waiting.set(id, { resolve, reject, cancel });
      this.ws.send(JSON.stringify({ ...fields, id, type }));
    });
  }

  connect() {
    this.cancelRetry();
    const ws = this.open();
    this.ws = ws;
    this.watch(WELCOME);
    ws.onmessage = (event) => ws === this.ws && this.receive(event.data);
    ws.onclose = (event) => ws === this.ws && this.lost(event.code);
  }

  receive(data) {
    const frame = JSON.parse(data);
    if (frame.type === "welcome") {
      if (this.on.me !== frame.person) return this.lost(4501);
      this.up = true;
      this.since = this.clock.now();
    }
    this.cancelWatch();
    this.cancelWatch = this.clock.after(QUIET, () => this.ask(DEAD - QUIET));
    if (frame.type === "welcome") this.welcomed(frame);
    else if (frame.type === "answer" || frame.type === "error") this.settle(frame);
    else this.on.event(frame);
  }

  welcomed(frame) {
    const another = frame.epoch !== this.epoch;
    this.epoch = frame.epoch;
    this.on.up(frame, another);
  }

  settle(frame) {
    const waiting = this.waiting.get(frame.id);
    if (!waiting) return;
    this.waiting.delete(frame.id);
    waiting.cancel();
    if (frame.type === "answer") waiting.resolve(frame);
    else waiting.reject(new Refused(frame));
  }

  // Asks for a sign of life, within ms.
  ask(ms) {
    this.request("ping").catch(() => {});
    this.watch(ms);
  }

  watch(ms) {
    this.cancelWatch();
    this.cancelWatch = this.clock.after(ms, () => this.lost());
  }

  lost(code = 0) {
    if (this.up && this.clock.now() - this.since >= STOOD) this.failures = 0;
    this.drop();
    // A page cannot get a new token by itself: 41xx is an end to it as well.
    if ((code >= 4100 && code < 4200) || (code >= 4500 && code < 5000)) {
      this.ended = code;
      this.on.ended(code);
      return;
    }
    this.failures++;
    this.cancelRetry = this.clock.after(this.wait(code), () => this.connect());
    this.on.down();
  }

  // Which of too many connections is open does not matter to those that nobody
  // looks at.
  wait(code) {
    if (code === TOO_MANY && !this.on.seen()) return CROWDED * (1 + this.random());
    return backoff(this.failures, this.random);
  }

  drop() {
    const ws = this.ws;
    this.ws = null;
    this.up = false;
    this.cancelWatch();
    this.cancelRetry();
    if (ws) ws.close();
    for (const { reject, cancel } of this.waiting.values()) {
      cancel();
      reject(new Lost());
    }
    this.waiting.clear();
  }
}
