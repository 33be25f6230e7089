// What the files of a session tell of their bulk link: whether it is of use.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { SessionFiles } from "../../../../extension/host/transfers/sessionFiles.ts";
import { Sidecars } from "../../../../extension/host/transfers/sidecars.ts";
import { lookAt } from "../../../../extension/host/transfers/sourceFile.ts";
import type { BulkLinks } from "../../../../extension/core/model/transferPorts.ts";
import { BLOCK_BYTES, CHUNK_BYTES, type FilePart } from "../../../../protocol/bulk.ts";
import { noise, partOf, pin, sid } from "../../../support/fileTransfers.ts";
import { fileId, hashOf } from "../../../support/fileIds.ts";

const ID = fileId(0);

describe("a bulk link counts as used", () => {
  let root: string;
  let files: SessionFiles;
  /** Calls of the links. */
  let told: string[];

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "fork-chat-session-files-"));
    told = [];
    const bulk = new Proxy({} as BulkLinks, { get: (_, call: string) => () => void told.push(call) });
    files = await SessionFiles.open({
      ...{ sid, pin, bulk, folder: join(root, "transfers"), sidecars: new Sidecars(join(root, "transfers")) },
      onRequest: () => null,
      show: () => undefined,
      report: (error) => assert.fail(String(error)),
      delivered: () => undefined,
    });
    files.met("direct");
  });
  afterEach(async () => {
    await files.end();
    files.dispose();
    rmSync(root, { recursive: true, force: true });
  });

  const uses = (): number => told.filter((call) => call === "used").length;
  const until = async (call: string): Promise<void> => {
    while (!told.includes(call)) await turn();
  };
  const open = (n: number): void => files.bulk({ type: "bulk/opened", n });
  const block = (bytes: Buffer): void => {
    const [index, size, sha256] = [0, bytes.length, hashOf(bytes)];
    files.bulk({ type: "bulk/message", frame: { type: "block", id: ID, index, size, sha256 } });
  };

  it("when a block that came was verified, and not before", async () => {
    const bytes = noise(CHUNK_BYTES);
    const part: FilePart = { kind: "file", id: ID, name: "a.bin", size: bytes.length };
    mkdirSync(join(root, "chosen"));
    files.receiver.offer(part);
    await files.receiver.accept(ID, join(root, "chosen"));
    for (const n of [1, 2]) {
      open(n);
      files.bulk({ type: "bulk/message", frame: { type: "credit", bytes: CHUNK_BYTES } });
      block(bytes);
      files.bulk({ type: "bulk/closed" });
    }
    open(3);
    block(noise(CHUNK_BYTES, 2));
    files.bulk({ type: "bulk/chunk", bytes });
    await files.receiver.close();
    assert.equal(uses(), 0);
    files.bulk({ type: "bulk/closed" });
    open(4);
    block(bytes);
    files.bulk({ type: "bulk/chunk", bytes });
    await until("used");
    assert.equal(uses(), 1);
  });

  it("when a whole block went over it, and not for less", async () => {
    const path = join(root, "a.bin");
    writeFileSync(path, noise(2 * BLOCK_BYTES));
    const source = await lookAt(path);
    assert.ok(source !== null);
    await files.sender.offer(partOf(path), path, source);
    for (const n of [1, 2, 3]) {
      told = [];
      open(n);
      files.frame({ type: "fetch", id: ID, from: 0, n });
      files.bulk({ type: "bulk/message", frame: { type: "credit", bytes: BLOCK_BYTES - CHUNK_BYTES } });
      await until("sendChunk");
      await files.sender.close();
      assert.equal(uses(), 0);
      files.bulk({ type: "bulk/closed" });
    }
    open(4);
    files.frame({ type: "fetch", id: ID, from: 0, n: 4 });
    files.bulk({ type: "bulk/message", frame: { type: "credit", bytes: BLOCK_BYTES } });
    await until("used");
    assert.equal(uses(), 1);
  });
});
