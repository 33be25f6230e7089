// Files from one side of a session to the other: real files on both, links that are cut, processes that end, disks that are full.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { BLOCK_BYTES } from "../../../../protocol/bulk.ts";
import { lookAt } from "../../../../extension/host/transfers/sourceFile.ts";
import type { Receiving } from "../../../../extension/core/transfers/receivingState.ts";
import { FilePair, noise, partOf } from "../../../support/fileTransfers.ts";
import { SmallDisk } from "../../../support/smallDisk.ts";
import { fileId } from "../../../support/transferLinks.ts";

const RECEIVER = join(import.meta.dirname, "../../../support/receivingProcess.ts");
const ID = fileId(0);

type SavedSidecar = { readonly log: string; readonly snapshot: { readonly hashes: readonly string[] } };

describe("a file", () => {
  let root: string;
  let pair: FilePair;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "fork-chat-transfers-"));
    pair = new FilePair(root);
    await pair.start();
  });
  afterEach(async () => {
    await pair.close();
    rmSync(root, { recursive: true, force: true });
  });

  const offer = async (bytes: Uint8Array, name = "a.bin"): Promise<string> => {
    const path = pair.write(name, bytes);
    const source = await lookAt(path);
    assert.ok(source !== null);
    const part = partOf(path);
    await pair.sender.offer(part, path, source);
    pair.receiver.offer(part);
    return path;
  };
  const transfer = (): Receiving => {
    const found = pair.receiver.incoming.transfers.find(({ id }) => id === ID);
    assert.ok(found !== undefined);
    return found;
  };
  const delivered = async (): Promise<string> => {
    await pair.until(() => pair.receiver.file(ID)?.delivered != null);
    return pair.receiver.file(ID)?.delivered ?? "";
  };
  /** Lets so many blocks come, and then loses the link. */
  const cutAfter = (blocks: number): void => {
    let chunks = 16 * blocks + 8;
    pair.onChunk = () => chunks-- > 0;
  };

  for (const size of [0, 1, BLOCK_BYTES, 3 * BLOCK_BYTES + 5])
    it(`of ${size} bytes arrives byte by byte, and its sender hears of it`, async () => {
      const path = await offer(noise(size));
      pair.link();
      await pair.receiver.accept(ID, pair.chosen);
      assert.deepEqual(readFileSync(await delivered()), readFileSync(path));
      await pair.until(() => pair.sender.sending.offers[0]?.over === "sent");
      await pair.close();
      assert.ok(!readdirSync(pair.transfers).some((name) => name.endsWith(".part")));
      assert.deepEqual(pair.errors, []);
    });

  it("does not come before the user wants it", async () => {
    await offer(noise(10));
    pair.link();
    assert.deepEqual(pair.told, []);
    assert.ok(!pair.receiver.wantsLink);
  });

  it("is for the user alone while it comes", async () => {
    await offer(noise(3 * BLOCK_BYTES));
    cutAfter(1);
    pair.link();
    await pair.receiver.accept(ID, pair.chosen);
    await pair.until(() => pair.receiver.incoming.link === null && transfer().hashes.length === 1);
    await pair.close();
    assert.equal(statSync(pair.transfers).mode & 0o777, 0o700);
    for (const name of readdirSync(pair.transfers))
      assert.equal(statSync(join(pair.transfers, name)).mode & 0o777, 0o600, name);
    assert.deepEqual(readdirSync(pair.chosen), []);
  });

  it("goes on where it was after its link was cut and both windows were started again", async () => {
    const path = await offer(noise(4 * BLOCK_BYTES));
    cutAfter(2);
    pair.link();
    await pair.receiver.accept(ID, pair.chosen);
    await pair.until(() => pair.receiver.incoming.link === null && transfer().hashes.length === 2);
    await pair.close();
    pair.onChunk = () => true;
    await pair.start();
    pair.receiver.offer(partOf(path));
    pair.link();
    assert.deepEqual(readFileSync(await delivered()), readFileSync(path));
    assert.deepEqual(pair.blocks, [0, 1, 2, 2, 3]);
  });

  it("goes on where it was when only its link was cut, in the middle of a block", async () => {
    const path = await offer(noise(4 * BLOCK_BYTES));
    cutAfter(2);
    pair.link();
    await pair.receiver.accept(ID, pair.chosen);
    await pair.until(() => pair.receiver.incoming.link === null && transfer().hashes.length === 2);
    pair.onChunk = () => true;
    pair.link();
    assert.deepEqual(readFileSync(await delivered()), readFileSync(path));
    assert.deepEqual(pair.blocks, [0, 1, 2, 2, 3]);
  });

  it("comes again from where the file on the disk ends, if that is shorter than its sidecar says", async () => {
    const path = await offer(noise(4 * BLOCK_BYTES));
    cutAfter(2);
    pair.link();
    await pair.receiver.accept(ID, pair.chosen);
    await pair.until(() => pair.receiver.incoming.link === null && transfer().hashes.length === 2);
    await pair.close();
    const [part] = readdirSync(pair.transfers).filter((name) => name.endsWith(".part"));
    truncateSync(join(pair.transfers, part ?? ""), BLOCK_BYTES + 1);
    pair.onChunk = () => true;
    await pair.start();
    pair.link();
    assert.deepEqual(readFileSync(await delivered()), readFileSync(path));
    assert.deepEqual(pair.blocks, [0, 1, 2, 1, 2, 3]);
  });

  it("is checked again after the machine was started again, which may have lost what it had not written", async () => {
    const path = await offer(noise(4 * BLOCK_BYTES));
    cutAfter(2);
    pair.link();
    await pair.receiver.accept(ID, pair.chosen);
    await pair.until(() => pair.receiver.incoming.link === null && transfer().hashes.length === 2);
    await pair.close();
    for (const name of readdirSync(pair.transfers)) {
      const file = join(pair.transfers, name);
      if (name.endsWith(".part")) writeFileSync(file, Buffer.alloc(1), { flag: "r+" });
      else writeFileSync(file, readFileSync(file, "utf8").replace(/"host":"\w+"/u, '"host":"former"'));
    }
    pair.onChunk = () => true;
    await pair.start();
    assert.equal(transfer().hashes.length, 0);
    pair.link();
    assert.deepEqual(readFileSync(await delivered()), readFileSync(path));
  });

  it("does not go on behind a gap when its bytes were deleted meanwhile, and comes anew when it is resumed", async () => {
    const path = await offer(noise(4 * BLOCK_BYTES));
    cutAfter(2);
    pair.link();
    await pair.receiver.accept(ID, pair.chosen);
    await pair.until(() => pair.receiver.incoming.link === null && transfer().hashes.length === 2);
    await pair.close();
    await pair.start();
    for (const name of readdirSync(pair.transfers))
      if (name.endsWith(".part")) rmSync(join(pair.transfers, name));
    pair.onChunk = () => true;
    pair.link();
    await pair.until(() => transfer().end !== null || transfer().paused.disk !== null);
    assert.equal(transfer().paused.disk, "failed");
    assert.deepEqual(readdirSync(pair.chosen), []);
    await pair.receiver.accept(ID, null);
    assert.deepEqual(readFileSync(await delivered()), readFileSync(path));
  });

  it("that changes meanwhile is not sent mixed", async () => {
    const path = await offer(noise(3 * BLOCK_BYTES));
    cutAfter(1);
    pair.link();
    await pair.receiver.accept(ID, pair.chosen);
    await pair.until(() => pair.receiver.incoming.link === null);
    writeFileSync(path, noise(3 * BLOCK_BYTES, 2));
    utimesSync(path, 1, 1);
    pair.onChunk = () => true;
    pair.link();
    await pair.until(() => transfer().end !== null);
    assert.deepEqual(transfer().end, { how: "failed", why: "changed" });
    await pair.close();
    assert.deepEqual(readdirSync(pair.chosen), []);
    assert.ok(!readdirSync(pair.transfers).some((name) => name.endsWith(".part")));
  });

  it("that is not there any more is said to be gone", async () => {
    rmSync(await offer(noise(10)));
    pair.link();
    await pair.receiver.accept(ID, pair.chosen);
    await pair.until(() => transfer().end !== null);
    assert.deepEqual(transfer().end, { how: "failed", why: "gone" });
  });

  it("leaves nothing behind when its receiver wants no more of it", async () => {
    await offer(noise(3 * BLOCK_BYTES));
    pair.onChunk = () => {
      pair.receiver.take({ type: "cancel", id: ID });
      return true;
    };
    pair.link();
    await pair.receiver.accept(ID, pair.chosen);
    await pair.until(() => pair.sender.sending.offers[0]?.over === "declined");
    await pair.close();
    assert.ok(!readdirSync(pair.transfers).some((name) => name.endsWith(".part")));
  });

  it("waits in its place when its folder is gone, and gets into another one", async () => {
    const path = await offer(noise(100));
    pair.link();
    await pair.receiver.accept(ID, join(root, "gone"));
    await pair.until(() => pair.receiver.file(ID)?.trouble === "folder");
    await pair.receiver.accept(ID, pair.chosen);
    assert.deepEqual(readFileSync(await delivered()), readFileSync(path));
  });

  it("that its window could not put into its place before it ended gets there at the next start, once", async () => {
    const path = await offer(noise(100));
    pair.link();
    const folder = join(root, "late");
    await pair.receiver.accept(ID, folder);
    await pair.until(() => pair.receiver.file(ID)?.trouble === "folder");
    await pair.close();
    pair.write("x", Buffer.alloc(0));
    rmSync(folder, { recursive: true, force: true });
    for (const name of readdirSync(pair.transfers).filter((each) => each.endsWith(".in"))) {
      const file = join(pair.transfers, name);
      writeFileSync(
        file,
        readFileSync(file, "utf8").replace(JSON.stringify(folder), JSON.stringify(pair.chosen)),
      );
    }
    await pair.startReceiver();
    assert.deepEqual(readFileSync(await delivered()), readFileSync(path));
    await pair.receiver.close();
    await pair.startReceiver();
    await pair.receiver.close();
    assert.deepEqual(readdirSync(pair.chosen), ["a.bin"]);
  });

  it("does not come faster than its blocks are saved: of two files, one block is not on record at most", async () => {
    const files = [0, 1].map((n) => ({ n, path: pair.write(`${n}.bin`, noise(3 * BLOCK_BYTES + 5, n)) }));
    for (const { n, path } of files) {
      const source = await lookAt(path);
      assert.ok(source !== null);
      await pair.sender.offer(partOf(path, n), path, source);
      pair.receiver.offer(partOf(path, n));
    }
    let most = 0;
    pair.onChunk = () => {
      most = Math.max(most, pair.blocks.length - hashesOnRecord(pair.transfers));
      return true;
    };
    await Promise.all(files.map(({ n }) => pair.receiver.accept(fileId(n), pair.chosen)));
    pair.link();
    await pair.until(() => files.every(({ n }) => pair.receiver.file(fileId(n))?.delivered != null));
    assert.equal(pair.blocks.length, 8);
    assert.equal(most, 1);
  });

  it("survives windows that are killed in the midst of it, and each time costs one block at most", async function () {
    this.timeout(120_000);
    const bytes = noise(6 * BLOCK_BYTES + 7);
    const path = pair.write("a.bin", bytes);
    await pair.close();
    let sent = 0;
    for (let round = 1; round <= 4; round++) {
      const receiver = spawn(process.execPath, ["--import", "tsx", RECEIVER, root, path], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let chunks = 0;
      for await (const line of createInterface({ input: receiver.stdout })) {
        if (line.startsWith("block")) sent++;
        if (line === "chunk") chunks++;
        // At another point each time: in the middle of a block, and at its end.
        if (chunks >= 16 * round + 5 * round) break;
      }
      receiver.kill("SIGKILL");
      if (receiver.exitCode === null && receiver.signalCode === null) await once(receiver, "exit");
    }
    await pair.start();
    pair.receiver.offer(partOf(path));
    pair.link();
    assert.deepEqual(readFileSync(await delivered()), bytes);
    const blocks = sent + pair.blocks.length;
    assert.ok(blocks <= 7 + 4, `${blocks} blocks were sent`);
    assert.deepEqual(readdirSync(pair.chosen), ["a.bin"]);
  });

  it("pauses when the disk is full, says so, and goes on when there is room", async () => {
    const disk = new SmallDisk();
    try {
      const small = new FilePair(disk.path);
      await small.start();
      const path = small.write("a.bin", noise(100_000));
      const source = await lookAt(path);
      assert.ok(source !== null);
      await small.sender.offer(partOf(path), path, source);
      small.receiver.offer(partOf(path));
      small.receiver.take({ type: "accept", id: ID });
      await small.receiver.close();
      disk.fill(small.transfers);
      small.link();
      await small.until(() => small.receiver.incoming.transfers[0]?.paused.disk != null);
      const { paused } = small.receiver.incoming.transfers[0] ?? {};
      assert.ok(paused?.disk === "full" || paused?.disk === "failed", String(paused?.disk));
      disk.free(small.transfers);
      small.receiver.take({ type: "accept", id: ID });
      await small.until(() => small.receiver.incoming.transfers[0]?.end !== null);
      assert.deepEqual(small.receiver.incoming.transfers[0]?.end, { how: "done" });
      await small.close();
    } finally {
      disk.remove();
    }
  });

  it("stays paused by its user when there is room again", async () => {
    await offer(noise(100));
    await pair.receiver.accept(ID, pair.chosen);
    pair.receiver.take({ type: "disk", id: ID, event: { type: "diskFailed", reason: "full" } });
    pair.receiver.take({ type: "pause", id: ID });
    await pair.receiver.retryDisk();
    const paused = () => pair.receiver.incoming.transfers[0]?.paused;
    assert.deepEqual(paused(), { me: true, them: false, disk: "full" });
    await pair.receiver.accept(ID, null);
    assert.deepEqual(paused(), { me: false, them: false, disk: null });
  });

  it("does not begin where there is no room for it", async () => {
    const disk = new SmallDisk();
    try {
      const small = new FilePair(disk.path);
      await small.start();
      const path = small.write("a.bin", noise(10));
      small.receiver.offer(partOf(path));
      await small.receiver.accept(ID, small.chosen);
      assert.equal(small.receiver.file(ID)?.trouble, "full");
      assert.equal(small.receiver.incoming.transfers[0]?.accepted, false);
      await small.close();
    } finally {
      disk.remove();
    }
  });
});

/** How many blocks a window would know after a restart. */
function hashesOnRecord(folder: string): number {
  const sidecars = readdirSync(folder).filter((name) => name.endsWith(".in"));
  return sidecars.reduce((sum, name) => {
    const path = join(folder, name);
    const { log, snapshot } = JSON.parse(readFileSync(path, "utf8")) as SavedSidecar;
    const [mark, ...lines] = existsSync(`${path}-log`)
      ? readFileSync(`${path}-log`, "utf8").trimEnd().split("\n")
      : [];
    return sum + snapshot.hashes.length + (mark === log ? lines.length : 0);
  }, 0);
}
