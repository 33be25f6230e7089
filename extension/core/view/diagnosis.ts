// The report of “Chat: Diagnose Connection”, as Markdown derived from the state: the connection to the server, our own
// address, each private session, and possible remedies.
import * as l10n from "@vscode/l10n";
import type { Address } from "../../../protocol/fields.ts";
import { serverAwayReason } from "../texts/texts.ts";
import type { PeerChannel } from "../model/peerChannel.ts";
import type { PeerSession } from "../model/session.ts";
import type { ServerCheck } from "../model/serverCheck.ts";
import type { State } from "../model/state.ts";
import { verifiedBy } from "../people/verification.ts";
import { wayTo } from "./connectionView.ts";
import { escaped, inlineCode } from "./markdownText.ts";
import { serverCheckText } from "./serverCheckText.ts";

/**
 * @param at milliseconds since 1970
 * @param check the check of the server, if this window is not connected to it
 */
export function diagnosis(state: State, at: number, check: ServerCheck | null = null): string {
  const { me, failedJoin } = state;
  const title = `# ${l10n.t("Fork Chat: connections")}`;
  if (me === null) {
    const tried = failedJoin === null ? [] : [list([escaped(failedJoin)])];
    return [
      title,
      l10n.t("You haven't joined yet. Run **Chat: Join as…**."),
      ...tried,
      ...checked(check),
      "",
    ].join("\n\n");
  }
  const [, ...peers] = state.sessions;
  const sessions =
    peers.length === 0
      ? [l10n.t("You have no private sessions.")]
      : peers.map((peer) => aboutSession(state, peer, at));
  return [
    title,
    `## ${l10n.t("Server")}\n\n${list(aboutServer(state))}`,
    ...checked(check),
    `## ${l10n.t("This window")}\n\n${list(aboutWindow(state))}`,
    `## ${l10n.t("Private sessions")}\n\n${sessions.join("\n\n")}`,
    "",
  ].join("\n\n");
}

function checked(check: ServerCheck | null): string[] {
  return check === null ? [] : [`## ${l10n.t("Connection to the server")}\n\n${serverCheckText(check)}`];
}

const ways = {
  encrypted: l10n.t("Connected over TLS."),
  local: l10n.t("The server runs on this machine."),
  plain: l10n.t(
    "Connected without TLS: anyone on the network between you and the server can read the lobby.",
  ),
} as const;

function aboutServer(state: State): string[] {
  const { me, connection, place } = state;
  const address = l10n.t("Address: {0}", inlineCode(me?.server ?? ""));
  if (connection.status !== "online") {
    return [
      address,
      l10n.t(
        "Disconnected: {0}. Reconnecting automatically. Private sessions keep working.",
        escaped(serverAwayReason(state)),
      ),
    ];
  }
  return [
    address,
    ways[wayTo(me?.server ?? "")],
    place.reach === "loopback"
      ? l10n.t("It can be reached only from this machine.")
      : l10n.t("It can be reached from other machines."),
    place.relay ? l10n.t("It relays for peers that cannot connect directly.") : l10n.t("It has no relay."),
  ];
}

function aboutWindow({ listener, place, settings }: State): string[] {
  const seen =
    place.seen === "" || place.overLoopback
      ? []
      : [l10n.t("The server sees this window at {0}.", inlineCode(place.seen))];
  const kind = l10n.t("The setting `forkchat.connection` is `{0}`.", settings.connection);
  switch (listener.status) {
    case "ready":
      return [l10n.t("Peers can connect to it at {0}.", places(listener.addresses)), ...seen, kind];
    case "failed":
      return [
        l10n.t("Peers can't connect to it: its listener couldn't start."),
        l10n.t("Try another port or address in the settings `forkchat.peerPort` and `forkchat.peerHost`."),
        ...seen,
        kind,
      ];
    case "off":
    case "starting":
      return [l10n.t("Peers can't connect to it right now: its listener isn't running."), ...seen, kind];
  }
}

