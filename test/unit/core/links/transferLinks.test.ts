// What the core reports to the transfers of files: offers, frames, and which links they can use; and in which form an offer goes
// to a peer.
import assert from "node:assert/strict";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import type { TransferStatus } from "../../../../extension/core/transfers/status.ts";
import { TransferMessage } from "../../../../protocol/bulk.ts";
import type { PeerMessage } from "../../../../protocol/peer.ts";
import * as core from "../../../support/core.ts";
import { effectTuple } from "../../../support/coreChecks.ts";
import { fileId } from "../../../support/fileIds.ts";
import { peer } from "../../../support/peerSamples.ts";
import { someFile } from "../../../support/sampleValues.ts";

const bobby = core.sid("bobby");
const reports = (state: State, ...events: (CoreEvent | core.Step)[]): unknown[] =>
  core
    .run(state, ...events)
    .effects.filter(({ type }) => type === "transfers")
    .map(effectTuple);

describe("the core and transfers", () => {
  const link = { link: "i-bobby", pin: core.pin("bobby"), dialler: "peer", path: "direct" } as const;

  it("report each new link to a peer that takes files, and its end", () => {
    const lost = core.unlinked("bobby", "lost");
    const { boot } = core.withBobby.channels[0] ?? assert.fail();
    assert.deepEqual(reports(core.withBobby, lost), [["transfers unlinked", bobby]]);
    assert.deepEqual(reports(core.after(core.withBobby, lost), core.calls("bobby")), [
      ["transfers linked", bobby, { ...link, boot, peerBoot: core.boot("bobby") }],
    ]);
    assert.deepEqual(reports(core.withBobby, core.frame("bobby", { type: "typing", value: true })), []);
  });

  it("report a link that replaces another as the end of that if the peer takes no files over it", () => {
    assert.deepEqual(reports(core.withBobby, core.calls("bobby", { can: ["part"] })), [
      ["transfers unlinked", bobby],
    ]);
    assert.equal(reports(core.withBobby, core.calls("bobby")).length, 1);
  });

  it("report the end of a session once", () => {
    for (const reason of ["left", "quit"] as const)
      assert.deepEqual(reports(core.withBobby, core.unlinked("bobby", reason)), [["transfers ended", bobby]]);
  });

  it("pass on each frame about files from a link that counts, and from no other", () => {
    for (const { entries } of TransferMessage.options) {
      for (const frame of peer[entries.type.literal]) {
        assert.deepEqual(reports(core.withBobby, core.frame("bobby", frame)), [
          ["transfers frame", bobby, frame],
        ]);
        assert.deepEqual(reports(core.withBobby, { type: "link/frame", link: "i-else", frame }), []);
      }
    }
  });

  it("report an offer once, however often its message comes", () => {
    const offer: PeerMessage = { type: "message", seq: 1, at: 1, text: "File: a.png", part: someFile };
    const heard = core.frame("bobby", offer);
    assert.deepEqual(reports(core.withBobby, heard, heard), [["transfers offered", bobby, someFile]]);
  });
});

describe("a user who retracts the offer of a file", () => {
  const session = sessionNumber(1);
  const says = (part: typeof someFile | undefined): CoreEvent => ({
    ...{ type: "user/say", request: 7, session, text: "File: a.png" },
    ...(part === undefined ? {} : { part }),
  });
  const acknowledged = core.frame("bobby", { type: "ack", received: 1 });
  const indexOf = (state: State): number => (state.sessions[1]?.transcript.end ?? 0) - 1;
  const retracted = (state: State): unknown[] =>
    reports(state, { type: "user/retract", session, index: indexOf(state) });

  it("takes the file back", () => {
    const own = core.after(core.withBobby, says(someFile), acknowledged);
    assert.deepEqual(retracted(own), [["transfers withdrawn", bobby, someFile.id]]);
  });

  it("takes back nothing else", () => {
    assert.deepEqual(retracted(core.after(core.withBobby, says(undefined), acknowledged)), []);
    const offer: PeerMessage = { type: "message", seq: 1, at: 1, text: "File: a.png", part: someFile };
    assert.deepEqual(retracted(core.after(core.withBobby, core.frame("bobby", offer))), []);
  });
});

describe("the status of a transfer", () => {
  const status = (n: number, phase: "offered" | "done"): TransferStatus => ({
    ...{ way: "in", sid: bobby, id: fileId(n), size: 3, bytes: 0, rate: null, secondsLeft: null },
    phase: { phase },
  });
  const changed = (...all: TransferStatus[]): readonly TransferStatus[] =>
    core.after(core.withBobby, ...all.map((transfer): CoreEvent => ({ type: "transfer/changed", transfer })))
      .transfers;

  it("replaces the earlier one of the same file", () => {
    assert.deepEqual(changed(status(1, "offered"), status(2, "offered"), status(1, "done")), [
      status(1, "done"),
      status(2, "offered"),
    ]);
  });

  it("is forgotten when it is over and there are too many, the oldest first", () => {
    const all = Array.from({ length: 1_030 }, (_, n) => status(n, n < 3 ? "offered" : "done"));
    const kept = changed(...all);
    assert.equal(kept.length, 1_024);
    assert.deepEqual(
      kept.slice(0, 4).map(({ id }) => id),
      [0, 1, 2, 9].map(fileId),
    );
  });
});

describe("the offer of a file", () => {
  const one = sessionNumber(1);
  const say: CoreEvent = { type: "user/say", request: 7, session: one, text: "File: a.png", part: someFile };
  const linkedTo = (can: readonly string[]): State =>
    core.after(core.withBobby, core.unlinked("bobby", "lost"), core.calls("bobby", { can: [...can] }));
  const sent = (state: State): PeerMessage | undefined =>
    core
      .run(state, say)
      .effects.flatMap((effect) =>
        effect.type === "network" && effect.call === "sendLink" ? [effect.args[1]] : [],
      )
      .find(({ type }) => type === "message");

  it("goes to a peer that takes files with its part", () => {
    const frame = sent(linkedTo(["part", "files"]));
    assert.ok(frame?.type === "message");
    assert.deepEqual([frame.text, frame.part], ["File: a.png", someFile]);
  });

  for (const can of [[], ["part"], ["part", "file"]]) {
    it(`tells a peer with can ${JSON.stringify(can)} what would have come`, () => {
      const frame = sent(linkedTo(can));
      assert.ok(frame?.type === "message");
      assert.equal(frame.part, undefined);
      assert.equal(
        frame.text,
        "File: a.png (3 bytes)\nTo receive it, update Fork Chat and ask for the file again.",
      );
    });
  }

  it("does not go to the lobby", () => {
    const inLobby = { ...say, session: sessionNumber(0) };
    const state = { ...core.online, passesParts: true };
    const [call] = core.run(state, inLobby).effects.map(effectTuple);
    assert.deepEqual(call?.[0], "send");
    assert.ok(!JSON.stringify(call).includes("part"));
  });
});
