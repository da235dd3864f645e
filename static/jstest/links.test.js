import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pieces } from "../js/links.js";
import { below, forSeeds } from "./random.js";

const cases = JSON.parse(readFileSync(new URL("links.json", import.meta.url)));

for (const { text, links } of cases) {
  test(`links in ${JSON.stringify(text)}`, () => {
    assert.deepEqual(pieces(text).filter((p) => p.address).map((p) => p.address), links);
  });
}

test("the pieces are the text, and only http and https have an address", () =>
  forSeeds(2000, (rand) => {
    const bits = ["http://", "https://", "javascript:", "a.example", "/", "(", ")", ".", ",", " ", "\n", "<", "\"", "é", "👍", "x"];
    const text = Array.from({ length: below(20, rand) }, () => bits[below(bits.length, rand)]).join("");
    const found = pieces(text);
    assert.equal(found.map((p) => p.text).join(""), text);
    for (const { address } of found) if (address) assert.match(address, /^https?:\/\//);
  }));
