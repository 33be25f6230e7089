// Examples of every message between peers: each type, and each optional field, at least once.
import type { BulkMessage, TransferMessage } from "../../protocol/bulk.ts";
import { changesText } from "../../protocol/changesText.ts";
import type { PeerMessage } from "../../protocol/peer.ts";
import { boot, CARD } from "./core.ts";
import { file, key, type Samples, session, sha256, someChanges, someFile, somePart } from "./sampleValues.ts";

export const transfer: Samples<TransferMessage> = {
  bulk: [{ type: "bulk" }],
  fetch: [{ type: "fetch", id: file, from: 3, n: 2 }],
  pause: [{ type: "pause", id: file }],
  cancel: [
    { type: "cancel", id: file },
    { type: "cancel", id: file, why: "many" },
    { type: "cancel", id: file, why: "damaged" },
  ],
  received: [{ type: "received", id: file }],
  unavailable: [
    { type: "unavailable", id: file, why: "changed" },
    { type: "unavailable", id: file, why: "gone" },
    { type: "unavailable", id: file, why: "canceled" },
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
      can: ["part", "where", "files"],
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
  message: [
    { type: "message", seq: 1, at: 0, text: "hi" },
    { type: "message", seq: 1, at: 0, text: "hi", part: somePart },
    { type: "message", seq: 1, at: 0, text: "File: a.png (3 bytes)", part: someFile },
    { type: "message", seq: 1, at: 0, text: changesText(someChanges), part: someChanges },
    { type: "message", seq: 2, at: 0, text: "ho", about: { kind: "reply", of: "yours", seq: 1 } },
    { type: "message", seq: 3, at: 0, text: "ha", about: { kind: "edit", seq: 1 } },
    { type: "message", seq: 4, at: 0, text: "(retracted)", about: { kind: "retract", seq: 1 } },
    {
      type: "message",
      seq: 5,
      at: 0,
      text: "\u{1f389}",
      about: { kind: "react", of: "mine", seq: 2, on: false },
    },
  ],
  read: [{ type: "read", upTo: 7 }],
  typing: [
    { type: "typing", value: true },
    { type: "typing", value: false },
  ],
  presence: [{ type: "presence", state: "away" }],
  where: [{ type: "where" }],
  ack: [{ type: "ack", received: 1 }],
  ...transfer,
  bye: [
    { type: "bye", reason: "left" },
    { type: "bye", reason: "quit" },
    { type: "bye", reason: "closed" },
  ],
  error: [{ type: "error", code: "version", text: "No." }],
};

export const bulk: Samples<BulkMessage> = {
  open: [{ type: "open", v: 2, sid: session, boot: boot("a"), n: 2 }],
  credit: [{ type: "credit", bytes: 65_536 }],
  block: [{ type: "block", id: file, index: 0, size: 1_048_576, sha256 }],
  end: [{ type: "end", id: file, root: sha256 }],
};
