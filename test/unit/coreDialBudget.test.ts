// How many addresses of its own choice a peer can make a window dial, and that peers who move are not hurt by that bound.
import assert from "node:assert/strict";
import type { CoreEvent } from "../../extension/core/events.ts";
import type { State } from "../../extension/core/state.ts";
import { update } from "../../extension/core/update.ts";
import type { Address } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { frame, NOW, reaches, run, sid, unlinked, UNIQUE, withBobby, type Step } from "../support/core.ts";
import { lines } from "../support/coreChecks.ts";

/** bobby sends addresses, and ends the link, so that they are dialled; tells which were. */
function dialledAfter(state: State, addresses: readonly Address[]): { state: State; dialled: Address[] } {
  const steps: Step[] = [
    frame("bobby", { type: "addresses", items: [...addresses] }),
    unlinked("bobby", "lost"),
  ];
  const result = run(state, ...steps);
  const dialled = result.effects.flatMap((effect) =>
    effect.type === "network" && effect.call === "dial" ? effect.args[1].addresses : [],
  );
  return { state: result.state, dialled };
}

/** A link as before, however the last one ended. */
const linkedAgain = (state: State): State => ({ ...state, wires: withBobby.wires });

const places = (from: number, count: number): Address[] =>
  Array.from({ length: count }, (_, n) => ({ host: "203.0.113.7", port: from + n }));

const notices = (state: State): string[] =>
  state.sessions.flatMap((session) => lines(session)).filter((line) => line.includes("keeps sending"));

describe("the addresses that a peer makes a window dial", () => {
  it("are so many new ones, whatever it sends, and its user is told once", () => {
    let state = withBobby;
    const dialled = new Set<number>();
    for (let n = 0; n < 50; n++) {
      const outcome = dialledAfter(linkedAgain(state), places(1_000 + 16 * n, 16));
      for (const { port } of outcome.dialled) dialled.add(port);
      ({ state } = outcome);
    }
    assert.ok(dialled.size <= limits.placesPerPeer, String(dialled.size));
    assert.equal(notices(state).length, 1);
  });

  it("are dialled so often in all while they have not led to the peer", () => {
    let state = withBobby;
    let dials = 0;
    for (let n = 0; n < 100; n++) {
      const outcome = dialledAfter(linkedAgain(state), places(1_000, 16));
      dials += outcome.dialled.length;
      ({ state } = outcome);
    }
    assert.ok(dials > 0 && dials <= limits.unprovenDials, String(dials));
    assert.deepEqual(notices(state), []);
  });

  it("are always dialled where the peer's key was", () => {
    const [home] = places(5_000, 1);
    assert.ok(home);
    let { state } = dialledAfter(withBobby, [home]);
    state = run(state, reaches("bobby", "direct", [{ address: home, failure: null }])).state;
    for (let n = 0; n < 30; n++) ({ state } = dialledAfter(linkedAgain(state), places(1_000 + 16 * n, 16)));
    assert.deepEqual(dialledAfter(linkedAgain(state), [...places(9_000, 15), home]).dialled, [home]);
  });

  it("are new ones again after some time", () => {
    let state = withBobby;
    for (let n = 0; n < 5; n++) ({ state } = dialledAfter(linkedAgain(state), places(1_000 + 16 * n, 16)));
    const tick = (event: CoreEvent): ReturnType<typeof update> =>
      update(state, { ...event, at: NOW + 10 * 60_000, random: 0, unique: UNIQUE });
    state = linkedAgain(state);
    const link = state.wires.find((wire) => wire.sid === sid("bobby"))?.link?.id ?? "";
    ({ state } = tick({ type: "link/frame", link, frame: { type: "addresses", items: places(9_000, 16) } }));
    const end = { kind: "lost", code: 1006, text: "" } as const;
    const { effects } = tick({ type: "link/closed", link, end });
    const dialled = effects.flatMap((effect) =>
      effect.type === "network" && effect.call === "dial" ? effect.args[1].addresses : [],
    );
    assert.equal(dialled.length, 10);
  });
});
