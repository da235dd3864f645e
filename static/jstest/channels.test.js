import assert from "node:assert/strict";
import { test } from "node:test";
import { ConversationChannel, UserChannel } from "../js/channels.js";
import { Lost, Refused } from "../js/socket.js";
import { FakeClock } from "./clock.js";
import { below, forSeeds } from "./random.js";

const letter = (seq) => ({ conversation: "c", seq, body: `letter ${seq}` });

// The server's end of the protocol for one conversation, on a wire that is cut,
// refuses, loses events, sends them twice and late.
class Wire {
  constructor(clock, rand, faults) {
    Object.assign(this, { clock, rand, faults, stored: 0, up: true, subscribed: false });
  }

  async request(type, fields) {
    await this.delay();
    if (!this.up) throw new Lost();
    if (this.faulty(0.2)) throw new Refused({ code: "busy" });
    const stored = this.stored;
    if (type === "subscribe") this.subscribed = true;
    await this.delay();
    if (!this.up) throw new Lost();
    const messages = [];
    for (let seq = fields.after + 1; seq <= stored && messages.length < 200; seq++) messages.push(letter(seq));
    return { messages, last_seq: stored, read_seq: 0, sealed: false, more: fields.after + 200 < stored };
  }

  store() {
    this.stored++;
    if (!this.up || !this.subscribed || this.faulty(0.2)) return;
    const message = letter(this.stored);
    for (let copies = this.faulty(0.2) ? 2 : 1; copies > 0; copies--) {
      this.delay().then(() => this.up && this.channel.event({ type: "message", message }));
    }
  }

  cut() {
    this.up = false;
    this.subscribed = false;
  }

  comeBack() {
    this.up = true;
    this.channel.subscribe();
  }

  faulty(chance) {
    return this.faults && this.rand() < chance;
  }

  delay() {
    return new Promise((done) => this.clock.after(below(300, this.rand), done));
  }
}

function follow(rand, faults) {
  const clock = new FakeClock();
  const wire = new Wire(clock, rand, faults);
  const shown = [];
  wire.channel = new ConversationChannel(wire, "c", 0, {
    letters: (letters) => shown.push(...letters.map((l) => l.seq)),
    read() {},
    sealed() {},
  }, clock);
  return { clock, wire, shown };
}

const all = (n) => Array.from({ length: n }, (_, i) => i + 1);

test("every letter is shown once and in order, whatever the wire does", () =>
  forSeeds(300, async (rand) => {
    const { clock, wire, shown } = follow(rand, true);
    wire.channel.subscribe();
    for (let i = 0; i < 40; i++) {
      wire.store();
      if (rand() < 0.1) wire.cut();
      if (!wire.up && rand() < 0.5) wire.comeBack();
      if (rand() < 0.5) await clock.pass(below(1000, rand));
      assert.deepEqual(shown, all(shown.length), "a gap or a double");
    }
    // A letter that was lost on the way shows itself by the next one, or by the
    // subscription after a cut.
    wire.faults = false;
    wire.cut();
    wire.comeBack();
    await clock.pass(60_000);
    assert.deepEqual(shown, all(wire.stored));
  }));

test("a lost letter is asked for as soon as a later one came", async () => {
  const { clock, wire, shown } = follow(() => 0.1, false);
  wire.stored = 2;
  wire.channel.event({ type: "message", message: letter(2) });
  await clock.pass(1000);
  assert.deepEqual(shown, [1, 2]);
});

test("letters that overtook one another are not asked for", async () => {
  const { clock, wire, shown } = follow(() => 0.1, false);
  wire.request = () => assert.fail("asked");
  wire.channel.event({ type: "message", message: letter(2) });
  await clock.pass(100);
  wire.channel.event({ type: "message", message: letter(1) });
  await clock.pass(10_000);
  assert.deepEqual(shown, [1, 2]);
});

test("who was away for long reads it all, in pieces", async () => {
  const { clock, wire, shown } = follow(() => 0.1, false);
  wire.stored = 1234;
  wire.channel.subscribe();
  await clock.pass(60_000);
  assert.deepEqual(shown, all(1234));
});

test("a letter of another conversation is nobody's business here", () => {
  const { wire, shown } = follow(() => 0.1, false);
  wire.channel.event({ type: "message", message: { ...letter(1), conversation: "d" } });
  assert.deepEqual(shown, []);
});

test("what is refused for good is not asked for again", async () => {
  const clock = new FakeClock();
  let asked = 0;
  const connection = { up: true, request: async () => { asked++; throw new Refused({ code: "not_found" }); } };
  new ConversationChannel(connection, "c", 0, {}, clock).subscribe();
  await clock.pass(600_000);
  assert.equal(asked, 1);
});

test("the number shown is the server's after every subscription, and never added up", async () => {
  const shown = [];
  let missed = 0;
  const answers = [{ version: 5, unread: 2 }, { version: 9, unread: 7 }, { version: 9, unread: 7 }];
  const connection = { up: true, request: async () => answers.shift() };
  const user = new UserChannel(connection, 5, 2, {
    unread: (n) => shown.push(n),
    happened() {},
    missed: () => missed++,
  }, new FakeClock());
  await user.subscribe();
  user.event({ type: "inbox", version: 6, unread: 3, letter: {} });
  await user.subscribe();
  user.event({ type: "inbox", version: 8, unread: 5, letter: {} });
  await user.subscribe();
  assert.deepEqual(shown, [3, 7]);
  assert.equal(missed, 1);
});

test("a channel whose letters are of another epoch asks for nothing and shows nothing", async () => {
  const { clock, wire, shown } = follow(() => 0.1, false);
  wire.stored = 2;
  wire.channel.event({ type: "message", message: letter(2) });
  wire.channel.end();
  wire.request = () => assert.fail("asked");
  wire.channel.subscribe();
  await clock.pass(60_000);
  assert.deepEqual(shown, []);
});

test("rows of another epoch than the connection's are behind, and their number is not shown", () => {
  const shown = [];
  const connection = { up: true, epoch: "second" };
  const user = new UserChannel(connection, 5, 2, { unread: (n) => shown.push(n), happened() {}, missed() {} }, new FakeClock());
  user.forget();
  assert.equal(user.loaded({ epoch: "first", version: 9, unread: 7 }), true);
  assert.equal(user.loaded({ epoch: "second", version: 1, unread: 1 }), false);
  assert.deepEqual(shown, [1]);
});
