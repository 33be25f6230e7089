// What “Chat: Diagnose Connection” tells: the way to the server, our own place, each private session, and what may help.
// Markdown, made of the state alone.
import { serverAwayReason } from "./texts.ts";
import type { PeerSession, State } from "./state.ts";
import { verifiedBy } from "./verification.ts";

/** @param at milliseconds since 1970 */
export function diagnosis(state: State, at: number): string {
  const { me } = state;
  if (me === null) return "# Fork Chat: connections\n\nYou have not joined. **Chat: Join as…** does that.\n";
  const [, ...peers] = state.sessions;
  const sessions =
    peers.length === 0
      ? ["There is no private session."]
      : peers.map((peer) => aboutSession(state, peer, at));
  return [
    "# Fork Chat: connections",
    `## The server\n\n${list(aboutServer(state))}`,
    `## This window\n\n${list(aboutWindow(state))}`,
    `## Private sessions\n\n${sessions.join("\n\n")}`,
    "",
  ].join("\n\n");
}

function aboutServer(state: State): string[] {
  const { me, connection, place } = state;
  const address = `Address: ${code(me?.server ?? "")}`;
  if (connection.status !== "online") {
    return [
      address,
      `No connection: ${serverAwayReason(state)}. It is tried again by itself; private sessions go on.`,
      "What helps: see whether the server runs, and whether the setting `forkchat.serverUrl` is right.",
    ];
  }
  return [
    address,
    `Connected${me?.server.startsWith("wss:") === true ? ", with TLS" : ", without TLS: who is on the way can read the lobby"}`,
    place.reach === "loopback"
      ? "It can be reached from this machine only."
      : "It can be reached from other machines.",
    place.relay ? "It has a relay for those whom no address leads to." : "It has no relay.",
  ];
}

function aboutWindow({ listener, place, settings }: State): string[] {
  const seen = place.seen === "" || place.overLoopback ? [] : [`The server sees it at ${code(place.seen)}.`];
  const kind = `The setting \`forkchat.connection\` is \`${settings.connection}\`.`;
  switch (listener.status) {
    case "ready":
      return [
        `Peers can call it at ${listener.addresses.map(({ host, port }) => code(placeText(host, port))).join(", ")}.`,
        ...seen,
        kind,
      ];
    case "failed":
      return [
        "Peers cannot call it: its listener could not start.",
        "What helps: another port or address in the settings `forkchat.peerPort` and `forkchat.peerHost`.",
        ...seen,
        kind,
      ];
    case "off":
    case "starting":
      return ["Peers cannot call it now: there is no listener.", ...seen, kind];
  }
}

function aboutSession(state: State, session: PeerSession, at: number): string {
  const wire = state.wires.find(({ sid }) => sid === session.sid);
  const verified = verifiedBy(state, session);
  const trust =
    verified === "both"
      ? "Verified by both."
      : "Not verified by both: **Chat: Verify Peer…** shows the number.";
  const lines = wire === undefined ? ["It has ended."] : [...aboutLink(wire, at), ...aboutWays(state, wire)];
  return `### ${session.number} ${session.peer}\n\n${list([...lines, trust])}`;
}

type Wire = State["wires"][number];

function aboutLink({ link, attempt, failure }: Wire, at: number): string[] {
  if (link !== null) {
    const way = link.path === "direct" ? "directly" : "through the server’s relay";
    const who = link.dialler === "me" ? "this window called" : "the other window called";
    return [`Connected ${way} for ${duration(at - link.since)}, encrypted with TLS 1.3; ${who}.`];
  }
  return [
    `Not connected. What you write waits.`,
    attempt === 1 ? "Called once in vain." : `Called ${attempt} times in vain.`,
    ...(failure === null ? [] : [`The last time: ${failure}.`]),
  ];
}

function aboutWays(state: State, { link, addresses }: Wire): string[] {
  const known =
    addresses.length === 0
      ? "No address of the other window is known."
      : `The other window’s addresses: ${addresses.map(({ host, port }) => code(placeText(host, port))).join(", ")}.`;
  if (link?.path === "direct") return [known];
  const help: string[] = [];
  if (link === null && state.settings.connection === "direct") {
    help.push("What may help: the setting `forkchat.connection` on `auto`, which uses the relay as well.");
  }
  if (link === null && state.connection.status === "online" && !state.place.relay) {
    help.push("What may help: a server without `--no-relay`.");
  }
  if (link?.path === "relayed") {
    help.push(
      "A direct way is looked for now and then. It needs one of the two windows to be callable: a port (`forkchat.peerPort`) that its firewall lets in.",
    );
  }
  return [known, ...help];
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}

function placeText(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return "less than a minute";
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}
