const PATIENCE = 5000; // ms

// The strip that says that the page is not connected.
export class Strip {
  constructor(element, words) {
    this.element = element;
    this.words = words;
    this.timer = 0;
  }

  up() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.element.hidden = true;
  }

  down() {
    if (!this.timer) this.timer = setTimeout(() => (this.element.hidden = false), PATIENCE);
  }

  ended() {
    clearTimeout(this.timer);
    this.element.textContent = this.words.say("signed_out");
    this.element.hidden = false;
  }
}
