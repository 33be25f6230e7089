// Links that invite to a server: made by “Chat: Copy Invite Link”, opened by VS Code on whichever machine. A link names the
// server and nothing else: no token, no name. Nothing happens before its opener has said yes.
import { isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { JoinFlow } from "./joinFlow.ts";
import { confirmLoudly, showInfo, showWarning } from "./notify.ts";
import { readSettings } from "./settings.ts";
import type { Store } from "./store.ts";

const PATH = "/join";

/** `vscode://fork-chat.fork-chat/join?server=…`, in the scheme of the VS Code that makes it. */
export function inviteLink(extensionId: string, server: string): string {
  return `${vscode.env.uriScheme}://${extensionId}${PATH}?server=${encodeURIComponent(server)}`;
}

/** The server that a link names. The error is a sentence. */
export function readInviteLink(uri: Pick<vscode.Uri, "path" | "query">): Result<string, string> {
  const server = new URLSearchParams(uri.query).get("server") ?? "";
  const wrong = err(l10n.t("This invite link does not name a Fork Chat server."));
  if (uri.path !== PATH || server.length > 300 || !URL.canParse(server)) return wrong;
  const { protocol, hostname, username, password, search, hash } = new URL(server);
  if ((protocol !== "ws:" && protocol !== "wss:") || hostname === "") return wrong;
  return username + password + search + hash === "" ? ok(server) : wrong;
}

type Options = {
  readonly store: Store;
  readonly joinFlow: JoinFlow;
  readonly context: vscode.ExtensionContext;
};

export class Invitations implements vscode.UriHandler {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** VS Code was given a link of ours. */
  async handleUri(uri: vscode.Uri): Promise<void> {
    const server = readInviteLink(uri);
    if (!server.ok) {
      void showWarning(server.error);
      return;
    }
    const { store, joinFlow } = this.#options;
    if (store.state.me !== null) {
      void showWarning(
        l10n.t(
          "You are in the lobby of {0} already. “Chat: Quit” leaves it; then open the link again.",
          store.state.me.server,
        ),
      );
      return;
    }
    const detail = l10n.t(
      "You will be asked for the name that others see there, and for the server’s token if it has one. The setting forkchat.serverUrl is set to this server.",
    );
    if (
      !(await confirmLoudly(l10n.t("Join the Fork Chat server {0}?", server.value), detail, l10n.t("Join")))
    )
      return;
    await useServer(server.value);
    await joinFlow.join({ server: server.value });
  }

  /** “Chat: Copy Invite Link”. */
  async copy(): Promise<void> {
    const { store, context } = this.#options;
    const server = store.state.me?.server ?? readSettings().serverUrl;
    await vscode.env.clipboard.writeText(inviteLink(context.extension.id, server));
    if (isLoopback(server)) await this.#offerAddress(server);
    else void showInfo(l10n.t("The invite link is copied. It leads to {0}.", server));
  }

  /** A server on loopback is nobody else's: says so, and offers an address at which others could reach it. */
  async #offerAddress(server: string): Promise<void> {
    const { port } = new URL(server);
    const [address] = ownAddresses();
    const text = l10n.t("The invite link is copied, but {0} can be reached from this machine only.", server);
    if (address === undefined) {
      void showWarning(text);
      return;
    }
    const other = `ws://${address}:${port === "" ? "80" : port}`;
    const use = l10n.t("Use {0}", other);
    const help = l10n.t(
      "To let others in, set forkchat.serverUrl to an address of this machine, and start the server anew.",
    );
    const choice = await showWarning(`${text} ${help}`, use);
    if (choice !== use) return;
    await useServer(other);
    void showInfo(
      l10n.t(
        "forkchat.serverUrl is {0} now. Stop the server that runs, use “Chat: Start Server”, and copy the link again.",
        other,
      ),
    );
  }
}

async function useServer(server: string): Promise<void> {
  await vscode.workspace
    .getConfiguration("forkchat")
    .update("serverUrl", server, vscode.ConfigurationTarget.Global);
}

function isLoopback(server: string): boolean {
  const { hostname } = new URL(server);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((infos) => infos ?? [])
    .filter(({ internal, address }) => !internal && isIPv4(address))
    .map(({ address }) => address);
}
