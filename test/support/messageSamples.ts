// Examples of every message of every wire: each type, and each field that may be left out, at least once. For tests of
// what passes between them.
import { parse, type GenericSchema } from "valibot";
import { panelState } from "../../extension/core/panelView.ts";
import { PublicKey, Signature } from "../../protocol/fields.ts";
import { PeerMessage } from "../../protocol/peer.ts";
import { ClientMessage, ServerMessage } from "../../protocol/rendezvous.ts";
import { HostMessage, PageMessage, type PanelState } from "../../protocol/webview.ts";
import { boot, CARD, EPOCH, messageId, pin, sid, TOKEN, withBoth } from "./core.ts";

type Samples<M extends { readonly type: string }> = { readonly [T in M["type"]]: Extract<M, { type: T }>[] };

const id = messageId("w.1");
const session = sid("bobby");
const key = pin("bobby");
const spki = parse(PublicKey, "k".repeat(122));
const sig = parse(Signature, "s".repeat(86));
const notice = { kind: "notice", level: "output", at: 1, text: "x" } as const;
const message = { kind: "message", from: "bobby", own: false, at: 1, text: "x" } as const;
const { active } = withBoth;

export const client: Samples<ClientMessage> = {
  join: [
    { type: "join", v: 2, name: "anna", spki, sig },
    {
      type: "join",
      v: 2,
      name: "anna",
      spki,
      sig,
      token: "secret",
      resume: TOKEN,
      lastSeen: { epoch: EPOCH, seq: 0 },
    },
  ],
  say: [{ type: "say", id, text: "hello\n" }],
  users: [{ type: "users" }],
  fork: [{ type: "fork", id, to: "bobby", card: CARD }],
  reach: [
    { type: "reach", id, sid: session, to: "bobby", card: CARD },
    { type: "reach", id, sid: session, to: "bobby", pin: key, card: CARD },
  ],
  accept: [
    { type: "accept", sid: session, card: CARD },
    { type: "accept", sid: session, card: { ...CARD, addresses: [{ host: "fe80::1", port: 65_535 }] } },
  ],
  decline: [
    { type: "decline", sid: session, reason: "in-session" },
    { type: "decline", sid: session, reason: "unavailable" },
    { type: "decline", sid: session, reason: "declined" },
  ],
};

export const server: Samples<ServerMessage> = {
  challenge: [
    {
      type: "challenge",
      v: 2,
      nonce: TOKEN,
      epoch: EPOCH,
      reach: "network",
      relay: true,
      token: false,
      limits: { frameBytes: 1, textBytes: 2, framesPerSecond: 3 },
    },
  ],
  joined: [
    {
      type: "joined",
      name: "anna",
      resume: TOKEN,
      epoch: EPOCH,
      seq: 0,
      missed: 0,
      gap: false,
      you: { address: "127.0.0.1" },
      users: [{ name: "anna" }],
    },
  ],
  refused: [
    { type: "refused", code: "name-empty", text: "A name is needed." },
    { type: "refused", code: "rate-limited", text: "Wait.", retryMs: 500 },
  ],
  said: [{ type: "said", seq: 1, at: 0, from: "bobby", id, text: "hi" }],
  ack: [{ type: "ack", id, seq: 1, at: 0 }],
  users: [{ type: "users", items: [{ name: "anna" }] }],
  arrived: [{ type: "arrived", name: "dora" }],
  left: [{ type: "left", name: "dora", reason: "lost" }],
  invite: [{ type: "invite", sid: session, from: "bobby", pin: key, expiresMs: 60_000 }],
  introduction: [
    { type: "introduction", sid: session, role: "B", peer: { name: "bobby", pin: key, card: CARD } },
    {
      type: "introduction",
      sid: session,
      role: "A",
      peer: { name: "bobby", pin: key, card: CARD },
      id,
      ticket: TOKEN,
    },
  ],
  reach: [{ type: "reach", sid: session, from: "bobby", pin: key, card: CARD, ticket: TOKEN }],
  reaching: [
    { type: "reaching", id, sid: session },
    { type: "reaching", id, sid: session, ticket: TOKEN },
  ],
  declined: [{ type: "declined", id, to: "bobby", reason: "timeout" }],
  error: [
    { type: "error", code: "bad-json", text: "No." },
    { type: "error", code: "rate-limited", text: "No.", id, retryMs: 20 },
  ],
};

