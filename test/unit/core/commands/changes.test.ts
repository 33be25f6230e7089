// `\changes` lets the user choose changes for a private session, and says why not elsewhere.
import assert from "node:assert/strict";
import { run, type, withBobby } from "../../../support/core.ts";
import { effectTuple, lobbyLines } from "../../../support/coreChecks.ts";

describe("\\changes", () => {
  const typed: readonly [string, unknown][] = [
    ["\\changes", { kind: "uncommitted" }],
    ["\\changes staged", { kind: "staged" }],
    ["\\changes HEAD~1", { kind: "commit", commit: "HEAD~1" }],
    ["\\changes main..feature", { kind: "range", base: "main", branch: "feature" }],
  ];
  for (const [line, wanted] of typed)
    it(`${line} asks the host, in the session where it was typed`, () => {
      const { effects } = run(withBobby, type(line, 1));
      assert.deepEqual(effects.map(effectTuple), [
        ["sendChanges", 1, wanted],
        ["settle", 7, "ok"],
      ]);
    });

  it("is answered with its usage for what cannot be meant", () => {
    const { effects } = run(withBobby, type("\\changes --all", 1));
    assert.deepEqual(effects.map(effectTuple), [["settle", 7, "usage"]]);
  });

  it("says in the lobby that it needs a private session, and how to open one", () => {
    const { effects, state } = run(withBobby, type("\\changes", 0));
    assert.deepEqual(effects.map(effectTuple), [["settle", 7, "no-such-session"]]);
    assert.match(lobbyLines(state).join("\n"), /they need a private session\. \\fork NAME opens one\./u);
  });
});
