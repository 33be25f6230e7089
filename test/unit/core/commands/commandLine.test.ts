// The grammar of what is typed.
import assert from "node:assert/strict";
import { parseLine } from "../../../../extension/core/commands/commandLine.ts";
import { commands } from "../../../../extension/core/model/commands.ts";

function errorOf(line: string): { code: string; text: string } {
  const result = parseLine(line);
  assert.equal(result.ok, false, `${line} was understood`);
  return result.error;
}

describe("a typed line", () => {
  for (const [line, text] of [
    ["hello", "hello"],
    ["  hello  ", "  hello  "],
    [" \\users", " \\users"],
    ["a \\users b", "a \\users b"],
    ["\\\\users", "\\users"],
    ["\\\\", "\\"],
    ["\\\\\\x", "\\\\x"],
    ["two\n\\users", "two\n\\users"],
    ["", ""],
  ] as const) {
    it(`${JSON.stringify(line)} is the message ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parseLine(line), { ok: true, value: { type: "message", text } });
    });
  }

  for (const [line, name, argument] of [
    ["\\users", "users", ""],
    ["\\USERS", "users", ""],
    ["\\users \n", "users", ""],
    ["\\fork bobby", "fork", "bobby"],
    ["\\fork   bobby  ", "fork", "bobby"],
    ["\\fork Łukasz", "fork", "Łukasz"],
    ["\\sw 1", "switch", "1"],
    ["\\switch bobby", "switch", "bobby"],
    ["\\ss", "sessions", ""],
    ["\\lob", "lobby", ""],
    ["\\leave", "leave", ""],
    ["\\quit", "quit", ""],
    ["\\help", "help", ""],
  ] as const) {
    it(`${JSON.stringify(line)} is the command ${name}`, () => {
      assert.deepEqual(parseLine(line), {
        ok: true,
        value: { type: "command", command: { name, argument } },
      });
    });
  }

  for (const line of ["\\fork", "\\fork a b", "\\switch", "\\users all", "\\quit now", "\\help\nme"]) {
    it(`${JSON.stringify(line)} is answered with its usage`, () => {
      const { code, text } = errorOf(line);
      assert.equal(code, "usage");
      assert.match(text, /^Usage: \\\w+/u);
    });
  }
});

describe("an unknown command", () => {
  for (const [line, meant] of [
    ["\\user", "users"],
    ["\\usres", "users"],
    ["\\frok bobby", "fork"],
    ["\\swich 1", "switch"],
    ["\\sesions", "sessions"],
    ["\\looby", "lobby"],
    ["\\leav", "leave"],
    ["\\exit", "quit"],
    ["\\HLEP", "help"],
  ] as const) {
    it(`${line} suggests the nearest command: \\${meant}`, () => {
      const { code, text } = errorOf(line);
      assert.equal(code, "unknown-command");
      assert.ok(text.includes(`Did you mean \\${meant}?`), text);
    });
  }

  for (const line of [
    "\\",
    "\\ ",
    "\\xyzzyxyzzy",
    `\\${"a".repeat(100_000)}`,
    "\\constructor",
    "\\__proto__",
  ]) {
    it(`${JSON.stringify(line.slice(0, 20))} resembles no command: the answer refers to \\help`, () => {
      const { code, text } = errorOf(line);
      assert.equal(code, "unknown-command");
      assert.ok(text.includes("\\help lists the commands."), text);
      assert.ok(text.length < 300);
    });
  }

  it("explains how to send such a text", () => {
    assert.match(errorOf("\\shrug").text, /starts with a backslash, type two/u);
  });
});

describe("the command table", () => {
  it("contains each name and each short form once", () => {
    const words = commands.flatMap((spec) => [spec.name, ...spec.aliases]);
    assert.equal(new Set(words).size, words.length);
    assert.equal(new Set(commands.map((spec) => spec.id)).size, commands.length);
  });

  it("contains only names that can be typed", () => {
    for (const spec of commands) {
      for (const word of [spec.name, ...spec.aliases]) assert.match(word, /^[a-z]+$/u);
    }
  });
});