export const peer: Samples<PeerMessage> = {
  hello: [
    { type: "hello", v: 2, sid: session, n: 1, boot: boot("anna"), knows: null, received: 0, sent: 0 },
    {
      type: "hello",
      v: 2,
      sid: session,
      n: 9,
      boot: boot("anna"),
      knows: boot("bobby"),
      received: 7,
      sent: 3,
    },
  ],
  addresses: [
    { type: "addresses", items: [] },
    { type: "addresses", items: CARD.addresses },
  ],
  verified: [{ type: "verified", value: true }],
  introduce: [{ type: "introduce", sid: session, role: "A", name: "carmen", pin: key }],
  consent: [
    { type: "consent", sid: session, accepted: false },
    { type: "consent", sid: session, accepted: true, card: CARD },
  ],
  introduced: [
    { type: "introduced", sid: session },
    { type: "introduced", sid: session, card: CARD },
  ],
  message: [{ type: "message", seq: 1, at: 0, text: "hi" }],
  ack: [{ type: "ack", received: 1 }],
  bye: [
    { type: "bye", reason: "left" },
    { type: "bye", reason: "quit" },
    { type: "bye", reason: "closed" },
  ],
  error: [{ type: "error", code: "version", text: "No." }],
};

const entries = [{ session: active, index: 3, entries: [notice, message] }];

/** A panel in which nothing that may be there is missing. */
const everything: PanelState = {
  ...panelState(withBoth),
  sessions: [
    {
      number: active,
      name: "bobby",
      mark: "P~>",
      state: "open",
      peer: { path: "relayed", verified: "both", introducedBy: "carmen", text: "Relayed." },
      unread: 1,
      start: 0,
      end: 2,
      pending: [{ id: "7", at: 1, text: "x", status: "failed", reason: "It was not confirmed." }],
    },
  ],
  verification: {
    session: active,
    peer: "bobby",
    number: "0".repeat(60),
    picture: ["101", "010"],
    verified: "nobody",
  },
};

export const host: Samples<HostMessage> = {
  snapshot: [
    {
      type: "snapshot",
      revision: 1,
      state: everything,
      entries,
      drafts: [{ session: active, text: "d" }],
      windowId: "0123456789abcdef",
    },
  ],
  patch: [
    { type: "patch", revision: 2, entries: [] },
    { type: "patch", revision: 2, state: { me: null }, entries: [] },
    { type: "patch", revision: 3, state: everything, entries },
  ],
  page: [{ type: "page", session: active, index: 0, entries: [notice, message] }],
  submitted: [{ type: "submitted", id: 1, accepted: false }],
  focus: [{ type: "focus" }],
};

export const page: Samples<PageMessage> = {
  ready: [{ type: "ready" }],
  submit: [{ type: "submit", id: 0, session: active, text: "hi" }],
  activate: [{ type: "activate", session: active }],
  leave: [{ type: "leave", session: active }],
  more: [{ type: "more", session: active, before: 100 }],
  draft: [{ type: "draft", session: active, text: "" }],
  retry: [{ type: "retry", session: active, id: "w.1" }],
  discard: [{ type: "discard", session: active, id: "w.1" }],
  verify: [{ type: "verify", session: active, open: true }],
  verified: [{ type: "verified", session: active, value: false }],
  run: [
    { type: "run", command: "join" },
    { type: "run", command: "startServer" },
  ],
};

/** Of one wire: a variant for each type. */
export type Schema = GenericSchema<unknown, { readonly type: string }> & {
  readonly options: readonly { readonly entries: { readonly type: { readonly literal: string } } }[];
};
export const wires: readonly (readonly [string, Schema, Record<string, { readonly type: string }[]>])[] = [
  ["from a client", ClientMessage, client],
  ["from the server", ServerMessage, server],
  ["between peers", PeerMessage, peer],
  ["to the page", HostMessage, host],
  ["from the page", PageMessage, page],
];
