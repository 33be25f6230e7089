// The relay: where two clients meet whom no address leads to each other. Each shows a ticket; the two of a pair are joined.
// Made by createServer, which has redeemed the ticket.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { closeCodes, upgradeStatus } from "../protocol/errors.ts";
import { addressKey } from "./addresses.ts";
import { refuseUpgrade } from "./admission.ts";
import type { Log } from "./log.ts";
import { RelayPace, type RelayRates } from "./relayPace.ts";
import { Shares, type Owner } from "./shares.ts";
import type { Redeemed } from "./tickets.ts";
import { closeSoon, joinEnds, type End, type TunnelOptions } from "./tunnel.ts";

export type RelayOptions = TunnelOptions & {
  readonly log: Log;
  readonly frameBytes: number;
  readonly tunnelsPerKey: number;
  /** In all. */
  readonly tunnels: number;
  /** Bytes a second of all tunnels together. */
  readonly rates: RelayRates;
  /** Milliseconds that one side waits for the other. */
  readonly waitMs: number;
};

/** What one side takes, from its admission on. */
type Place = { ws: WebSocket | undefined };

type Waiting = End & { readonly side: "A" | "B"; readonly timer: NodeJS.Timeout };

export class Relay {
  readonly #options: RelayOptions;
  readonly #upgrader: WebSocketServer;
  readonly #waiting = new Map<string, Waiting>();
  /** Pairs of which one side came and left, for as long as the other's ticket can be good. */
  readonly #left = new Map<string, NodeJS.Timeout>();
  readonly #open = new Set<WebSocket>();
  readonly #places = new Shares<Place>();
  readonly #pace: RelayPace;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#pace = new RelayPace(options.rates, options.now());
    this.#upgrader = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.frameBytes,
      handleProtocols: () => false,
    });
  }

  /**
   * Upgrades one side of a pair, and joins it to the other as soon as both are there. With a place for each of them taken,
   * Shares decides whose is given up.
   * @param address that of the client
   */
  handle(request: IncomingMessage, socket: Duplex, head: Buffer, redeemed: Redeemed, address: string): void {
    const owner = { ...redeemed.holder, address: addressKey(address) };
    const place: Place = { ws: undefined };
    const status = this.#take(place, owner);
    if (status !== undefined) {
      this.#options.log("warn", "relay-refused", { status });
      refuseUpgrade(socket, { status, text: "There are too many tunnels." });
      return;
    }
    // Whatever becomes of the upgrade.
    socket.once("close", () => this.#places.delete(place));
    this.#upgrader.handleUpgrade(request, socket, head, (ws) => {
      place.ws = ws;
      this.#open.add(ws);
      ws.on("error", () => undefined);
      ws.once("close", () => this.#open.delete(ws));
      const charge = (bytes: number): number => this.#pace.charge(owner, bytes, this.#options.now());
      this.#arrive({ ws, socket, charge }, redeemed.pair, redeemed.side);
    });
  }

  /** The status to refuse with; undefined when there is a place now, which somebody else may have lost. */
  #take(place: Place, owner: Owner): number | undefined {
    const { tunnels, tunnelsPerKey, log } = this.#options;
    if (this.#places.of(owner.pin).size >= tunnelsPerKey) return upgradeStatus.address;
    this.#places.add(place, owner);
    const goes = this.#places.size > 2 * tunnels ? this.#places.toGo() : undefined;
    if (goes === undefined) return undefined;
    this.#places.delete(goes);
    if (goes === place) return upgradeStatus.full;
    log("warn", "relay-place-lost");
    goes.ws?.terminate();
    return undefined;
  }

  /** Ends all tunnels. */
  stop(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    for (const timer of this.#left.values()) clearTimeout(timer);
    this.#left.clear();
    for (const ws of this.#open) ws.close(closeCodes.goingAway, "server is stopping");
  }

  #arrive(end: End, pair: string, side: "A" | "B"): void {
    const { ws } = end;
    const { log, waitMs } = this.#options;
    const other = this.#waiting.get(pair);
    if (this.#left.has(pair)) {
      closeSoon(ws);
      return;
    }
    if (other === undefined) {
      // Nothing is read, and so nothing kept, before there is somebody to read it.
      ws.pause();
      const timer = setTimeout(() => ws.terminate(), waitMs);
      this.#waiting.set(pair, { ...end, side, timer });
      ws.once("close", () => {
        clearTimeout(timer);
        if (this.#waiting.get(pair)?.ws === ws) this.#leave(pair);
      });
      return;
    }
    this.#waiting.delete(pair);
    clearTimeout(other.timer);
    log("info", "relay-opened", { tunnels: Math.ceil(this.#open.size / 2) });
    joinEnds(other, end, this.#options, () => log("info", "relay-closed"));
  }

  /** A side is gone that has waited: the other, if it comes, is told at once. */
  #leave(pair: string): void {
    this.#waiting.delete(pair);
    this.#left.set(pair, setTimeout(() => this.#left.delete(pair), this.#options.waitMs).unref());
  }
}
