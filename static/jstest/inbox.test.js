import assert from "node:assert/strict";
import { test } from "node:test";
import { Refresh } from "../js/inbox.js";
import { Inbox } from "../js/merge.js";
import { FakeClock } from "./clock.js";
import { below, forSeeds } from "./random.js";

// A server that counts, as the hub does.
class Server {
  constructor() {
    this.state = { version: 0, unread: 0, rows: {} };
  }

  get snapshot() {
    return structuredClone(this.state);
  }

  // Something happens in one of three conversations; gives the event of it.
  happen(rand) {
    const { state } = this;
    const conversation = `c${below(3, rand)}`;
    const row = (state.rows[conversation] ||= { last: 0, unread: 0 });
    const letter = rand() < 0.7;
    row.unread = letter ? row.unread + 1 : 0;
    if (letter) row.last++;
    state.version++;
    state.unread = Object.values(state.rows).reduce((sum, { unread }) => sum + unread, 0);
    const event = { version: state.version, unread: state.unread };
    if (rand() < 0.2) return event; // coalesced
    return { ...event, [letter ? "letter" : "read"]: { conversation, ...row } };
  }
}

// A page that shows rows, as InboxList does, without the page.
class Client {
  constructor(load, clock) {
    this.rows = {};
    this.inbox = new Inbox();
    this.refresh = new Refresh(async () => {
      const state = await load();
      this.rows = state.rows;
      return state;
    }, (head) => this.inbox.loaded(head), clock);
  }

  take(told) {
    const how = this.inbox.take(told);
    if (how === "missed") this.refresh.ask();
    if (how !== "next") return;
    const { conversation, last, unread } = told.letter || told.read;
    if (this.rows[conversation]) this.rows[conversation] = { last, unread };
    else this.refresh.ask();
  }
}

test("rows and number end as the server's, whatever is lost, doubled, late, coalesced, or loaded meanwhile", () =>
  forSeeds(1000, async (rand) => {
    const clock = new FakeClock();
    const server = new Server();
    const client = new Client(async () => {
      const state = server.snapshot;
      await new Promise((done) => clock.after(below(2000, rand), done));
      if (rand() < 0.1) throw new Error("no answer");
      return state;
    }, clock);
    for (let i = 0; i < 25; i++) {
      const event = server.happen(rand);
      for (let copies = below(3, rand); copies > 0; copies--) clock.after(below(1500, rand), () => client.take(event));
      if (rand() < 0.5) await clock.pass(below(1000, rand));
    }
    await clock.pass(2000);
    client.take({ version: server.state.version, unread: server.state.unread }); // it subscribes again
    await clock.pass(120_000);
    assert.equal(client.inbox.unread, server.state.unread);
    assert.deepEqual(client.rows, server.state.rows);
  }));

test("a burst of changes is read in few pieces", async () => {
  const clock = new FakeClock();
  let loads = 0;
  const refresh = new Refresh(async () => loads++, () => false, clock);
  for (let i = 0; i < 100; i++) {
    refresh.ask();
    await clock.pass(10);
  }
  await clock.pass(10_000);
  assert.ok(loads <= 4, `${loads} loads`);
});
