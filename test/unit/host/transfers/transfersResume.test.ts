// A file goes on where it was: after links that are cut, processes that end, and bytes that are lost.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { BLOCK_BYTES } from "../../../../protocol/bulk.ts";
import { lookAt } from "../../../../extension/host/transfers/sourceFile.ts";
import { noise, partOf } from "../../../support/fileTransfers.ts";
import { fileId } from "../../../support/fileIds.ts";
import { ID, TemporaryPair } from "../../../support/temporaryPair.ts";

const RECEIVER = join(import.meta.dirname, "../../../support/receivingProcess.ts");

type SavedSidecar = { readonly log: string; readonly snapshot: { readonly hashes: readonly string[] } };

describe("a file", () => {
  let pair: TemporaryPair;

  beforeEach(async () => {
    pair = await TemporaryPair.create();
  });
  afterEach(() => pair.remove());

  it("goes on where it was after its link was cut and both windows were started again", async () => {
    const path = await pair.cutHalfway();
    await pair.close();
    await pair.start();
    pair.receiver.offer(partOf(path));
    pair.link();
    assert.deepEqual(readFileSync(await pair.delivered()), readFileSync(path));
    assert.deepEqual(pair.blocks, [0, 1, 2, 2, 3]);
  });

  it("goes on where it was when only its link was cut, in the middle of a block", async () => {
    const path = await pair.cutHalfway();
    pair.link();
    assert.deepEqual(readFileSync(await pair.delivered()), readFileSync(path));
    assert.deepEqual(pair.blocks, [0, 1, 2, 2, 3]);
  });

  it("comes again from where the file on the disk ends, if that is shorter than its sidecar says", async () => {
    const path = await pair.cutHalfway();
    await pair.close();
    const [part] = readdirSync(pair.transfers).filter((name) => name.endsWith(".part"));
    truncateSync(join(pair.transfers, part ?? ""), BLOCK_BYTES + 1);
    await pair.start();
    pair.link();
    assert.deepEqual(readFileSync(await pair.delivered()), readFileSync(path));
    assert.deepEqual(pair.blocks, [0, 1, 2, 1, 2, 3]);
  });

  it("is checked again after the machine was started again, which may have lost what it had not written", async () => {
    const path = await pair.cutHalfway();
    await pair.close();
    for (const name of readdirSync(pair.transfers)) {
      const file = join(pair.transfers, name);
      if (name.endsWith(".part")) writeFileSync(file, Buffer.alloc(1), { flag: "r+" });
      else writeFileSync(file, readFileSync(file, "utf8").replace(/"host":"\w+"/u, '"host":"former"'));
    }
    await pair.start();
    assert.equal(pair.transfer().hashes.length, 0);
    pair.link();
    assert.deepEqual(readFileSync(await pair.delivered()), readFileSync(path));
  });

  it("does not go on behind a gap when its bytes were deleted meanwhile, and comes anew when it is resumed", async () => {
    const path = await pair.cutHalfway();
    await pair.close();
    await pair.start();
    for (const name of readdirSync(pair.transfers))
      if (name.endsWith(".part")) rmSync(join(pair.transfers, name));
    pair.link();
    await pair.until(() => pair.transfer().end !== null || pair.transfer().paused.disk !== null);
    assert.equal(pair.transfer().paused.disk, "failed");
    assert.deepEqual(readdirSync(pair.chosen), []);
    await pair.receiver.accept(ID, null);
    assert.deepEqual(readFileSync(await pair.delivered()), readFileSync(path));
  });

  it("that its window could not put into its place before it ended gets there at the next start, once", async () => {
    const path = await pair.offer(noise(100));
    pair.link();
    const folder = join(pair.root, "late");
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
    assert.deepEqual(readFileSync(await pair.delivered()), readFileSync(path));
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
      const receiver = spawn(process.execPath, ["--import", "tsx", RECEIVER, pair.root, path], {
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
    assert.deepEqual(readFileSync(await pair.delivered()), bytes);
    const blocks = sent + pair.blocks.length;
    assert.ok(blocks <= 7 + 4, `${blocks} blocks were sent`);
    assert.deepEqual(readdirSync(pair.chosen), ["a.bin"]);
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
