// How many bytes of `reach` and `fork` others may send to one member, so that a slow reader keeps up. Charged to the pair of
// keys, to the sender's network, and to the receiver. A network that sends little does not wait for one that sends much, and a
// member with unread data gets nothing more. Pure; the time is passed in.
import type { MessageId, Pin } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { networkKey } from "../../protocol/ipAddress.ts";
import type { Client, Member } from "../names/client.ts";
import { Budgets } from "../budgets/budgets.ts";

export type Sender = { readonly pin: Pin; readonly address: string };
export type Target = { readonly pin: Pin; readonly client: { readonly backlog: number } | undefined };

/** Whether a member's client may send the other one this many bytes. If not, the client has been told. */
export type MayApproach = (
  client: Client,
  member: Member,
  other: Member,
  bytes: number,
  id: MessageId,
) => boolean;

/** Pairs, networks and members remembered. */
const MOST = 2 * limits.clients;

/** The share of a network's rate to one member that always passes, whatever others send. */
const LITTLE = 16;

/** Milliseconds until a retry if the member has not read what came before. */
const BACKLOG_RETRY_MS = 1_000;

export class Approaches {
  readonly #pairs = new Budgets<"count", string>(
    { count: { perSecond: limits.approachesPerSecond, burst: limits.approachBurst } },
    MOST,
  );
  readonly #networks = new Budgets<"bytes" | "little", string>(
    {
      bytes: { perSecond: limits.approachBytesPerSecond, burst: limits.approachBurstBytes },
      little: {
        perSecond: limits.approachBytesPerSecond / LITTLE,
        burst: limits.approachBurstBytes / LITTLE,
      },
    },
    MOST,
  );
  readonly #targets = new Budgets<"bytes">(
    { bytes: { perSecond: limits.allApproachesBytesPerSecond, burst: limits.allApproachesBurstBytes } },
    MOST,
  );

  /** Takes this many bytes and returns 0, or returns the milliseconds until they may be sent. */
  take(from: Sender, to: Target, bytes: number, now: number): number {
    if ((to.client?.backlog ?? 0) > limits.approachBacklogBytes) return BACKLOG_RETRY_MS;
    const network = `${networkKey(from.address)} ${to.pin}`;
    const isLittle = this.#networks.wait("little", network, now) === 0;
    const wait = Math.max(
      this.#networks.wait("bytes", network, now),
      isLittle ? 0 : this.#targets.wait("bytes", to.pin, now),
    );
    if (wait > 0) return wait;
    const ofPair = this.#pairs.take("count", `${from.pin} ${to.pin}`, now);
    if (ofPair > 0) return ofPair;
    this.#networks.charge("bytes", network, now, bytes);
    if (isLittle) this.#networks.charge("little", network, now, bytes);
    this.#targets.charge("bytes", to.pin, now, bytes);
    return 0;
  }
}
