// Keeps one peer listener at the required address, for one key, and reports where it can be reached.
import { Socket } from "node:net";
import { networkInterfaces } from "node:os";
import * as l10n from "@vscode/l10n";
import type { Address, Pin } from "../../../protocol/fields.ts";
import type { Result } from "../../../protocol/result.ts";
import { listedInterfaces } from "../../core/channels/networkInterfaces.ts";
import { cardAddresses } from "./cardAddresses.ts";
import type { Identity } from "../identity/identity.ts";
import { formatPlace } from "../dial/ipAddress.ts";
import type { NetContext } from "../dial/netContext.ts";
import { warnOfFailure } from "../dial/netLog.ts";
import {
  createPeerDoor,
  startPeerListener,
  type PeerDoor,
  type PeerDoorHandlers,
  type PeerListener,
} from "./peerListener.ts";
import { createStrangers } from "./strangers.ts";
import { createStrangerTurns } from "./strangerTurns.ts";

export type PeerSettings = {
  /** The IP address to listen at; empty: depends on the server's reach. */
  readonly peerHost: string;
  /** The port to listen at, or the next free one after it; 0: any. */
  readonly peerPort: number;
};

export type PeerReceptionHandlers = Omit<PeerDoorHandlers, "known"> & {
  /** An expected peer has connected from this address. */
  readonly came: (pin: Pin, address: string) => void;
  /** It is listening (or was already), or this machine's addresses have changed. */
  readonly ready: (port: number, addresses: readonly Address[]) => void;
  /** `text` is a sentence for people. */
  readonly failed: (text: string) => void;
  /** This machine has lost the address. */
  readonly lost: (address: string) => void;
};

export type Wish = {
  readonly reach: "loopback" | "network";
  /** The previous port, if any. */
  readonly port: number | null;
  readonly settings: PeerSettings;
  /** Whether peers may be on this machine. */
  readonly overLoopback: boolean;
};

export type PeerReception = {
  /** Starts the listener, unless one with the same reach, key and settings is running; reports either way. */
  open(identity: Identity, wish: Wish): void;
  /** Closes the listener. Resolves when the port is free again. */
  close(): Promise<void>;
  /** The door for streams from elsewhere, such as the relay. */
  door(identity: Identity): PeerDoor;
};

type Listening = {
  readonly key: string;
  readonly listener: PeerListener;
  readonly watch: NodeJS.Timeout;
  wish: Wish;
  bound: Address | undefined;
  told: string;
};

export function createPeerReception(context: NetContext, handlers: PeerReceptionHandlers): PeerReception {
  const strangers = createStrangers(context.limits);
  const turnsOf = createStrangerTurns(context);
  const doors = new WeakMap<Identity, PeerDoor>();
  let current: Listening | undefined;

  const door = (identity: Identity): PeerDoor => {
    const existing = doors.get(identity);
    if (existing !== undefined) return existing;
    const made = createPeerDoor(identity, context, turnsOf, {
      ...handlers,
      known: (stream, pin) => {
        strangers.release(stream);
        if (stream instanceof Socket) handlers.came(pin, stream.remoteAddress ?? "");
      },
    });
    doors.set(identity, made);
    return made;
  };
  const close = async (): Promise<void> => {
    const former = current;
    current = undefined;
    clearInterval(former?.watch);
    await former?.listener.close();
  };
  const tell = (listening: Listening, always: boolean): void => {
    if (listening.bound === undefined) return;
    const { overLoopback } = listening.wish;
    const addresses = cardAddresses(
      listening.bound,
      listedInterfaces(networkInterfaces),
      overLoopback,
      context.limits.addresses,
    );
    const told = JSON.stringify(addresses);
    if (told === listening.told && !always) return;
    listening.told = told;
    handlers.ready(listening.bound.port, addresses);
  };
  let known = ownAddresses();
  const look = (listening: Listening): void => {
    const now = ownAddresses();
    for (const address of known) if (!now.has(address)) handlers.lost(address);
    known = now;
    tell(listening, false);
  };
  const report = (listening: Listening, result: Result<Address, string>): void => {
    // A listener that was closed before it started reports nothing.
    if (current !== listening) return;
    if (result.ok) {
      listening.bound = result.value;
      context.log.info(`Listening for peers at ${formatPlace(result.value.host, result.value.port)}`);
      tell(listening, true);
    } else {
      warnOfFailure(context.log, close());
      handlers.failed(failureText(result.error, listening.wish.settings));
    }
  };

  return {
    open(identity, wish) {
      const hosts = hostsFor(wish.reach, wish.settings.peerHost);
      const key = JSON.stringify([identity.pin, hosts, wish.settings.peerPort]);
      if (current?.key === key) {
        current.wish = wish;
        tell(current, true);
        return;
      }
      known = ownAddresses();
      const { peerPort } = wish.settings;
      const binding = { hosts, port: peerPort, before: wish.port, free: close() };
      const listening: Listening = {
        key,
        listener: startPeerListener(binding, door(identity), strangers, context),
        watch: setInterval(() => look(listening), context.limits.addressWatchMs),
        wish,
        bound: undefined,
        told: "",
      };
      current = listening;
      warnOfFailure(
        context.log,
        listening.listener.bound.then((result) => report(listening, result)),
      );
    },
    close,
    door,
  };
}

function ownAddresses(): Set<string> {
  return new Set(
    Object.values(listedInterfaces(networkInterfaces)).flatMap((infos) =>
      (infos ?? []).map(({ address }) => address),
    ),
  );
}

function hostsFor(reach: "loopback" | "network", peerHost: string): readonly string[] {
  if (peerHost !== "") return [peerHost];
  return reach === "loopback" ? ["127.0.0.1"] : ["::", "0.0.0.0"];
}

function failureText(code: string, { peerHost, peerPort }: PeerSettings): string {
  switch (code) {
    case "EADDRINUSE":
      return l10n.t(
        "Others can't open private sessions directly to this window: port {0} and the ports after it are in use (setting forkchat.peerPort).",
        peerPort,
      );
    case "EACCES":
      return l10n.t(
        "Others can't open private sessions directly to this window: port {0} requires special privileges (setting forkchat.peerPort).",
        peerPort,
      );
    case "EADDRNOTAVAIL":
    case "EINVAL":
      return l10n.t(
        "Others can't open private sessions directly to this window: {0} isn't an address of this machine (setting forkchat.peerHost).",
        peerHost,
      );
    case "":
      return l10n.t(
        "Others can't open private sessions directly to this window: it can't listen for connections.",
      );
    default:
      return l10n.t(
        "Others can't open private sessions directly to this window: it can't listen for connections ({0}).",
        code,
      );
  }
}
