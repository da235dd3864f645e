// Old Safari cannot be tried here: this stands in for it. Nothing in the client
// may be newer than Safari 15.0, and nothing may put text into a page as HTML.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "acorn";
import { full } from "acorn-walk";

const folder = new URL("../js/", import.meta.url);
const scripts = readdirSync(folder).filter((name) => name.endsWith(".js"));

// Methods that came after Safari 15.0, with the version.
const young = new Map(Object.entries({
  at: 15.4, findLast: 15.4, findLastIndex: 15.4, hasOwn: 15.4, structuredClone: 15.4, randomUUID: 15.4,
  showModal: 15.4, requestSubmit: 16, timeout: 16, toSorted: 16, toReversed: 16, toSpliced: 16, canParse: 17,
  groupBy: 17.4, withResolvers: 17.4, any: 17.4, checkVisibility: 17.4, requestIdleCallback: 27, setHTML: 27,
}));

// Ways from text to HTML or to code.
const unsafe = ["innerHTML", "outerHTML", "insertAdjacentHTML", "write", "writeln", "eval", "Function", "srcdoc"];

for (const name of scripts) {
  const source = readFileSync(new URL(name, folder), "utf8");
  const comments = [];
  const tree = parse(source, { ecmaVersion: 2021, sourceType: "module", onComment: comments, locations: true });

  test(`${name}: nothing newer than Safari 15, no way from text to HTML`, () => {
    full(tree, (node) => {
      const at = `${name}:${node.loc.start.line}`;
      if (node.type === "CallExpression") {
        const method = (node.callee.property || node.callee).name;
        assert.ok(!young.has(method), `${at}: ${method}() needs Safari ${young.get(method)}`);
      }
      if (node.type === "Identifier") assert.ok(!unsafe.includes(node.name), `${at}: ${node.name}`);
      if (node.type === "MemberExpression") assert.ok(!unsafe.includes(node.property.name), `${at}: ${node.property.name}`);
      if (node.type === "Literal" && node.regex) {
        assert.doesNotMatch(node.regex.pattern, /\(\?<[=!]/, `${at}: looking behind needs Safari 16.4`);
        assert.doesNotMatch(node.regex.flags, /[vd]/, at);
      }
    });
  });

  test(`${name}: every line that begins with // is a comment`, () => {
    const starts = new Set(comments.filter((c) => c.type === "Line").map((c) => c.loc.start.line));
    source.split("\n").forEach((line, i) => {
      if (line.trim().startsWith("//")) assert.ok(starts.has(i + 1), `${name}:${i + 1} would be served without it`);
    });
  });
}

test("no string spans lines: a script is served without its indentation", () => {
  for (const name of scripts) {
    const source = readFileSync(new URL(name, folder), "utf8");
    full(parse(source, { ecmaVersion: 2021, sourceType: "module" }), (node) => {
      if (node.type === "TemplateElement") assert.doesNotMatch(node.value.raw, /\n/, name);
    });
  }
});

test("the client depends on nothing but itself", () => {
  for (const name of scripts) {
    const source = readFileSync(new URL(name, folder), "utf8");
    for (const [, from] of source.matchAll(/from "([^"]+)"/g)) {
      assert.ok(from.startsWith("./") && scripts.includes(from.slice(2)), `${name}: ${from}`);
    }
  }
});
