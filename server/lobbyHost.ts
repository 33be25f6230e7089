// The lobby that the server shows its clients at the moment, and their connections. A server among several has one lobby after
// another: it closes one when it can no longer be sure of its part in it.
import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import { closeCodes } from "../protocol/errors.ts";
import { Epoch, SessionId, Token } from "../protocol/fields.ts";
import { randomId } from "./base/randomIds.ts";
import { Timers } from "./base/timers.ts";
import { connectionNumbers, lifeOf } from "./hall/connectionNumbers.ts";
import type { HostedLobby, LobbyStart } from "./hall/hostedLobby.ts";
import { localLog } from "./hall/lobbyLog.ts";
import type { Redeemed } from "./introductions/tickets.ts";
import { Rendezvous } from "./lobby/rendezvous.ts";
import type { RendezvousDependencies } from "./lobby/rendezvousDependencies.ts";
import { Connection } from "./websocket/connection.ts";
import type { ConnectionDependencies, OpenConnection } from "./websocket/connectionDependencies.ts";

type OfLife =
  | keyof LobbyStart
  | "newConnection"
  | "newSessionId"
  | "newToken"
  | "newTicket"
  | "others"
  | "nextTurn"
  | "wake"
  | "later";

/** An open lobby. */
type Open = {
  readonly rendezvous: Rendezvous;
  readonly timers: Timers;
  readonly connection: ConnectionDependencies;
};

export type LobbyHostDependencies = {
  readonly lobby: Omit<RendezvousDependencies, OfLife>;
  readonly connection: Omit<ConnectionDependencies, "rendezvous" | "ended">;
};

const DRAIN_STEP_MS = 50;

type Peer = ConstructorParameters<typeof Connection>[2];

export class LobbyHost {
  readonly connections = new Set<OpenConnection>();
  readonly #deps: LobbyHostDependencies;
  #open: Open | undefined;
  /** Called when the last connection has ended. */
  #emptied: (() => void) | undefined;

  constructor(deps: LobbyHostDependencies) {
    this.#deps = deps;
  }

  /** Whether it takes clients. */
  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** Number of members who are connected here. */
  get here(): number {
    return this.#open?.rendezvous.here ?? 0;
  }

  /** Redeems a relay ticket of any client. */
  redeem(ticket: string): Redeemed | undefined {
    return this.#open?.rendezvous.redeem(ticket);
  }

  /** A WebSocket of a client. */
  connect(socket: Socket, head: Buffer, peer: Peer): void {
    // The lobby may have closed while the request was answered.
    if (this.#open === undefined) socket.destroy();
    else this.connections.add(new Connection(socket, head, peer, this.#open.connection));
  }

  /** Hosts another lobby, which takes no clients yet. */
  host = ({ life, ask, ...start }: LobbyStart): HostedLobby => {
    const timers = new Timers();
    const rendezvous = new Rendezvous({
      ...this.#deps.lobby,
      ...start,
      newConnection: connectionNumbers(life),
      newSessionId: () => v.parse(SessionId, randomId()),
      newToken: () => v.parse(Token, randomId()),
      others: ask && { ask: (connection, errand) => ask(lifeOf(connection), errand) },
      nextTurn: (turn) => setImmediate(turn),
      wake: (ms) => {
        timers.later(ms, () => rendezvous.expire());
      },
      later: (ms, call) => timers.later(ms, call),
    });
    return {
      snapshot: () => rendezvous.snapshot(),
      check: () => rendezvous.check(),
      membersOf: (other) => rendezvous.membersOf(other),
      asked: (errand) => rendezvous.asked(errand),
      open: () => {
        const ended = (connection: OpenConnection): void => {
          this.connections.delete(connection);
          if (this.connections.size === 0) this.#emptied?.();
        };
        this.#open = { rendezvous, timers, connection: { ...this.#deps.connection, rendezvous, ended } };
      },
      close: () => {
        timers.clear();
        if (this.#open?.rendezvous !== rendezvous) return;
        this.#open = undefined;
        this.closeAll("the server is away from its lobby");
      },
    };
  };

  /** Opens a lobby of its own, which no other server shares. */
  openOwn(): void {
    this.host({
      epoch: v.parse(Epoch, randomId()),
      life: 0,
      snapshot: undefined,
      openLobbyLog: localLog(Date.now),
      resumeSecret: randomBytes(32),
      newTicket: () => v.parse(Token, randomId()),
      ask: undefined,
    }).open();
  }

  closeAll(reason: string): void {
    for (const connection of this.connections) connection.close(closeCodes.goingAway, reason);
  }

  /**
   * Closes all connections at equal intervals within this time, in milliseconds, so that not all clients come to the other
   * servers at once. They stay members until they do.
   * @param signal closes the rest at once
   */
  async drain(ms: number, signal: AbortSignal): Promise<void> {
    this.#open?.rendezvous.keepMembers();
    const all = [...this.connections];
    for (const [n, connection] of all.entries()) {
      connection.close(closeCodes.goingAway, "the server is stopping");
      // Many in one go, because timers are not that exact.
      const isLast = n === all.length - 1;
      if (!isLast && (n + 1) % Math.ceil((all.length * DRAIN_STEP_MS) / ms) === 0) {
        await delay(DRAIN_STEP_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Resolves when all connections have ended, and all that their ends cause has happened. */
  emptied(): Promise<void> {
    return new Promise((resolve) => {
      this.#emptied = resolve;
      if (this.connections.size === 0) resolve();
    });
  }

  /** The server stops. */
  stop(): void {
    this.#open?.timers.clear();
  }
}
