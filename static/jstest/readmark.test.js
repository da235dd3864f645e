import assert from "node:assert/strict";
import { test } from "node:test";
import { ReadMark } from "../js/readmark.js";
import { FakeClock } from "./clock.js";
import { below, forSeeds } from "./random.js";

function marks(readSeq, answer = async () => {}) {
  const clock = new FakeClock();
  const sent = [];
  const mark = new ReadMark(readSeq, (upTo) => {
    sent.push(upTo);
    return answer(upTo);
  }, clock);
  return { clock, sent, mark };
}

test("what was seen in a moment is told once", async () => {
  const { clock, sent, mark } = marks(3);
  mark.saw(4);
  mark.saw(5);
  mark.saw(4);
  await clock.pass(1000);
  assert.deepEqual(sent, [5]);
});

test("a jump over unread letters reads only what was shown without a gap", async () => {
  const { clock, sent, mark } = marks(3);
  mark.saw(4);
  mark.saw(9);
  await clock.pass(1000);
  assert.deepEqual(sent, [4]);
  for (const seq of [5, 6, 7, 8]) mark.saw(seq);
  await clock.pass(1000);
  assert.deepEqual(sent, [4, 9]);
});

test("one's own letters close a gap, and are not themselves worth telling", async () => {
  const { clock, sent, mark } = marks(3);
  mark.saw(4, true);
  await clock.pass(1000);
  assert.deepEqual(sent, []);
  mark.saw(5);
  mark.saw(6, true);
  await clock.pass(1000);
  assert.deepEqual(sent, [5]);
});

test("a mark that did not get through is told after the next connection", async () => {
  let connected = false;
  const { clock, sent, mark } = marks(0, async () => {
    if (!connected) throw new Error("lost");
  });
  mark.saw(1);
  await clock.pass(1000);
  connected = true;
  await mark.flush();
  await mark.flush();
  assert.deepEqual(sent, [1, 1]);
});

test("what was read elsewhere is not told again", async () => {
  const { clock, sent, mark } = marks(0);
  mark.saw(1);
  mark.saw(2);
  mark.moved(2);
  await clock.pass(1000);
  assert.deepEqual(sent, []);
});

test("the mark goes forward only, and never over a letter that was not shown", () =>
  forSeeds(500, async (rand) => {
    const own = new Set(Array.from({ length: 40 }, (_, i) => i + 1).filter(() => rand() < 0.2));
    const seen = new Set();
    const { clock, sent, mark } = marks(0, async () => {
      if (rand() < 0.3) throw new Error("lost");
    });
    for (let i = 0; i < 60; i++) {
      const seq = 1 + below(40, rand);
      seen.add(seq);
      mark.saw(seq, own.has(seq));
      if (rand() < 0.3) await clock.pass(500);
      if (rand() < 0.1) mark.flush();
    }
    await clock.pass(1000);
    let last = 0;
    for (const upTo of sent) {
      assert.ok(upTo >= last, `${upTo} after ${last}`);
      last = upTo;
      for (let seq = 1; seq <= upTo; seq++) assert.ok(seen.has(seq), `${seq} was read, and not shown`);
    }
  }));

test("what was shown of another epoch is told to nobody", async () => {
  const clock = new FakeClock();
  const sent = [];
  const mark = new ReadMark(0, async (upTo) => sent.push(upTo), clock);
  mark.saw(1);
  mark.end();
  await clock.pass(60_000);
  await mark.flush();
  assert.deepEqual(sent, []);
});

test("a mark that did not get through says so when it is told again", async () => {
  const clock = new FakeClock();
  const sent = [];
  let fails = true;
  const mark = new ReadMark(0, async (upTo, again) => {
    sent.push([upTo, again]);
    if (fails) throw new Error("lost");
  }, clock);
  mark.saw(1);
  await clock.pass(1000);
  fails = false;
  await clock.pass(10_000);
  mark.saw(2);
  await clock.pass(1000);
  assert.deepEqual(sent, [[1, false], [1, true], [2, false]]);
});