function aboutSession(state: State, session: PeerSession, at: number): string {
  const channel = state.channels.find(({ sid }) => sid === session.sid);
  const verified = verifiedBy(state, session);
  const trust =
    verified === "both"
      ? l10n.t("Verified by both of you.")
      : l10n.t("Not verified by both of you. **Chat: Verify Peer…** shows the safety number.");
  const lines =
    channel === undefined
      ? [l10n.t("This session has ended.")]
      : [...aboutLink(channel, at), ...aboutWays(state, channel)];
  return `### ${session.number} ${escaped(session.peer)}\n\n${list([...lines, trust])}`;
}

function aboutLink({ link, attempt, failure, ways }: PeerChannel, at: number): string[] {
  if (link !== null) {
    const way = link.path === "direct" ? l10n.t("directly") : l10n.t("through the server's relay");
    const who =
      link.dialler === "me" ? l10n.t("initiated by this window") : l10n.t("initiated by the other window");
    return [
      l10n.t("Connected {0} for {1}, encrypted with TLS 1.3; {2}.", way, duration(at - link.since), who),
    ];
  }
  const lines = [l10n.t("Not connected. Your messages wait until it reconnects.")];
  if (attempt > 0) {
    lines.push(attempt === 1 ? l10n.t("1 failed attempt.") : l10n.t("{0} failed attempts.", attempt));
  }
  // The failure of a dial repeats those of its paths, which are listed.
  const isListed = ways.some((way) => way.failure !== null && failure?.includes(way.failure) === true);
  if (failure !== null && !isListed) lines.push(l10n.t("Last error: {0}.", escaped(failure)));
  return lines;
}

function aboutWays(state: State, channel: PeerChannel): string[] {
  const { link, addresses, ways } = channel;
  const byRelayOnly = state.settings.connection === "relay";
  const results = byRelayOnly ? [] : addresses.map((address) => resultOf(channel, address));
  const relay = ways.find(({ address }) => address === null)?.failure ?? null;
  if (link === null && relay !== null) results.push(relay);
  const lines: string[] = [];
  if (byRelayOnly) {
    lines.push(
      l10n.t(
        "No direct connection is attempted: the setting `forkchat.connection` is `{0}`.",
        state.settings.connection,
      ),
    );
  } else if (addresses.length === 0) {
    lines.push(l10n.t("No address of the other window is known."));
  }
  if (results.length > 0) {
    const title =
      link === null
        ? l10n.t("Connection attempts and their last results:")
        : link.path === "relayed"
          ? l10n.t("Direct connections were tried without success:")
          : l10n.t("Earlier connection attempts and their last results:");
    lines.push([title, ...results.map((result) => `  - ${escaped(result)}`)].join("\n"));
  }
  return [...lines, ...helpFor(state, channel)];
}

function resultOf({ ways }: PeerChannel, address: Address): string {
  const place = placeText(address.host, address.port);
  const way = ways.find((each) => each.address?.host === address.host && each.address.port === address.port);
  if (way === undefined) return l10n.t("{0} has not been tried yet", place);
  return way.failure ?? l10n.t("{0} answered", place);
}

function helpFor({ settings, connection, place }: State, { link }: PeerChannel): string[] {
  if (link?.path === "direct") return [];
  if (link?.path === "relayed") {
    return settings.connection !== "auto"
      ? []
      : [
          l10n.t(
            "This window keeps trying to connect directly. For that, one of the two windows must be reachable on a port (`forkchat.peerPort`) that its firewall allows.",
          ),
        ];
  }
  const help: string[] = [
    l10n.t(
      "If the other window is closed or asleep, there's nothing to do: this window reconnects automatically.",
    ),
  ];
  if (settings.connection === "direct") {
    help.push(l10n.t("Try setting `forkchat.connection` to `auto`, which can also use the relay."));
  }
  if (connection.status === "online" && !place.relay) {
    help.push(l10n.t("Try a server that runs without `--no-relay`."));
  }
  return help;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}

function places(addresses: PeerChannel["addresses"]): string {
  return addresses.map(({ host, port }) => inlineCode(placeText(host, port))).join(", ");
}

function placeText(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return l10n.t("less than a minute");
  return minutes < 120 ? l10n.t("{0} min", minutes) : l10n.t("{0} h", Math.floor(minutes / 60));
}
