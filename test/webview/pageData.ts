// Sessions, entries and states as a host would send them, for tests of the page.
import { encode } from "uqr";
import * as v from "valibot";
import { describeCommands, tableEntry } from "../../extension/core/view/answers.ts";
import { look, after, withBoth } from "../support/core.ts";
import {
  SessionNumber,
  type CommandView,
  type Entry,
  type PanelState,
  type SessionView,
  type Table,
  type VerificationView,
} from "../../protocol/webview.ts";

/** A quiet morning, so that a story of some hours stays within its day in every time zone near Greenwich. */
export const MORNING = Date.UTC(2026, 10, 23, 10, 30);

export const LOBBY = session(0);

export function session(number: number): SessionNumber {
  return v.parse(SessionNumber, number);
}

export function says(from: string, text: string, minute = 0): Entry {
  return { kind: "message", from, own: from === "anna", at: MORNING + minute * 60_000, text };
}

export function notice(level: "info" | "error" | "output", text: string, minute = 0): Entry {
  return { kind: "notice", level, at: MORNING + minute * 60_000, text };
}

/** `count` short lines of two people, numbered from `from`. */
export function lines(count: number, from = 0): Entry[] {
  return Array.from({ length: count }, (_, at) => {
    const index = from + at;
    return says(index % 7 < 4 ? "bobby" : "carmen", `line ${index}`, Math.floor(index / 10));
  });
}

export function view(number: number, name: string, rest: Partial<SessionView> = {}): SessionView {
  return { number: session(number), name, state: "open", unread: 0, start: 0, end: 0, pending: [], ...rest };
}

type Peer = NonNullable<SessionView["peer"]>;

/** How a private session is connected: by default directly, with an unverified bobby. */
export function peer(rest: Partial<Peer> = {}): Peer {
  const text = "Connected directly to bobby's window, end-to-end encrypted";
  return { path: "direct", verified: "nobody", text, ...rest };
}

export const NUMBER = "048215930177264415990238610472558130946627718350142968073351";

/** The dialog for session 1 with bobby, and the number's picture as the host draws it. */
export function verification(rest: Partial<VerificationView> = {}): VerificationView {
  const picture = encode(NUMBER, { ecc: "M", border: 0 }).data.map((row) =>
    row.map((dark) => (dark ? "1" : "0")).join(""),
  );
  return { session: session(1), peer: "bobby", number: NUMBER, picture, verified: "nobody", ...rest };
}

export const commands: readonly CommandView[] = [
  { name: "users", aliases: [], usage: "\\users", help: "shows who's online", completes: [] },
  {
    name: "fork",
    aliases: [],
    usage: "\\fork NAME",
    help: "opens a private session with someone and switches to it",
    completes: ["forkable"],
  },
  {
    name: "switch",
    aliases: ["sw"],
    usage: "\\switch N",
    help: "switches to session N; a person's name works too",
    completes: ["session"],
  },
  {
    name: "sessions",
    aliases: ["ss"],
    usage: "\\sessions",
    help: "lists your sessions; * marks the active one",
    completes: [],
  },
  { name: "lobby", aliases: ["lob"], usage: "\\lobby", help: "returns to the lobby", completes: [] },
  {
    name: "quit",
    aliases: [],
    usage: "\\quit",
    help: "leaves the lobby and ends all private sessions",
    completes: [],
  },
  { name: "help", aliases: [], usage: "\\help", help: "shows what can be used here", completes: [] },
];

export function panelState(rest: Partial<PanelState> = {}): PanelState {
  return {
    me: "anna",
    busy: false,
    connection: { status: "online", text: "Connected to ws://127.0.0.1:43210", way: "local" },
    active: LOBBY,
    sessions: [view(0, "lobby")],
    users: ["bobby", "bob.smith", "carmen"],
    online: 4,
    targets: {
      forkable: rest.users ?? ["bobby", "bob.smith", "carmen"],
      blockable: [],
      blocked: [],
      asking: [],
      linked: [],
      connected: [],
    },
    commands: [...commands],
    forks: [],
    verification: null,
    transfers: [],
    ...rest,
  };
}

/** Answers of commands in rows, as the core gives them. */
export const commandsTable: Table = describeCommands(after(withBoth, look(0)));
export const sessionsTable: Table = {
  of: "sessions",
  name: "Sessions",
  rows: [
    ["*0", "lobby (broadcast)"],
    [" 1", "bobby (P->)"],
    [" 2", "carmen (P~>) do not disturb"],
    [" 12", "דנה (P->) away"],
  ],
};
export const peopleTable: Table = {
  of: "people",
  name: "4 online",
  rows: [
    ["anna", "you"],
    ["bobby", ""],
    ["carmen", "do not disturb"],
    ["דנה", "away"],
  ],
};

export function tableNotice(table: Table): Entry {
  return tableEntry(table, MORNING);
}
