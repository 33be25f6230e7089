// Calls to the other servers of a lobby: errands, and clients whose relay ticket is valid at another one.
import { Agent, request } from "node:https";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream";
import { upgradeStatus } from "../../protocol/errors.ts";
import type { Errand } from "../../protocol/cluster.ts";
import { limits } from "../../protocol/limits.ts";
import type { Log } from "../base/log.ts";
import type { RelayUpgrade } from "../hall/hostedLobby.ts";
import { endIfSilent } from "./endIfSilent.ts";
import { clientTls } from "./nodeTls.ts";

/** Paths of a server for the others, and the header with a client's address. */
export const paths = { errand: "/errand", relay: "/relay" } as const;
export const ADDRESS_HEADER = "Fork-Chat-Address";

const CALL_MS = 2_000;

/** Connections to each server, for errands. */
const MOST_SOCKETS = 16;

/** Clients for whom other servers are being asked. */
const MOST_RELAYS = 256;

/** Errands to one server without an answer; more are lost. */
const MOST_WAITING = 1_024;

export class NodeCalls {
  readonly #agent: Agent;
  readonly #tls: ReturnType<typeof clientTls>;
  readonly #log: Log;
  #relays = 0;
  /** Ends the clients' sides of tunnels that lead to other servers. */
  readonly #endings = new Set<() => void>();
  /** Errands that have no answer, by server. */
  readonly #waiting = new Map<string, number>();

  constructor(key: Buffer, log: Log) {
    this.#tls = clientTls(key);
    this.#agent = new Agent({ keepAlive: true, maxSockets: MOST_SOCKETS, ...this.#tls });
    this.#log = log;
  }

  /** @param place `HOST:PORT` of the other server */
  ask(place: string, errand: Errand): void {
    const waiting = this.#waiting.get(place) ?? 0;
    if (waiting >= MOST_WAITING) {
      this.#log("warn", "errand-lost", { reason: "too many are waiting" });
      return;
    }
    this.#waiting.set(place, waiting + 1);
    const call = request(`https://${place}${paths.errand}`, { method: "POST", agent: this.#agent });
    // Counts while it waits for a connection, too.
    const timer = setTimeout(() => call.destroy(new Error("no answer in time")), CALL_MS);
    call.once("close", () => {
      clearTimeout(timer);
      this.#free(place);
    });
    call.once("error", ({ message }) => this.#log("warn", "errand-lost", { reason: message }));
    call.once("response", (response) => response.resume());
    call.end(JSON.stringify(errand));
  }

  /**
   * Takes a client's upgrade to the server where its ticket is valid. From then on, bytes pass both ways.
   * `refuse` is called with an HTTP status if that is not possible, `opened` when the other server has accepted.
   */
  relay(
    place: string,
    { request: incoming, socket, head, address }: RelayUpgrade,
    { refuse, opened }: { readonly refuse: (status: number) => void; readonly opened: () => void },
  ): void {
    if (this.#relays >= MOST_RELAYS) {
      refuse(upgradeStatus.full);
      return;
    }
    this.#relays += 1;
    const { upgrade, connection, authorization, ...others } = incoming.headers;
    const headers = Object.fromEntries(Object.entries(others).filter(([name]) => name.startsWith("sec-")));
    const call = request(`https://${place}${paths.relay}`, {
      ...this.#tls,
      agent: false,
      headers: { ...headers, upgrade, connection, authorization, [ADDRESS_HEADER]: address },
    });
    const abort = (): void => void call.destroy();
    const timer = setTimeout(() => call.destroy(new Error("no answer in time")), CALL_MS);
    let isAsking = true;
    const answered = (): void => {
      clearTimeout(timer);
      if (isAsking) this.#relays -= 1;
      isAsking = false;
    };
    call.once("close", answered);
    socket.once("close", abort);
    // A client may break its connection at any time.
    socket.on("error", abort);
    call.once("error", ({ message }) => {
      this.#log("warn", "relay-elsewhere-failed", { reason: message });
      if (!socket.destroyed) refuse(upgradeStatus.full);
    });
    call.once("response", ({ statusCode = upgradeStatus.full }) => {
      call.destroy();
      refuse(statusCode);
    });
    call.once("upgrade", (response: IncomingMessage, upstream: Socket, first: Buffer) => {
      answered();
      socket.off("close", abort);
      opened();
      socket.write(answerOf(response));
      socket.write(first);
      upstream.write(head);
      const end = (): void => endSide(socket, upstream);
      this.#endings.add(end);
      join(socket, upstream);
      // The relay there pings both ends of a tunnel, and the client reads.
      const stopWatching = endIfSilent(upstream, limits.linkSilenceMs);
      join(upstream, socket, () => {
        stopWatching();
        this.#endings.delete(end);
      });
    });
    call.end();
  }

  #free(place: string): void {
    const left = (this.#waiting.get(place) ?? 1) - 1;
    if (left > 0) this.#waiting.set(place, left);
    else this.#waiting.delete(place);
  }

  /** Tunnels that lead to other servers are closed there, so that both ends get a closing frame. */
  stop(): void {
    this.#agent.destroy();
    for (const end of this.#endings) end();
  }
}

/** The head of an answer, as it came. */
function answerOf({ statusCode = 101, statusMessage = "", rawHeaders }: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let n = 0; n + 1 < rawHeaders.length; n += 2) lines.push(`${rawHeaders[n]}: ${rawHeaders[n + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** Passes no more on to the other server, and tells it so. What it answers, a closing frame, still passes. */
function endSide(socket: Duplex, upstream: Duplex): void {
  socket.unpipe(upstream);
  // Dropped, because a socket that is not read never ends.
  socket.resume();
  upstream.end();
}

/** Passes bytes on, with back pressure. When one side ends or breaks, so does the other. */
function join(from: Duplex, to: Duplex, ended: () => void = () => undefined): void {
  pipeline(from, to, () => {
    ended();
    from.destroy();
    to.destroy();
  });
}
