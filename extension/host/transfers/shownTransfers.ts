// What is shown of transfers: each change at once, and the bytes of one that runs a few times a second, with its rate.
import { sampled, secondsLeft, startProgress, type Progress } from "../../core/transfers/progress.ts";
import type { TransferStatus } from "../../core/transfers/status.ts";

/** Milliseconds between two reports of a transfer in which only bytes have changed. */
const STEP_MS = 250;

type Unrated = Omit<TransferStatus, "rate" | "secondsLeft">;

type Shown = { readonly status: TransferStatus; readonly at: number; readonly progress: Progress | null };

export class ShownTransfers {
  readonly #show: (status: TransferStatus) => void;
  /** Milliseconds that only grow. */
  readonly #now: () => number;
  readonly #shown = new Map<string, Shown>();
  /** Changes that are not shown yet. */
  readonly #waiting = new Map<string, Unrated>();
  #timer: NodeJS.Timeout | null = null;

  constructor(show: (status: TransferStatus) => void, now: () => number = () => performance.now()) {
    this.#show = show;
    this.#now = now;
  }

  /** Transfers that may have changed, as they are now. */
  update(transfers: Iterable<Unrated>): void {
    const now = this.#now();
    for (const transfer of transfers) this.#take(transfer, now);
  }

  /** Forgets all others. A key has the direction and the id. */
  keep(keys: ReadonlySet<string>): void {
    for (const key of this.#shown.keys()) if (!keys.has(key)) this.#shown.delete(key);
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #take(transfer: Unrated, now: number): void {
    const key = `${transfer.way}/${transfer.id}`;
    const former = this.#shown.get(key);
    const isSamePhase = JSON.stringify(former?.status.phase) === JSON.stringify(transfer.phase);
    if (former !== undefined && isSamePhase) {
      if (former.status.bytes === transfer.bytes) return;
      if (now - former.at < STEP_MS) return this.#later(key, transfer);
    }
    this.#waiting.delete(key);
    const progress = isRunning(transfer) ? progressOf(former, isSamePhase, transfer.bytes, now) : null;
    const status = {
      ...transfer,
      rate: progress?.rate ?? null,
      secondsLeft: progress === null ? null : secondsLeft(progress, transfer.size),
    } as TransferStatus;
    this.#shown.set(key, { status, at: now, progress });
    this.#show(status);
  }

  #later(key: string, transfer: Unrated): void {
    this.#waiting.set(key, transfer);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.update([...this.#waiting.values()]);
    }, STEP_MS).unref();
  }
}

function isRunning({ phase: { phase } }: Unrated): boolean {
  return phase === "fetching" || phase === "sending";
}

/** The time of a pause does not count. */
function progressOf(former: Shown | undefined, isSamePhase: boolean, bytes: number, now: number): Progress {
  if (!isSamePhase || former?.progress == null) return startProgress(bytes, now);
  return sampled(former.progress, bytes, now);
}
