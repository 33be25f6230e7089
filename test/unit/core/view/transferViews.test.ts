// What the cards of files show of the transfers.
import assert from "node:assert/strict";
import { sessionDetails } from "../../../../extension/core/view/sessionRow.ts";
import {
  percentUnderWay,
  transferChanges,
  transfersText,
  transferViews,
} from "../../../../extension/core/view/transferViews.ts";
import { panelChange } from "../../../../extension/core/view/panelView.ts";
import type { TransferStatus } from "../../../../extension/core/transfers/status.ts";
import { after, type, withBobby } from "../../../support/core.ts";
import { fileId } from "../../../support/fileIds.ts";

const sid = withBobby.sessions[1]?.sid ?? assert.fail();
const common = { sid, id: fileId(1), size: 10, bytes: 5, rate: null, secondsLeft: null };
const show = (transfer: TransferStatus) => after(withBobby, { type: "transfer/changed", transfer });
const stateOf = (transfer: TransferStatus) => transferViews(show(transfer))[0]?.state;

describe("the views of transfers", () => {
  const incoming: readonly [Extract<TransferStatus, { way: "in" }>["phase"], unknown][] = [
    [{ phase: "offered" }, { phase: "offered" }],
    [{ phase: "accepted" }, { phase: "waiting" }],
    [{ phase: "fetching" }, { phase: "running" }],
    [{ phase: "verifying" }, { phase: "verifying" }],
    [{ phase: "done" }, { phase: "received" }],
    [{ phase: "declined" }, { phase: "declined" }],
    [{ phase: "canceled" }, { phase: "canceled" }],
    [
      { phase: "paused", by: "disk", reason: "full" },
      { phase: "paused", by: "disk", reason: "full" },
    ],
    [
      { phase: "failed", why: "canceled" },
      { phase: "failed", why: "withdrawn" },
    ],
    [
      { phase: "failed", why: "gone" },
      { phase: "failed", why: "gone" },
    ],
    [
      { phase: "failed", why: "hash" },
      { phase: "failed", why: "damaged" },
    ],
    [
      { phase: "failed", why: "root" },
      { phase: "failed", why: "damaged" },
    ],
    [
      { phase: "failed", why: "many" },
      { phase: "failed", why: "many" },
    ],
  ];
  for (const [phase, expected] of incoming)
    it(`say of a file that comes and is ${JSON.stringify(phase)}: ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(stateOf({ ...common, way: "in", phase }), expected);
    });

  const outgoing: readonly [Extract<TransferStatus, { way: "out" }>["phase"], unknown][] = [
    [{ phase: "sending" }, { phase: "running" }],
    [{ phase: "sent" }, { phase: "sent" }],
    [{ phase: "declined" }, { phase: "declined" }],
    [
      { phase: "paused", by: "them" },
      { phase: "paused", by: "them" },
    ],
    [
      { phase: "failed", why: "changed" },
      { phase: "failed", why: "changed" },
    ],
    [{ phase: "canceled" }, { phase: "canceled" }],
    [
      { phase: "failed", why: "many" },
      { phase: "failed", why: "many" },
    ],
  ];
  for (const [phase, expected] of outgoing)
    it(`say of a file that goes and is ${JSON.stringify(phase)}: ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(stateOf({ ...common, way: "out", phase }), expected);
    });

  it("have one number for all files that are on their way now", () => {
    assert.equal(percentUnderWay(withBobby), null);
    const offered = show({ ...common, way: "in", phase: { phase: "offered" } });
    assert.equal(percentUnderWay(offered), null);
    const first = show({ ...common, way: "in", phase: { phase: "fetching" } });
    const transfer = { ...common, way: "out", size: 30, phase: { phase: "sending" } } as const;
    assert.equal(percentUnderWay(after(first, { type: "transfer/changed", transfer })), 25);
  });

  it("tell the two directions apart, and come to the page when one changes", () => {
    const first = show({ ...common, way: "in", phase: { phase: "offered" } });
    const second = after(first, {
      type: "transfer/changed",
      transfer: { ...common, way: "out", phase: { phase: "sent" } },
    });
    assert.deepEqual(
      transferViews(second).map(({ own, session }) => [own, session]),
      [
        [false, 1],
        [true, 1],
      ],
    );
    const changes = panelChange(first, second)?.transfers;
    assert.deepEqual([changes?.changed.map(({ own }) => own), changes?.gone], [[true], []]);
  });

  it("come to the page one by one, and those of a session that is gone leave it", () => {
    const first = show({ ...common, way: "in", phase: { phase: "offered" } });
    assert.equal(transferChanges(first, after(first, type("hello"))), null);
    const without = { ...first, sessions: [first.sessions[0]] } as const;
    const { id } = common;
    assert.deepEqual(transferChanges(first, without), {
      changed: [],
      gone: [{ session: 1, own: false, id }],
    });
    assert.deepEqual(transferChanges(without, first)?.changed, transferViews(first));
  });

  it("are told in one line beside their person, for each direction", () => {
    const [lobby, bobby] = withBobby.sessions;
    assert.ok(bobby !== undefined);
    assert.equal(transfersText(withBobby, bobby), "");
    const first = show({ ...common, way: "in", phase: { phase: "fetching" } });
    assert.equal(transfersText(first, bobby), "receiving 50%");
    const transfer = { ...common, way: "out", size: 30, phase: { phase: "sending" } } as const;
    const both = after(first, { type: "transfer/changed", transfer });
    assert.equal(transfersText(both, bobby), "sending 16%, receiving 50%");
    assert.equal(transfersText(both, lobby), "");
    assert.ok(sessionDetails(both, bobby).includes("sending 16%, receiving 50%"));
    const paused = show({ ...common, way: "in", phase: { phase: "paused", by: "me" } });
    assert.equal(transfersText(paused, bobby), "");
  });
});
