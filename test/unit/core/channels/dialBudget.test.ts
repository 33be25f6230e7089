// How many addresses of its own choice a peer can make a window dial, and that peers who move are not hurt by that bound.
import assert from "node:assert/strict";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { takeAddresses, takeRelayDial } from "../../../../extension/core/channels/dialBudget.ts";
import { fullDialBudget } from "../../../../extension/core/model/dialBudget.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { Turn } from "../../../../extension/core/model/turn.ts";
import { update } from "../../../../extension/core/update.ts";
import type { Address } from "../../../../protocol/fields.ts";
import { limits } from "../../../../protocol/limits.ts";
import {
  frame,
  NOW,
  pin,
  reaches,
  run,
  sid,
  type Step,
  UNIQUE,
  unlinked,
  withBobby,
} from "../../../support/core.ts";
import { lines } from "../../../support/coreChecks.ts";

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
const linkedAgain = (state: State): State => ({ ...state, channels: withBobby.channels });

const places = (from: number, count: number): Address[] =>
  Array.from({ length: count }, (_, n) => ({ host: "203.0.113.7", port: from + n }));

const notices = (state: State): string[] =>
  state.sessions.flatMap((session) => lines(session)).filter((line) => line.includes("keeps announcing"));

describe("the addresses a peer makes a window dial", () => {
  it("are limited in number, whatever it sends, and the user is notified once", () => {
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

  it("are dialed a limited number of times while none has led to the peer", () => {
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

  it("are always dialed when the peer's key was seen there", () => {
    const [home] = places(5_000, 1);
    assert.ok(home);
    let { state } = dialledAfter(withBobby, [home]);
    state = run(state, reaches("bobby", "direct", [{ address: home, failure: null }])).state;
    for (let n = 0; n < 30; n++) ({ state } = dialledAfter(linkedAgain(state), places(1_000 + 16 * n, 16)));
    assert.deepEqual(dialledAfter(linkedAgain(state), [...places(9_000, 15), home]).dialled, [home]);
  });

  it("are accepted as new again after some time", () => {
    let state = withBobby;
    for (let n = 0; n < 5; n++) ({ state } = dialledAfter(linkedAgain(state), places(1_000 + 16 * n, 16)));
    const tick = (event: CoreEvent): ReturnType<typeof update> =>
      update(state, { ...event, at: NOW + 10 * 60_000, random: 0, unique: UNIQUE });
    state = linkedAgain(state);
    const link = state.channels.find((channel) => channel.sid === sid("bobby"))?.link?.id ?? "";
    ({ state } = tick({ type: "link/frame", link, frame: { type: "addresses", items: places(9_000, 16) } }));
    const end = { kind: "lost", code: 1006, text: "" } as const;
    const { effects } = tick({ type: "link/closed", link, end });
    const dialled = effects.flatMap((effect) =>
      effect.type === "network" && effect.call === "dial" ? effect.args[1].addresses : [],
    );
    assert.equal(dialled.length, 10);
  });

  describe("the addresses of a laptop with ten of them", () => {
    /** Wi-Fi, containers, a VPN, carrier-grade NAT, IPv6 in the site and beyond, and where the server sees it. */
    const hosts = ["192.168.1.9", "172.17.0.1", "172.18.0.1", "172.19.0.1", "172.20.0.1", "10.8.0.2"];
    const more = ["100.64.0.9", "fd00::9", "2001:db8::9", "203.0.113.9"];
    /** Each of its windows listens at a port of its own. */
    const card = (window: number): Address[] =>
      [...hosts, ...more].map((host) => ({ host, port: 50_000 + window }));
    const leftOf = (state: State): number =>
      state.dialBudget.peers.get(withBobby.channels[0]?.pin ?? pin("bobby"))?.purse?.left ??
      limits.placesPerPeer;

    it("cost only what is dialed, in three windows, and cause no notice", () => {
      let state = withBobby;
      const before = leftOf(state);
      const dialled = new Set<string>();
      for (const window of [1, 2, 3]) {
        const outcome = dialledAfter(linkedAgain(state), card(window));
        for (const { host, port } of outcome.dialled) dialled.add(`${host} ${port}`);
        ({ state } = outcome);
      }
      // The same range as this window, and public ones.
      assert.equal(dialled.size, 3 * 3);
      assert.equal(before - leftOf(state), dialled.size);
      assert.deepEqual(notices(state), []);
    });

    it("cost only those whose turn came, when all may lead there and the first one does", () => {
      const near = (state: State): State => ({
        ...linkedAgain(state),
        channels: withBobby.channels.map((channel) => ({ ...channel, near: true })),
      });
      let state = near(withBobby);
      const before = leftOf(state);
      const shared = state.dialBudget.fresh?.left ?? limits.places;
      for (const window of [1, 2, 3]) {
        const outcome = dialledAfter(near(state), card(window));
        assert.equal(outcome.dialled.length, 10);
        const [first] = outcome.dialled;
        assert.ok(first);
        const ways = [{ address: first, failure: null }];
        state = run(outcome.state, reaches("bobby", "direct", ways)).state;
      }
      assert.equal(before - leftOf(state), 3);
      assert.equal(shared - (state.dialBudget.fresh?.left ?? 0), 3);
      assert.deepEqual(notices(state), []);
    });

    it("may all be dead, in three nearby windows, and cause no notice", () => {
      let state: State = withBobby;
      const dialled = new Set<string>();
      for (const window of [1, 2, 3]) {
        const channels = withBobby.channels.map((channel) => ({ ...channel, near: true }));
        const outcome = dialledAfter({ ...state, channels }, card(window));
        for (const { host, port } of outcome.dialled) dialled.add(`${host} ${port}`);
        ({ state } = outcome);
      }
      assert.equal(dialled.size, 3 * 10);
      assert.deepEqual(notices(state), []);
    });

    it("count if they were dialed without success before another one succeeded", () => {
      const { state, dialled } = dialledAfter(withBobby, places(1_000, 4));
      const before = leftOf(state);
      const ways = dialled.map((address, n) => ({ address, failure: n < 2 ? "refused" : null })).slice(0, 3);
      const after = run(state, reaches("bobby", "direct", ways)).state;
      assert.equal(leftOf(after) - before, 1);
      // The last one is as new as it was.
      const again = dialledAfter(linkedAgain(after), dialled);
      assert.equal(leftOf(after) - leftOf(again.state), 1);
    });
  });
});

describe("the addresses that all peers together make a window dial", () => {
  let turn: Turn;
  beforeEach(() => (turn = at({ ...withBobby, dialBudget: fullDialBudget }, 0)));

  const at = (state: State, ms: number): Turn => new Turn(state, { at: NOW + ms, random: 0, unique: UNIQUE });

  /** How many of so many new addresses are dialled, each peer with ten of them. */
  function dialled(peers: number, role: "A" | "B", name = "peer"): number {
    const [channel] = withBobby.channels;
    assert.ok(channel !== undefined);
    let count = 0;
    for (let n = 0; n < peers; n++) {
      const other = { ...channel, pin: pin(`${name}-${n}`), role };
      count += takeAddresses(turn, other, places(1_000 + 10 * n, 10)).allowed.length;
      // Other bounds are other tests'.
      turn.set({ dialBudget: { ...turn.state.dialBudget, unproven: null } });
    }
    return count;
  }

  it("are limited in number, with a share reserved for sessions that the user opened", () => {
    assert.equal(dialled(100, "B"), limits.places - 64);
    assert.equal(dialled(100, "A", "opened"), 64);
    turn = at(turn.state, 60_000);
    assert.equal(dialled(100, "A", "later"), 60 * limits.placesPerSecond);
  });

  it("include a limited number of relay dials, with a share reserved for sessions that the user opened", () => {
    const dials = (role: "A" | "B", peers: number): number => {
      const each = Array.from({ length: 100 * peers }, (_, n) => ({
        pin: pin(`${role}-${n % peers}`),
        role,
      }));
      return each.filter((peer) => takeRelayDial(turn, peer)).length;
    };
    assert.equal(dials("B", 50), limits.relayDials - 32);
    assert.equal(dials("A", 50), 32);
    turn = at(turn.state, 10_000);
    assert.equal(dials("A", 50), 10 * limits.relayDialsPerSecond);
  });

  it("include few relay dials of one peer", () => {
    const peer = { pin: pin("bobby"), role: "A" as const };
    const dials = (): number =>
      Array.from({ length: 1_000 }, () => takeRelayDial(turn, peer)).filter(Boolean).length;
    assert.equal(dials(), limits.relayDialsPerPeer);
    turn = at(turn.state, 10_000);
    assert.equal(dials(), 10 * limits.relayDialsPerPeerPerSecond);
    assert.ok(takeRelayDial(turn, { pin: pin("carmen"), role: "A" }));
  });

  it("are remembered for a bounded number of peers, and per peer", () => {
    dialled(2 * limits.knownPeers, "A");
    assert.equal(turn.state.dialBudget.peers.size, limits.knownPeers);
    const [channel] = withBobby.channels;
    assert.ok(channel !== undefined);
    for (let n = 0; n < 20; n++) {
      turn = at({ ...turn.state }, n * 3_600_000);
      takeAddresses(turn, channel, places(20_000 + 16 * n, 16));
    }
    assert.equal(turn.state.dialBudget.peers.get(channel.pin)?.places.size, limits.placesRemembered);
  });
});
