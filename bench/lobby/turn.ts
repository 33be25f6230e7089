// One turn of an entrant: its server starts, all clients join, something is measured, everything ends.
import type { Answer } from "../generator/tasks.ts";
import type { Entrant, Running } from "./entrants.ts";
import { LoadGenerator } from "./loadGenerator.ts";

export type Turn = {
  readonly generator: LoadGenerator;
  readonly running: Running;
  /** The cost of all joins. */
  readonly opened: Answer;
};

export async function takeTurn<T>(
  entrant: Entrant,
  generator: LoadGenerator,
  clients: number,
  play: (turn: Turn) => Promise<T>,
): Promise<T> {
  const running = await entrant.start();
  try {
    const opened = await generator.open(running.server, clients);
    return await play({ generator, running, opened });
  } finally {
    await generator.perform({ kind: "close" });
    await running.stop();
  }
}

/** Starts a load generator for a while. */
export async function withGenerator<T>(use: (generator: LoadGenerator) => Promise<T>): Promise<T> {
  const generator = await LoadGenerator.start();
  try {
    return await use(generator);
  } finally {
    await generator.stop();
  }
}
