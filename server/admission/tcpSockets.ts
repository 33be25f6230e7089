// Bounds TCP connections from the moment they are accepted, in all and per address, and decides which one is cut when a place
// is needed. Members and tunnels with a ticket keep their places. Of all others, the oldest of the busiest address makes
// room, however far it has come with TLS or HTTP. When members have all places, a new member replaces the newest one in a
// network with at least twice as many, so that a few addresses cannot close the server to everyone else.
import type { Socket } from "node:net";
import { addressKey } from "../../protocol/ipAddress.ts";
import type { Tally } from "../base/tally.ts";
import type { Lack } from "./admission.ts";
import { Counts } from "../budgets/counts.ts";
import { Holdings } from "../budgets/holdings.ts";

/** Maximum numbers of WebSocket connections. */
export type Places = { readonly ofAddress: number; readonly all: number };

/** Extra TCP connections that have not sent their request yet. */
const SPARE: Places = { ofAddress: 16, all: 256 };

/** The key of connections from trusted proxies until their request names the client. It has no limit per address. */
const PROXIES = "proxies";

export class TcpSockets {
  readonly #places: Places;
  readonly #isProxy: (remote: string) => boolean;
  readonly #tally: Pick<Tally, "cutForRoom">;
  /** Each socket with the key that its address counts as. */
  readonly #sockets = new Map<Socket, string>();
  readonly #perAddress = new Counts();
  readonly #unproven = new Holdings<Socket>();
  readonly #members = new Holdings<Socket>();
  /** With TLS, HTTP and clients use sockets on top of these. */
  readonly #below: SocketsBelow | undefined;
  /** One shared function: a closure for each of thousands would take memory. */
  readonly #closed: (this: Socket) => void;

  /** @param isProxy whether this is the address of a proxy that names its clients */
  constructor(
    places: Places,
    secure: boolean,
    isProxy: (remote: string) => boolean,
    tally: Pick<Tally, "cutForRoom">,
  ) {
    this.#places = places;
    this.#isProxy = isProxy;
    this.#tally = tally;
    this.#below = secure ? new SocketsBelow() : undefined;
    const forget = (socket: Socket): void => this.#forget(socket);
    this.#closed = function () {
      forget(this);
    };
  }

  /** TCP connections that are open. */
  get size(): number {
    return this.#perAddress.total;
  }

  /** Counts a connection until it closes, and cuts another one if there are too many. */
  accepted(socket: Socket): void {
    const remote = socket.remoteAddress;
    // Without an address, the connection is already closed.
    if (remote === undefined) return;
    const key = this.#keyOf(remote);
    if (key !== PROXIES && this.#perAddress.of(key) >= this.#places.ofAddress + SPARE.ofAddress) {
      this.#cut(this.#unproven.oldestOf(key));
    } else if (this.#perAddress.total >= this.#places.all + SPARE.all) {
      this.#cut(this.#unproven.toGo());
    }
    this.#sockets.set(socket, key);
    this.#perAddress.add(key);
    this.#unproven.add(socket, key);
    this.#below?.add(socket);
    socket.on("close", this.#closed);
  }

  /**
   * Cuts others until a WebSocket request has a place.
   * @param client the client's address, which the connection counts for from now on
   * @returns which places are all taken, if any
   */
  makeRoomFor(socket: Socket, client: string): Lack | undefined {
    const tcp = this.#under(socket);
    const former = this.#sockets.get(tcp);
    if (former === undefined) return undefined;
    const key = this.#keyOf(client);
    this.#sockets.set(tcp, key);
    this.#perAddress.remove(former);
    this.#perAddress.add(key);
    // The connection itself must not be cut. Having sent a request, it counts as new again.
    this.#unproven.delete(tcp);
    const lack = this.#makeRoom(key);
    this.#unproven.add(tcp, key);
    return lack;
  }

  #makeRoom(key: string): Lack | undefined {
    while (key !== PROXIES && this.#perAddress.of(key) > this.#places.ofAddress) {
      if (!this.#cut(this.#unproven.oldestOf(key))) return "address";
    }
    while (this.#perAddress.total > this.#places.all) {
      if (this.#members.units >= this.#places.all - this.#reserve) return this.#makeRoomBesideMembers(key);
      if (!this.#cut(this.#unproven.toGo())) return "server";
    }
    return undefined;
  }

  /** No member loses a place to someone who has not joined yet, so that connection is extra until then. */
  #makeRoomBesideMembers(key: string): Lack | undefined {
    const isFull = this.#members.units >= this.#places.all;
    const ownAfterwards = this.#members.ofNetwork(key) + 1;
    if (isFull && 2 * ownAfterwards > this.#members.most) return "server";
    while (this.#unproven.units >= SPARE.all) this.#cut(this.#unproven.toGo());
    return undefined;
  }

  /** Below this number of free places, newcomers get the extra places until they join. */
  get #reserve(): number {
    return Math.min(SPARE.all, this.#places.all >> 6);
  }

  /** The connection belongs to a member from now on. If places are short, another member is cut. */
  proven(socket: Socket): void {
    const tcp = this.#under(socket);
    const key = this.#sockets.get(tcp);
    if (key === undefined) return;
    this.#unproven.delete(tcp);
    this.#members.add(tcp, key);
    if (this.#members.units > this.#places.all) this.#cut(this.#members.newestToGo());
  }

  /** The connection is closing, which the other end may delay. From now on it makes room for others. */
  ending(socket: Socket): void {
    const tcp = this.#under(socket);
    const key = this.#sockets.get(tcp);
    if (key === undefined || this.#unproven.has(tcp)) return;
    this.#members.delete(tcp);
    this.#unproven.add(tcp, key);
  }

  destroyAll(): void {
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  #keyOf(address: string): string {
    return this.#isProxy(address) ? PROXIES : addressKey(address);
  }

  #under(socket: Socket): Socket {
    return this.#below?.of(socket) ?? socket;
  }

  #cut(socket: Socket | undefined): boolean {
    if (socket === undefined) return false;
    this.#tally.cutForRoom += 1;
    this.#forget(socket);
    socket.destroy();
    return true;
  }

  #forget(socket: Socket): void {
    const key = this.#sockets.get(socket);
    if (key === undefined) return;
    this.#sockets.delete(socket);
    this.#perAddress.remove(key);
    this.#unproven.delete(socket);
    this.#members.delete(socket);
    this.#below?.delete(socket);
  }
}

/** Finds the TCP socket of a TLS socket, by its two ends. */
class SocketsBelow {
  readonly #byEnds = new Map<string, Socket>();
  /** A closed socket no longer knows its two ends. */
  readonly #ends = new Map<Socket, string>();

  add(socket: Socket): void {
    const ends = endsOf(socket);
    this.#byEnds.set(ends, socket);
    this.#ends.set(socket, ends);
  }

  of(secure: Socket): Socket | undefined {
    return this.#byEnds.get(endsOf(secure));
  }

  delete(socket: Socket): void {
    const ends = this.#ends.get(socket) ?? "";
    this.#ends.delete(socket);
    // The same port may have connected again.
    if (this.#byEnds.get(ends) === socket) this.#byEnds.delete(ends);
  }
}

/** Unique among the open connections to one listener. */
export function endsOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress ?? ""} ${String(remotePort ?? 0)} ${localAddress ?? ""}`;
}
