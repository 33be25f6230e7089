// When files that wait for the disk are tried again: in each turn while it is full, and less and less often while it fails.
import type { FileId } from "../../../protocol/bulk.ts";
import type { Receiving } from "../../core/transfers/receivingState.ts";
import type { DiskReason } from "./diskRoom.ts";

/** Turns between two attempts at most. */
const MOST_TURNS = 32;

type Trouble = DiskReason | "folder" | null;

export class DiskRetries {
  /** Files whose disk fails: turns until the next attempt, and between the last one and that. */
  #failing = new Map<FileId, { readonly left: number; readonly gap: number }>();

  /** The files to try again in this turn, each with its transfer. */
  turn<File extends { readonly trouble: Trouble }>(
    transfers: readonly Receiving[],
    files: ReadonlyMap<FileId, File>,
  ): (readonly [Receiving, File])[] {
    const before = this.#failing;
    this.#failing = new Map();
    return transfers.flatMap((transfer) => {
      const { id } = transfer;
      const file = files.get(id);
      const reason = file && reasonOf(transfer, file.trouble);
      if (file === undefined || reason === null) return [];
      if (reason === "full") return [[transfer, file]];
      const { left, gap } = before.get(id) ?? { left: 0, gap: 1 };
      const next = Math.min(2 * gap, MOST_TURNS);
      this.#failing.set(id, left === 0 ? { left: next - 1, gap: next } : { left: left - 1, gap });
      return left === 0 ? [[transfer, file]] : [];
    });
  }
}

/** What a file waits for, if that is the disk alone. One that came and is damaged waits for its user. */
function reasonOf({ paused, end }: Receiving, trouble: Trouble): "full" | "failed" | null {
  if (paused.me) return null;
  if (paused.disk === "full" || trouble === "full") return "full";
  return paused.disk === "failed" || (trouble === "failed" && end === null) ? "failed" : null;
}
