// How many bytes are read from the members of one key, over all its connections: what comes faster is not refused, but the
// connection that it came on is not read for a while, and TCP slows its sender. Pure; time and timers are passed in.
import { limits } from "../../protocol/limits.ts";
import { Budgets } from "../budgets/budgets.ts";
import type { Client } from "../names/client.ts";

export type MemberBytesDependencies = {
  /** What the lobby gives each reader for long. */
  readonly lobbyBytesPerSecond: number;
  readonly now: () => number;
  /** Calls back after so many milliseconds. */
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

  /** So many have been read of a client. Those who have not joined have other limits. */
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
