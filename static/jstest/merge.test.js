import assert from "node:assert/strict";
import { test } from "node:test";
import { Inbox, Letters } from "../js/merge.js";
import { below, forSeeds, shuffled } from "./random.js";

const letter = (seq) => ({ seq, body: `letter ${seq}` });
const upTo = (n, from = 1) => Array.from({ length: n - from + 1 }, (_, i) => letter(from + i));
const seqs = (letters) => letters.map((l) => l.seq);

test("letters that come in order are given out as they come", () => {
  const letters = new Letters(2);
  assert.deepEqual(seqs(letters.take([letter(3)])), [3]);
  assert.deepEqual(seqs(letters.take([letter(4), letter(5)])), [4, 5]);
  assert.equal(letters.missing, false);
});

test("a letter that overtook another waits for it", () => {
  const letters = new Letters();
  assert.deepEqual(letters.take([letter(2)]), []);
  assert.equal(letters.missing, true);
  assert.deepEqual(seqs(letters.take([letter(1)])), [1, 2]);
  assert.equal(letters.missing, false);
});

test("a letter that comes twice is given out once", () => {
  const letters = new Letters();
  assert.deepEqual(seqs(letters.take([letter(1), letter(1)])), [1]);
  assert.deepEqual(letters.take([letter(1)]), []);
});

test("a letter that was only heard of is missing", () => {
  const letters = new Letters(3);
  letters.heard(4);
  assert.equal(letters.missing, true);
});

test("whatever order, doubles and losses there are, all letters come out once and in order after one fetch", () =>
  forSeeds(2000, (rand) => {
    const known = below(5, rand);
    const total = known + below(30, rand);
    const letters = new Letters(known);
    const events = shuffled([...upTo(total), ...upTo(total)], rand).filter(() => rand() < 0.7);
    const out = events.flatMap((l) => letters.take([l]));
    assert.deepEqual(seqs(out), seqs(upTo(letters.last, known + 1)), "a gap or a double before the fetch");
    letters.heard(total);
    assert.equal(letters.missing, letters.last < total);
    out.push(...letters.take(upTo(total).slice(letters.last)));
    assert.deepEqual(seqs(out), seqs(upTo(total, known + 1)));
    assert.equal(letters.missing, false);
  }));

test("what is held behind a gap is bounded, and still all comes out", () => {
  const letters = new Letters();
  for (const l of upTo(5000, 2)) letters.take([l]);
  assert.ok(letters.held.size < 1000, `${letters.held.size} held`);
  assert.equal(letters.missing, true);
  const out = [];
  while (letters.missing) out.push(...letters.take(upTo(5000).slice(letters.last, letters.last + 200)));
  assert.deepEqual(seqs(out), seqs(upTo(5000)));
});

test("an event that follows on what was known says what happened", () => {
  const inbox = new Inbox(4, 1);
  assert.equal(inbox.take({ version: 5, unread: 2, letter: {} }), "next");
  assert.equal(inbox.unread, 2);
});

test("an event that came before is stale, and its number is not shown", () => {
  const inbox = new Inbox(4, 1);
  assert.equal(inbox.take({ version: 4, unread: 9, letter: {} }), "stale");
  assert.equal(inbox.take({ version: 3, unread: 9, letter: {} }), "stale");
  assert.equal(inbox.unread, 1);
});

test("an event that leaves one out, or says nothing of what happened, means that rows were missed", () => {
  assert.equal(new Inbox(4, 1).take({ version: 6, unread: 3, letter: {} }), "missed");
  assert.equal(new Inbox(4, 1).take({ version: 5, unread: 3 }), "missed");
});

test("an event that is older than the rows that were read again is stale", () => {
  const inbox = new Inbox(4, 1);
  inbox.take({ version: 6, unread: 3 });
  assert.equal(inbox.loaded({ version: 9, unread: 0 }), false);
  assert.equal(inbox.take({ version: 7, unread: 4, letter: {} }), "stale");
  assert.equal(inbox.unread, 0);
});

test("rows that were read before the last event are behind", () => {
  const inbox = new Inbox(4, 1);
  inbox.take({ version: 6, unread: 3 });
  assert.equal(inbox.loaded({ version: 5, unread: 2 }), true);
  assert.equal(inbox.unread, 3);
});

test("after another epoch any version counts, also that of nothing", () => {
  for (const version of [0, 3]) {
    const inbox = new Inbox(9, 4);
    inbox.forget();
    assert.equal(inbox.take({ version, unread: version }), "missed");
    assert.deepEqual([inbox.version, inbox.unread], [version, version]);
  }
});
