import assert from "node:assert/strict";
import { test } from "node:test";
import { exact, full, relative, Words } from "../js/words.js";

const english = new Words({
  new: { one: "{count} new", other: "{count} new" },
  below: { one: "{count} new message below", other: "{count} new messages below" },
  announced: "{name}: {text}",
  just_now: "just now",
  minutes_ago: { one: "{count} minute ago", other: "{count} minutes ago" },
  hours_ago: { one: "{count} hour ago", other: "{count} hours ago" },
}, "en");

test("a number takes the plural form of the language", () => {
  assert.equal(english.say("below", { count: 1 }), "1 new message below");
  assert.equal(english.say("below", { count: 2 }), "2 new messages below");
  const polish = new Words({ new: { one: "{count} nowa", few: "{count} nowe", many: "{count} nowych", other: "{count} nowej" } }, "pl");
  assert.deepEqual([1, 3, 5, 22].map((count) => polish.say("new", { count })), ["1 nowa", "3 nowe", "5 nowych", "22 nowe"]);
});

test("a form that the catalogue lacks is said in its general one", () => {
  const spanish = new Words({ new: { one: "{count} nuevo", other: "{count} nuevos" } }, "es");
  assert.equal(spanish.say("new", { count: 1_000_000 }), "1000000 nuevos");
});

test("what is filled in is taken as it is", () => {
  assert.equal(english.say("announced", { name: "Ms $& {text}", text: "<b>{name}" }), "Ms $& {text}: <b>{name}");
  assert.equal(english.say("announced", {}), "{name}: {text}");
});

test("a word that is not there is nothing, not an error", () => {
  assert.equal(english.say("nothing"), "");
});

test("a time is said relative for a day", () => {
  const now = Date.UTC(2026, 9, 14, 12);
  const ago = (seconds) => relative(new Date(now - seconds * 1000), now, english);
  assert.equal(ago(0), "just now");
  assert.equal(ago(-300), "just now", "a clock that is behind");
  assert.equal(ago(60), "1 minute ago");
  assert.equal(ago(12 * 60 + 59), "12 minutes ago");
  assert.equal(ago(3600), "1 hour ago");
  assert.equal(ago(86399), "23 hours ago");
  assert.equal(ago(86400), "");
});

test("an exact time is in the reader's language and zone", () => {
  const then = new Date("2026-10-14T19:20:00Z");
  assert.equal(exact(then, "en", "America/New_York"), "Wed 14 Oct, 15:20");
  assert.equal(exact(then, "es", "Europe/Madrid"), "mié 14 oct, 21:20");
  assert.equal(exact(new Date("2026-10-14T04:05:00Z"), "en", "America/New_York"), "Wed 14 Oct, 00:05");
});

test("the printed record has year and zone", () => {
  const then = new Date("2026-10-14T23:30:00Z");
  assert.equal(full(then, "en", "America/New_York"), "Wed 14 Oct 2026, 19:30 EDT");
});
