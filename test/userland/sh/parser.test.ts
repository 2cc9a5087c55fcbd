import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Node, Word } from "../../../src/userland/bin/sh/ast.ts";
import { parseScript } from "../../../src/userland/bin/sh/parser.ts";

function only(text: string): Node {
  const parsed = parseScript(text);
  if (parsed.kind !== "ok") throw new Error(parsed.message);
  const node = parsed.list.items[0]?.node;
  if (node === undefined) throw new Error("nothing there");
  return node;
}

const plain = (word: Word): string =>
  word.map((part) => (part.kind === "text" ? part.text : `<${part.kind}>`)).join("");

function words(text: string): string[] {
  const node = only(text);
  return node.kind === "simple" ? node.words.map(plain) : [];
}

test("any word comes back from single quotes as it went in", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string().filter((s) => !s.includes("'")),
        { minLength: 1 },
      ),
      (texts) => {
        expect(words(`x ${texts.map((text) => `'${text}'`).join(" ")}`)).toEqual(["x", ...texts]);
      },
    ),
  );
});

test("a backslash takes the meaning from any character but a newline", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }).filter((s) => !/[\n\ud800-\udfff]/.test(s)),
      (text) => {
        const escaped = [...text].map((c) => `\\${c}`).join("");
        expect(words(`x ${escaped}`)).toEqual(["x", text]);
      },
    ),
  );
});

test("no text makes the parser throw or run on", () => {
  const alphabet = fc.constantFrom(..."abc $`'\"\\(){}<>|&;#\n!=*?[]~-0");
  fc.assert(
    fc.property(fc.string({ unit: alphabet, maxLength: 40 }), (text) => {
      expect(["ok", "error", "incomplete"]).toContain(parseScript(text).kind);
    }),
    { numRuns: 2000 },
  );
});

test("a good script cut between two words is good or incomplete, never wrong", () => {
  const script = "for i in a b; do if true; then echo \"$i\"; else echo 'x'; fi; done";
  const parts = script.split(" ");
  for (let count = 0; count <= parts.length; count++) {
    expect(parseScript(parts.slice(0, count).join(" ")).kind).not.toBe("error");
  }
});

test("a syntax tree survives JSON, here-documents included", () => {
  const parsed = parseScript("cat <<E | wc &\nhello $x\nE\nf() { echo; }\n");
  expect(JSON.parse(JSON.stringify(parsed))).toMatchObject({ kind: "ok" });
  expect(JSON.stringify(parsed)).toContain("hello ");
});

describe("operators", () => {
  test("2>&1 is one redirection and 2 >&1 a word and a redirection", () => {
    expect(only("x 2>&1")).toMatchObject({ redirects: [{ fd: 2, op: ">&" }] });
    expect(words("x 2 >&1")).toEqual(["x", "2"]);
  });

  test("&& binds tighter than ; and looser than |", () => {
    expect(only("a | b && c")).toMatchObject({ kind: "and-or", left: { kind: "pipeline" } });
  });

  test("& ends a command as ; does", () => {
    const parsed = parseScript("a & b");
    expect(parsed.kind === "ok" && parsed.list.items.map((item) => item.background)).toEqual([
      true,
      false,
    ]);
  });

  test("a # starts a comment only at the start of a word", () => {
    expect(words("echo a#b # c")).toEqual(["echo", "a#b"]);
  });

  test("keywords are words where no command starts", () => {
    expect(words("echo if then done")).toEqual(["echo", "if", "then", "done"]);
  });
});

describe("messages", () => {
  test.each([
    ["fi", 'syntax error: unexpected "fi"'],
    ["a | ; b", 'syntax error: unexpected ";"'],
    ["for 1 in a; do x; done", "syntax error: bad for loop variable"],
    ["a )", 'syntax error: unexpected ")"'],
    ["if true; fi", 'syntax error: unexpected "fi"'],
    ["echo ${x", "missing '}'"],
  ])("%j says %s", (text, message) => {
    const parsed = parseScript(text);
    expect(parsed.kind === "ok" ? "" : parsed.message).toContain(message);
  });

  test("an open quote, brace, if and here-document are incomplete, not wrong", () => {
    for (const text of ["'a", '"a', "{ a", "if a; then", "cat <<E\nx", "a &&", "a |", "$(a"]) {
      expect(parseScript(`x; ${text}`.replace("x; $(", "x $(")).kind).toBe("incomplete");
    }
  });
});
