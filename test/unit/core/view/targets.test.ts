// The people that the composer suggests for a command's argument.
import assert from "node:assert/strict";
import { panelChange, panelState } from "../../../../extension/core/view/panelView.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { LOBBY } from "../../../../extension/core/model/session.ts";
import { complete } from "../../../../webview/composer/completion.ts";
import {
  after,
  hear,
  invite,
  join,
  joined,
  listening,
  look,
  blank,
  offline,
  online,
  open,
  settings,
  tell,
  type,
  unlinked,
  withBobby,
  withBoth,
} from "../../../support/core.ts";

const asking = after(
  blank,
  settings({ acceptForks: "ask" }),
  ...[join("anna"), open(), listening],
  tell(joined("anna", { users: ["anna", "bobby", "carmen", "Dora"].map((name) => ({ name })) })),
);

/** The names offered for the next word of a line. */
function offered(state: State, line: string): string[] {
  return complete(line, line.length, panelState(state))?.candidates.map(({ label }) => label) ?? [];
}

/** In the lobby again, where a fork is typed. */
const inLobby = (state: State): State => after(state, look(LOBBY));

describe("the people offered for", () => {
  it("\\fork are online and have no private session with us", () => {
    assert.deepEqual(offered(online, "\\fork "), ["bobby", "carmen"]);
    assert.deepEqual(offered(inLobby(withBobby), "\\fork "), ["carmen"]);
    assert.deepEqual(offered(after(inLobby(withBobby), unlinked("bobby", "lost")), "\\fork "), ["carmen"]);
    const ended = after(inLobby(withBobby), unlinked("bobby", "left"));
    assert.deepEqual(offered(ended, "\\fork "), ["bobby", "carmen"]);
  });

  it("\\fork are neither blocked nor already asked", () => {
    assert.deepEqual(offered(after(online, type("\\block carmen")), "\\fork "), ["bobby"]);
    assert.deepEqual(offered(after(online, type("\\fork carmen")), "\\fork "), ["bobby"]);
    const both = after(asking, invite("bobby"));
    assert.deepEqual(offered(both, "\\fork "), ["bobby", "carmen", "Dora"]);
    assert.deepEqual(offered(after(both, type("\\fork bobby")), "\\fork "), ["carmen", "Dora"]);
  });

  it("\\accept and \\decline are those who have asked", () => {
    for (const line of ["\\accept ", "\\decline "]) {
      assert.deepEqual(offered(asking, line), []);
      assert.deepEqual(offered(after(asking, invite("carmen"), invite("bobby")), line), ["bobby", "carmen"]);
      assert.deepEqual(offered(after(asking, invite("carmen"), type("\\decline carmen")), line), []);
    }
  });

  it("\\block are online or known, and not blocked", () => {
    assert.deepEqual(offered(online, "\\block "), ["bobby", "carmen"]);
    assert.deepEqual(offered(offline, "\\block "), ["bobby", "carmen"]);
    assert.deepEqual(offered(after(online, type("\\block bobby")), "\\block "), ["carmen"]);
    const gone = after(withBoth, tell({ type: "left", name: "bobby", reason: "quit" }));
    assert.deepEqual(offered(gone, "\\block "), ["carmen", "bobby"]);
  });

  it("\\unblock are blocked, online or not", () => {
    assert.deepEqual(offered(online, "\\unblock "), []);
    const blocking = after(
      online,
      type("\\block carmen"),
      tell({ type: "left", name: "carmen", reason: "quit" }),
    );
    assert.deepEqual(offered(blocking, "\\unblock "), ["carmen"]);
    assert.deepEqual(offered(after(blocking, type("\\unblock carmen")), "\\unblock "), []);
  });

  it("\\introduce are two with open sessions", () => {
    assert.deepEqual(offered(withBoth, "\\introduce "), ["bobby", "carmen"]);
    assert.deepEqual(offered(withBoth, "\\introduce bobby "), ["carmen"]);
    assert.deepEqual(offered(offline, "\\introduce Carmen b"), ["bobby"]);
    assert.deepEqual(offered(withBobby, "\\introduce "), [], "one alone");
    assert.deepEqual(offered(after(withBoth, unlinked("bobby", "lost")), "\\introduce "), []);
  });
});

describe("a page gets changed targets", () => {
  const changed = (before: State, after: State): boolean =>
    panelChange(before, after)?.state?.targets !== undefined;

  it("when someone arrives, asks, is blocked, is forked, or a session opens or ends", () => {
    const [forking] = [after(online, type("\\fork bobby"))];
    assert.ok(changed(online, after(online, tell({ type: "arrived", name: "dora" }))));
    assert.ok(changed(asking, after(asking, invite("bobby"))));
    assert.ok(changed(online, after(online, type("\\block bobby"))));
    assert.ok(changed(online, forking));
    assert.ok(changed(forking, withBobby));
    assert.ok(changed(withBoth, after(withBoth, unlinked("bobby", "lost"))));
    assert.ok(changed(withBoth, after(withBoth, unlinked("bobby", "left"))));
  });

  it("and not when someone sends a message", () => {
    assert.ok(!changed(withBoth, after(withBoth, hear("bobby", 1, "hi"))));
  });
});
