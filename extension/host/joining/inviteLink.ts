// Invite links: created by “Chat: Copy Invite Link”, opened by VS Code on any machine. A link contains only the server:
// no token, no name. Nothing happens before the user confirms.
import { isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { err, ok, type Result } from "../../../protocol/result.ts";
import { listedInterfaces } from "../../core/channels/networkInterfaces.ts";
import { isOnThisMachine, isSameServer, readServerUrl } from "../../core/model/serverAddress.ts";
import { defaultRouteAddresses } from "./defaultRoute.ts";
import type { JoinFlow } from "./joinFlow.ts";
import type { Keyring } from "../trust/keyring.ts";
import { chooseLoudly, confirmLoudly, showInfo, showWarning } from "../vscode/notify.ts";
import { ownAddresses } from "./ownAddresses.ts";
import type { ServerTerminal } from "./serverTerminal.ts";
import { offerInstead, wrongUrlText } from "./serverUrlHelp.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { showFailure } from "../vscode/failures.ts";
import { readSettings, setServerUrl } from "../vscode/settings.ts";
import type { Store } from "../store/store.ts";

const PATH = "/join";

/** `vscode://fork-chat.fork-chat/join?server=…`, with the URI scheme of the running VS Code. */
export function inviteLink(extensionId: string, server: string): string {
  return `${vscode.env.uriScheme}://${extensionId}${PATH}?server=${encodeURIComponent(server)}`;
}

/** The server in a link. The error is a sentence. */
export function readInviteLink(uri: Pick<vscode.Uri, "path" | "query">): Result<string, string> {
  const server = new URLSearchParams(uri.query).get("server") ?? "";
  const wrong = err(l10n.t("This invite link doesn't contain the address of a Fork Chat server."));
  if (uri.path !== PATH || server.length > 300) return wrong;
  // Normalized as it will be dialed, so that the confirmation shows no disguised host and no disguised sentence.
  const read = readServerUrl(server);
  // Reverse proxies may require a path; without spaces, escapes or a query it cannot contain a message.
  return read.ok && /^wss?:\/\/[^/?]+(?:\/[\w.~-]+)*\/?$/u.test(read.value) ? ok(read.value) : wrong;
}

type Options = {
  readonly store: Store;
  readonly joinFlow: JoinFlow;
  readonly server: ServerTerminal;
  readonly keyring: Pick<Keyring, "token">;
  readonly context: vscode.ExtensionContext;
};

export class Invitations implements vscode.UriHandler {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Handles an opened invite link. */
  async handleUri(uri: vscode.Uri): Promise<void> {
    const server = readInviteLink(uri);
    if (!server.ok) {
      logFailure(showWarning(server.error));
      return;
    }
    const { store, joinFlow } = this.#options;
    if (store.state.me !== null) {
      await this.#change(store.state.me, server.value);
      return;
    }
    const name = await this.#agreeOnName(server.value);
    if (name === undefined) return;
    await joinFlow.join({ server: server.value, name, keep: true });
  }

  /** Shows what would be joined, and under which name. Resolves with the name, or undefined if the user declines. */
  async #agreeOnName(server: string): Promise<string | undefined> {
    const { joinFlow } = this.#options;
    const { name: proposed, why } = joinFlow.ownName.proposed();
    const isKnown = proposed !== "";
    const join = isKnown ? l10n.t("Join as {0}", proposed) : l10n.t("Join as…");
    const text = isKnown
      ? l10n.t("Join the Fork Chat server {0} as {1}?", server, proposed)
      : l10n.t("Join the Fork Chat server {0}?", server);
    const detail = l10n.t(
      "Others there will see your name. If the server requires a token, you'll be asked for it. The setting forkchat.serverUrl will be set to this server.",
    );
    const choice = await chooseLoudly(
      text,
      [...why, detail].join(" "),
      isKnown ? [join, l10n.t("Use Another Name…")] : [join],
    );
    if (choice === undefined) return undefined;
    return isKnown && choice === join ? proposed : joinFlow.askName(server);
  }

  /** The user is in a lobby: the link's, or one that they would leave. */
  async #change(me: NonNullable<Store["state"]["me"]>, server: string): Promise<void> {
    if (isSameServer(me.server, server)) {
      logFailure(showInfo(l10n.t("You're already in the lobby of {0}.", server)));
      return;
    }
    const leave = l10n.t("Leave and Join");
    const text = l10n.t("Leave {0} and join {1} as {2}?", me.server, server, me.identity);
    const detail = l10n.t(
      "Your private sessions will end. If the server requires a token, you'll be asked for it. The setting forkchat.serverUrl will be set to this server.",
    );
    if ((await chooseLoudly(text, detail, [l10n.t("Stay"), leave])) !== leave) return;
    await this.#options.joinFlow.changeTo(server, me.identity, true);
  }

  /** “Chat: Copy Invite Link”. */
  async copy(): Promise<void> {
    const raw = this.#options.store.state.me?.server ?? readSettings().serverUrl;
    const read = readServerUrl(raw);
    if (!read.ok) {
      const instead = await offerInstead(wrongUrlText(raw, read.error, true), read.error, true);
      if (instead === undefined) return;
      await setServerUrl(instead);
      await this.copy();
      return;
    }
    const server = read.value;
    await this.#put(server);
    if (isOnThisMachine(server)) await this.#offerAddress(server);
    else showFailure(this.#tell(server));
  }

  async #put(server: string): Promise<void> {
    await vscode.env.clipboard.writeText(inviteLink(this.#options.context.extension.id, server));
  }

  /** Anyone may see a link, so the token is sent separately; this reminds the user of that. */
  async #tell(server: string): Promise<void> {
    const text = l10n.t("Invite link copied. It leads to {0}.", server);
    const token = await this.#options.keyring.token(server);
    if (token === undefined) {
      logFailure(showInfo(text));
      return;
    }
    const copy = l10n.t("Copy Token");
    const help = l10n.t("Others also need the server's token.");
    if ((await showInfo(`${text} ${help}`, copy)) === copy) await vscode.env.clipboard.writeText(token);
  }

  /** A server on loopback is useless to others: says so, and offers to make it reachable. */
  async #offerAddress(server: string): Promise<void> {
    const { protocol, port } = new URL(server);
    const [address] = ownAddresses(listedInterfaces(networkInterfaces), await defaultRouteAddresses());
    const text = l10n.t("Invite link copied, but {0} can be reached only from this machine.", server);
    if (address === undefined) {
      logFailure(showWarning(text));
      return;
    }
    const host = isIPv6(address) ? `[${address}]` : address;
    const other = `${protocol}//${host}${port === "" ? "" : `:${port}`}`;
    await (this.#options.server.runs(server)
      ? this.#offerRestart(text, other)
      : this.#offerSetting(text, other));
  }

  /** The server runs in a terminal of this window, so everything can be done here. */
  async #offerRestart(text: string, other: string): Promise<void> {
    const restart = l10n.t("Restart at {0}", other);
    if ((await showWarning(text, restart)) !== restart) return;
    if (!(await this.#mayRestart(other))) return;
    if (!(await this.#options.joinFlow.moveServer(other))) return;
    await setServerUrl(other);
    await this.#put(other);
    showFailure(this.#tell(other));
  }

  /** Asks if anyone would lose something. */
  async #mayRestart(other: string): Promise<boolean> {
    const { sessions, users } = this.#options.store.state;
    const isTalking = sessions.some((session) => session.kind === "peer" && session.link !== "ended");
    if (!isTalking && users.length < 2) return true;
    return confirmLoudly(
      l10n.t("Restart the server at {0}?", other),
      l10n.t("You rejoin under your name. Your private sessions end, and everyone else has to join again."),
      { action: l10n.t("Restart"), instead: l10n.t("Stay") },
    );
  }

  /** Someone started it elsewhere, so only they can stop it. */
  async #offerSetting(text: string, other: string): Promise<void> {
    const use = l10n.t("Use {0}", other);
    if ((await showWarning(text, use)) !== use) return;
    await setServerUrl(other);
    const next = l10n.t(
      "forkchat.serverUrl is now {0}. Start the server there and copy the link again.",
      other,
    );
    const start = l10n.t("Start Server");
    if ((await showInfo(next, start)) === start) await this.#options.joinFlow.startServer();
  }
}
