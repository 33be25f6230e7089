// Memory for the blocks that come. It is used again: what has no more use is found only when the collector looks through all that
// the program knows, and in an extension host that costs more than to receive the bytes.
import { BLOCK_BYTES } from "../../../protocol/bulk.ts";

export type BlockInMemory = {
  readonly bytes: Uint8Array;
  /** Pieces of it that wait to be written. */
  waiting: number;
};

const nothing: BlockInMemory = { bytes: new Uint8Array(0), waiting: 0 };

/** For one session: of its blocks, one comes at a time. */
export class BlockMemory {
  #block = nothing;

  /** @param at where in its block the next piece belongs */
  blockFor(at: number): BlockInMemory {
    const { bytes, waiting } = this.#block;
    if (bytes.length === 0 || (at === 0 && waiting > 0))
      this.#block = { bytes: new Uint8Array(BLOCK_BYTES), waiting: 0 };
    return this.#block;
  }

  /** Gives it back, because no block is coming. */
  rest(): void {
    this.#block = nothing;
  }
}
