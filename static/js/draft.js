import { clock as realClock } from "./clock.js";
import { putDraft } from "./server.js";

const PREFIX = "homeline:draft:";
const PAUSE = 300; // ms after the last key
const AGAIN = 5000; // ms after a save that failed

// What somebody is writing. It is kept here at once and on the server a moment
// later; here it goes when the server has it, there when the letter is stored.
//
// read() gives the fields as { name: [values] }, put(slot, content, leaving)
// gives a promise.
export class Draft {
  constructor({ slot, person, read, put, storage, clock = realClock }) {
    Object.assign(this, { slot, read, put, storage, clock });
    this.name = `${PREFIX}${person}:${slot}`;
    this.cancel = () => {};
    this.dirty = false;
    this.saving = null;
    this.closed = false;
  }

  // A key was pressed, a choice was made.
  changed() {
    if (this.closed) return;
    this.dirty = true;
    this.keep();
    this.cancel();
    this.cancel = this.clock.after(PAUSE, () => this.save());
  }

  // Saves what the server does not have yet: after the pause, after the
  // connection came back, and when the page is left.
  async save(leaving = false) {
    this.cancel();
    if (!this.dirty || this.closed) return;
    if (this.saving && !leaving) return;
    this.dirty = false;
    this.saving = this.put(this.slot, this.content(), leaving);
    try {
      await this.saving;
      this.saving = null;
      if (this.dirty) this.save();
      else if (!this.closed) this.forget();
    } catch {
      this.saving = null;
      this.dirty = true;
      this.cancel();
      this.cancel = this.clock.after(AGAIN, () => this.save());
    }
  }

  // Waits until nothing of it is on its way, so that it cannot come after the
  // letter that it became.
  async settle() {
    this.cancel();
    try {
      await this.saving;
    } catch {
      // It stays here.
    }
  }

  // It did not become a letter: what was waiting is saved.
  resume() {
    if (this.dirty) this.changed();
  }

  // The server has stored the letter, and dropped its draft.
  done() {
    this.closed = true;
    this.cancel();
    this.forget();
  }

  // What was kept here and is newer than the server's, or nothing.
  newer(serversAt) {
    try {
      const kept = JSON.parse(this.storage.getItem(this.name));
      return kept && Number(kept.at) > serversAt ? kept : null;
    } catch {
      return null;
    }
  }

  content() {
    return { ...this.read(), at: [String(this.clock.now())] };
  }

  keep() {
    try {
      this.storage.setItem(this.name, JSON.stringify(this.content()));
    } catch {
      // No room, or not allowed: the server's stays.
    }
  }

  forget() {
    try {
      this.storage.removeItem(this.name);
    } catch {
      // Then there is none.
    }
  }
}

// Takes away what others left on this machine, or everything where nobody is
// named.
export function wipe(storage, person) {
  try {
    for (const name of Object.keys(storage)) {
      if (name.startsWith(PREFIX) && !(person && name.startsWith(`${PREFIX}${person}:`))) storage.removeItem(name);
    }
  } catch {
    // No storage, nothing kept.
  }
}

// Gives the server what earlier pages could not, but for the slot that stands
// open here.
export async function recover(storage, person, open, put = putDraft) {
  const prefix = `${PREFIX}${person}:`;
  for (const name of Object.keys(storage)) {
    const slot = name.slice(prefix.length);
    if (!name.startsWith(prefix) || slot === open) continue;
    try {
      const text = storage.getItem(name);
      const kept = JSON.parse(text);
      // Pages of before had one slot for all new messages.
      await put(slot === "compose" ? `compose:${kept.key[0]}` : slot, { ...kept, left: ["1"] });
      if (storage.getItem(name) === text) storage.removeItem(name);
    } catch {
      // It stays here.
    }
  }
}

// Keeps what is typed into a form as a draft, and brings back what was typed
// and never reached the server.
export function drafting(form, person) {
  for (const text of form.querySelectorAll("textarea")) text.name = text.id; // the key has a field of its own here
  const draft = new Draft({
    slot: form.dataset.draft,
    person,
    read: () => fields(form),
    put: putDraft,
    storage: window.localStorage,
  });
  const kept = draft.newer(Number(form.dataset.draftAt || 0));
  if (kept) {
    restore(form, kept);
    draft.changed();
  }
  form.addEventListener("input", () => draft.changed());
  window.addEventListener("pagehide", () => draft.save(true));
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && draft.save());
  return draft;
}

function fields(form) {
  const all = {};
  for (const [name, value] of new FormData(form)) (all[name] = all[name] || []).push(value);
  return all;
}

// Recipients and the like are the server's, and stay as it has them.
function restore(form, kept) {
  for (const element of form.elements) {
    const values = kept[element.name];
    if (!values) continue;
    if (element.type === "radio") element.checked = values.includes(element.value);
    else if (element.name === "key" || element.tagName === "TEXTAREA" || element.type === "text") element.value = values[0];
  }
}
