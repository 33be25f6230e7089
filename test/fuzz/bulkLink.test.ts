// A window that receives a file, under fire from its peer over the bulk link: no wrong byte counts as received, what waits has its
// bound, and the next bulk link of an honest sender brings the file.
import assert from "node:assert/strict";
import { once } from "node:events";
import { WebSocket } from "ws";
import {
  BLOCK_BYTES,
  blockCount,
  blockSize,
  CHUNK_BYTES,
  MOST_CREDIT,
  type BulkMessage,
  type FileId,
} from "../../protocol/bulk.ts";
import { bulkTo, listener, open, say } from "../integration/bulkStranger.ts";
import { cleanUp, received } from "../integration/netHarness.ts";
import { bulk as samples } from "../support/peerSamples.ts";
import { fileId, hashOf, rootOf } from "../support/fileIds.ts";
import { fuzz, LONG } from "./fuzz.ts";
import { Mutator } from "./mutator.ts";

const LINKS = LONG ? 1_000 : 30;
const FRAMES = 30;
const file = Buffer.alloc(BLOCK_BYTES + 3 * CHUNK_BYTES + 5, "bytes that have no double in a block ");
const blocks = Array.from({ length: blockCount(file.length) }, (_, index) =>
  file.subarray(index * BLOCK_BYTES, index * BLOCK_BYTES + blockSize(file.length, index)),
);
const hashes = blocks.map(hashOf);

/** Sends as an honest sender does, as far as the receiver allows it, until the end or until the link is closed. */
async function sendRest(
  ws: WebSocket,
  id: FileId,
  from: number,
  mayComplete: (bytes: number) => Promise<boolean>,
  change: (bytes: Buffer) => Buffer = (bytes) => bytes,
): Promise<void> {
  for (const [index, block] of blocks.entries()) {
    if (index < from) continue;
    say(ws, { type: "block", id, index, size: block.length, sha256: hashes[index] ?? hashOf(block) });
    for (let at = 0; at < block.length; at += CHUNK_BYTES) {
      const chunk = change(block.subarray(at, at + CHUNK_BYTES));
      if (!(await mayComplete(chunk.length))) return;
      ws.send(chunk);
    }
  }
  say(ws, { type: "end", id, root: rootOf(hashes) });
}

/** Waits until the receiver's credit covers as many bytes more. Resolves with false if the link or the transfer ends instead. */
function creditOf(ws: WebSocket, canceled: Promise<unknown>): (bytes: number) => Promise<boolean> {
  let credit = 0;
  let seen = 0;
  const grants = received(ws);
  let isOver = false;
  const over = Promise.race([once(ws, "close"), canceled]).then(() => (isOver = true));
  return async (bytes) => {
    while (credit < bytes && !isOver) {
      await Promise.race([grants.count(seen + 1), over]);
      const frame = JSON.parse(grants.items[seen] ?? "{}") as Partial<BulkMessage>;
      seen += 1;
      if (frame.type === "credit") credit += frame.bytes ?? 0;
    }
    credit -= bytes;
    return !isOver;
  };
}

describe("a bulk link under fire", () => {
  afterEach(cleanUp);

  fuzz(`brings no wrong byte, and the next one brings the file (${LINKS} links)`, async (seed) => {
    const mutator = new Mutator(seed, Object.values(samples).flat());
    const { files, address, key, told } = await listener({ limits: { bulkLinkBurst: LINKS + 1 } });
    const fetched = (n: number) => told.find((text): text is string => text.includes(`"n":${n}`));
    const canceled = (id: FileId) =>
      told.find((text): text is string => text.includes('"cancel"') && text.includes(id));
    for (let n = 1; n <= LINKS; n++) {
      const id = fileId(n);
      files.accept(id, file.length);
      const ws = await bulkTo(address, key);
      const mayComplete = creditOf(ws, canceled(id));
      if (mutator.chance(0.9)) {
        say(ws, open({ n }));
        await fetched(n);
      }
      for (let i = 0; i < FRAMES && ws.readyState === WebSocket.OPEN; i++) {
        const kind = mutator.below(12);
        if (kind === 0) ws.send(mutator.frame());
        else if (kind === 1) ws.send(Buffer.alloc(mutator.below(CHUNK_BYTES + 2), mutator.below(256)));
        else if (kind === 2) say(ws, mutator.pick([...Object.values(samples).flat(), open({ n })]));
        else {
          const spoil = (bytes: Buffer): Buffer =>
            mutator.chance(0.02) ? Buffer.from(bytes).reverse() : bytes;
          await sendRest(ws, id, i === 0 ? 0 : mutator.below(2), mayComplete, spoil);
        }
      }
      ws.close();
      if (ws.readyState !== WebSocket.CLOSED) await once(ws, "close");
      assert.ok(files.incoming.credit <= MOST_CREDIT);
      for (const transfer of files.incoming.transfers) {
        assert.ok(transfer.blocks.length <= MOST_CREDIT / BLOCK_BYTES + 1);
        assert.deepEqual(transfer.hashes, hashes.slice(0, transfer.hashes.length));
      }
      files.take({ type: "cancel", id });
    }
    files.accept(fileId(LINKS + 1), file.length);
    const honest = await bulkTo(address, key);
    const mayComplete = creditOf(honest, canceled(fileId(LINKS + 1)));
    say(honest, open({ n: LINKS + 1 }));
    await fetched(LINKS + 1);
    await sendRest(honest, fileId(LINKS + 1), 0, mayComplete);
    await files.finished.find((id): id is FileId => id === fileId(LINKS + 1));
    for (const id of files.finished.items) assert.ok(files.parts.get(id)?.equals(file), id);
  });
});
