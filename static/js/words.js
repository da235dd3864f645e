const MINUTE = 60000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// The words of the reader's language, as the server put them into the page.
export class Words {
  constructor(catalogue, lang) {
    this.catalogue = catalogue;
    this.plural = new Intl.PluralRules(lang);
  }

  // Says a word, in the plural form for values.count, with {name} filled in.
  say(key, values = {}) {
    let text = this.catalogue[key];
    if (text && typeof text === "object") text = text[this.plural.select(values.count)] || text.other;
    if (!text) return "";
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }
}

// How long ago, in words; empty from a day on, where the exact time stands.
export function relative(then, now, words) {
  const ago = Math.max(0, now - then);
  if (ago < MINUTE) return words.say("just_now");
  if (ago < HOUR) return words.say("minutes_ago", { count: Math.floor(ago / MINUTE) });
  if (ago < DAY) return words.say("hours_ago", { count: Math.floor(ago / HOUR) });
  return "";
}

// "Tue 14 Oct, 15:20" in the reader's language and zone.
export function exact(then, lang, zone) {
  const { weekday, day, month, hour, minute } = parts(then, lang, zone);
  return `${weekday} ${day} ${month}, ${hour}:${minute}`;
}

// The same with year and zone, for the printed record.
export function full(then, lang, zone) {
  const { weekday, day, month, year, hour, minute, timeZoneName } = parts(then, lang, zone);
  return `${weekday} ${day} ${month} ${year}, ${hour}:${minute} ${timeZoneName}`;
}

function parts(then, lang, zone) {
  const part = {};
  const format = new Intl.DateTimeFormat(lang, {
    weekday: "short", day: "numeric", month: "short", year: "numeric",
    hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    timeZone: zone, timeZoneName: "short",
  });
  for (const { type, value } of format.formatToParts(then)) part[type] = value;
  return part;
}

// Makes a <time> say when, with the exact time beside it.
export function setTime(time, at, words) {
  const { lang, dataset } = document.documentElement;
  time.dateTime = at;
  time.dataset.relative = "";
  time.dataset.exact = exact(new Date(at), lang, dataset.zone || undefined);
  const record = time.parentNode.querySelector("[data-slot=full]");
  if (record) record.textContent = full(new Date(at), lang, dataset.zone || undefined);
  let beside = exactBeside(time);
  if (!beside) {
    beside = document.createElement("span");
    beside.className = "exact";
    beside.dataset.slot = "exact";
    time.after(beside);
  }
  beside.textContent = time.dataset.exact;
  refresh(time, words);
}

// Keeps the relative times of a page true, also after a sleep.
export function keepTimes(words) {
  const refreshAll = () => {
    for (const time of document.querySelectorAll("time[data-relative]")) refresh(time, words);
  };
  setInterval(refreshAll, MINUTE);
  document.addEventListener("visibilitychange", refreshAll);
}

function refresh(time, words) {
  const text = relative(new Date(time.dateTime), Date.now(), words);
  time.textContent = text || time.dataset.exact;
  if (text) return;
  delete time.dataset.relative;
  const beside = exactBeside(time);
  if (beside) beside.remove();
}

function exactBeside(time) {
  return time.parentNode.querySelector("[data-slot=exact]");
}
