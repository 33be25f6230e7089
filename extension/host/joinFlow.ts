// Joining by hand: which name, which server, and what to offer when none answers.
import { userInfo } from "node:os";
import type * as vscode from "vscode";
import { parseName } from "../../protocol/names.ts";
import type { Outcome } from "../core/effects.ts";
import { askText } from "./boxes.ts";
import { showError, showInfo, showWarning } from "./notify.ts";
import type { Panel } from "./panel.ts";
import type { ServerTerminal } from "./serverTerminal.ts";
import { readSettings } from "./settings.ts";
import type { Store } from "./store.ts";

const NAME_KEY = "forkchat.lastName";

type Options = {
  readonly store: Store;
  readonly panel: Panel;
  readonly server: ServerTerminal;
  readonly context: vscode.ExtensionContext;
};

export class JoinFlow {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** “Chat: Join as…”: asks for what was not given. Resolves when joined, refused, or given up (undefined). */
  async join(given: { name?: string; server?: string }): Promise<Outcome | undefined> {
    const { store, panel } = this.#options;
    const server = given.server ?? readSettings().serverUrl;
    if (store.state.me !== null) panel.reveal();
    const name = given.name ?? (store.state.me === null ? await this.#askName() : store.state.me.name);
    if (name === undefined) return undefined;
    const outcome = await store.request((request) => ({ type: "user/join", request, name, server }));
    if (outcome.ok) {
      panel.reveal();
      await this.#rememberName(name);
    } else if (outcome.code === "unreachable") {
      void this.#offerServer(name, server, outcome.text);
    } else {
      void showWarning(outcome.text);
    }
    return outcome;
  }

  /** “Chat: Start Server”. Resolves when it listens, or cannot. */
  async startServer(): Promise<boolean> {
    const url = readSettings().serverUrl;
    const result = await this.#options.server.start(url);
    if (!result.ok) {
      void showError(result.error);
      return false;
    }
    const text =
      result.value === "running"
        ? `A Fork Chat server runs at ${url} already.`
        : `The Fork Chat server listens at ${url}.`;
    void this.#offerJoin(text);
    return true;
  }

  async #offerJoin(text: string): Promise<void> {
    const joined = this.#options.store.state.me !== null;
    const choice = await showInfo(text, ...(joined ? [] : ["Join as…"]));
    if (choice !== undefined) await this.join({});
  }

  async #offerServer(name: string, server: string, text: string): Promise<void> {
    const choice = await showWarning(text, "Start Server", "Try Again");
    if (choice === undefined) return;
    if (choice === "Start Server") {
      const started = await this.#options.server.start(server);
      if (!started.ok) {
        void showError(started.error);
        return;
      }
    }
    await this.join({ name, server });
  }

  #askName(): Promise<string | undefined> {
    return askText({
      title: "Join Fork Chat",
      prompt: `The name that others will see at ${readSettings().serverUrl}`,
      placeholder: "Your name",
      value: this.#proposedName(),
      validate: (value) => {
        const name = parseName(value);
        return name.ok ? null : name.error.text;
      },
    });
  }

  /** The name of the settings, this window's last one, the last one used anywhere, or the system's user. */
  #proposedName(): string {
    const { workspaceState, globalState } = this.#options.context;
    const candidates = [
      readSettings().name,
      workspaceState.get<string>(NAME_KEY),
      globalState.get<string>(NAME_KEY),
      systemUser(),
    ];
    return candidates.find((name) => name !== undefined && parseName(name).ok) ?? "";
  }

  /** As it was typed: a number behind it was the server's choice for that time. */
  async #rememberName(name: string): Promise<void> {
    const { workspaceState, globalState } = this.#options.context;
    await workspaceState.update(NAME_KEY, name);
    await globalState.update(NAME_KEY, name);
  }
}

function systemUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    // Some containers run as a user without a name.
    return undefined;
  }
}
