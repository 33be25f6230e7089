// Removes the members of a lost server that have not reconnected to another one. The more there are, the more time they get. The
// oldest server does it.
import type { FromMember } from "../hall/commands.ts";
import type { LobbyLog } from "../hall/lobbyLog.ts";
import type { LogReader } from "./logReader.ts";

export type LostMembersDependencies = {
  readonly reader: Pick<LogReader, "replica">;
  readonly life: number;
  /** Those who are still connected to a lost server. */
  readonly membersOf: (life: number) => readonly FromMember[];
  readonly lobbyLog: LobbyLog;
  readonly later: (ms: number, call: () => void) => void;
};

/** Milliseconds after the end of the server's lease: in any case, for each member, and at most. */
const LEAST_MS = 500;
const MEMBER_MS = 2;
const MOST_MS = 15_000;

export class LostMembers {
  readonly #deps: LostMembersDependencies;
  /** Lives whose missing members are about to be removed. */
  readonly #due = new Set<number>();

  constructor(deps: LostMembersDependencies) {
    this.#deps = deps;
  }

  /** Call after each revision. */
  removeIfDue(): void {
    const { reader, life, membersOf, lobbyLog, later } = this.#deps;
    if (reader.replica.eldest !== life) return;
    for (const lost of reader.replica.lost) {
      if (this.#due.has(lost)) continue;
      this.#due.add(lost);
      later(Math.min(MOST_MS, LEAST_MS + MEMBER_MS * membersOf(lost).length), () => {
        // One by one, because thousands in one command would hold up all servers.
        for (const member of membersOf(lost)) lobbyLog.append({ type: "leave", ...member, reason: "lost" });
        lobbyLog.append({ type: "lost", life: lost });
      });
    }
  }
}
