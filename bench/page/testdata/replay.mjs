// Plays steps through the browser client's own code and prints what comes of
// each, a line for a step.
import { readFileSync } from "node:fs";
import { Inbox, Letters } from "../../../static/js/merge.js";
import { ReadMark } from "../../../static/js/readmark.js";
import { backoff } from "../../../static/js/socket.js";

const still = { now: () => 0, after: () => () => {} };
let letters, inbox, mark;

const steps = {
  begin({ last, version, unread, read_seq }) {
    letters = new Letters(last);
    inbox = new Inbox(version, unread);
    mark = new ReadMark(read_seq, () => new Promise(() => {}), still);
    return null;
  },
  take: ({ seqs }) => [letters.take(seqs.map((seq) => ({ seq }))).map(({ seq }) => seq), letters.last, letters.missing],
  heard({ seq }) {
    letters.heard(seq);
    return letters.missing;
  },
  inbox: ({ told }) => [inbox.take(told), inbox.version, inbox.unread],
  loaded: ({ told }) => [inbox.loaded(told), inbox.version, inbox.unread],
  forget() {
    inbox.forget();
    return [inbox.version, inbox.unread];
  },
  saw({ seq, own }) {
    mark.saw(seq, own);
    return mark.reached;
  },
  moved({ seq }) {
    mark.moved(seq);
    return mark.reached;
  },
  longest: ({ failures }) => backoff(failures, () => 1),
};

for (const step of JSON.parse(readFileSync(0, "utf8"))) console.log(JSON.stringify(steps[step.do](step)));
