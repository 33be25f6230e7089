// The relay, where two clients meet that cannot connect directly. Each shows a ticket, and the two of a pair are connected.
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { closeCodes, upgradeStatus } from "../../protocol/errors.ts";
import { addressKey } from "../../protocol/ipAddress.ts";
import { refuseUpgrade } from "../admission/admission.ts";
import { HeldBytes } from "../budgets/heldBytes.ts";
import { LeftPairs } from "./leftPairs.ts";
import type { Log } from "../base/log.ts";
import { count, type Tally } from "../base/tally.ts";
import { createOpeningHandshake } from "../websocket/openingHandshake.ts";
import { RelayEnd } from "./relayEnd.ts";
import { RelayPace, type RelayRates } from "./relayPace.ts";
import { Shares, type Owner } from "../budgets/shares.ts";
import type { Redeemed } from "../introductions/tickets.ts";
import { joinEnds, type End, type TunnelOptions } from "./tunnel.ts";

export type RelayOptions = TunnelOptions & {
  readonly log: Log;
  readonly tally: Pick<Tally, "relayTunnelsOpened" | "relayTunnelsClosed" | "relayBytes" | "refusedRelays">;
  readonly frameBytes: number;
  readonly tunnelsPerKey: number;
  /** Tunnels in all. */
  readonly tunnels: number;
  /** Bytes per second of all tunnels together. */
  readonly rates: RelayRates;
  /** Bytes that wait at all ends together. */
  readonly heldBytes: number;
  /** Milliseconds that one side waits for the other. */
  readonly waitMs: number;
};

/** The place of one side, from its admission on. */
type Place = { end: RelayEnd | undefined };

type Waiting = { readonly end: End; readonly timer: NodeJS.Timeout };

export class Relay {
  readonly #options: RelayOptions;
  readonly #openWebSocket = createOpeningHandshake();
  readonly #waiting = new Map<string, Waiting>();
  readonly #left: LeftPairs;
  readonly #open = new Set<RelayEnd>();
  readonly #places = new Shares<Place>();
  readonly #pace: RelayPace;
  readonly #held: HeldBytes;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#pace = new RelayPace(options.rates, options.now());
    this.#held = new HeldBytes(options.heldBytes);
    this.#left = new LeftPairs(options.waitMs, options.tunnels);
  }

  /**
   * Upgrades one side of a pair, and connects it to the other as soon as both are there. If all places are taken, Shares
   * decides which one is given up.
   * @param address the client's address
   */
  handle(request: IncomingMessage, socket: Socket, head: Buffer, redeemed: Redeemed, address: string): void {
    const owner = { ...redeemed.holder, address: addressKey(address) };
    const place: Place = { end: undefined };
    const status = this.#take(place, owner);
    if (status !== undefined) {
      this.#options.log("warn", "relay-refused", { status });
      count(this.#options.tally.refusedRelays, status);
      refuseUpgrade(socket, { status, text: "Too many relay connections." });
      return;
    }
    // Counts even if the upgrade fails.
    socket.once("close", () => this.#places.delete(place));
    this.#openWebSocket(request, socket, head, () => {
      const end = new RelayEnd(socket, head, address, this.#options.frameBytes, this.#held);
      place.end = end;
      this.#open.add(end);
      socket.once("close", () => this.#open.delete(end));
      const charge = (bytes: number): number => this.#pace.charge(owner, bytes, this.#options.now());
      this.#arrive({ side: end, charge }, redeemed.pair, owner, socket);
    });
  }

  /** The status of the refusal. Undefined if there is a place, possibly taken from someone else. */
  #take(place: Place, owner: Owner): number | undefined {
    const { tunnels, tunnelsPerKey, log } = this.#options;
    if (this.#places.of(owner.pin).size >= tunnelsPerKey) return upgradeStatus.address;
    this.#places.add(place, owner);
    const goes = this.#places.size > 2 * tunnels ? this.#places.toGo() : undefined;
    if (goes === undefined) return undefined;
    this.#places.delete(goes);
    if (goes === place) return upgradeStatus.full;
    log("warn", "relay-place-lost");
    goes.end?.terminate();
    return undefined;
  }

  /** Ends all tunnels. */
  stop(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    for (const end of this.#open) end.close(closeCodes.goingAway, "server is stopping");
  }

  #arrive(end: End, pair: string, owner: Owner, socket: Socket): void {
    const { side } = end;
    const { log, tally, waitMs, now } = this.#options;
    if (this.#left.has(pair, now())) {
      side.close();
      return;
    }
    const other = this.#waiting.get(pair);
    if (other === undefined) {
      // Nothing is read, and so nothing buffered, before there is a reader.
      const timer = setTimeout(() => side.terminate(), waitMs);
      this.#waiting.set(pair, { end, timer });
      socket.once("close", () => {
        clearTimeout(timer);
        if (this.#waiting.get(pair)?.end !== end) return;
        // The other side, if it comes, is told at once.
        this.#waiting.delete(pair);
        this.#left.add(pair, owner, now());
      });
      return;
    }
    this.#waiting.delete(pair);
    clearTimeout(other.timer);
    log("info", "relay-opened", { tunnels: Math.ceil(this.#open.size / 2) });
    tally.relayTunnelsOpened += 1;
    joinEnds(other.end, end, this.#options, () => {
      tally.relayTunnelsClosed += 1;
      log("info", "relay-closed");
    });
  }
}
