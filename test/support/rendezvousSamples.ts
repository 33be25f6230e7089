// Examples of every message between a client and the server: each type, and each optional field, at least once.
import { parse } from "valibot";
import { PublicKey, Signature } from "../../protocol/fields.ts";
import type { ClientMessage, ServerMessage } from "../../protocol/rendezvous.ts";
import { CARD, EPOCH, TOKEN } from "./core.ts";
import { id, key, type Samples, session, somePart } from "./sampleValues.ts";

const spki = parse(PublicKey, "k".repeat(122));
const sig = parse(Signature, "s".repeat(86));

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
  say: [
    { type: "say", id, text: "hello\n" },
    { type: "say", id, text: "x", part: somePart },
    { type: "say", id, text: "yes", about: { kind: "reply", seq: 1 } },
    { type: "say", id, text: "hallo", about: { kind: "edit", seq: 1 } },
    { type: "say", id, text: "(retracted)", about: { kind: "retract", seq: 1 } },
    { type: "say", id, text: "\u{1f44d}", about: { kind: "react", seq: 1, on: true } },
  ],
  presence: [
    { type: "presence", state: "here" },
    { type: "presence", state: "away" },
    { type: "presence", state: "busy" },
  ],
  users: [{ type: "users" }],
  fork: [{ type: "fork", id, to: "bobby", card: CARD }],
  withdraw: [{ type: "withdraw", id }],
  reach: [
    { type: "reach", id, sid: session, to: "bobby", card: CARD },
    { type: "reach", id, sid: session, to: "bobby", pin: key, card: CARD },
  ],
  tunnel: [{ type: "tunnel", id, sid: session, to: "bobby", pin: key }],
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
    {
      type: "challenge",
      v: 2,
      nonce: TOKEN,
      epoch: EPOCH,
      reach: "loopback",
      relay: false,
      token: true,
      limits: { frameBytes: 1, textBytes: 2, framesPerSecond: 3, partBytes: 4 },
      at: 1_790_000_000_000,
      can: ["tunnel"],
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
      users: [{ name: "anna" }, { name: "bobby", state: "away" }],
    },
  ],
  refused: [
    { type: "refused", code: "name-empty", text: "A name is needed." },
    { type: "refused", code: "rate-limited", text: "Wait.", retryMs: 500 },
    { type: "refused", code: "signature", text: "It does not fit.", host: "127.0.0.1:43210" },
  ],
  said: [
    { type: "said", seq: 1, at: 0, from: "bobby", id, text: "hi" },
    { type: "said", seq: 1, at: 0, from: "bobby", id, text: "hi", part: somePart },
    { type: "said", seq: 2, at: 0, from: "bobby", pin: key, id, text: "ho", about: { kind: "edit", seq: 1 } },
    {
      type: "said",
      seq: 3,
      at: 0,
      from: "bobby",
      id,
      text: "\u{1f44d}",
      about: { kind: "react", seq: 1, on: true },
    },
  ],
  presence: [{ type: "presence", name: "bobby", state: "busy" }],
  ack: [{ type: "ack", id, seq: 1, at: 0 }],
  users: [{ type: "users", items: [{ name: "anna" }, { name: "bobby", state: "busy" }] }],
  arrived: [{ type: "arrived", name: "dora" }],
  left: [{ type: "left", name: "dora", reason: "lost" }],
  invite: [{ type: "invite", sid: session, from: "bobby", pin: key, expiresMs: 60_000 }],
  withdrawn: [{ type: "withdrawn", sid: session }],
  introduction: [
    { type: "introduction", sid: session, role: "B", peer: { name: "bobby", pin: key, card: CARD } },
    {
      type: "introduction",
      sid: session,
      role: "A",
      peer: { name: "bobby", pin: key, card: CARD },
      id,
      ticket: TOKEN,
      near: true,
    },
  ],
  reach: [
    { type: "reach", sid: session, from: "bobby", pin: key, card: CARD, ticket: TOKEN },
    { type: "reach", sid: session, from: "bobby", pin: key, card: CARD, ticket: TOKEN, near: true },
  ],
  reaching: [
    { type: "reaching", id, sid: session },
    { type: "reaching", id, sid: session, ticket: TOKEN },
  ],
  tunnel: [{ type: "tunnel", sid: session, from: "bobby", pin: key, ticket: TOKEN }],
  tunneling: [{ type: "tunneling", id, sid: session, ticket: TOKEN }],
  declined: [{ type: "declined", id, to: "bobby", reason: "timeout" }],
  error: [
    { type: "error", code: "bad-json", text: "No." },
    { type: "error", code: "rate-limited", text: "No.", id, retryMs: 20 },
  ],
};
