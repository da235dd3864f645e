// A seeded source of numbers in [0, 1) (mulberry32), so that a failure can be
// played again: SEED=… node --test
export function random(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// Runs a property for many seeds, or for the one that is asked for.
export async function forSeeds(count, property) {
  const only = process.env.SEED;
  for (let seed = only ? Number(only) : 1; seed <= (only ? Number(only) : count); seed++) {
    try {
      await property(random(seed));
    } catch (e) {
      e.message = `SEED=${seed}: ${e.message}`;
      throw e;
    }
  }
}

export const below = (n, rand) => Math.floor(rand() * n);

export function shuffled(list, rand) {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = below(i + 1, rand);
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}
