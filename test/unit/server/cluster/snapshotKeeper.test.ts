// When the lobby's state is saved for new servers.
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import * as v from "valibot";
import type { SnapshotHead } from "../../../../protocol/cluster.ts";
import { Epoch } from "../../../../protocol/fields.ts";
import { Replica } from "../../../../server/cluster/replica.ts";
import { SnapshotKeeper } from "../../../../server/cluster/snapshotKeeper.ts";
import { ok } from "../../../../protocol/result.ts";
import { RendezvousHarness } from "../../../support/rendezvousHarness.ts";

const beat = { life: 1, sent: 0, at: 0, applied: 0, hash: "", link: "", access: "" } as const;

const EPOCH = v.parse(Epoch, "epoch-one");

/** The most characters that a server may have to read for what came since a snapshot. */
const MOST_CHARACTERS = 5 * 1024 * 1024;

describe("the lobby's state is saved", () => {
  let replica: Replica;
  let saved: number;
  let keeper: SnapshotKeeper;
  let entries: number;
  let reader: { revision: number; head: SnapshotHead | undefined; readonly replica: Replica };

  beforeEach(() => {
    [saved, entries] = [0, 0];
    replica = new Replica({ state: undefined, apply: () => undefined, check: () => "" });
    replica.beat(beat);
    reader = { revision: 1, head: undefined, replica };
    keeper = new SnapshotKeeper({
      etcd: { compact: () => Promise.resolve(ok(null)) },
      snapshots: {
        write: () => {
          saved += 1;
          return Promise.resolve(ok(true));
        },
      },
      reader,
      hall: () => new RendezvousHarness().rendezvous.snapshot(),
      epoch: EPOCH,
      life: 1,
      condition: () => [],
      log: () => undefined,
      later: () => undefined,
    });
  });

  /** Reads entries of this length until the state is saved. Returns how many. */
  function readUntilSaved(length: number): number {
    const text = "x".repeat(length);
    while (saved === 0) {
      assert.ok(entries < 10_000, "it is never saved");
      replica.entry({ life: 1, n: ++entries, time: 0, commands: [] }, text);
      keeper.saveIfDue();
    }
    return entries;
  }

  /** Servers read that it was saved. */
  function readSaved(): void {
    reader.head = { epoch: EPOCH, revision: reader.revision, place: "a", parts: 1, hash: "" };
    replica.saved();
  }

  it("after some thousand short entries", () => {
    assert.equal(readUntilSaved(200), 2_000);
  });

  it("sooner if they are long, as with an engine that takes its time", () => {
    const length = 64 * 1024;
    assert.ok(readUntilSaved(length) * length < MOST_CHARACTERS);
  });

  it("again only after as much has come again", async () => {
    const first = readUntilSaved(64 * 1024);
    readSaved();
    await setImmediate();
    saved = 0;
    assert.equal(readUntilSaved(64 * 1024), 2 * first);
  });

  it("not again before the server has read where the last one is, whose place it would take", async () => {
    readUntilSaved(200);
    await setImmediate();
    reader.revision += 1;
    keeper.saveIfDue();
    assert.equal(saved, 1);
    reader.revision -= 1;
    readSaved();
    [saved, reader.revision] = [0, reader.revision + 1];
    assert.equal(readUntilSaved(200), 4_000);
  });
});
