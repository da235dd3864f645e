import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { backoff, Connection, Lost, Refused } from "../js/socket.js";
import { FakeClock, settled } from "./clock.js";
import { forSeeds } from "./random.js";

// The browser's WebSocket, as far as a page sees it.
class FakeWebSocket {
  constructor() {
    this.sent = [];
    this.closed = false;
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.closed = true;
  }

  says(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }

  breaks(code = 1006) {
    this.onclose({ code });
  }
}

function connect() {
  const clock = new FakeClock();
  const sockets = [];
  const told = [];
  const connection = new Connection(() => {
    const ws = new FakeWebSocket();
    sockets.push(ws);
    return ws;
  }, {
    up: () => told.push("up"),
    down: () => told.push("down"),
    ended: (code) => told.push(code),
    event: (frame) => told.push(frame.type),
  }, { clock, random: () => 1 });
  connection.start();
  const last = () => sockets[sockets.length - 1];
  const welcome = () => last().says({ type: "welcome" });
  return { clock, sockets, told, connection, last, welcome };
}

test("a request is answered by the frame with its id", async () => {
  const { connection, last, welcome } = connect();
  welcome();
  const one = connection.request("read", { up_to: 3 });
  const two = connection.request("ping");
  last().says({ id: 2, type: "answer" });
  last().says({ id: 1, type: "answer", version: 7 });
  assert.equal((await one).version, 7);
  await two;
  assert.deepEqual(last().sent[0], { id: 1, type: "read", up_to: 3 });
});

test("a refusal carries its code", async () => {
  const { connection, last, welcome } = connect();
  welcome();
  const request = connection.request("subscribe", { channel: "x" });
  last().says({ id: 1, type: "error", code: "not_found" });
  await assert.rejects(request, (e) => e instanceof Refused && e.code === "not_found");
});

test("what was asked on a connection that breaks is lost, and so is what is asked without one", async () => {
  const { connection, last, welcome } = connect();
  await assert.rejects(connection.request("ping"), Lost);
  welcome();
  const request = connection.request("ping");
  last().breaks();
  await assert.rejects(request, Lost);
  await assert.rejects(connection.request("ping"), Lost);
});

test("an answer that does not come is lost after a while, and the connection stays", async () => {
  const { clock, connection, last, welcome } = connect();
  welcome();
  const lost = assert.rejects(connection.request("messages"), Lost);
  await clock.pass(15_000);
  await lost;
  assert.equal(last().closed, false);
});

test("the wait after the n-th failure is at most half a second doubled n times, and 4 s", () => {
  assert.deepEqual([1, 2, 3, 6, 7, 50].map((n) => backoff(n, () => 1)), [1000, 2000, 4000, 4000, 4000, 4000]);
});

test("the wait is anything from nothing to its bound", () =>
  forSeeds(200, (rand) => {
    const wait = backoff(3, rand);
    assert.ok(wait >= 0 && wait < 4000);
  }));

test("it comes back after each failure, later each time, up to a bound", async () => {
  const { clock, sockets, last } = connect();
  for (const wait of [1000, 2000, 4000, 4000]) {
    const tries = sockets.length;
    last().breaks();
    await clock.pass(wait - 1);
    assert.equal(sockets.length, tries);
    await clock.pass(1);
    assert.equal(sockets.length, tries + 1);
  }
});

test("after a connection that stood for 10 s the wait is short again", async () => {
  const { clock, sockets, last, welcome } = connect();
  for (let i = 0; i < 5; i++) {
    last().breaks();
    await clock.pass(30_000);
  }
  welcome();
  await clock.pass(10_000);
  const tries = sockets.length;
  last().breaks();
  await clock.pass(1000);
  assert.equal(sockets.length, tries + 1);
});

test("a connection that breaks at once, again and again, does not count as standing", async () => {
  const { clock, sockets, last, welcome } = connect();
  for (let i = 0; i < 6; i++) {
    welcome();
    last().breaks();
    await clock.pass(30_000);
  }
  const tries = sockets.length;
  welcome();
  last().breaks();
  await clock.pass(3_999);
  assert.equal(sockets.length, tries);
});

test("who is signed out, or out, does not come back", async () => {
  for (const code of [4100, 4500, 4501, 4502]) {
    const { clock, sockets, told, connection, last, welcome } = connect();
    welcome();
    last().breaks(code);
    connection.wake();
    await clock.pass(600_000);
    assert.equal(sockets.length, 1);
    assert.deepEqual(told, ["up", code]);
  }
});

test("who is told to come back comes back", async () => {
  for (const code of [4000, 4001, 4002, 1001, 1006]) {
    const { clock, sockets, last, welcome } = connect();
    welcome();
    last().breaks(code);
    await clock.pass(1000);
    assert.equal(sockets.length, 2);
  }
});

