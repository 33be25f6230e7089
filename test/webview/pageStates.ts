// The panel as people meet it: quiet, busy, broken. For tests of its looks.
import type { Entry, HostMessage, PanelState, SessionView } from "../../protocol/webview.ts";
import { LOBBY, notice, panelState, peer, says, session, verification, view } from "./pageData.ts";
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
    peer: peer({ path: "none", text: "This session has ended; it can be read" }),
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

const waiting = { id: "m1", at: paired[2]?.at ?? 0, text: "Are you there?", status: "sending" } as const;

/** The conversation with bobby, and what is different about it. */
function withBobby(different: Partial<SessionView>, rest: Partial<PanelState> = {}): Snapshot {
  const changed = sessions.map((one) => (one.number === BOBBY ? { ...one, ...different } : one));
  return { state: panelState({ active: BOBBY, sessions: changed, ...rest }), entries };
}

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
      text: "Connected with somebody_with_another_long_name_’s window through the server’s relay, encrypted from end to end: the relay sees bytes that it cannot read",
    }),
  }),
  away: withBobby({
    state: "away",
    pending: [waiting],
    peer: peer({
      path: "none",
      verified: "me",
      introducedBy: "carmen",
      text: "bobby cannot be reached now; what you write waits (nothing listens at 192.168.1.20:51234, 203.0.113.7:51234 does not answer, the server has no relay)",
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
      connection: { status: "offline", text: "No connection to ws://127.0.0.1:43210: nothing answers there" },
    }),
    entries,
    drafts: [{ session: LOBBY, text: "x".repeat(17_000) }],
  },
} satisfies Record<string, Snapshot>;

/** `commands` is the busy panel with the list of commands open. */
export const pageStates = [
  ...(["welcome", "busy", "offline", "commands"] as const),
  ...(["peer", "relayed", "away", "verified", "verifying"] as const),
] as const;
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
