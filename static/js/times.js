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

// Makes a <time> say when, with the exact time beside it.
export function setTime(time, at, words) {
  const { lang, dataset } = document.documentElement;
  time.dateTime = at;
  time.dataset.relative = "";
  time.dataset.exact = exact(new Date(at), lang, dataset.zone || undefined);
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
