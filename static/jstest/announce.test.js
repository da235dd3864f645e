import assert from "node:assert/strict";
import { test } from "node:test";
import { Announcer } from "../js/announce.js";
import { FakeClock } from "./clock.js";

function announcer() {
  const clock = new FakeClock();
  const said = [];
  return { clock, said, a: new Announcer((text) => text && said.push(text), (count) => `${count} new`, clock) };
}

test("what happens within a second is said at once", async () => {
  const { clock, said, a } = announcer();
  a.line("Ms Ortiz: Good morning");
  await clock.pass(500);
  a.line("Mr Chen: Hello");
  await clock.pass(1000);
  assert.deepEqual(said, ["Ms Ortiz: Good morning\nMr Chen: Hello"]);
});

test("how many are new is said once, from what the server said before to what it says now", async () => {
  const { clock, said, a } = announcer();
  a.unread(4, 5);
  a.unread(5, 7);
  await clock.pass(5000);
  a.unread(7, 8);
  await clock.pass(5000);
  assert.deepEqual(said, ["3 new", "1 new"]);
});

test("what was read is not said", async () => {
  const { clock, said, a } = announcer();
  a.unread(4, 2);
  await clock.pass(5000);
  assert.deepEqual(said, []);
});

test("a flood is not read out", async () => {
  const { clock, said, a } = announcer();
  for (let i = 0; i < 100; i++) a.line(`${i}`);
  await clock.pass(5000);
  assert.equal(said[0].split("\n").length, 5);
});
