// What the page knows of a command before the host has read it: held against the core's table of commands.
import assert from "node:assert/strict";
import { asksPerson, askTheSame, commandWords, standsAlone } from "../../../protocol/typedCommand.ts";
import { commands } from "../../../extension/core/model/commands.ts";

describe("a typed command", () => {
  const linesOf = (matches: (line: string) => boolean): string[] =>
    commands.flatMap(({ name, aliases }) => [name, ...aliases]).filter((name) => matches(`\\${name} bobby`));

  it("depends on its session, ends something, or stands alone", () => {
    const bound = linesOf((line) => !standsAlone(line));
    assert.deepEqual(bound, ["send", "verify", "mute", "leave", "block", "quit"]);
    const ofPeers = commands.filter(({ where }) => where === "peer").map(({ name }) => name);
    assert.deepEqual(
      ofPeers.filter((name) => !bound.includes(name)),
      [],
    );
  });

  it("asks another person if it is a fork", () => {
    assert.deepEqual(linesOf(asksPerson), ["fork"]);
    assert.equal(asksPerson("\\FORK bobby"), true);
    assert.equal(asksPerson("\\forks bobby"), false);
  });

  it("asks the same person under every spelling of the name", () => {
    assert.equal(askTheSame("\\fork bobby", "\\Fork  BOBBY "), true);
    assert.equal(askTheSame("\\fork bobby", "\\fork carmen"), false);
  });

  it("is split into words without the blanks between them", () => {
    assert.deepEqual(commandWords("\\ introduce  a\tb "), { name: "introduce", words: ["a", "b"] });
    assert.deepEqual(commandWords("\\"), { name: "", words: [] });
  });
});
