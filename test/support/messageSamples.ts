// The protocols, with examples of all their messages.
import type { GenericSchema } from "valibot";
import { BulkMessage, TransferMessage } from "../../protocol/bulk.ts";
import { PeerMessage } from "../../protocol/peer.ts";
import { ClientMessage, ServerMessage } from "../../protocol/rendezvous.ts";
import { HostMessage, PageMessage } from "../../protocol/webview.ts";
import { client, server } from "./rendezvousSamples.ts";
import { bulk, peer, transfer } from "./peerSamples.ts";
import { host, page } from "./pageSamples.ts";

/** Of one protocol: a variant for each type. */
export type Schema = GenericSchema<unknown, { readonly type: string }> & {
  readonly options: readonly { readonly entries: { readonly type: { readonly literal: string } } }[];
};

export const channels: readonly (readonly [string, Schema, Record<string, { readonly type: string }[]>])[] = [
  ["from a client", ClientMessage, client],
  ["from the server", ServerMessage, server],
  ["between peers", PeerMessage, peer],
  ["about transfers", TransferMessage, transfer],
  ["on the bulk link", BulkMessage, bulk],
  ["to the page", HostMessage, host],
  ["from the page", PageMessage, page],
];
