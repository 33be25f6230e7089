// Someone the user has blocked or wants to block, and what shows whether anything of theirs got through.
import type { State } from "../../extension/core/model/state.ts";
import { after, CARD, invite, linked, online, pin, settings, sid, tell, type, type Step } from "./core.ts";

export const EVE = pin("eve");
/** anna asks before she accepts a fork; eve, bobby and carmen are online. */
export const asking = after(
  online,
  settings({ acceptForks: "ask" }),
  tell({ type: "arrived", name: "eve" }),
  tell({ type: "arrived", name: "mallory" }),
);
export const accepted = (name: string, key = EVE): Step[] => [
  invite(name, name, key),
  type(`\\accept ${name}`),
  tell({
    type: "introduction",
    sid: sid(name),
    role: "B",
    peer: { name, pin: key, card: CARD },
  }),
  linked(name),
];
/** In a session with eve, who also asks for another one as mallory. */
export const withEve = after(asking, ...accepted("eve"));

export const isBlocked = (state: State, key = EVE): boolean =>
  state.people.some((person) => person.blocked && person.pin === key);
export const keysWith = (state: State): string[] => [
  ...state.sessions.flatMap((session) => (session.kind === "peer" ? [session.pin] : [])),
  ...state.channels.map((channel) => channel.pin),
];
export const wordsIn = (state: State): string[] =>
  state.sessions.flatMap(({ transcript }) =>
    transcript.chunks.flat().flatMap((entry) => (entry.kind === "message" ? [entry.text] : [])),
  );
