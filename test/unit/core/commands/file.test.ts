// `\file PATH` offers a file in a private session, and says why not elsewhere.
import assert from "node:assert/strict";
import { run, type, withBobby } from "../../../support/core.ts";
import { effectTuple, lobbyLines } from "../../../support/coreChecks.ts";

describe("\\file", () => {
  it("asks the host to offer the file, in the session where it was typed", () => {
    const { effects } = run(withBobby, type("\\file ~/my file.txt", 1));
    assert.deepEqual(effects.map(effectTuple), [
      ["offerFile", 1, "~/my file.txt"],
      ["settle", 7, "ok"],
    ]);
  });

  it("is answered with its usage without a path", () => {
    const { effects } = run(withBobby, type("\\file", 1));
    assert.deepEqual(effects.map(effectTuple), [["settle", 7, "usage"]]);
  });

  it("says in the lobby that it needs a private session, and how to open one", () => {
    const { effects, state } = run(withBobby, type("\\file a.txt", 0));
    assert.deepEqual(effects.map(effectTuple), [["settle", 7, "no-such-session"]]);
    const lines = lobbyLines(state).join("\n");
    assert.match(lines, /they need a private session\. \\fork NAME opens one\./u);
  });
});
