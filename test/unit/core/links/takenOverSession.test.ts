// A new session takes over what a former one with the same key left to read, also while its user looks at that one.
import assert from "node:assert/strict";
import { after, introduce, linked, look, type, unlinked, withBobby } from "../../../support/core.ts";

describe("a session that replaces an earlier one", () => {
  it("is where a user ends up who has returned to the earlier one", () => {
    const ended = after(withBobby, type("for bobby", 1), unlinked("bobby", "left"), look(0));
    const asked = after(ended, type("\\fork bobby"));
    const id = asked.forks[0]?.id ?? "";
    const state = after(asked, look(1), introduce(id, "bobby", "again"), linked("again"));
    assert.deepEqual(
      state.sessions.map(({ number }) => number),
      [0, 2],
    );
    assert.equal(state.active, 2);
  });
});
