// Two sides of a session in a temporary folder, and one file that goes from one to the other.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BLOCK_BYTES } from "../../protocol/bulk.ts";
import type { Receiving } from "../../extension/core/transfers/receivingState.ts";
import { lookAt } from "../../extension/host/transfers/sourceFile.ts";
import { FilePair, noise, partOf } from "./fileTransfers.ts";
import { fileId } from "./fileIds.ts";

/** Of the file. */
export const ID = fileId(0);

export class TemporaryPair extends FilePair {
  static async create(): Promise<TemporaryPair> {
    const pair = new TemporaryPair(mkdtempSync(join(tmpdir(), "fork-chat-transfers-")));
    await pair.start();
    return pair;
  }

  async remove(): Promise<void> {
    await this.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Returns the path of the file. */
  async offer(bytes: Uint8Array, name = "a.bin"): Promise<string> {
    const path = this.write(name, bytes);
    const source = await lookAt(path);
    assert.ok(source !== null);
    const part = partOf(path);
    await this.sender.offer(part, path, source);
    this.receiver.offer(part);
    return path;
  }

  transfer(): Receiving {
    const found = this.receiver.incoming.transfers.find(({ id }) => id === ID);
    assert.ok(found !== undefined);
    return found;
  }

  /** Waits for the file, and returns the path at which it was received. */
  async delivered(): Promise<string> {
    await this.until(() => this.receiver.file(ID)?.delivered != null);
    return this.receiver.file(ID)?.delivered ?? "";
  }

  /** Lets so many blocks come, and then loses the link. */
  cutAfter(blocks: number): void {
    let chunks = 16 * blocks + 8;
    this.onChunk = () => chunks-- > 0;
  }

  /** Offers a file of four blocks, accepts it, and loses the link in the middle of the third. Returns the path of the file. */
  async cutHalfway(): Promise<string> {
    const path = await this.offer(noise(4 * BLOCK_BYTES));
    this.cutAfter(2);
    this.link();
    await this.receiver.accept(ID, this.chosen);
    await this.until(() => this.receiver.incoming.link === null && this.transfer().hashes.length === 2);
    this.onChunk = () => true;
    return path;
  }
}
