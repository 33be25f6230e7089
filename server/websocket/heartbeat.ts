// Keeps the server's connections alive and ends those that are not. Each is asked for a sign of life once in a while, a part
// of them at a time; who has been silent for too long is looked for more often. Used by createServer.ts.
import { limits } from "../../protocol/limits.ts";
import type { OpenConnection } from "./connectionDependencies.ts";
import { Rounds } from "./rounds.ts";

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
  connections: ReadonlySet<OpenConnection>,
  { heartbeatMs, silenceMs, now }: Times,
): () => void {
  const rounds = new Rounds(connections, (connection) => connection.beat());
  const startedAt = now();
  const beat = (): void => rounds.advance((now() - startedAt) / heartbeatMs);
  const look = (): void => {
    const time = now();
    for (const connection of connections) {
      const silentMs = time - connection.aliveAt;
      if (silentMs > silenceMs) connection.terminate();
      // Its turn came while something was being written to it, or the answer is late.
      else if (silentMs > heartbeatMs + limits.silenceStepMs) connection.beat();
    }
  };
  const timers = [
    setInterval(beat, Math.min(STEP_MS, heartbeatMs)),
    setInterval(look, Math.min(limits.silenceStepMs, silenceMs)),
  ];
  return () => timers.forEach(clearInterval);
}
