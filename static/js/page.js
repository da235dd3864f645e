// The one script of a page. The server rendered everything that is there; this
// keeps it true while it stands.
import { Announcer } from "./announce.js";
import { UserChannel } from "./channels.js";
import { takeOverCompose } from "./compose.js";
import { ConversationView } from "./conversation.js";
import { drafting, recover, wipe } from "./draft.js";
import { setTitle, showUnread, Strip } from "./head.js";
import { InboxList } from "./inbox.js";
import { Reply } from "./reply.js";
import { Connection } from "./socket.js";
import { keepTimes, Words } from "./words.js";

const root = document.documentElement;
const me = root.dataset.person;
const find = (selector) => document.querySelector(selector);

const inboxElement = find("[data-inbox]");
const list = find("[data-letters]");
const replyForm = find("[data-reply]");
const composeForm = find("[data-compose]");

if (me) {
  wipe(localStorage, me);
  const open = replyForm || composeForm;
  recover(localStorage, me, open && open.dataset.draft);
  live(new Words(JSON.parse(find("#words").textContent), root.lang));
}
if (!focusNews()) openAtNew();
sayThatScriptsRun();

function live(words) {
  const strip = new Strip(find("[data-offline]"), words);
  const announcer = new Announcer(
    (text) => (find("[data-announce]").textContent = text),
    (count) => words.say("new_messages", { count }),
  );
  const drafts = [];
  let view = null;
  let reply = null;

  const connection = new Connection(() => new WebSocket(address(), "homeline.v1"), {
    me,
    epoch: document.body.dataset.epoch,
    seen: () => document.visibilityState === "visible",
    up(_, another) {
      strip.up();
      if (another) user.forget();
      if (another && view) view.forget();
      user.subscribe();
      if (view) view.connected();
      if (reply) reply.connected();
      for (const draft of drafts) draft.save();
    },
    down: () => strip.down(),
    ended: (code) => strip.ended(code),
    event(frame) {
      user.event(frame);
      if (view) view.event(frame);
    },
  });

  const user = new UserChannel(connection, Number(document.body.dataset.version), Number(document.body.dataset.unread), {
    unread(unread, before, told) {
      showUnread(unread, words);
      if (!view || !view.isAbout(told)) announcer.unread(before, unread);
    },
    happened: (event) => inbox && inbox.happened(event),
    missed() {
      if (inbox) inbox.refresh.ask();
      if (view) view.missed();
    },
  });
  const inbox = find("[data-swap=inbox]") && new InboxList(words, (head) => user.loaded(head));
  if (list) {
    view = new ConversationView(list, connection, {
      words,
      me,
      told: (head) => user.take(head),
      say: (text) => announcer.line(text),
      announce: (name, text) => announcer.line(words.say("announced", { name, text })),
      own: (letter) => reply && reply.arrived(letter),
      beforeSeal: () => Promise.all(drafts.map((draft) => draft.save())),
    });
  }

  const ended = () => Boolean(connection.ended);
  document.addEventListener("submit", (event) => {
    if (!inbox || ended() || !event.target.matches("[data-mark]")) return;
    event.preventDefault();
    inbox.mark(event.target, () => announcer.line(words.say("marked")));
  });
  if (replyForm) {
    const draft = drafting(replyForm, me);
    drafts.push(draft);
    reply = new Reply(replyForm, {
      list,
      draft,
      ended,
      say: (text) => announcer.line(text),
      waits: (waits) => strip.replyWaits(waits),
    });
  }
  if (composeForm) {
    const draft = drafting(composeForm, me);
    drafts.push(draft);
    takeOverCompose(composeForm, {
      draft,
      ended,
      setTitle: (title) => setTitle(title, user.inbox.unread),
      say: (text) => announcer.line(text),
    });
  }

  keepTimes(words);
  strip.down();
  stayConnected(connection, () => drafts.some((draft) => draft.closed));
  root.dataset.live = "";
}

function address() {
  const url = new URL(root.dataset.socket, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

function stayConnected(connection, sent) {
  const wake = () => connection.wake();
  addEventListener("online", wake);
  addEventListener("offline", wake);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake());
  addEventListener("pagehide", () => connection.stop());
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    if (sent()) location.reload(); // it stands in the conversation now, and no more in its box
    else connection.start();
  });
  for (const form of document.querySelectorAll('form[action^="/sign-out"]')) {
    form.addEventListener("submit", () => wipe(localStorage));
  }
  connection.start();
}

// What happened on the way here is the first thing to be read.
function focusNews() {
  const news = find("[data-errors]") || find("[data-flash]");
  if (news) news.focus();
  return Boolean(news);
}

// A page of letters opens where the unread begin, whichever way one came, but
// not where one had scrolled before.
function openAtNew() {
  const line = find("[data-new-since]");
  if (line && !location.hash && scrollY === 0) line.scrollIntoView();
}

// From now on reading is told by the page, and not by having opened it.
function sayThatScriptsRun() {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `js=1; Path=/; SameSite=Lax; Max-Age=86400${secure}`;
}
