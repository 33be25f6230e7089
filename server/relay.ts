// The relay: where two clients meet whom no address leads to each other. Each shows a ticket; the two of a pair are joined.
// Made by createServer, which has redeemed the ticket.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { closeCodes, upgradeStatus } from "../protocol/errors.ts";
import { refuseUpgrade } from "./admission.ts";
import { Counts } from "./counts.ts";
import type { Log } from "./log.ts";
import type { Redeemed } from "./tickets.ts";
import { joinEnds, type End, type TunnelOptions } from "./tunnel.ts";

export type RelayOptions = TunnelOptions & {
  readonly log: Log;
  readonly frameBytes: number;
  readonly tunnelsPerClient: number;
  /** In all. */
  readonly tunnels: number;
  /** Milliseconds that one side waits for the other. */
  readonly waitMs: number;
};

type Waiting = End & { readonly side: "A" | "B"; readonly timer: NodeJS.Timeout };

export class Relay {
  readonly #options: RelayOptions;
  readonly #upgrader: WebSocketServer;
  readonly #waiting = new Map<string, Waiting>();
  readonly #open = new Set<WebSocket>();
  readonly #perOwner = new Counts();

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#upgrader = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.frameBytes,
      handleProtocols: () => false,
    });
  }

  /** Upgrades one side of a pair, and joins it to the other as soon as both are there. */
  handle(request: IncomingMessage, socket: Duplex, head: Buffer, { pair, side, owner }: Redeemed): void {
    const { tunnels, tunnelsPerClient, log } = this.#options;
    const ofOwner = this.#perOwner.of(owner);
    if (ofOwner >= tunnelsPerClient || this.#open.size >= 2 * tunnels) {
      const status = ofOwner >= tunnelsPerClient ? upgradeStatus.address : upgradeStatus.full;
      log("warn", "relay-refused", { status });
      refuseUpgrade(socket, { status, text: "There are too many tunnels." });
      return;
    }
    this.#upgrader.handleUpgrade(request, socket, head, (ws) => {
      this.#open.add(ws);
      this.#perOwner.add(owner);
      ws.on("error", () => undefined);
      ws.once("close", () => {
        this.#open.delete(ws);
        this.#perOwner.remove(owner);
      });
      this.#arrive({ ws, socket }, pair, side);
    });
  }

  /** Ends all tunnels. */
  stop(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    for (const ws of this.#open) ws.close(closeCodes.goingAway, "server is stopping");
  }

  #arrive({ ws, socket }: End, pair: string, side: "A" | "B"): void {
    const { log, waitMs } = this.#options;
    const other = this.#waiting.get(pair);
    if (other === undefined) {
      // Nothing is read, and so nothing kept, before there is somebody to read it.
      ws.pause();
      const timer = setTimeout(() => ws.terminate(), waitMs);
      this.#waiting.set(pair, { ws, socket, side, timer });
      ws.once("close", () => {
        if (this.#waiting.get(pair)?.ws === ws) this.#waiting.delete(pair);
        clearTimeout(timer);
      });
      return;
    }
    this.#waiting.delete(pair);
    clearTimeout(other.timer);
    log("info", "relay-opened", { tunnels: Math.ceil(this.#open.size / 2) });
    joinEnds(other, { ws, socket }, this.#options, () => log("info", "relay-closed"));
  }
}
