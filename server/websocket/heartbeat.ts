// Keeps connections alive and ends dead ones. Each is pinged from time to time, a part of them at once. Silent ones are checked
// more often. A client on a slow line gets the ping only after everything that waits for it, so taking those bytes counts as a
// sign of life as well.
import { limits } from "../../protocol/limits.ts";
import type { OpenConnection } from "./connectionDependencies.ts";
import { Rounds } from "./rounds.ts";

/** A connection to keep alive. */
export type Beating = Omit<OpenConnection, "close">;

/** Milliseconds between two parts of a round. */
const STEP_MS = 100;

type Times = {
  readonly heartbeatMs: number;
  readonly silenceMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
};

/** @returns a function that stops it */
export function startHeartbeat(
  connections: ReadonlySet<Beating>,
  { heartbeatMs, silenceMs, now }: Times,
): () => void {
  const rounds = new Rounds(connections, (connection) => connection.beat());
  const startedAt = now();
  /** Of silent connections: the bytes taken at the last check. */
  const tookBefore = new WeakMap<Beating, number>();
  const isReading = (connection: Beating): boolean => {
    const before = tookBefore.get(connection);
    tookBefore.set(connection, connection.taken);
    return connection.backlog > 0 && before !== undefined && connection.taken > before;
  };
  const beat = (): void => rounds.advance((now() - startedAt) / heartbeatMs);
  const look = (): void => {
    const time = now();
    for (const connection of connections) {
      const silentMs = time - connection.aliveAt;
      const isSilent = silentMs > silenceMs;
      if (!isSilent && silentMs <= heartbeatMs + limits.silenceStepMs) continue;
      if (isReading(connection)) {
        connection.aliveAt = time;
        tookBefore.delete(connection);
      } else if (isSilent) connection.terminate("silent");
      // Something was being written at its turn, or the answer is late.
      else connection.beat();
    }
  };
  const timers = [
    setInterval(beat, Math.min(STEP_MS, heartbeatMs)),
    setInterval(look, Math.min(limits.silenceStepMs, silenceMs)),
  ];
  return () => timers.forEach(clearInterval);
}
