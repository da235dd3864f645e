// Shows the number of unread messages: beside the links, and in the title.
export function showUnread(unread, words) {
  for (const badge of document.querySelectorAll("[data-unread-badge]")) {
    badge.textContent = unread;
    badge.hidden = unread === 0;
  }
  for (const text of document.querySelectorAll("[data-unread-words]")) {
    text.textContent = unread ? words.say("unread", { count: unread }) : "";
  }
  setTitle(document.title, unread);
}

// Sets a title, with the number before it; where something is wrong the title
// begins with that.
export function setTitle(title, unread) {
  const bare = title.replace(/^\(\d+\) /, "");
  const wrong = document.querySelector("[data-errors]");
  document.title = unread && !wrong ? `(${unread}) ${bare}` : bare;
}
