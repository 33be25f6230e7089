// The panel as people meet it: quiet, busy, broken. For tests of its looks.
import type { Entry, HostMessage } from "../../protocol/webview.ts";
import { LOBBY, notice, panelState, says, session, view } from "./pageData.ts";
import type { PanelPage } from "./pageHarness.ts";

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
  notice("error", "There is no command \\frok. Did you mean \\fork?", 8),
  says("carmen", LONG_WORD, 9),
  says("dmitri", "one", 10),
  says("erika", "two", 11),
  says("farid", "three", 12),
];

const peer: Entry[] = [
  says("anna", "Shall we pair on it?", 1),
  says("bobby", "Yes. I pushed my branch:\n\n\tgit fetch && git switch fix-pool", 2),
  says("bobby", "ok", 3),
];

const sessions = [
  view(0, "lobby", { end: lobby.length }),
  view(1, "bobby", { mark: "P->", unread: 3, end: peer.length }),
  view(2, "carmen", { mark: "P~>", state: "ended" }),
  view(3, "somebody_with_a_long_name_indeed", { mark: "P~>", unread: 120 }),
];

const entries = [
  { session: LOBBY, index: 0, entries: lobby },
  { session: BOBBY, index: 0, entries: peer },
];

const pending = [
  { id: "m1", at: peer[2]?.at ?? 0, text: "pulling now", status: "sending" },
  { id: "m2", at: peer[2]?.at ?? 0, text: "lost", status: "failed", reason: "bobby could not be reached." },
] as const;

const snapshots = {
  welcome: {
    state: panelState({ me: null, sessions: [], connection: { status: "idle", text: "Not joined" } }),
  },
  busy: { state: panelState({ sessions }), entries },
  peer: {
    state: panelState({
      active: BOBBY,
      sessions: sessions.map((one) => (one.number === BOBBY ? { ...one, pending: [...pending] } : one)),
    }),
    entries,
  },
  offline: {
    state: panelState({
      sessions: sessions.map((one) => (one.number === LOBBY ? { ...one, state: "closed" } : one)),
      connection: { status: "offline", text: "No connection to ws://127.0.0.1:43210: nothing answers there" },
    }),
    entries,
    drafts: [{ session: LOBBY, text: "x".repeat(17_000) }],
  },
} satisfies Record<string, Snapshot>;

/** `commands` is the busy panel with the list of commands open. */
export const pageStates = ["welcome", "busy", "peer", "offline", "commands"] as const;
export type PageState = (typeof pageStates)[number];

/** Brings a page into one of these states. */
export async function show(panel: PanelPage, name: PageState): Promise<void> {
  await panel.snapshot(snapshots[name === "commands" ? "busy" : name]);
  if (name === "commands") {
    await panel.composer.fill("\\");
    await panel.page.keyboard.press("ArrowDown");
    await panel.page.getByRole("listbox").waitFor();
  }
  await panel.painted();
}
