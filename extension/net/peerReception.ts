// Keeps one peer listener at the address that is needed, and the tickets for it. Made by network.ts.
import type { WebSocket } from "ws";
import type { Address, SessionId, Token } from "../../protocol/fields.ts";
import type { Result } from "../../protocol/result.ts";
import { formatPlace } from "./ipAddress.ts";
import type { NetContext } from "./netContext.ts";
import { startPeerListener, type PeerListener } from "./peerListener.ts";
import { createPeerTickets } from "./peerTickets.ts";

export type PeerSettings = {
  /** The IP address to listen at; empty: chosen by where the server can be reached from. */
  readonly peerHost: string;
  /** The port to listen at, or the next free one after it; 0: any. */
  readonly peerPort: number;
};

export type PeerReceptionHandlers = {
  readonly accepted: (ws: WebSocket, sid: SessionId) => void;
  /** `text` is a sentence for people. */
  readonly failed: (text: string) => void;
};

export type PeerReception = {
  /** Starts the listener, unless one is there for the same reach and settings. */
  open(reach: "loopback" | "network", settings: PeerSettings): void;
  /** Ends the listener and all tickets. Resolves when the port is free again. */
  close(): Promise<void>;
  /** Where the listener is; undefined without one. */
  bound(): Promise<Address | undefined>;
  /** A token with which one peer may come in; undefined when too many are out. */
  issue(sid: SessionId, expiresMs: number): Token | undefined;
  revoke(sid: SessionId): void;
};

export function createPeerReception(context: NetContext, handlers: PeerReceptionHandlers): PeerReception {
  const tickets = createPeerTickets(context.limits.pendingPeers);
  let current: { readonly key: string; readonly listener: PeerListener } | undefined;

  const close = async (): Promise<void> => {
    const former = current;
    current = undefined;
    tickets.clear();
    await former?.listener.close();
  };
  const report = (listener: PeerListener, result: Result<Address, string>, settings: PeerSettings): void => {
    // One that was closed before it listened has nothing to tell.
    if (current?.listener !== listener) return;
    if (result.ok) {
      const { host, port } = result.value;
      context.log.info(`Peers are expected at ${formatPlace(host, port)}`);
    } else {
      current = undefined;
      handlers.failed(failureText(result.error, settings));
    }
  };

  return {
    open(reach, settings) {
      const hosts = hostsFor(reach, settings.peerHost);
      const key = JSON.stringify([hosts, settings.peerPort]);
      if (current?.key === key) return;
      const binding = { hosts, port: settings.peerPort, free: close() };
      const listener = startPeerListener(binding, tickets, context, handlers.accepted);
      current = { key, listener };
      void listener.bound.then((result) => {
        report(listener, result, settings);
      });
    },
    close,
    async bound() {
      const asked = current;
      const result = await asked?.listener.bound;
      return result?.ok === true && current === asked ? result.value : undefined;
    },
    issue: tickets.issue,
    revoke: tickets.revoke,
  };
}

function hostsFor(reach: "loopback" | "network", peerHost: string): readonly string[] {
  if (peerHost !== "") return [peerHost];
  return reach === "loopback" ? ["127.0.0.1"] : ["::", "0.0.0.0"];
}

function failureText(code: string, { peerHost, peerPort }: PeerSettings): string {
  const consequence = "Others cannot open private sessions to this window";
  switch (code) {
    case "EADDRINUSE":
      return `${consequence}: the port ${String(peerPort)} and those after it are taken (setting forkchat.peerPort).`;
    case "EACCES":
      return `${consequence}: the port ${String(peerPort)} needs special rights (setting forkchat.peerPort).`;
    case "EADDRNOTAVAIL":
    case "EINVAL":
      return `${consequence}: ${peerHost} is not an address of this machine (setting forkchat.peerHost).`;
    default:
      return `${consequence}: it cannot listen for them${code === "" ? "" : ` (${code})`}.`;
  }
}
