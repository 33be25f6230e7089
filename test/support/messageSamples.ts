// Examples of every message of every protocol: each type, and each optional field, at least once.
import { parse, type GenericSchema } from "valibot";
import { panelState } from "../../extension/core/view/panelView.ts";
import { PublicKey, Signature } from "../../protocol/fields.ts";
import { BulkMessage, FileId, Sha256, TransferMessage, type FilePart } from "../../protocol/bulk.ts";
import type { ChangesPart } from "../../protocol/changesPart.ts";
import { changesText } from "../../protocol/changesText.ts";
import type { CodePart } from "../../protocol/part.ts";
import { PeerMessage } from "../../protocol/peer.ts";
import { ClientMessage, ServerMessage } from "../../protocol/rendezvous.ts";
import {
  HostMessage,
  PageMessage,
  SessionNumber,
  type Entry,
  type PanelState,
} from "../../protocol/webview.ts";
import { boot, CARD, EPOCH, messageId, pin, sid, TOKEN, withBoth } from "./core.ts";

type Samples<M extends { readonly type: string }> = { readonly [T in M["type"]]: Extract<M, { type: T }>[] };

const file = parse(FileId, "f".repeat(21) + "A");
const sha256 = parse(Sha256, "s".repeat(42) + "A");

const transfer: Samples<TransferMessage> = {
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

const id = messageId("w.1");
const session = sid("bobby");
const key = pin("bobby");
const spki = parse(PublicKey, "k".repeat(122));
const sig = parse(Signature, "s".repeat(86));
/** Lines of a file, with everything that can be said of them. */
export const somePart: CodePart = {
  kind: "code",
  path: "src/a.ts",
  range: { from: 12, to: 13 },
  language: "typescript",
  at: 0,
  salt: TOKEN,
  before: "0a1b",
  after: "ffff0000",
  base: { tag: "t".repeat(22), from: 10, to: 11 },
  unsaved: true,
};
/** A file that is offered, with everything that can be said of it. */
export const someFile: FilePart = { kind: "file", id: file, name: "a.png", size: 3, type: "image/png" };
/** Changes of files, with everything that can be said of them. */
export const someChanges: ChangesPart = {
  ...{ kind: "changes", at: 0, id: file, size: 900, sha256, files: 4, added: 5, removed: 1 },
  list: [
    { kind: "renamed", path: "b.ts", oldPath: "a.ts", lines: { added: 2, removed: 1 } },
    { kind: "added", path: "c.ts", lines: { added: 3, removed: 0 } },
    { kind: "modified", path: "d.png" },
  ],
  bases: { id: file, size: 1_200, sha256 },
};
/** In a reply: a line of the other message's code. */
const note = { kind: "note", line: 2 } as const;
const notice = { kind: "notice", level: "output", at: 1, text: "x" } as const;
const listed: Entry = { ...notice, table: { of: "people", name: "1 online", rows: [["anna", "you"]] } };
const arrival: Entry = {
  ...{ kind: "notice", level: "info", at: 1, text: "x" },
  presence: { name: "dora", what: "joined", more: 2 },
};
const message = { kind: "message", from: "bobby", own: false, at: 1, text: "x" } as const;
const answered: Entry = {
  ...{ kind: "message", from: "bobby", own: false, at: 1, text: "x", seq: 3, edited: true, mentions: true },
  pin: pin("bobby"),
  reply: { from: "anna", text: "y", index: 1, seq: 2, own: false, range: { from: 12, to: 13 } },
  reactions: [{ text: "\u{1f44d}", by: ["anna"], mine: true }],
};
const retracted: Entry = {
  ...{ kind: "message", from: "bobby", own: false, at: 1, text: "" },
  retracted: true,
};
const withPart: Entry = { ...message, part: somePart };
const withFile: Entry = {
  ...{ ...message, part: someFile },
  kept: {
    path: `${"0".repeat(32)}/${"1".repeat(32)}/a.png`,
    picture: { width: 640, height: 480, moves: true },
    unsaved: true,
  },
};
const declined: Entry = {
  ...{ ...message, part: someFile },
  kept: { path: `${"0".repeat(32)}/${"1".repeat(32)}/a.png`, declined: true },
};
const withChanges: Entry = { ...message, text: changesText(someChanges), part: someChanges };
const applied: Entry = { ...withChanges, applied: { at: 2, partly: true } };
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

const lines = [
  listed,
  message,
  arrival,
  answered,
  retracted,
  withPart,
  withFile,
  declined,
  withChanges,
  applied,
];
const [other, another, last] = [11, 12, 13].map((n) => parse(SessionNumber, n)) as [
  SessionNumber,
  SessionNumber,
  SessionNumber,
];
const going = { session: active, id: file, bytes: 1, rate: null, secondsLeft: null };
const plain = { name: "carmen", state: "open" as const, unread: 0, start: 0, end: 0, pending: [] };
const replying = { kind: "reply", index: 0, from: "bobby", text: "a" } as const;
const editing = { kind: "edit", index: 0, former: "a", text: "b" } as const;
const replyingToLine = { ...replying, line: { line: 2, number: 13 } } as const;
const editingNote = { ...editing, note: 2 } as const;
const entries = [{ session: active, index: 3, entries: lines }];
const amended = lines.map((entry, index) => ({ session: active, index, entry }));

/** A panel state with every optional field. */
const everything: PanelState = {
  ...panelState(withBoth),
  forks: [{ id: "f", name: "dora", phase: "asking" }],
  targets: {
    forkable: ["dora"],
    blockable: ["dora"],
    blocked: ["eve"],
    asking: ["erik"],
    linked: ["bobby"],
    connected: ["bobby"],
  },
  sessions: [
    {
      number: active,
      name: "bobby",
      mark: "P~>",
      state: "open",
      peer: {
        ...{ path: "relayed", verified: "both", introducedBy: "carmen", text: "Relayed." },
        ...{ readUpTo: 3, typing: true, presence: "away" },
      },
      unread: 1,
      ...{ newFrom: 1, muted: true },
      attached: {
        kind: "code",
        id: "w.2",
        path: "src/a.ts",
        range: { from: 12, to: 13 },
        unsaved: true,
        bytes: 40,
      },
      start: 0,
      end: 2,
      pending: [
        { id: "7", at: 1, text: "x", status: "failed", reason: "It was not confirmed." },
        {
          id: "8",
          at: 1,
          text: "y",
          status: "waiting",
          unsaved: true,
          about: { kind: "reply", of: "yours", seq: 1 },
        },
        { id: "w.9", at: 1, text: "z", status: "sending", about: { kind: "reply", seq: 1 }, part: note },
        {
          id: "9",
          at: 1,
          text: "!",
          status: "waiting",
          about: { kind: "react", of: "yours", seq: 1, on: true },
        },
      ],
    },
    { ...plain, number: other, attached: { kind: "test", id: "w.3", bytes: 40, name: "adds" } },
    { ...plain, number: another, attached: { kind: "output", id: "w.4", bytes: 40, command: "npm test" } },
    {
      ...plain,
      number: last,
      attached: { kind: "changes", id: "w.5", bytes: 40, files: 2, added: 3, removed: 1 },
      files: [{ id: file, name: "a.png", size: 3 }],
    },
  ],
  verification: {
    session: active,
    peer: "bobby",
    number: "0".repeat(60),
    picture: ["101", "010"],
    verified: "nobody",
  },
  transfers: [
    { ...going, own: true, state: { phase: "running" }, rate: 1_000_000, secondsLeft: 2.5 },
    { ...going, own: false, state: { phase: "paused", by: "them" } },
    { ...going, own: false, state: { phase: "paused", by: "disk", reason: "the disk is full" } },
    { ...going, own: false, state: { phase: "failed", why: "changed" } },
    { ...going, own: true, state: { phase: "failed", why: "many" } },
  ],
};

const { transfers: allTransfers, ...changeable } = everything;

export const host: Samples<HostMessage> = {
  snapshot: [
    {
      type: "snapshot",
      revision: 1,
      state: everything,
      entries,
      drafts: [
        { session: active, text: "d", about: editingNote },
        { session: active, text: "d", about: replyingToLine },
      ],
      windowId: "0123456789abcdef",
    },
  ],
  patch: [
    { type: "patch", revision: 2, entries: [] },
    { type: "patch", revision: 2, state: { me: null }, entries: [] },
    { type: "patch", revision: 3, state: changeable, entries },
    {
      ...{ type: "patch", revision: 3, entries: [] },
      transfers: {
        changed: [{ ...going, own: true, state: { phase: "sent" } }, ...allTransfers],
        gone: [{ session: active, id: going.id, own: false }],
      },
    },
    { type: "patch", revision: 4, entries: [], amended },
    {
      ...{ type: "patch", revision: 5, entries: [] },
      drafts: [
        {
          ...{ session: active, text: "", about: null },
          former: { text: "d", about: editingNote },
        },
        {
          ...{ session: active, text: "d", about: editingNote },
          former: { text: "d", about: replyingToLine },
        },
        {
          ...{ session: active, text: "d", about: replyingToLine },
          former: { text: "", about: null },
        },
      ],
    },
  ],
  page: [{ type: "page", session: active, index: 0, entries: lines }],
  submitted: [
    { type: "submitted", id: 1, accepted: false },
    { type: "submitted", id: 2, accepted: true, to: active },
  ],
  asking: [{ type: "asking", id: 2 }],
  copied: [{ type: "copied", id: 1 }],
  taken: [{ type: "taken", id: 1 }],
  match: [
    { type: "match", session: active, index: 3, match: { state: "gone" } },
    {
      ...{ type: "match", session: active, index: 3 },
      match: { state: "moved", place: { path: "src/a.ts", range: { from: 30, to: 34 } } },
    },
  ],
  stale: [{ type: "stale", session: active, index: 3 }],
  focus: [{ type: "focus" }],
  reveal: [{ type: "reveal", session: active, index: 3 }],
  find: [{ type: "find" }],
};

export const page: Samples<PageMessage> = {
  ready: [{ type: "ready" }, { type: "ready", above: [active] }],
  reading: [{ type: "reading", session: active, atEnd: false }],
  submit: [
    { type: "submit", id: 0, session: active, text: "hi" },
    { type: "submit", id: 1, session: active, text: "hi", about: { kind: "edit", index: 3 } },
    { type: "submit", id: 2, session: active, text: "look", attached: "w.2" },
    { type: "submit", id: 3, session: active, text: "no", about: { kind: "reply", index: 3 }, part: note },
  ],
  detach: [{ type: "detach", session: active }],
  retract: [{ type: "retract", session: active, index: 3 }],
  react: [{ type: "react", session: active, index: 3, text: "\u{1f44d}", on: true }],
  typing: [{ type: "typing", session: active, value: true }],
  openLink: [{ type: "openLink", url: "https://example.org" }],
  file: [{ type: "file", action: "save", session: active, index: 3 }],
  changes: [{ type: "changes", action: "review", session: active, index: 3 }],
  code: [{ type: "code", action: "open", session: active, index: 3 }],
  openFile: [
    { type: "openFile", reference: { path: "src/a.ts", line: 12, column: 5, toLine: 14 } },
    { type: "openFile", reference: { path: "Cart.java", line: 12, below: "com/example" } },
  ],
  addFiles: [{ type: "addFiles", session: active, uris: ["file:///home/anna/a.txt"] }],
  addFile: [{ type: "addFile", id: 1, session: active, name: "a.png", bytes: new Uint8Array([1, 2]) }],
  notAdded: [{ type: "notAdded", session: active, why: "large", name: "a.iso" }],
  removeFile: [{ type: "removeFile", session: active, id: file }],
  sendFiles: [{ type: "sendFiles", session: active, ids: [file] }],
  copyText: [{ type: "copyText", id: 1, text: "x" }],
  insertCode: [{ type: "insertCode", text: "x" }],
  activate: [{ type: "activate", session: active }],
  leave: [{ type: "leave", session: active }],
  cancelFork: [{ type: "cancelFork", id: "w.1" }],
  more: [{ type: "more", session: active, before: 100 }],
  draft: [
    { type: "draft", session: active, text: "", about: null },
    {
      type: "draft",
      session: active,
      text: "d",
      about: replyingToLine,
    },
    { type: "draft", session: active, text: "", about: editingNote },
  ],
  retry: [{ type: "retry", session: active, id: "w.1" }],
  discard: [{ type: "discard", session: active, id: "w.1" }],
  verify: [{ type: "verify", session: active, open: true }],
  verified: [{ type: "verified", session: active, value: false }],
  run: [
    { type: "run", command: "join" },
    { type: "run", command: "startServer" },
    { type: "run", command: "diagnose" },
  ],
};

/** Of one protocol: a variant for each type. */
export type Schema = GenericSchema<unknown, { readonly type: string }> & {
  readonly options: readonly { readonly entries: { readonly type: { readonly literal: string } } }[];
};
export const bulk: Samples<BulkMessage> = {
  open: [{ type: "open", v: 2, sid: session, boot: boot("a"), n: 2 }],
  credit: [{ type: "credit", bytes: 65_536 }],
  block: [{ type: "block", id: file, index: 0, size: 1_048_576, sha256 }],
  end: [{ type: "end", id: file, root: sha256 }],
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
