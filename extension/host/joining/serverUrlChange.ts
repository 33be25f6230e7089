// A window that has joined stays where it is when the setting `forkchat.serverUrl` changes, because leaving ends private sessions.
// The user is told in the window they are at, and in others when they come there, and can join the new server.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { isSameServer, readServerUrl } from "../../core/model/serverAddress.ts";
import type { Store } from "../store/store.ts";
import { showFailure } from "../vscode/failures.ts";
import { showInfo } from "../vscode/notify.ts";
import { readSettings } from "../vscode/settings.ts";
import type { JoinFlow } from "./joinFlow.ts";

/** Settings are saved while the user types: this long after the last change, the address is complete. */
const SETTLED_MS = 2_000;

type Options = {
  readonly store: Pick<Store, "state">;
  readonly joinFlow: Pick<JoinFlow, "join" | "changeTo">;
};

export class ServerUrlChange {
  readonly #options: Options;
  readonly #subscriptions: readonly vscode.Disposable[];
  #isUntold = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#subscriptions = [
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (!change.affectsConfiguration("forkchat.serverUrl")) return;
        this.#isUntold = true;
        this.#tell();
      }),
      vscode.window.onDidChangeWindowState(() => this.#tell()),
    ];
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #tell(): void {
    clearTimeout(this.#timer);
    if (!this.#isUntold || !vscode.window.state.focused) return;
    this.#timer = setTimeout(() => {
      this.#isUntold = false;
      showFailure(this.#offer());
    }, SETTLED_MS);
  }

  async #offer(): Promise<void> {
    const url = readServerUrl(readSettings().serverUrl);
    const { me, sessions } = this.#options.store.state;
    if (me === null || !url.ok || isSameServer(me.server, url.value)) return;
    const text = l10n.t(
      "The setting forkchat.serverUrl is now {0}. This window is still in the lobby of {1}.",
      url.value,
      me.server,
    );
    const isTalking = sessions.some((session) => session.kind === "peer" && session.link !== "ended");
    const cost = isTalking ? ` ${l10n.t("Leaving it ends your private sessions.")}` : "";
    if ((await showInfo(text + cost, l10n.t("Leave and Join"))) !== undefined)
      await this.#changeTo(url.value);
  }

  /** The user may have left, or joined another server, since. */
  async #changeTo(server: string): Promise<void> {
    const { store, joinFlow } = this.#options;
    const { me } = store.state;
    if (me === null) await joinFlow.join({ server });
    else if (!isSameServer(me.server, server)) await joinFlow.changeTo(server, me.identity);
  }
}
