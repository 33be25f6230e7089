// When the lobby's state is saved for new servers.
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import * as v from "valibot";
import { Epoch } from "../../../../protocol/fields.ts";
import { Replica } from "../../../../server/cluster/replica.ts";
import { SnapshotKeeper } from "../../../../server/cluster/snapshotKeeper.ts";
import { ok } from "../../../../protocol/result.ts";
import { RendezvousHarness } from "../../../support/rendezvousHarness.ts";

const beat = { life: 1, sent: 0, at: 0, applied: 0, hash: "", link: "", access: "" } as const;

/** The most characters that a server may have to read for what came since a snapshot. */
const MOST_CHARACTERS = 5 * 1024 * 1024;

describe("the lobby's state is saved", () => {
  let replica: Replica;
  let saved: number;
  let keeper: SnapshotKeeper;
  let entries: number;

  beforeEach(() => {
    [saved, entries] = [0, 0];
    replica = new Replica({ state: undefined, apply: () => undefined, check: () => "" });
    replica.beat(beat);
    keeper = new SnapshotKeeper({
      etcd: { compact: () => Promise.resolve(ok(null)) },
      snapshots: {
        write: () => {
          saved += 1;
          return Promise.resolve(ok(true));
        },
      },
      reader: { revision: 1, head: undefined, replica },
      hall: () => new RendezvousHarness().rendezvous.snapshot(),
      epoch: v.parse(Epoch, "epoch-one"),
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

  it("after some thousand short entries", () => {
    assert.equal(readUntilSaved(200), 2_000);
  });

  it("sooner if they are long, as with an engine that takes its time", () => {
    const length = 64 * 1024;
    assert.ok(readUntilSaved(length) * length < MOST_CHARACTERS);
  });

  it("again only after as much has come again", async () => {
    const first = readUntilSaved(64 * 1024);
    // Servers read that it was saved.
    replica.saved();
    await setImmediate();
    saved = 0;
    assert.equal(readUntilSaved(64 * 1024), 2 * first);
  });
});