test("the document says when a page asks and when it gives up", () => {
  const document = readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8");
  assert.match(document, /sends `ping` after 10 s in which no frame came, and takes the connection for dead if none comes for 10 s more/);
});

test("after 10 s of silence it asks, and an answer keeps the connection", async () => {
  const { clock, sockets, last, welcome } = connect();
  welcome();
  for (let i = 1; i < 10; i++) {
    await clock.pass(10_000);
    assert.equal(last().sent.length, i);
    last().says({ id: i, type: "answer" });
  }
  assert.equal(sockets.length, 1);
});

test("after 20 s of silence the connection is dead, whatever the browser thinks", async () => {
  const { clock, sockets, told, last, welcome } = connect();
  welcome();
  await clock.pass(19_999);
  assert.equal(last().closed, false);
  await clock.pass(1);
  assert.equal(sockets[0].closed, true);
  assert.deepEqual(told, ["up", "down"]);
  await clock.pass(1000);
  assert.equal(sockets.length, 2);
  sockets[0].says({ type: "inbox" }); // it was not dead, only too late
  assert.deepEqual(told, ["up", "down"]);
});

test("a connection that is never welcomed is given up", async () => {
  const { clock, sockets } = connect();
  await clock.pass(15_000 + 1000);
  assert.equal(sockets.length, 2);
});

test("a page that wakes comes back at once", async () => {
  const { clock, sockets, connection, last } = connect();
  for (let i = 0; i < 8; i++) {
    last().breaks();
    await clock.pass(30_000);
  }
  last().breaks();
  const tries = sockets.length;
  connection.wake();
  assert.equal(sockets.length, tries + 1);
  await clock.pass(14_000);
  assert.equal(sockets.length, tries + 1, "and the wait before is forgotten");
});

test("a page that wakes finds out within 5 s that its connection died meanwhile", async () => {
  const { clock, sockets, connection, welcome } = connect();
  welcome();
  connection.wake();
  await clock.pass(5000);
  assert.equal(sockets[0].closed, true);
});

test("a connection that proves alive after waking stays", async () => {
  const { clock, sockets, connection, last, welcome } = connect();
  welcome();
  connection.wake();
  last().says({ id: 1, type: "answer" });
  await clock.pass(19_999);
  assert.equal(sockets.length, 1);
  assert.equal(last().closed, false);
});

test("a page that is put away closes, and opens again when it is taken out", async () => {
  const { clock, sockets, connection, welcome } = connect();
  welcome();
  connection.stop();
  assert.equal(sockets[0].closed, true);
  await clock.pass(120_000);
  assert.equal(sockets.length, 1);
  connection.start();
  assert.equal(sockets.length, 2);
});

test("nothing is left waiting after it stopped", async () => {
  const { clock, connection, welcome } = connect();
  welcome();
  connection.request("ping").catch(() => {});
  connection.stop();
  await settled();
  assert.deepEqual(clock.timers, []);
});

test("a page ends where its browser has signed in somebody else since", () => {
  const sockets = [];
  const told = [];
  const connection = new Connection(() => {
    sockets.push(new FakeWebSocket());
    return sockets[sockets.length - 1];
  }, {
    me: "rosa",
    up: () => told.push("up"),
    down: () => told.push("down"),
    ended: (code) => told.push(code),
    event: (frame) => told.push(frame.type),
  }, { clock: new FakeClock() });
  connection.start();
  sockets[0].says({ type: "welcome", person: "rosa" });
  sockets[0].breaks();
  connection.wake();
  sockets[1].says({ type: "welcome", person: "tom" });
  assert.deepEqual(told, ["up", "down", 4501]);
  assert.equal(connection.ended, 4501);
  assert.ok(sockets[1].closed);
  sockets[1].says({ type: "inbox" });
  assert.equal(told.length, 3);
});

test("a welcome with another epoch says so, once", () => {
  const { connection, last } = connect();
  const told = [];
  connection.on.up = (_, another) => told.push(another);
  connection.epoch = "first";
  for (const epoch of ["first", "second", "second"]) {
    last().says({ type: "welcome", epoch });
    last().breaks(4004);
    connection.wake();
  }
  assert.deepEqual(told, [false, true, false]);
});

test("one of too many connections comes back soon if somebody looks, else after half a minute or more", async () => {
  for (const seen of [true, false]) {
    const { clock, sockets, connection, last, welcome } = connect();
    connection.on.seen = () => seen;
    welcome();
    last().breaks(4003);
    await clock.pass(5000);
    assert.equal(sockets.length, seen ? 2 : 1);
    await clock.pass(55_000);
    assert.equal(sockets.length >= 2, true);
    connection.stop();
  }
});
