// The panel as people meet it: quiet, busy, broken.
import type { Entry, HostMessage, PanelState, SessionView } from "../../protocol/webview.ts";
import { cards } from "./cardData.ts";
import { files, filesToSend, transfers } from "./fileData.ts";
import { quotes } from "./quoteData.ts";
import { written } from "./markdownData.ts";
import {
  commandsTable,
  LOBBY,
  notice,
  panelState,
  peer,
  peopleTable,
  says,
  session,
  sessionsTable,
  tableNotice,
  verification,
  view,
} from "./pageData.ts";
import { comings, talk, talking } from "./talkData.ts";

type Snapshot = Partial<Extract<HostMessage, { type: "snapshot" }>>;

const BOBBY = session(1);
const LONG_WORD = "https://example.org/" + "a-very-long-path/".repeat(12);

const lobby: Entry[] = [
  notice("info", "You joined as anna. Type \\help to see what you can do here.", -1500),
  says("bobby", "Anyone else seeing the pool test flake?", -1490),
  notice("info", "carmen joined"),
  says("bobby", "The build is red since the merge last night, I am on it.", 1),
  says("bobby", "The pool is closed twice:\n  close() -> drain() -> close()\nand the second one throws.", 2),
  says("anna", "Do you need somebody who knows the pool?", 3),
  says("anna", "I wrote half of it.", 3),
  says("دانا", "مرحبا، سأراجع الطلب pull/42 اليوم.", 6),
  notice("output", "*0 lobby (broadcast)\n 1 bobby (P->)\n 2 carmen (P~>)" + " ".repeat(90) + "|", 7),
  ...[commandsTable, peopleTable, sessionsTable].map(tableNotice),
  notice("error", "Unknown command: \\frok. Did you mean \\fork?", 8),
  says("carmen", LONG_WORD, 9),
  says("dmitri", "one", 10),
  says("erika", "two", 11),
  says("farid", "three", 12),
];

const paired: Entry[] = [
  says("anna", "Shall we pair on it?", 1),
  says("bobby", "Yes. I pushed my branch:\n\n\tgit fetch && git switch fix-pool", 2),
  says("bobby", "ok", 3),
];

const sessions = [
  view(0, "lobby", { end: lobby.length }),
  view(1, "bobby", { mark: "P->", unread: 3, end: paired.length, peer: peer() }),
  view(2, "carmen", {
    mark: "P~>",
    state: "ended",
    peer: peer({ path: "none", text: "This session has ended, but you can still read it" }),
  }),
  view(3, "somebody_with_a_long_name_indeed", {
    mark: "P~>",
    unread: 120,
    peer: peer({ path: "relayed", verified: "both" }),
  }),
];

const entries = [
  { session: LOBBY, index: 0, entries: lobby },
  { session: BOBBY, index: 0, entries: paired },
];

const pending = [
  { id: "m1", at: paired[2]?.at ?? 0, text: "pulling now", status: "sending" },
  { id: "m2", at: paired[2]?.at ?? 0, text: "lost", status: "failed", reason: "bobby could not be reached." },
] as const;

const waiting = { id: "m1", at: paired[2]?.at ?? 0, text: "Are you there?", status: "waiting" } as const;

/** The conversation with bobby, and what is different about it. */
function withBobby(different: Partial<SessionView>, rest: Partial<PanelState> = {}): Snapshot {
  const changed = sessions.map((one) => (one.number === BOBBY ? { ...one, ...different } : one));
  return { state: panelState({ active: BOBBY, sessions: changed, ...rest }), entries };
}

const crowd = view(0, "lobby", { end: comings.length, unread: 2 });
const talks: Snapshot = {
  state: panelState({
    active: BOBBY,
    sessions: [
      crowd,
      talking(),
      view(2, "carmen", { mark: "P~>", unread: 2, muted: true, peer: peer({ presence: "busy" }) }),
    ],
  }),
  entries: [
    { session: LOBBY, index: 0, entries: comings },
    { session: BOBBY, index: 0, entries: talk },
  ],
};

