// The files of messages beside their transfers, and what is said of each in a list.
import assert from "node:assert/strict";
import * as v from "valibot";
import { FilePart } from "../../../../protocol/bulk.ts";
import { offerText } from "../../../../protocol/fileText.ts";
import type { TransferView } from "../../../../protocol/webview.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { offeredIn, shownFiles } from "../../../../extension/core/view/shownFiles.ts";
import { transferLine } from "../../../../extension/core/view/transferLine.ts";
import type { TransferStatus } from "../../../../extension/core/transfers/status.ts";
import { after, frame, NOW, withBobby } from "../../../support/core.ts";
import { fileId } from "../../../support/fileIds.ts";

const bobby = withBobby.sessions[1] ?? assert.fail();
const { sid } = bobby;
const partOf = (n: number): FilePart =>
  v.parse(FilePart, { kind: "file", id: fileId(n), name: `${n}.txt`, size: 10 });
const offers = (...numbers: number[]): State =>
  after(
    withBobby,
    ...numbers.map((n) =>
      frame("bobby", { type: "message", seq: n, at: NOW, text: offerText(partOf(n)), part: partOf(n) }),
    ),
  );
const status = (n: number, change: Partial<TransferStatus> = {}) =>
  ({
    ...{ sid, id: fileId(n), way: "in", phase: { phase: "offered" } },
    ...{ size: 10, bytes: 0, rate: null, secondsLeft: null },
    ...change,
  }) as TransferStatus;
const withTransfers = (state: State, ...transfers: TransferStatus[]): State => ({ ...state, transfers });

describe("the files of a window", () => {
  it("are those of messages, in the order of their transfers", () => {
    const state = withTransfers(offers(1, 2), status(2), status(1), status(3));
    assert.deepEqual(
      shownFiles(state).map(({ part, session }) => [part.name, session.number]),
      [
        ["2.txt", 1],
        ["1.txt", 1],
      ],
    );
    const [{ index } = assert.fail()] = shownFiles(state);
    const entry = state.sessions[1]?.transcript.chunks.flat()[index];
    assert.equal(entry?.kind === "message" ? entry.text : null, "File: 2.txt (10 bytes)");
  });

  it("are none that the user offers with the same id", () => {
    const state = withTransfers(offers(1), status(1, { way: "out", phase: { phase: "sending" } }));
    assert.deepEqual(shownFiles(state), []);
  });

  it("can be saved together if they wait for an answer", () => {
    const state = withTransfers(
      offers(1, 2, 3),
      status(1),
      status(2, { phase: { phase: "done" } }),
      status(3),
    );
    assert.deepEqual(
      offeredIn(state, state.sessions[1] ?? bobby).map(({ name }) => name),
      ["1.txt", "3.txt"],
    );
  });
});

describe("what is said of a transfer in a list", () => {
  const common = {
    session: bobby.number,
    id: fileId(1),
    own: false,
    bytes: 500,
    rate: null,
    secondsLeft: null,
  };
  const cases: readonly [Partial<TransferView> & Pick<TransferView, "state">, string][] = [
    [{ state: { phase: "offered" } }, "Waiting for your answer"],
    [{ state: { phase: "offered" }, own: true }, "Waiting for an answer"],
    [
      { state: { phase: "running" }, rate: 1_000_000, secondsLeft: 90 },
      "500 bytes of 2 kB · 1 MB/s · 2 minutes left",
    ],
    [{ state: { phase: "running" } }, "500 bytes of 2 kB"],
    [{ state: { phase: "paused", by: "me" } }, "500 bytes of 2 kB · Paused"],
    [{ state: { phase: "paused", by: "them" } }, "500 bytes of 2 kB · Paused on the other side"],
    [{ state: { phase: "paused", by: "link" } }, "500 bytes of 2 kB · Waiting for a connection"],
    [{ state: { phase: "paused", by: "disk", reason: "full" } }, "500 bytes of 2 kB · Paused: full"],
    [{ state: { phase: "received" } }, "2 kB received"],
    [{ state: { phase: "sent" } }, "2 kB sent"],
    [{ state: { phase: "failed", why: "gone" } }, "Failed"],
  ];
  for (const [view, expected] of cases)
    it(`is “${expected}” (${JSON.stringify(view)})`, () => {
      assert.equal(transferLine({ ...common, ...view }, 2_000, "en"), expected);
    });
});
