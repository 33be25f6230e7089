// Examples of every message between the host and the page: each type, and each optional field, at least once.
import { parse } from "valibot";
import { panelState } from "../../extension/core/view/panelView.ts";
import { changesText } from "../../protocol/changesText.ts";
import {
  SessionNumber,
  type Entry,
  type HostMessage,
  type PageMessage,
  type PanelState,
} from "../../protocol/webview.ts";
import { pin, withBoth } from "./core.ts";
import { file, type Samples, someChanges, someFile, somePart } from "./sampleValues.ts";

const { active } = withBoth;
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
  activated: [{ type: "activated", id: 3 }],
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
  activate: [{ type: "activate", id: 3, session: active }],
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
