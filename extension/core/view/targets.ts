// Which people a command can be applied to, for completion and for the palette. Pure.
import { nameKey } from "../../../protocol/names.ts";
import type { Target, TargetNames } from "../../../protocol/webview.ts";
import { askedAbout } from "../people/questions.ts";
import { sortNames } from "../people/nameList.ts";
import type { PeerSession } from "../model/session.ts";
import type { State } from "../model/state.ts";

/** Names of each kind sent to the page for completion: enough for any lobby, and a limit for its messages. */
const COMPLETED_NAMES = 1000;

/** Everyone online except the user; the first so many. */
export function others(state: State, most = Infinity): string[] {
  return without(state.users, keysOf([state.me?.name ?? ""]), most);
}

/** The valid names for a command's argument; the first so many. The work does not grow with the rest of the lobby. */
export function targets(state: State, kind: Target, most = Infinity): string[] {
  switch (kind) {
    case "forkable":
      return forkable(state, most);
    case "blockable":
      return blockable(state, most);
    case "blocked":
      return sortNames(blocked(state)).slice(0, most);
    case "asking":
      return sortNames(askedAbout(state)).slice(0, most);
    case "linked":
      return linked(state);
    case "connected":
      return connected(state);
  }
}

/** All targets, for completion in the page. */
export function targetNames(state: State): TargetNames {
  const some = (kind: Target): string[] => targets(state, kind, COMPLETED_NAMES);
  return {
    forkable: some("forkable"),
    blockable: some("blockable"),
    blocked: some("blocked"),
    asking: some("asking"),
    linked: some("linked"),
    connected: some("connected"),
  };
}

export function completedUsers(state: State): string[] {
  return others(state, COMPLETED_NAMES);
}

/** Whether a change leaves the targets as they are. Compares their sources, because most changes are messages. */
export function keepsTargets(before: State, after: State): boolean {
  return (
    before.me === after.me &&
    before.users === after.users &&
    before.people === after.people &&
    before.questions === after.questions &&
    before.invites === after.invites &&
    before.forks === after.forks &&
    (before.sessions === after.sessions || linksOf(before) === linksOf(after))
  );
}

function linksOf({ sessions }: State): string {
  return sessions
    .map((session) => (session.kind === "peer" ? `${session.number} ${session.link}` : ""))
    .join();
}

/** Online, not blocked, and neither in a private session with this user nor being asked. */
function forkable(state: State, most: number): string[] {
  const asked = [
    ...state.forks.map(({ to }) => to),
    ...state.invites.filter(({ wanted }) => wanted).map(({ from }) => from),
  ];
  const engaged = living(state).map(({ peer }) => peer);
  return without(state.users, keysOf([state.me?.name ?? "", ...asked, ...engaged, ...blocked(state)]), most);
}

/** People online first, then those met before. */
function blockable(state: State, most: number): string[] {
  const own = state.me?.name ?? "";
  const online = without(state.users, keysOf([own, ...blocked(state)]), most);
  if (online.length === most) return online;
  const met = [...state.people.map(({ name }) => name), ...living(state).map(({ peer }) => peer)];
  const away = without(sortNames(met), keysOf([own, ...blocked(state), ...online]), most - online.length);
  return [...online, ...away];
}

function blocked({ people }: State): string[] {
  return people.filter((person) => person.blocked).map(({ name }) => name);
}

/** An introduction takes two. */
function linked(state: State): string[] {
  const names = connected(state);
  return names.length < 2 ? [] : names;
}

function connected(state: State): string[] {
  return sortNames(
    living(state)
      .filter(({ link }) => link === "open")
      .map(({ peer }) => peer),
  );
}

function living({ sessions: [, ...peers] }: State): PeerSession[] {
  return peers.filter(({ link }) => link !== "ended");
}

function keysOf(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map(nameKey));
}

/** The first so many names that have none of these keys. */
function without(names: readonly string[], keys: ReadonlySet<string>, most: number): string[] {
  const rest: string[] = [];
  for (const name of names) {
    if (rest.length >= most) break;
    if (!keys.has(nameKey(name))) rest.push(name);
  }
  return rest;
}
