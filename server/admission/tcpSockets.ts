// The TCP connections to a server, from the moment they are accepted: how many there are, in all and of one address, and which
// one is cut when a place is needed. Connections that have neither joined nor shown a ticket of the relay make room for newcomers,
// the oldest of the address with the most first, however far they have come with TLS or HTTP. The others are members. When members
// have all the places, a new member takes the place of the newest one in a network with at least twice as many: a few addresses
// cannot close the server to everyone else.
import type { Socket } from "node:net";
import { addressKey } from "../../protocol/ipAddress.ts";
import type { Lack } from "./admission.ts";
import { Counts } from "../budgets/counts.ts";
import { Holdings } from "../budgets/holdings.ts";

/** Connections that may hold a WebSocket. */
export type Places = { readonly ofAddress: number; readonly all: number };

/** TCP connections beyond the places: those that have not sent their request yet. */
const SPARE: Places = { ofAddress: 16, all: 256 };

/** What the connections of all trusted proxies count as until their request names the client. No limit per address is theirs. */
const PROXIES = "proxies";

export class TcpSockets {
  readonly #places: Places;
  readonly #isProxy: (remote: string) => boolean;
  /** Each with what its address counts as. */
  readonly #sockets = new Map<Socket, string>();
  readonly #perAddress = new Counts();
  readonly #unproven = new Holdings<Socket>();
  readonly #members = new Holdings<Socket>();
  /** With TLS, the sockets that HTTP and the clients use lie above these. */
  readonly #below: SocketsBelow | undefined;
  /** One function for all of them: thousands would take memory. */
  readonly #closed: (this: Socket) => void;

  /** @param isProxy whether this is the address of a proxy that names its clients */
  constructor(places: Places, secure: boolean, isProxy: (remote: string) => boolean) {
    this.#places = places;
    this.#isProxy = isProxy;
    this.#below = secure ? new SocketsBelow() : undefined;
    const forget = (socket: Socket): void => this.#forget(socket);
    this.#closed = function () {
      forget(this);
    };
  }

  /** Counts a connection until it closes, and cuts another one when there are too many. */
  accepted(socket: Socket): void {
    const remote = socket.remoteAddress;
    // Without an address the connection is gone already.
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
   * Cuts others until a connection that asks for a WebSocket has a place.
   * @param client the address of the client: from now on the connection counts as one of that address
   * @returns what all places are taken of, if they are
   */
  makeRoomFor(socket: Socket, client: string): Lack | undefined {
    const tcp = this.#under(socket);
    const former = this.#sockets.get(tcp);
    if (former === undefined) return undefined;
    const key = this.#keyOf(client);
    this.#sockets.set(tcp, key);
    this.#perAddress.remove(former);
    this.#perAddress.add(key);
    // It is not to be cut itself; and having come this far, it counts as new again.
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

  /** Nobody loses a place to someone who has not joined yet: that one is beside the places for as long. */
  #makeRoomBesideMembers(key: string): Lack | undefined {
    const isFull = this.#members.units >= this.#places.all;
    const ownAfterwards = this.#members.ofNetwork(key) + 1;
    if (isFull && 2 * ownAfterwards > this.#members.most) return "server";
    while (this.#unproven.units >= SPARE.all) this.#cut(this.#unproven.toGo());
    return undefined;
  }

  /** With no more free places than these, newcomers get the spare ones until they join. */
  get #reserve(): number {
    return Math.min(SPARE.all, this.#places.all >> 6);
  }

  /** It is a member's from now on. With a place too few, another member is cut. */
  proven(socket: Socket): void {
    const tcp = this.#under(socket);
    const key = this.#sockets.get(tcp);
    if (key === undefined) return;
    this.#unproven.delete(tcp);
    this.#members.add(tcp, key);
    if (this.#members.units > this.#places.all) this.#cut(this.#members.newestToGo());
  }

  /** It is about to close, which its other end may delay: from now on it makes room for others. */
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

/** Finds the socket of a connection by that of its TLS, which has the same two ends. */
class SocketsBelow {
  readonly #byEnds = new Map<string, Socket>();
  /** A closed socket no longer knows its ends. */
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
    // Its former peer may have connected again from the same port.
    if (this.#byEnds.get(ends) === socket) this.#byEnds.delete(ends);
  }
}

/** What no two open connections to one listener have in common. */
function endsOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress ?? ""} ${String(remotePort ?? 0)} ${localAddress ?? ""}`;
}
