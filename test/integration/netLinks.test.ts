// Two windows' networks with a link between them: what it carries, how it is kept alive, and how its ends are told.
import assert from "node:assert/strict";
import { networkInterfaces, type NetworkInterfaceInfo } from "node:os";
import { setImmediate as turn, setTimeout as delay } from "node:timers/promises";
import { pretendInterfaces } from "../support/networkInterfaces.ts";
import { atEnd, cleanUp, type TestNetwork } from "./netHarness.ts";
import {
  endOf,
  frameOf,
  framesOf,
  greet,
  hello,
  listening,
  message,
  pair,
  target,
  wayTo,
} from "./peerHarness.ts";

/** The message of that number over a link, past or to come. */
async function arrival(network: TestNetwork, link: string, seq: number): Promise<void> {
  await frameOf(network, link, (frame) => frame.type === "message" && frame.seq === seq);
}

describe("a link between two windows", () => {
  afterEach(cleanUp);

  it("is reported to both sides with peer and path, and carries frames both ways in order", async () => {
    const { anna, bobby, address } = await pair();
    const path = "direct";
    assert.deepEqual(await anna.event("link/connected"), {
      ...{ type: "link/connected", link: "d1", role: "dialler", path },
      ...{ pin: bobby.pin, ownPin: anna.pin, ways: [{ address, failure: null }] },
    });
    assert.deepEqual(await bobby.event("link/connected"), {
      ...{ type: "link/connected", link: "i1", role: "listener", path },
      ...{ pin: anna.pin, ownPin: bobby.pin, ways: [], from: "127.0.0.1" },
    });
    const texts = [
      message(1, "hello\n\tbobby 👋"),
      message(2, "x".repeat(16_384)),
      message(3, "\u0001".repeat(16_384)),
    ];
    for (const frame of texts) anna.sendLink("d1", frame);
    bobby.sendLink("i1", { type: "ack", received: 3 });
    await Promise.all([arrival(bobby, "i1", 3), frameOf(anna, "d1", ({ type }) => type === "ack")]);
    assert.deepEqual(framesOf(bobby, "i1"), [hello(), ...texts]);
    assert.deepEqual(framesOf(anna, "d1"), [hello(), { type: "ack", received: 3 }]);
    assert.ok(![...anna.logged, ...bobby.logged].join().includes("bobby 👋"));
  });

  it("gives both sides the same safety number", async () => {
    const { anna, bobby } = await pair();
    const [mine, theirs] = await Promise.all([anna.event("peer/number"), bobby.event("peer/number")]);
    assert.match(mine.number, /^\d{60}$/);
    assert.equal(mine.number, theirs.number);
    assert.deepEqual([mine.pin, theirs.pin], [bobby.pin, anna.pin]);
  });

  for (const code of [1000, 4003, 4006, 4007, 4008]) {
    it(`ends for the other side with the code it was closed with: ${String(code)}`, async () => {
      const { anna, bobby } = await pair();
      anna.sendLink("d1", message(1, "last words"));
      anna.closeLink("d1", code);
      anna.sendLink("d1", message(2, "too late"));
      assert.deepEqual(await endOf(bobby, "i1"), {
        kind: "closed",
        code,
        text: "the other window closed the connection",
      });
      await anna.dispose();
      assert.deepEqual(framesOf(bobby, "i1").slice(1), [message(1, "last words")]);
      assert.ok(!anna.types().includes("link/closed"));
    });
  }

  for (const [who, link, other] of [
    ["anna", "i1", "bobby"],
    ["bobby", "d1", "anna"],
  ] as const) {
    it(`sends bye when ${who}'s window closes`, async () => {
      const both = await pair();
      await both[who].dispose();
      const end = await endOf(both[other], link);
      assert.deepEqual([end.kind, end.code], ["closed", 1001]);
      assert.deepEqual(framesOf(both[other], link).at(-1), { type: "bye", reason: "closed" });
    });
  }

  it("outlives the server, its listener, and the expectation of this key", async () => {
    const { anna, bobby, server } = await pair();
    for (const { ws } of server.clients.items) ws.terminate();
    await Promise.all([anna.event("rendezvous/closed"), bobby.event("rendezvous/closed")]);
    bobby.stopListening();
    bobby.expect([]);
    anna.sendLink("d1", message(1, "still here?"));
    await arrival(bobby, "i1", 1);
  });

  it("can coexist with others between the same two windows, each with its own end", async () => {
    const { anna, bobby } = await pair();
    const address = await listening(anna, bobby);
    bobby.dial("d1", target(anna, address));
    await greet(bobby, "d1", anna, "i1");
    bobby.closeLink("d1", 1000);
    assert.equal((await endOf(anna, "i1")).kind, "closed");
    anna.sendLink("d1", message(1, "and this one stays"));
    await arrival(bobby, "i1", 1);
    anna.sendLink("i1", message(1, "over"));
    anna.sendLink("d7", message(1, "never was"));
    anna.closeLink("d7", 1000);
    assert.ok(!bobby.types().includes("link/closed"));
  });

  it("stays open by heartbeats while no messages are sent", async () => {
    const times = { linkHeartbeatMs: 40, linkSilenceMs: 2_000 };
    const { anna, bobby } = await pair({ anna: times, bobby: times });
    await delay(1.2 * times.linkSilenceMs);
    bobby.sendLink("i1", message(1, "good morning"));
    await arrival(anna, "d1", 1);
    assert.ok(![...anna.types(), ...bobby.types()].includes("link/closed"));
  });

  it("is dropped by both sides when the network between them swallows everything", async () => {
    const times = { linkHeartbeatMs: 40, linkSilenceMs: 300, closeMs: 50 };
    let swallow = (): void => undefined;
    const by = async (place: Parameters<typeof wayTo>[0]) => {
      const way = await wayTo(place);
      swallow = way.swallow;
      return way.address;
    };
    const { anna, bobby } = await pair({ anna: times, bobby: times, by });
    swallow();
    anna.sendLink("d1", message(1, "is anybody there?"));
    const silent = { kind: "lost", code: 4005, text: "the other window stopped responding" };
    assert.deepEqual(await Promise.all([endOf(anna, "d1"), endOf(bobby, "i1")]), [silent, silent]);
    assert.deepEqual(framesOf(bobby, "i1"), [hello()]);
  });

  it("slows a sender down rather than losing anything", async () => {
    const { anna, bobby } = await pair({
      bobby: { peerFramesPerSecond: 400, burstSeconds: 0.05, linkHeartbeatMs: 40, linkSilenceMs: 200 },
      anna: { linkSilenceMs: 2_000 },
    });
    // Short ones come many at once: reading then pauses for longer than a silence may last.
    const texts = Array.from({ length: 600 }, (_, n) => message(n + 1, "x".repeat(1 + (n % 7) * (n % 60))));
    for (const frame of texts) anna.sendLink("d1", frame);
    await arrival(bobby, "i1", texts.length);
    assert.deepEqual(framesOf(bobby, "i1").slice(1), texts);
  });

  it("is cut when the other side leaves too much unread", async () => {
    const { anna, bobby } = await pair({
      anna: { unackedBytes: 16_384 },
      bobby: { peerFramesPerSecond: 200, burstSeconds: 0 },
    });
    let seq = 0;
    while (!anna.types().includes("link/closed")) {
      anna.sendLink("d1", message(++seq, "x".repeat(16_384)));
      await turn();
    }
    const { kind, code } = await endOf(anna, "d1");
    assert.deepEqual([kind, code], ["lost", 1006]);
    assert.equal((await endOf(bobby, "i1")).kind, "lost");
  });

  it("accepts any amount from a side whose frames are read", async () => {
    const { anna, bobby } = await pair({
      anna: { unackedBytes: 65_536 },
      bobby: { peerFramesPerSecond: 100_000 },
    });
    // Twenty times what may wait.
    for (let seq = 1; seq <= 640; seq++) {
      anna.sendLink("d1", message(seq, "x".repeat(16_384)));
      if (seq % 4 === 0) await arrival(bobby, "i1", seq);
    }
    assert.ok(!anna.types().includes("link/closed"));
  });

  it("is lost at once when this machine loses the address it uses", async () => {
    const { anna, bobby } = await pair({ bobby: { addressWatchMs: 30 } });
    const interfaces = networkInterfaces();
    const left = Object.values(interfaces).flatMap((infos) => (infos ?? []).filter(isElsewhere));
    atEnd(pretendInterfaces(() => ({ eth0: left })));
    assert.deepEqual([(await endOf(bobby, "i1")).kind, (await endOf(anna, "d1")).kind], ["lost", "lost"]);
  });
});

function isElsewhere({ address }: NetworkInterfaceInfo): boolean {
  return address !== "127.0.0.1";
}
