// Removes the members of a server that is gone, if they have not reconnected to another one. The more there are, the longer it
// takes until all of them have. The eldest server does it.
import type { LobbyLog } from "../hall/lobbyLog.ts";
import type { LogReader } from "./logReader.ts";

export type FarewellsDependencies = {
  readonly reader: Pick<LogReader, "replica">;
  readonly life: number;
  /** How many members are still connected to a server that is gone. */
  readonly membersOf: (life: number) => number;
  readonly lobbyLog: LobbyLog;
  readonly later: (ms: number, call: () => void) => void;
};

/** Milliseconds after the end of the server's lease: in any case, for each member, and at most. */
const LEAST_MS = 500;
const MEMBER_MS = 2;
const MOST_MS = 15_000;

export class Farewells {
  readonly #deps: FarewellsDependencies;
  /** Lives whose missing members are about to be removed. */
  readonly #due = new Set<number>();

  constructor(deps: FarewellsDependencies) {
    this.#deps = deps;
  }

  /** Call after each revision. */
  sayIfDue(): void {
    const { reader, life, membersOf, lobbyLog, later } = this.#deps;
    if (reader.replica.eldest !== life) return;
    for (const gone of reader.replica.gone) {
      if (this.#due.has(gone)) continue;
      this.#due.add(gone);
      later(Math.min(MOST_MS, LEAST_MS + MEMBER_MS * membersOf(gone)), () => {
        lobbyLog.append({ type: "lost", life: gone });
      });
    }
  }
}
