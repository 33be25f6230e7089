// A log of commands in memory that feeds several servers, each at its own pace, as a network would.
import * as v from "valibot";
import { Command } from "../../protocol/cluster.ts";
import type { Apply, OpenLobbyLog } from "../../server/hall/lobbyLog.ts";

type Reader = { readonly apply: Apply; next: number };

export class MemoryLog {
  readonly #now: () => number;
  /** As they would be on a disk. */
  readonly #entries: { readonly text: string; readonly at: number }[] = [];
  readonly #readers = new Map<number, Reader>();

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** How many commands it has. */
  get size(): number {
    return this.#entries.length;
  }

  append(command: Command): void {
    this.#entries.push({ text: JSON.stringify(command), at: this.#now() });
  }

  /**
   * For the server with this number.
   * @param like the server whose snapshot it goes on from; undefined: it starts with the first command
   */
  opener(server: number, like?: number): OpenLobbyLog {
    return (apply) => {
      this.#readers.set(server, { apply, next: this.#reader(like)?.next ?? 0 });
      return {
        append: (command) => {
          this.append(command);
          return () => false;
        },
      };
    };
  }

  /** The server reads no more. */
  close(server: number): void {
    this.#readers.delete(server);
  }

  /** Delivers the next commands to a server, at most this many. Returns whether there was one. */
  deliver(server: number, most = Infinity): boolean {
    const reader = this.#reader(server);
    if (reader === undefined) return false;
    const first = reader.next;
    while (reader.next < this.#entries.length && reader.next - first < most) {
      const entry = this.#entries[reader.next++];
      if (entry !== undefined) reader.apply(v.parse(Command, JSON.parse(entry.text)), entry.at);
    }
    return reader.next > first;
  }

  #reader(server: number | undefined): Reader | undefined {
    return server === undefined ? undefined : this.#readers.get(server);
  }
}
