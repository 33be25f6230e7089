// A private conversation with all that can be done with messages, and a lobby in which people come and go. For tests.
import type { Entry, MessageEntry, SessionView } from "../../protocol/webview.ts";
import { MORNING, peer, says, view } from "./pageData.ts";

/** A message with a number, which can be answered and changed. */
export function told(
  from: string,
  text: string,
  seq: number,
  rest: Partial<MessageEntry> = {},
): MessageEntry {
  return {
    kind: "message",
    from,
    own: from === "anna",
    at: MORNING + seq * 60_000,
    text,
    seq,
    ...rest,
  };
}

export function came(name: string, what: "joined" | "left" = "joined", minute = 0): Entry {
  const text = what === "joined" ? `${name} has joined.` : `${name} has quit.`;
  return { kind: "notice", level: "info", at: MORNING + minute * 60_000, text, presence: { name, what } };
}

export const talk: Entry[] = [
  told("bobby", "Has anybody looked at the pool test? It hangs on my machine, too.", 1, {
    reactions: [
      { text: "👀", by: ["anna"], mine: true },
      { text: "👍", by: ["bobby", "carmen"], mine: false },
    ],
  }),
  told("anna", "I have: close() is called twice.", 2, {
    reply: {
      from: "bobby",
      text: "Has anybody looked at the pool test? It hangs on my machine, too.",
      index: 0,
    },
    edited: true,
    reactions: [{ text: "🎉", by: ["bobby"], mine: false }],
  }),
  told("bobby", "", 3, { retracted: true }),
  told("bobby", "@anna could you push what you have?", 4, { mentions: true }),
  told("bobby", "مرحبا، سأراجع الطلب pull/42 اليوم.", 4, {
    seq: 5,
    reply: {
      from: "somebody_who_is_gone",
      text: "an old line whose index is not known any more " + "x".repeat(90),
    },
  }),
  told("anna", "", 5, { seq: 3, retracted: true }),
  told("anna", "Pushed.", 5, { seq: 6 }),
  told("anna", "And the log says which call was first.", 5, { seq: 7 }),
];

export const comings: Entry[] = [
  says("bobby", "Who is coming to the stand-up?", -2),
  came("dora"),
  came("erik"),
  came("farid"),
  came("gita"),
  came("hugo"),
  came("ines"),
  came("dora", "left", 1),
  says("carmen", "That is a crowd.", 2),
];

/** Session 1 with bobby, who is away and writes all the same. */
export function talking(rest: Partial<SessionView> = {}, about: Partial<ReturnType<typeof peer>> = {}) {
  return view(1, "bobby", {
    mark: "P->",
    end: talk.length,
    newFrom: 3,
    peer: peer({ readUpTo: 6, typing: true, presence: "away", ...about }),
    ...rest,
  });
}
