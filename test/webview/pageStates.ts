// The panel as people meet it: quiet, busy, broken. For tests of its looks.
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
import type { PanelPage } from "./pageHarness.ts";
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

const snapshots = {
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
        text: "Disconnected from ws://192.168.1.20:43210: nothing answers there",
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

type Hands = (panel: PanelPage) => Promise<void>;

/** States that are reached with the keyboard, each from a snapshot. */
const byHand: Record<string, { readonly from: keyof typeof snapshots; readonly hands: Hands }> = {
  commands: {
    from: "busy",
    hands: async ({ composer, page }) => {
      await composer.fill("\\");
      await page.keyboard.press("ArrowDown");
      await page.getByRole("listbox").waitFor();
    },
  },
  emoji: {
    from: "talk",
    hands: async ({ composer, page }) => {
      await composer.fill("well done :smi");
      await page.getByRole("listbox").waitFor();
    },
  },
  acting: { from: "talk", hands: async ({ page, log }) => act(page, log, 1) },
  retracting: {
    from: "talk",
    hands: async ({ page, log }) => {
      await act(page, log, 1);
      await page.getByRole("button", { name: "Retract your message" }).click();
      await page.getByText("Retract?").waitFor();
    },
  },
  reacting: {
    from: "talk",
    hands: async ({ page, log }) => {
      await act(page, log, 3);
      await page.getByRole("button", { name: "React to bobby's message" }).click();
      await page.getByRole("dialog").waitFor();
      await page.keyboard.type("sm");
    },
  },
  replying: {
    from: "talk",
    hands: async ({ page, log }) => {
      await act(page, log, 3);
      await page.getByRole("button", { name: "Reply to bobby's message" }).click();
      await page.getByText("Replying to bobby:").waitFor();
    },
  },
  editing: {
    from: "talk",
    hands: async ({ page, composer }) => {
      await composer.press("ArrowUp");
      await page.getByText("Editing your message").waitFor();
    },
  },
  matches: {
    from: "cards",
    hands: async (panel) => {
      const place = { path: "src/pool/closing.ts", range: { from: 30, to: 34 } };
      for (const [index, match] of [
        { state: "moved" as const, place },
        { state: "same" as const },
        { state: "unsure" as const },
        { state: "changed" as const, place: { path: "src/pool/close.ts", range: { from: 14, to: 14 } } },
        null,
        { state: "gone" as const },
      ].entries()) {
        if (match === null) continue;
        const row = panel.message(index);
        await row.scrollIntoViewIfNeeded();
        await panel.seen(index);
        await panel.post({ type: "match", session: LOBBY, index, match });
      }
      await panel.page.getByRole("button", { name: "Show all 48 lines" }).waitFor({ state: "attached" });
    },
  },
  unfoldedCard: {
    from: "cardsWithBobby",
    hands: async (panel) => {
      await panel.page.getByRole("button", { name: "Show all 48 lines" }).click();
      await panel.page.getByRole("button", { name: "Show less" }).waitFor();
    },
  },
  unfoldedOutput: {
    from: "quotesWithBobby",
    hands: async (panel) => {
      await panel.page.getByRole("button", { name: "Show all 48 lines" }).click();
      await panel.page.getByRole("button", { name: "Show less" }).waitFor();
    },
  },
  finding: {
    from: "talk",
    hands: async ({ page }) => {
      await page.keyboard.press("Control+f");
      await page.getByRole("search").waitFor();
      await page.keyboard.type("push");
      await page.getByText("1 of 2").waitFor();
    },
  },
  unfolded: {
    from: "crowd",
    hands: async ({ page }) => {
      await page.getByRole("button", { name: "Show individually" }).click();
      await page.getByText("ines has joined.").waitFor();
    },
  },
};

/** Puts the focus on a message, so that its buttons are shown. */
async function act(page: PanelPage["page"], log: PanelPage["log"], index: number): Promise<void> {
  await log.locator(`[data-index="${index}"] > .message`).focus();
  await page.getByRole("toolbar").waitFor();
}

export const pageStates = [...Object.keys(snapshots), ...Object.keys(byHand)];

/** Brings a page into one of these states. */
export async function show(panel: PanelPage, name: string): Promise<void> {
  // What is open in the page itself belongs to its session: no snapshot closes it.
  await panel.page.keyboard.press("Escape");
  await panel.page.mouse.move(0, 0);
  const state = byHand[name];
  await panel.snapshot({ ...snapshots.welcome });
  await panel.snapshot(
    state === undefined ? snapshots[name as keyof typeof snapshots] : snapshots[state.from],
  );
  await panel.composer
    .or(panel.page.getByRole("button", { name: "Join as…" }))
    .first()
    .waitFor();
  await state?.hands(panel);
  await panel.painted();
}
