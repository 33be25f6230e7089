// package.json and docs/USING.md against the one table of commands.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { englishManifest } from "../../../support/manifest.ts";
import { commands, paletteCommands, usage } from "../../../../extension/core/model/commands.ts";

const root = new URL("../../../../", import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, root), "utf8");

const Manifest = v.object({
  contributes: v.object({
    commands: v.array(v.object({ command: v.string(), title: v.string(), category: v.optional(v.string()) })),
    menus: v.object({
      commandPalette: v.array(v.object({ command: v.string(), when: v.optional(v.string()) })),
    }),
  }),
});

const { contributes } = v.parse(Manifest, englishManifest());
const table = [...commands, ...paletteCommands];
const palette = new Map(contributes.menus.commandPalette.map(({ command, when }) => [command, when]));
/** What only buttons of the trees run; never in the palette. */
const internal = contributes.commands.filter(({ command }) => !table.some(({ id }) => id === command));

describe("package.json", () => {
  for (const { id, title } of table) {
    it(`contributes ${id} as “Chat: ${title}”`, () => {
      const found = contributes.commands.filter(({ command }) => command === id);
      assert.deepEqual(
        found.map((command) => [command.category, command.title]),
        [["Chat", title]],
      );
    });
  }

  for (const { id, where, needsServer } of commands) {
    it(`offers ${id} in the palette only where it works`, () => {
      const when = palette.get(id) ?? "";
      assert.match(when, needsServer ? /forkchat\.online/u : /forkchat\.joined/u);
      assert.equal(/forkchat\.inLobby/u.test(when), where === "lobby");
      assert.equal(/forkchat\.inPeerSession/u.test(when), where === "peer");
    });
  }

  it("always offers joining and starting a server", () => {
    assert.equal(palette.has("forkchat.join"), false);
    assert.equal(palette.has("forkchat.startServer"), false);
  });

  it("hides from the palette everything outside the command table", () => {
    for (const { command } of internal) assert.equal(palette.get(command), "false", command);
  });

  it("restricts no command that it does not contribute", () => {
    const ids = new Set(contributes.commands.map(({ command }) => command));
    for (const command of palette.keys()) assert.ok(ids.has(command), command);
  });

  it("names every command under the extension's prefix", () => {
    for (const { command } of contributes.commands) assert.match(command, /^forkchat\.[a-z]+[A-Za-z]*$/u);
  });
});

describe("the table of commands in docs/USING.md", () => {
  for (const spec of commands) {
    it(`has a row for ${usage(spec)} with its short forms and its palette title`, () => {
      const row = rowOf(spec.name);
      for (const alias of spec.aliases) assert.ok(row.includes(`\\${alias}`), `it lacks \\${alias}`);
      assert.ok(row.includes(`Chat: ${spec.title}`), `it lacks “Chat: ${spec.title}”`);
    });
  }

  for (const { title } of paletteCommands) {
    it(`names “Chat: ${title}”`, () => {
      assert.ok(rows().some((row) => row.includes(`Chat: ${title}`)));
    });
  }

  it("contains no command that is not in the table", () => {
    const names = rows().flatMap((row) => [...row.matchAll(/\\([a-z]+)/gu)].map((match) => match[1]));
    const words = new Set<string | undefined>(commands.flatMap((spec) => [spec.name, ...spec.aliases]));
    for (const name of names) assert.ok(words.has(name), `\\${name ?? ""}`);
  });
});

function rows(): string[] {
  const [, commands = ""] = read("docs/USING.md").split("\n## Commands\n");
  return commands.split("\n").filter((line) => line.startsWith("|") && /\\|Chat: /u.test(line));
}

function rowOf(name: string): string {
  const row = rows().find((line) => new RegExp(`\\\\${name}\\b`, "u").test(line));
  assert.ok(row !== undefined, `no row has \\${name}`);
  return row;
}
