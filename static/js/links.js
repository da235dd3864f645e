// What in a letter becomes a link: http and https, nothing else.
const ADDRESS = /https?:\/\/[^\s<>"|]+/gi;
const CLOSING = { ")": "(", "]": "[", "}": "{" };

// Splits text into pieces, of which some have an address.
export function pieces(text) {
  const found = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0]);
    if (!valid(address)) continue;
    if (match.index > end) found.push({ text: text.slice(end, match.index) });
    found.push({ text: address, address });
    end = match.index + address.length;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}

// Without the sentence's punctuation after it, and without a bracket that was
// opened before it.
function trimmed(address) {
  for (;;) {
    const last = address[address.length - 1];
    const opening = CLOSING[last];
    const alone = opening && count(address, opening) < count(address, last);
    if (!alone && !/[.,;:!?'…*]/.test(last)) return address;
    address = address.slice(0, -1);
  }
}

const count = (text, character) => text.split(character).length - 1;

function valid(address) {
  try {
    return new URL(address).hostname !== "";
  } catch {
    return false;
  }
}

// Fills an element with a letter's text.
export function fill(element, text) {
  element.textContent = "";
  for (const piece of pieces(text)) {
    if (!piece.address) {
      element.append(piece.text);
      continue;
    }
    const link = document.createElement("a");
    link.href = piece.address;
    link.rel = "noopener noreferrer nofollow";
    link.textContent = piece.text;
    element.append(link);
  }
}
