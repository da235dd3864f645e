// A clock that stands still until a test moves it.
export class FakeClock {
  constructor() {
    this.time = 1_000_000;
    this.timers = [];
  }

  now() {
    return this.time;
  }

  after(ms, f) {
    const timer = { at: this.time + ms, f };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  // Lets ms go by, with everything that falls due in it, in its order.
  async pass(ms) {
    const until = this.time + ms;
    await settled();
    for (;;) {
      const due = this.timers.filter((t) => t.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers = this.timers.filter((other) => other !== due);
      this.time = due.at;
      due.f();
      await settled();
    }
    this.time = until;
  }
}

// Everything that waits for nothing but its turn has had it.
export function settled() {
  return new Promise((resolve) => setImmediate(resolve));
}
