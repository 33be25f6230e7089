// Limits the bytes read from all connections of one key. Excess is not refused: the connection is not read for a while, and TCP
// slows its sender. Pure; time and timers are passed in.
import { limits } from "../../protocol/limits.ts";
import { Budgets } from "../budgets/budgets.ts";
import type { Client } from "../names/client.ts";

export type MemberBytesDependencies = {
  /** Bytes per second of lobby messages to each reader, sustained. */
  readonly lobbyBytesPerSecond: number;
  readonly now: () => number;
  /** Calls back after this many milliseconds. */
  readonly later: (ms: number, call: () => void) => unknown;
};

export class MemberBytes {
  readonly #deps: MemberBytesDependencies;
  readonly #ofKey: Budgets<"bytes">;

  constructor(deps: MemberBytesDependencies) {
    this.#deps = deps;
    const perSecond = Math.max(limits.memberBytesPerSecond, 2 * limits.keyShare * deps.lobbyBytesPerSecond);
    this.#ofKey = new Budgets({ bytes: { perSecond, burst: limits.memberBurstBytes } }, 2 * limits.clients);
  }

  /** Charges bytes read from a client. Those that have not joined have other limits. */
  came(client: Client, bytes: number): void {
    if (client.member === undefined) return;
    const { now, later } = this.#deps;
    const { pin } = client.member.value;
    this.#ofKey.charge("bytes", pin, now(), bytes);
    const wait = this.#ofKey.wait("bytes", pin, now());
    if (wait === 0) return;
    client.pause("rate");
    later(Math.min(wait, limits.silenceMs), () => client.resume("rate"));
  }
}
