// Replays what pages of the simulation were told and did (transport/simulation
// writes it, a page a line) through the code that the browser runs. It must ask
// for the same, in the same order, and come to the same state.
//
//   node static/jstest/replay.js FILE
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { UserChannel } from "../js/channels.js";
import { ConversationView } from "../js/conversation.js";
import { InboxList, Refresh } from "../js/inbox.js";
import { Connection } from "../js/socket.js";
import { settled } from "./clock.js";

// A clock whose timers fire when the history says so.
class RecordedClock {
  constructor() {
    this.time = 0;
    this.count = 0;
    this.timers = [];
  }

  now() {
    return this.time;
  }

  after(ms, f) {
    const timer = { nth: ++this.count, due: this.time + ms, f };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((other) => other !== timer));
  }

  fire(nth, due) {
    const timer = this.timers.find((t) => t.nth === nth);
    assert.equal(timer && timer.due, due, `timer ${nth}`);
    this.timers = this.timers.filter((other) => other !== timer);
    timer.f();
  }
}

// The list of an inbox without its page: of a row there is its number of unread.
class Rows extends InboxList {
  constructor(rows, load, loaded, clock) {
    super(null, null);
    this.rows = new Map(Object.entries(rows));
    this.refresh = new Refresh(load, (head) => this.show(head) || loaded(head), clock);
  }

  show({ rows }) {
    this.rows = new Map(Object.entries(rows || {}));
  }

  row(conversation) {
    return this.rows.has(conversation) ? conversation : null;
  }

  get filtered() {
    return false;
  }

  get marksAll() {
    return true;
  }

  letter(conversation, { unread }) {
    this.unread(conversation, unread);
  }

  unread(conversation, unread) {
    this.rows.set(conversation, unread);
  }

  somethingUnread() {}
}

// The letters of a conversation without their page.
class View extends ConversationView {
  static of({ talk, last, read_seq }, { me, connection, told, clock, load }) {
    const view = Object.create(View.prototype);
    Object.assign(view, { id: talk, me, connection, told, clock, first: last, letters: [], sealings: 0 });
    view.again = new Refresh(() => load(talk), (page) => view.reread(page), clock);
    view.begin({ lastSeq: last, readSeq: read_seq, newest: "" });
    return view;
  }

  show({ letters: { lastSeq, own } }) {
    Object.assign(this, { first: lastSeq, letters: [], sealings: 0, own });
  }

  shown() {
    for (const seq of this.own) this.mark.saw(seq, true);
  }

  seal() {
    this.sealings++;
  }

  unreadHere() {}

  get repliable() {
    return false;
  }

  footer() {}

  append(letters) {
    for (const { seq, sender } of letters) {
      this.letters.push(seq);
      if (sender === this.me) this.mark.saw(seq, true);
    }
  }

  look() {
    for (const seq of this.letters) this.mark.saw(seq);
    for (let seq = this.mark.readSeq + 1; seq <= this.first; seq++) this.mark.saw(seq);
  }
}

// A page, put together as js/page.js does it.
class Page {
  constructor({ began, entries }) {
    this.clock = new RecordedClock();
    this.did = [];
    this.posts = new Map();
    this.loads = new Map();
    const randoms = entries.filter((e) => e.random !== undefined).map((e) => e.random);
    this.connection = new Connection(() => this.open(), {
      me: began.me,
      epoch: began.head.epoch,
      seen: () => false,
      up: (_, another) => {
        if (another) {
          this.user.forget();
          for (const view of this.views) view.forget();
        }
        this.user.subscribe();
        for (const view of this.views) view.connected();
      },
      down() {},
      ended() {},
      event: (frame) => {
        this.user.event(frame);
        for (const view of this.views) view.event(frame);
      },
    }, { clock: this.clock, random: () => randoms.shift() });
    this.user = new UserChannel(this.connection, began.head.version, began.head.unread, {
      unread() {},
      happened: (event) => this.inbox && this.inbox.happened(event),
      missed: () => this.inbox && this.inbox.refresh.ask(),
    }, this.clock);
    this.inbox = began.inbox &&
      new Rows(began.head.rows || {}, () => this.load(), (head) => this.user.loaded(head), this.clock);
    const { me } = began;
    this.views = began.views.map((one) =>
      View.of(one, { me, connection: this.connection, told: (head) => this.user.take(head), clock: this.clock, load: (talk) => this.loadTalk(talk) }));
    this.own = began.views.map(({ own }) => own);
  }

