// What is known of transfers, on the disk: per session and key, bounded in bytes and days.
import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import * as v from "valibot";
import { Pin, SessionId } from "../../../../protocol/fields.ts";
import { offered, saveReceiving } from "../../../../extension/core/transfers/receivingState.ts";
import { newOffer, saveOffer } from "../../../../extension/core/transfers/sendingState.ts";
import { roomFor, TRANSFER_BYTES } from "../../../../extension/host/transfers/diskRoom.ts";
import { Sidecars, type IncomingRecord } from "../../../../extension/host/transfers/sidecars.ts";
import { pin, sid } from "../../../support/fileTransfers.ts";
import { refuseModes } from "../../../support/plainDisk.ts";
import { fileId, hashOf } from "../../../support/fileIds.ts";
import { BLOCK_BYTES, RUNNING_TRANSFERS } from "../../../../protocol/bulk.ts";

const DAY_MS = 24 * 3_600_000;

describe("the sidecars of transfers", () => {
  let folder: string;
  let sidecars: Sidecars;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fork-chat-sidecars-"));
    sidecars = new Sidecars(folder);
  });
  afterEach(async () => {
    await sidecars.rest();
    rmSync(folder, { recursive: true, force: true });
  });

  const record = (n: number, size: number, change: Partial<IncomingRecord> = {}): IncomingRecord => ({
    ...{ sid, pin, folder: null, delivered: null, host: "" },
    offer: { kind: "file", id: fileId(n), name: "a.txt", size },
    snapshot: saveReceiving({ ...offered(fileId(n), size), accepted: true }),
    ...change,
  });

  const othersOf = async (of: IncomingRecord): Promise<number> => {
    let found = -1;
    await sidecars.reserve(of, (others) => {
      found = others;
      return Promise.resolve("asked");
    });
    return found;
  };

  it("are kept on a disk that refuses rights of files", async () => {
    const end = await refuseModes();
    try {
      await sidecars.saveIncoming(record(1, 10));
    } finally {
      end();
    }
    assert.equal((await sidecars.restoreIncoming({ sid, pin })).length, 1);
  });

  it("are those of one session with one key, without damaged ones", async () => {
    await sidecars.saveIncoming(record(1, 10));
    await sidecars.saveIncoming(record(2, 10, { sid: v.parse(SessionId, "session-2") }));
    await sidecars.saveIncoming(record(3, 10, { pin: v.parse(Pin, `B${"A".repeat(42)}`) }));
    await sidecars.saveIncoming(record(4, 10));
    writeFileSync(join(folder, "damaged.in"), '{"sid":');
    const found = await sidecars.restoreIncoming({ sid, pin });
    assert.deepEqual(new Set(found.map(({ offer }) => offer.id)), new Set([fileId(1), fileId(4)]));
  });

  it("of two sessions have files of their own, even if their peers choose the same id", async () => {
    await sidecars.saveIncoming(record(1, 10));
    await sidecars.saveIncoming(record(1, 20, { sid: v.parse(SessionId, "session-2") }));
    const [found] = await sidecars.restoreIncoming({ sid, pin });
    assert.equal(found?.offer.size, 10);
  });

  it("keep the newest state whichever write ends first", async () => {
    await Promise.all([10, 20, 30].map((size) => sidecars.saveIncoming(record(1, size))));
    const [found] = await sidecars.restoreIncoming({ sid, pin });
    assert.equal(found?.offer.size, 30);
    assert.equal(readdirSync(folder).length, 1);
  });

  describe("of blocks that come", () => {
    const hashes = Array.from({ length: 5 }, (_, i) => hashOf(Buffer.of(i)));
    const SIZE = 5 * BLOCK_BYTES;
    const save = (count: number, change: Partial<IncomingRecord> = {}): Promise<void> => {
      const transfer = { ...offered(fileId(1), SIZE), accepted: true, hashes: hashes.slice(0, count) };
      return sidecars.saveIncoming(record(1, SIZE, { snapshot: saveReceiving(transfer), ...change }));
    };
    const sidecar = (): string => sidecars.partPath(record(1, SIZE)).replace(/part$/u, "in");
    const restored = async (): Promise<readonly string[] | undefined> =>
      (await new Sidecars(folder).restoreIncoming({ sid, pin }))[0]?.snapshot.hashes;

    it("are not saved anew: only the hashes are appended", async () => {
      await save(1);
      const before = readFileSync(sidecar(), "utf8");
      for (const count of [2, 2, 3, 5]) await save(count);
      assert.equal(readFileSync(sidecar(), "utf8"), before);
      assert.deepEqual(await restored(), hashes);
    });

    it("are saved anew when anything else has changed, or blocks are gone", async () => {
      await save(2);
      await save(4);
      await save(3);
      assert.deepEqual(await restored(), hashes.slice(0, 3));
      await save(4);
      await save(5, { folder: "/somewhere" });
      assert.equal(readdirSync(folder).length, 1, "the log is gone");
      assert.deepEqual(await restored(), hashes);
    });

    it("count as far as their log is whole, and only beside their own sidecar", async () => {
      await save(1);
      await save(3);
      await sidecars.rest();
      await save(4);
      const log = readFileSync(`${sidecar()}-log`);
      writeFileSync(`${sidecar()}-log`, log.subarray(0, -3));
      assert.deepEqual(await restored(), hashes.slice(0, 3));
      // As if a process had ended between the new sidecar and the end of the log before.
      await save(2, { folder: "/somewhere" });
      writeFileSync(`${sidecar()}-log`, log);
      assert.deepEqual(await restored(), hashes.slice(0, 2));
    });

    it("are in no more logs than are open at once (skipped outside of Linux)", async function () {
      if (process.platform !== "linux") return this.skip();
      for (let n = 0; n < 30; n++) {
        const { snapshot, ...rest } = record(n, SIZE);
        await sidecars.saveIncoming({ ...rest, snapshot });
        await sidecars.saveIncoming({ ...rest, snapshot: { ...snapshot, hashes: hashes.slice(0, 1) } });
      }
      const open = readdirSync("/proc/self/fd").filter((fd) => targetOf(fd).startsWith(folder));
      assert.ok(open.length <= 2 * RUNNING_TRANSFERS, `${open.length} files`);
      await sidecars.rest();
      assert.deepEqual(
        readdirSync("/proc/self/fd").filter((fd) => targetOf(fd).startsWith(folder)),
        [],
      );
      assert.deepEqual(
        (await sidecars.restoreIncoming({ sid, pin })).map(({ snapshot }) => snapshot.hashes.length),
        Array.from({ length: 30 }, () => 1),
      );
    });
  });

  it("count the bytes that files need until they are in their place", async () => {
    const GIGABYTE = 2 ** 30;
    const done = { ...offered(fileId(2), 0), accepted: true, end: { how: "done" } } as const;
    await sidecars.saveIncoming(record(1, 2 * GIGABYTE));
    await sidecars.saveIncoming(record(2, 0, { snapshot: saveReceiving(done), delivered: "/a.txt" }));
    await sidecars.saveIncoming(
      record(3, GIGABYTE, { snapshot: saveReceiving(offered(fileId(3), GIGABYTE)) }),
    );
    assert.equal(await othersOf(record(4, 1)), 2 * GIGABYTE);
    assert.equal(await othersOf(record(1, 1)), 0);
    assert.equal(await roomFor(folder, 1, 0, TRANSFER_BYTES - 1), null);
    assert.equal(await roomFor(folder, 2, 0, TRANSFER_BYTES - 1), "crowded");
    assert.equal(await roomFor(folder, 1, 2 ** 52, 0), "full");
  });

  it("keep room for a file from the moment it is accepted, until that is saved or it is gone", async () => {
    const isFree = (others: number) => Promise.resolve(others === 0 ? null : "crowded");
    const [first, second] = [record(1, 10), record(2, 20)];
    const answers = [sidecars.reserve(first, isFree), sidecars.reserve(second, isFree)];
    assert.deepEqual(await Promise.all(answers), [null, "crowded"]);
    assert.equal(await sidecars.reserve(first, isFree), null);
    await sidecars.remove(first);
    assert.equal(await sidecars.reserve(second, isFree), null);
    const done = { ...offered(fileId(2), 0), accepted: true, end: { how: "done" } } as const;
    await sidecars.saveIncoming({ ...second, snapshot: saveReceiving(done), delivered: "/a.txt" });
    assert.equal(await sidecars.reserve(first, isFree), null);
  });

  it("go with cleared conversations, except those of sessions that are open", async () => {
    const other = v.parse(Pin, `B${"A".repeat(42)}`);
    const [open, over] = ["session-2", "session-3"].map((name) => v.parse(SessionId, name));
    const all = [
      record(1, 10, { sid: open ?? sid }),
      record(2, 10, { sid: over ?? sid }),
      record(3, 10, { sid: over ?? sid, pin: other }),
    ];
    for (const each of all) {
      await sidecars.saveIncoming(each);
      writeFileSync(sidecars.partPath(each), "");
      const { size } = each.offer;
      const snapshot = saveOffer(newOffer(each.offer.id, { size, mtime: 1 }));
      await sidecars.saveOutgoing({ sid: each.sid, pin: each.pin, offer: each.offer, path: "", snapshot });
      writeFileSync(sidecars.copyPath(each.sid, each.offer.id), "");
    }
    const left = () =>
      all.map((each) => readdirSync(folder).filter((name) => name.startsWith(stemOf(each))).length);
    const stemOf = (each: IncomingRecord) => basename(sidecars.partPath(each), ".part");
    const except = new Set(open === undefined ? [] : [open]);
    await sidecars.clear(pin, except);
    assert.deepEqual(left(), [4, 0, 4]);
    await sidecars.clear(null, except);
    assert.deepEqual(left(), [4, 0, 0]);
  });

  it("keep the copy of an offered file as long as its offer", async () => {
    const [kept, left, gone] = [1, 2, 3].map((n) => sidecars.copyPath(sid, fileId(n)));
    for (const path of [kept, left, gone]) writeFileSync(path ?? "", "");
    const offer = (n: number) => ({
      ...{ sid, pin, offer: record(n, 10).offer, path: "" },
      snapshot: saveOffer(newOffer(fileId(n), { size: 10, mtime: 1 })),
    });
    await sidecars.saveOutgoing(offer(1));
    const now = Date.now();
    const old = (now - 8 * DAY_MS) / 1000;
    for (const path of [kept, left]) utimesSync(path ?? "", old, old);
    await sidecars.expire(now);
    assert.deepEqual(
      [kept, left, gone].map((path) => existsSync(path ?? "")),
      [true, false, true],
    );
    await sidecars.forget({ sid, pin });
    assert.equal(existsSync(kept ?? ""), false);
    await sidecars.removeCopy(offer(3));
    assert.equal(existsSync(gone ?? ""), false);
  });

  it("are deleted with their files after seven days without a change", async () => {
    await sidecars.saveIncoming(record(1, 10));
    await sidecars.saveIncoming(record(2, 10));
    for (const n of [1, 2]) writeFileSync(sidecars.partPath(record(n, 10)), "");
    const now = Date.now();
    const old = (now - 8 * DAY_MS) / 1000;
    const kept = sidecars.partPath(record(2, 10));
    for (const name of readdirSync(folder))
      if (join(folder, name) !== kept.replace(/part$/u, "in")) utimesSync(join(folder, name), old, old);
    await sidecars.expire(now);
    const [found, other] = await sidecars.restoreIncoming({ sid, pin });
    assert.equal(found?.offer.id, fileId(2));
    assert.equal(other, undefined);
    assert.equal(readdirSync(folder).length, 2);
  });
});

/** What an open file of this process is; nothing if it is closed meanwhile. */
function targetOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return "";
  }
}
