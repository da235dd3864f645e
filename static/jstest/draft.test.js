import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Draft, recover, wipe } from "../js/draft.js";
import { FakeClock, settled } from "./clock.js";
import { below, forSeeds } from "./random.js";

// localStorage, as far as it is used.
class FakeStorage {
  getItem(name) {
    return Object.hasOwn(this, name) ? this[name] : null;
  }

  setItem(name, value) {
    this[name] = value;
  }

  removeItem(name) {
    delete this[name];
  }
}

let clock, storage, server, typed;

beforeEach(() => {
  clock = new FakeClock();
  storage = new FakeStorage();
  server = { puts: [], answer: async () => {} };
  typed = "";
});

function draft(person = "ana") {
  return new Draft({
    slot: "reply:c",
    person,
    clock,
    storage,
    read: () => ({ body: [typed] }),
    put: async (slot, content, leaving) => {
      await server.answer();
      server.puts.push({ slot, body: content.body[0], leaving });
    },
  });
}

function type(d, text) {
  typed = text;
  d.changed();
}

const bodies = () => server.puts.map((p) => p.body);
const kept = () => Object.keys(storage).length;

test("it is saved 300 ms after the last key", async () => {
  const d = draft();
  for (const text of ["D", "De", "Dear"]) {
    type(d, text);
    await clock.pass(299);
  }
  assert.deepEqual(bodies(), []);
  await clock.pass(1);
  assert.deepEqual(bodies(), ["Dear"]);
});

test("it is kept here from the first key on, until the server has it", async () => {
  const d = draft();
  type(d, "D");
  assert.equal(kept(), 1);
  await clock.pass(300);
  assert.equal(kept(), 0);
});

test("what the server did not get is here after a crash, and is saved after the connection came back", async () => {
  server.answer = async () => { throw new Error("no connection"); };
  const d = draft();
  type(d, "Dear Ms Ortiz");
  await clock.pass(10_000);
  assert.equal(draft().newer(0).body[0], "Dear Ms Ortiz");
  server.answer = async () => {};
  await d.save();
  assert.deepEqual(bodies(), ["Dear Ms Ortiz"]);
  assert.equal(kept(), 0);
});

test("what the server did not take is saved again by itself", async () => {
  server.answer = async () => { throw new Error("busy"); };
  const d = draft();
  type(d, "a");
  await clock.pass(4000);
  server.answer = async () => {};
  await clock.pass(6000);
  assert.deepEqual(bodies(), ["a"]);
  assert.equal(kept(), 0);
});

test("of what is here and what the server has, the newer wins", () => {
  const d = draft();
  type(d, "older");
  assert.equal(d.newer(clock.now() - 1).body[0], "older");
  assert.equal(d.newer(clock.now() + 1), null);
});

test("typing goes on while one is on its way", async () => {
  let arrive;
  server.answer = () => new Promise((done) => (arrive = done));
  const d = draft();
  type(d, "a");
  await clock.pass(300);
  type(d, "ab");
  await clock.pass(300);
  arrive();
  await settled();
  assert.equal(kept(), 1, "the server has only the first");
  arrive();
  await settled();
  assert.deepEqual(bodies(), ["a", "ab"]);
  assert.equal(kept(), 0);
});

test("nothing comes after the letter that it became", async () => {
  let arrive;
  server.answer = () => new Promise((done) => (arrive = done));
  const d = draft();
  type(d, "a");
  await clock.pass(300);
  let ready = false;
  d.settle().then(() => (ready = true));
  await settled();
  assert.equal(ready, false);
  arrive();
  await settled();
  assert.equal(ready, true);
  d.done();
  type(d, "b");
  await d.save(true);
  await clock.pass(10_000);
  assert.deepEqual(bodies(), ["a"]);
  assert.equal(kept(), 0);
});

test("what waited for an answer is saved where it did not become a letter", async () => {
  const d = draft();
  type(d, "a");
  await d.settle();
  d.resume();
  await clock.pass(300);
  assert.deepEqual(bodies(), ["a"]);
});

test("until the letter is stored the draft stays", async () => {
  server.answer = async () => { throw new Error("no connection"); };
  const d = draft();
  type(d, "a");
  await clock.pass(300);
  await d.settle();
  assert.equal(kept(), 1);
});

test("leaving the page saves at once, and only what is not saved", async () => {
  const d = draft();
  await d.save(true);
  assert.deepEqual(server.puts, []);
  type(d, "a");
  await d.save(true);
  assert.deepEqual(server.puts, [{ slot: "reply:c", body: "a", leaving: true }]);
});

test("what others wrote on this machine is wiped, one's own stays", () => {
  type(draft("ana"), "a");
  type(draft("ben"), "b");
  storage.setItem("unrelated", "x");
  wipe(storage, "ana");
  assert.deepEqual(Object.keys(storage), ["homeline:draft:ana:reply:c", "unrelated"]);
  wipe(storage);
  assert.deepEqual(Object.keys(storage), ["unrelated"]);
});

test("a browser that keeps nothing still saves on the server", async () => {
  storage.setItem = () => { throw new Error("quota"); };
  storage.getItem = () => { throw new Error("denied"); };
  const d = draft();
  assert.equal(d.newer(0), null);
  type(d, "a");
  await clock.pass(300);
  assert.deepEqual(bodies(), ["a"]);
});

test("whenever the page dies, the last text is here or on the server", () =>
  forSeeds(500, async (rand) => {
    clock = new FakeClock();
    storage = new FakeStorage();
    server = { puts: [] };
    server.answer = async () => {
      await new Promise((done) => clock.after(below(1000, rand), done));
      if (rand() < 0.3) throw new Error("no connection");
    };
    const d = draft();
    for (let i = 1; i < 20; i++) {
      type(d, `text ${i}`);
      await clock.pass(below(1500, rand));
      if (rand() < 0.2) d.save();
      const here = JSON.parse(Object.values(storage)[0] || "null");
      assert.equal(here ? here.body[0] : bodies().at(-1), `text ${i}`);
    }
  }));

test("what earlier pages left is given to the server, but for what stands open", async () => {
  for (const [slot, body] of [["reply:a", "A"], ["reply:open", "B"], ["compose", "C"]]) {
    storage.setItem(`homeline:draft:ana:${slot}`, JSON.stringify({ key: ["k"], body: [body], at: ["1"] }));
  }
  const puts = [];
  await recover(storage, "ana", "reply:open", async (slot, content) => {
    puts.push([slot, content.body[0], content.left[0]]);
  });
  assert.deepEqual(puts, [["reply:a", "A", "1"], ["compose:k", "C", "1"]]);
  assert.deepEqual(Object.keys(storage), ["homeline:draft:ana:reply:open"]);
});

test("what the server does not take stays here, and what is typed meanwhile too", async () => {
  storage.setItem("homeline:draft:ana:reply:a", JSON.stringify({ body: ["A"] }));
  await recover(storage, "ana", undefined, async () => Promise.reject(new Error("away")));
  assert.equal(kept(), 1);
  await recover(storage, "ana", undefined, async () => storage.setItem("homeline:draft:ana:reply:a", "typed meanwhile"));
  assert.equal(kept(), 1);
});