/** Of which bobby's window gets lines, too. */
const withCards: Snapshot = {
  state: panelState({
    active: BOBBY,
    sessions: [
      crowd,
      talking({
        end: cards.length,
        attached: {
          kind: "code",
          id: "w.1",
          path: "src/pool/close.ts",
          range: { from: 12, to: 12 },
          bytes: 240,
        },
      }),
    ],
  }),
  entries: [{ session: BOBBY, index: 0, entries: cards }],
};

/** The panel in each state, as its host sends it. */
export const snapshots = {
  welcome: {
    state: panelState({ me: null, sessions: [], connection: { status: "idle", text: "Not joined" } }),
  },
  busy: { state: panelState({ sessions }), entries },
  peer: withBobby({ pending: [...pending] }),
  relayed: withBobby({
    name: "somebody_with_another_long_name_",
    peer: peer({
      path: "relayed",
      verified: "peer",
      introducedBy: "somebody_with_a_long_name_indeed",
      text: "Connected to somebody_with_another_long_name_'s window through the server's relay, end-to-end encrypted: the relay can't read anything",
    }),
  }),
  away: withBobby({
    state: "waiting",
    pending: [waiting],
    peer: peer({
      path: "none",
      verified: "me",
      introducedBy: "carmen",
      text: "bobby can't be reached right now; messages wait until they reconnect (nothing is listening at 192.168.1.20:51234, 203.0.113.7:51234 isn't responding, the server has no relay)",
    }),
  }),
  verified: withBobby({ peer: peer({ verified: "both" }) }),
  verifying: withBobby(
    { peer: peer({ verified: "peer" }) },
    { verification: verification({ verified: "peer" }) },
  ),
  offline: {
    state: panelState({
      sessions: sessions.map((one) => (one.number === LOBBY ? { ...one, state: "closed" } : one)),
      connection: {
        status: "offline",
        text: "Disconnected: nothing is listening at 192.168.1.20:43210",
        way: "plain",
      },
    }),
    entries,
    drafts: [{ session: LOBBY, text: "x".repeat(17_000), about: null }],
  },
  markdown: {
    state: panelState({ sessions: [view(0, "lobby", { end: written.length })] }),
    entries: [{ session: LOBBY, index: 0, entries: written }],
  },
  talk: talks,
  cards: {
    state: panelState({
      sessions: [
        view(0, "lobby", {
          end: cards.length,
          attached: {
            kind: "code",
            id: "w.1",
            path: "src/pool/close.ts",
            range: { from: 12, to: 16 },
            bytes: 240,
            unsaved: true,
          },
        }),
      ],
    }),
    entries: [{ session: LOBBY, index: 0, entries: cards }],
  },
  cardsWithBobby: withCards,
  quotes: {
    state: panelState({
      sessions: [
        view(0, "lobby", {
          end: quotes.length,
          attached: { kind: "output", id: "w.1", command: "npm test", bytes: 240 },
        }),
      ],
    }),
    entries: [{ session: LOBBY, index: 0, entries: quotes }],
  },
  quotesWithBobby: {
    state: panelState({
      active: BOBBY,
      sessions: [
        crowd,
        talking({
          end: quotes.length,
          attached: { kind: "test", id: "w.1", name: "pool › closes once", bytes: 240 },
        }),
      ],
    }),
    entries: [{ session: BOBBY, index: 0, entries: quotes }],
  },
  files: {
    state: panelState({
      active: BOBBY,
      sessions: [crowd, talking({ end: files.length, files: filesToSend })],
      transfers: [...transfers],
    }),
    entries: [{ session: BOBBY, index: 0, entries: files }],
  },
  crowd: { ...talks, state: panelState({ sessions: [crowd] }) },
} satisfies Record<string, Snapshot>;
