// Takes clients' upgrades at the relay: to this server's relay, or to another server of the lobby where the ticket is valid.
import type { Socket } from "node:net";
import { upgradeStatus } from "../protocol/errors.ts";
import { refuseUpgrade } from "./admission/admission.ts";
import { count, type Tally } from "./base/tally.ts";
import type { Membership, RelayUpgrade } from "./hall/hostedLobby.ts";
import type { Redeemed } from "./introductions/tickets.ts";
import type { Relay } from "./relay/relay.ts";

export type RelayDoorDependencies = {
  readonly relay: Relay;
  /** Redeems a ticket. Each is valid once. */
  readonly redeem: (ticket: string) => Redeemed | undefined;
  /** Undefined: there is no other server. */
  readonly membership: () => Pick<Membership, "relay"> | undefined;
  /** Learns that a socket is a client's. */
  readonly proven: (socket: Socket) => void;
  readonly tally: Pick<Tally, "refusedRelays">;
};

export class RelayDoor {
  readonly #deps: RelayDoorDependencies;

  constructor(deps: RelayDoorDependencies) {
    this.#deps = deps;
  }

  /** A client's upgrade. */
  handle(upgrade: RelayUpgrade): void {
    const { membership, proven } = this.#deps;
    const { socket } = upgrade;
    const isPassedOn = membership()?.relay(ticketOf(upgrade), upgrade, {
      refuse: (status) => this.#refuse(socket, status),
      opened: () => proven(socket),
    });
    if (isPassedOn !== true) this.handleLocally(upgrade);
  }

  /** The upgrade of a client, perhaps another server's, whose ticket is valid at this server or nowhere. */
  handleLocally(upgrade: RelayUpgrade): void {
    const { relay, redeem, proven } = this.#deps;
    const { request, socket, head, address } = upgrade;
    const redeemed = redeem(ticketOf(upgrade));
    if (redeemed === undefined) {
      this.#refuse(socket, upgradeStatus.ticket);
      return;
    }
    proven(socket);
    relay.handle(request, socket, head, redeemed, address);
  }

  #refuse(socket: Socket, status: number): void {
    count(this.#deps.tally.refusedRelays, status);
    const isTicket = status === upgradeStatus.ticket;
    const text = isTicket
      ? "The ticket is missing, already used, or expired."
      : "The server where this ticket is good does not take it.";
    refuseUpgrade(socket, { status, text });
  }
}

/** The ticket in `Authorization: Bearer TICKET`; empty if there is none. */
function ticketOf({ request }: RelayUpgrade): string {
  return /^Bearer ([\w-]{22,128})$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
}
