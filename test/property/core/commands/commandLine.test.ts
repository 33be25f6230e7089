// For any text: a line that begins with one backslash is never sent to anyone.
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseLine } from "../../../../extension/core/commands/commandLine.ts";
import { run, type, withBobby } from "../../../support/core.ts";

const rest = fc.oneof(
  fc.string(),
  fc
    .array(fc.constantFrom("users", "fork", "sw", "leave", "help", "bobby", "1", " ", "\n", "\\", "\u202e"), {
      maxLength: 6,
    })
    .map((parts) => parts.join("")),
);

describe("any typed text", () => {
  it("with one leading backslash yields no message", () => {
    fc.assert(
      fc.property(rest, (text) => {
        fc.pre(!text.startsWith("\\"));
        const line = parseLine(`\\${text}`);
        assert.ok(!line.ok || line.value.type === "command");
      }),
    );
  });

  it("with one leading backslash never leaves a window as a message", () => {
    fc.assert(
      fc.property(rest, fc.constantFrom(0, 1), (text, session) => {
        fc.pre(!text.startsWith("\\"));
        const { state, effects } = run(withBobby, type(`\\${text}`, session));
        assert.ok(state.sessions.every(({ pending }) => pending.length === 0));
        assert.ok(
          effects.every(
            (effect) =>
              effect.type !== "network" ||
              (!(effect.call === "sendLink" && effect.args[1].type === "message") &&
                !(effect.call === "send" && effect.args[1].type === "say")),
          ),
        );
      }),
    );
  });

  it("with no leading backslash, or two, is the message itself, minus one of the two", () => {
    fc.assert(
      fc.property(rest, (text) => {
        const message = (of: string): unknown => ({ ok: true, value: { type: "message", text: of } });
        if (!text.startsWith("\\")) assert.deepEqual(parseLine(text), message(text));
        assert.deepEqual(parseLine(`\\\\${text}`), message(`\\${text}`));
      }),
    );
  });
});