  open() {
    this.did.push({ opened: true });
    return { send: (text) => this.did.push({ sent: JSON.parse(text) }), close() {} };
  }

  load() {
    return new Promise((resolve, reject) => (this.loading = { resolve, reject }));
  }

  loadTalk(talk) {
    return new Promise((resolve, reject) => this.loads.set(talk, { resolve, reject }));
  }

  // What the page asks for without the socket, as fetch.
  fetch(url) {
    const [, id] = url.match(/conversations\/(.*)\/read$/);
    return new Promise((resolve, reject) => this.posts.set(id, { resolve, reject }));
  }

  view(id) {
    return this.views.find((view) => view.id === id);
  }

  // Does, or is told, what an entry says.
  play({ at, do: what, talk, type, fields, frame, closed, timer, due, loaded, posted, reread }) {
    this.clock.time = at;
    if (what) this.act(what, { talk, type, fields });
    else if (frame) this.connection.ws.onmessage({ data: JSON.stringify(frame) });
    else if (closed !== undefined) this.connection.ws.onclose({ code: closed });
    else if (timer) this.clock.fire(timer, due);
    else if (loaded) settle(this.loading, loaded, loaded);
    else if (reread) settle(this.loads.get(talk), reread, { epoch: reread.epoch, letters: { lastSeq: reread.last, readSeq: reread.read_seq, newest: "", own: reread.own } });
    else if (posted) settle(this.posts.get(talk), posted, { ok: !posted.refused, status: posted.refused ? 409 : 200, json: async () => posted });
    else assert.fail("an entry of no kind");
  }

  act(what, { talk, type, fields }) {
    if (what === "open") this.views.forEach((view, i) => this.own[i].forEach((seq) => view.mark.saw(seq, true)));
    if (what === "open" || what === "start") this.connection.start();
    else if (what === "stop") this.connection.stop();
    else if (what === "wake") this.connection.wake();
    else if (what === "look") this.view(talk).look();
    else if (what === "ask") this.connection.request(type, fields).catch(() => {});
    else assert.fail(`nobody can do ${what}`);
  }

  get state() {
    const { version, unread } = this.user.inbox;
    return {
      up: this.connection.up, version, unread,
      rows: this.inbox ? Object.fromEntries(this.inbox.rows) : {},
      views: this.views.map(({ id, letters, mark, sealings }) => ({ talk: id, shown: letters, read_seq: mark.readSeq, sealed: sealings })),
    };
  }
}

function settle({ resolve, reject }, { failed }, value) {
  if (failed) reject(new Error("failed"));
  else resolve(value);
}

// Replays one history and throws where it goes another way.
export async function replay(history) {
  const page = new Page(history);
  globalThis.fetch = (url) => page.fetch(url);
  const { entries } = history;
  for (let i = 0; i < entries.length; ) {
    const first = i;
    const should = [];
    const told = entries[i++];
    for (; i < entries.length && isDeed(entries[i]); i++) {
      const { opened, sent } = entries[i];
      if (opened) should.push({ opened });
      if (sent) should.push({ sent });
    }
    page.did = [];
    page.play(told);
    await settled();
    assert.deepEqual(page.did, should, `after entry ${first}, ${JSON.stringify(told)}`);
  }
  assert.deepEqual(page.state, history.ended, "at the end");
}

const isDeed = ({ opened, sent, random }) => opened || sent || random !== undefined;

const [, , file] = process.argv;
if (file && import.meta.url.endsWith(process.argv[1].split("/").pop())) {
  const histories = readFileSync(file, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
  for (const history of histories) {
    try {
      await replay(history);
    } catch (e) {
      console.error(`seed ${history.seed}, ${history.token}: ${e.message}`);
      process.exitCode = 1;
    }
  }
  console.log(`${histories.length} histories`);
}
