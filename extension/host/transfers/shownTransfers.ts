// What is shown of transfers: each change at once, and the bytes of one that runs a few times a second, with its rate.
import { sampled, secondsLeft, startProgress, type Progress } from "../../core/transfers/progress.ts";
import type { TransferStatus } from "../../core/transfers/status.ts";

/** Milliseconds between two reports of a transfer in which only bytes have changed. */
const STEP_MS = 250;

type Unrated = Omit<TransferStatus, "rate" | "secondsLeft">;
type Paced = Unrated & { readonly pace: number | null };

type Shown = {
  readonly status: TransferStatus;
  readonly pace: number | null;
  readonly at: number;
  readonly progress: Progress | null;
};

export class ShownTransfers {
  readonly #show: (status: TransferStatus) => void;
  /** Milliseconds that only grow. */
  readonly #now: () => number;
  readonly #shown = new Map<string, Shown>();
  /** Changes that are not shown yet. */
  readonly #waiting = new Map<string, Paced>();
  #timer: NodeJS.Timeout | null = null;

  constructor(show: (status: TransferStatus) => void, now: () => number = () => performance.now()) {
    this.#show = show;
    this.#now = now;
  }

  /**
   * Transfers that may have changed, as they are now.
   * @param pace bytes per second that none of them will exceed; null if that is not known
   */
  update(transfers: Iterable<Unrated>, pace: number | null): void {
    const now = this.#now();
    for (const transfer of transfers) this.#take({ ...transfer, pace }, now);
  }

  /** Forgets all others. A key has the direction and the id. */
  keep(keys: ReadonlySet<string>): void {
    for (const key of this.#shown.keys()) if (!keys.has(key)) this.#shown.delete(key);
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #take(paced: Paced, now: number): void {
    const { pace, ...transfer } = paced;
    const key = `${transfer.way}/${transfer.id}`;
    const former = this.#shown.get(key);
    const isSamePhase = JSON.stringify(former?.status.phase) === JSON.stringify(transfer.phase);
    if (former !== undefined && isSamePhase && former.pace === pace) {
      if (former.status.bytes === transfer.bytes) return;
      if (now - former.at < STEP_MS) return this.#later(key, paced);
    }
    this.#waiting.delete(key);
    const progress = isRunning(transfer) ? progressOf(former, isSamePhase, transfer.bytes, now) : null;
    const status = {
      ...transfer,
      rate: progress?.rate ?? null,
      secondsLeft: secondsOf(transfer, progress, pace),
    } as TransferStatus;
    this.#shown.set(key, { status, pace, at: now, progress });
    this.#show(status);
  }

  #later(key: string, transfer: Paced): void {
    this.#waiting.set(key, transfer);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const now = this.#now();
      for (const each of [...this.#waiting.values()]) this.#take(each, now);
    }, STEP_MS).unref();
  }
}

/** Measured, or at the pace before anything is. */
function secondsOf(transfer: Unrated, progress: Progress | null, pace: number | null): number | null {
  if (progress?.rate != null) return secondsLeft(progress, transfer.size);
  const isAhead = progress !== null || ["offered", "accepted"].includes(transfer.phase.phase);
  return isAhead && pace !== null ? (transfer.size - transfer.bytes) / pace : null;
}

function isRunning({ phase: { phase } }: Unrated): boolean {
  return phase === "fetching" || phase === "sending";
}

/** The time of a pause does not count. */
function progressOf(former: Shown | undefined, isSamePhase: boolean, bytes: number, now: number): Progress {
  if (!isSamePhase || former?.progress == null) return startProgress(bytes, now);
  return sampled(former.progress, bytes, now);
}
