// Keeps the server's connections alive and ends those that are not. Each is asked for a sign of life once in a while, a part
// of them at a time; who has been silent for too long is looked for more often. A client with a slow line gets the ping only
// behind all that waits for it: that it takes this is a sign of life as well.
import { limits } from "../../protocol/limits.ts";
import type { OpenConnection } from "./connectionDependencies.ts";
import { Rounds } from "./rounds.ts";

/** A connection that is kept alive. */
export type Beating = Omit<OpenConnection, "close">;

/** Milliseconds between two parts of a round of heartbeats. */
const STEP_MS = 100;

type Times = {
  readonly heartbeatMs: number;
  readonly silenceMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
};

/** @returns what stops it */
export function startHeartbeat(
  connections: ReadonlySet<Beating>,
  { heartbeatMs, silenceMs, now }: Times,
): () => void {
  const rounds = new Rounds(connections, (connection) => connection.beat());
  const startedAt = now();
  /** Of those who have been silent: what they had taken when they were looked at last. */
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
      } else if (isSilent) connection.terminate();
      // Its turn came while something was being written to it, or the answer is late.
      else connection.beat();
    }
  };
  const timers = [
    setInterval(beat, Math.min(STEP_MS, heartbeatMs)),
    setInterval(look, Math.min(limits.silenceStepMs, silenceMs)),
  ];
  return () => timers.forEach(clearInterval);
}
