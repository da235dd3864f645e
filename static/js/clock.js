// The time, in one place, so that tests put their own in.
export const clock = {
  now: () => Date.now(),
  // Calls f once after ms; gives back what takes the call back.
  after(ms, f) {
    const timer = setTimeout(f, ms);
    return () => clearTimeout(timer);
  },
};
