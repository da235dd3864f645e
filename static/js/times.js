const MINUTE = 60000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

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
  const part = {};
  const format = new Intl.DateTimeFormat(lang, {
    weekday: "short", day: "numeric", month: "short",
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone,
  });
  for (const { type, value } of format.formatToParts(then)) part[type] = value;
  return `${part.weekday} ${part.day} ${part.month}, ${part.hour}:${part.minute}`;
}

// Makes a <time> say when.
export function setTime(element, at, words) {
  const { lang, dataset } = document.documentElement;
  const then = new Date(at);
  element.dateTime = at;
  element.dataset.exact = exact(then, lang, dataset.zone || undefined);
  element.dataset.relative = "";
  refresh(element, words);
}

// Keeps the relative times of a page true.
export function keepTimes(words) {
  setInterval(() => {
    for (const element of document.querySelectorAll("time[data-relative]")) refresh(element, words);
  }, MINUTE);
}

function refresh(element, words) {
  const text = relative(new Date(element.dateTime), Date.now(), words) || element.dataset.exact;
  if (text && text !== element.textContent) element.textContent = text;
}
