// Joining by hand: which name, which server, and what to offer when none answers.
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { parseName } from "../../protocol/names.ts";
import type { Outcome } from "../core/effects.ts";
import { nameErrorText } from "../core/refusals.ts";
import { LOBBY } from "../core/session.ts";
import { askText } from "./boxes.ts";
import type { Keyring } from "./keyring.ts";
import { confirmLoudly, showError, showInfo, showWarning } from "./notify.ts";
import type { Panel } from "./panel.ts";
import type { PeopleBook } from "./peopleBook.ts";
import type { ServerTerminal } from "./serverTerminal.ts";
import { readSettings, setServerUrl } from "./settings.ts";
import type { Store } from "./store.ts";

const NAME_KEY = "forkchat.lastName";
const START = l10n.t("Start Server");

type Options = {
  readonly store: Pick<Store, "state" | "dispatch" | "request">;
  readonly panel: Pick<Panel, "reveal">;
  readonly server: Pick<ServerTerminal, "start" | "stop">;
  readonly context: Pick<vscode.ExtensionContext, "workspaceState" | "globalState" | "globalStorageUri">;
  readonly keyring: Pick<Keyring, "token" | "keepToken">;
  readonly people: Pick<PeopleBook, "at" | "trustCertificate">;
};

export class JoinFlow {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * “Chat: Join as…”: asks for what was not given. Resolves when joined, refused, or given up (undefined). With `keep`
   * the setting names the server once it has let them in, and not before: they would start with it the next time.
   */
  async join(given: { name?: string; server?: string; keep?: boolean }): Promise<Outcome | undefined> {
    const { store, panel, people } = this.#options;
    const { server = readSettings().serverUrl, keep = false } = given;
    if (store.state.me !== null) panel.reveal();
    const name = given.name ?? (store.state.me === null ? await this.askName(server) : store.state.me.name);
    if (name === undefined) return undefined;
    if (store.state.me === null) store.dispatch({ type: "people/loaded", people: people.at(server) });
    const outcome = await store.request((request) => ({ type: "user/join", request, name, server }));
    if (outcome.ok) {
      panel.reveal();
      await this.#rememberName(name);
      if (keep) await setServerUrl(server);
    } else if (outcome.code === "token-needed") {
      return (await this.#askToken(server, outcome.text)) ? this.join({ name, server, keep }) : outcome;
    } else if (outcome.code === "untrusted-server") {
      return (await this.#askTrust(server, outcome)) ? this.join({ name, server, keep }) : outcome;
    } else if (outcome.code === "unreachable") {
      void this.#offerServer({ name, server, keep }, outcome.text);
    } else {
      void showWarning(outcome.text);
    }
    return outcome;
  }

  /** “Chat: Start Server”. Resolves when it listens, or cannot. */
  async startServer(): Promise<boolean> {
    const url = readSettings().serverUrl;
    const result = await this.#options.server.start(url, () => this.#protect(url));
    if (!result.ok) {
      void showError(result.error);
      return false;
    }
    // Whoever waits for that very server need not wait for the next try.
    if (this.#options.store.state.me?.server === url)
      this.#options.store.dispatch({ type: "timer", key: "reconnect" });
    const text =
      result.value === "running"
        ? l10n.t("A Fork Chat server runs at {0} already.", url)
        : l10n.t("The Fork Chat server listens at {0}.", url);
    void this.#offerJoin(text);
    return true;
  }

  /** Starts this window's server anew at another address, and goes with it. False when that failed, which is said. */
  async moveServer(to: string): Promise<boolean> {
    const { store, server } = this.#options;
    const { me } = store.state;
    await this.#announceMove(to);
    server.stop();
    const started = await server.start(to, () => this.#token(to));
    if (!started.ok) {
      void showError(started.error);
      return false;
    }
    return me === null || this.changeTo(to, me.identity);
  }

  /** To whoever else is there, in the lobby; what its user is writing there stays. */
  async #announceMove(to: string): Promise<void> {
    const { store } = this.#options;
    const { users, connection, active, sessions } = store.state;
    if (connection.status !== "online" || users.length < 2) return;
    const [{ draft: text, draftAbout: about }] = sessions;
    await store.request((request) => ({
      ...{ type: "user/submit", request, session: LOBBY },
      text: l10n.t("The server moves to {0}: join again there.", to),
    }));
    store.dispatch({ type: "user/draft", session: LOBBY, text, about });
    store.dispatch({ type: "user/activate", session: active });
  }

  /** Leaves the lobby, and joins that of another server, as `join` does. False when that failed, which is said. */
  async changeTo(server: string, name: string, keep = false): Promise<boolean> {
    const quit = await this.#options.store.request((request) => ({
      type: "user/command",
      request,
      command: { name: "quit", argument: "" },
    }));
    // Messages are still waiting here: the user is being asked what becomes of them.
    if (!quit.ok && quit.code === "unsent-messages") return false;
    return (await this.join({ name, server, keep }))?.ok === true;
  }

  /** A server that other machines can reach lets in only who has its token, which its owner can pass on. */
  async #protect(url: string): Promise<string[]> {
    const args = await this.#token(url);
    void this.#offerToken(url);
    return args;
  }

  /** The arguments with which a server asks for a token, which is made where there is none. */
  async #token(url: string): Promise<string[]> {
    const { keyring, context } = this.#options;
    const token = (await keyring.token(url)) ?? randomBytes(24).toString("base64url");
    await keyring.keepToken(url, token);
    const folder = context.globalStorageUri.fsPath;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, "server-token");
    writeFileSync(file, `${token}\n`, { mode: 0o600 });
    return ["--token-file", file];
  }

  async #offerToken(url: string): Promise<void> {
    const text = l10n.t("Others join {0} with the server's token, which you can pass on to them.", url);
    const choice = await showInfo(text, l10n.t("Copy Token"));
    const token = await this.#options.keyring.token(url);
    if (choice !== undefined && token !== undefined) await vscode.env.clipboard.writeText(token);
  }

  async #offerJoin(text: string): Promise<void> {
    const joined = this.#options.store.state.me !== null;
    const choice = await showInfo(text, ...(joined ? [] : [l10n.t("Join as…")]));
    if (choice !== undefined) await this.join({});
  }

  async #offerServer(wanted: { name: string; server: string; keep: boolean }, text: string): Promise<void> {
    const { server } = wanted;
    const choice = await showWarning(text, START, l10n.t("Try Again"));
    if (choice === undefined) return;
    if (choice === START) {
      const started = await this.#options.server.start(server, () => this.#protect(server));
      if (!started.ok) {
        void showError(started.error);
        return;
      }
    }
    await this.join(wanted);
  }

  /** The server lets in only who shows its token. */
  async #askToken(server: string, text: string): Promise<boolean> {
    const token = await askText({
      title: l10n.t("Join Fork Chat"),
      prompt: `${text} ${l10n.t("Whoever runs {0} can tell you its token.", server)}`,
      placeholder: l10n.t("The server's token"),
      value: "",
      password: true,
      validate: (value) => (value.trim() === "" ? l10n.t("Paste the token here.") : null),
    });
    if (token === undefined) return false;
    await this.#options.keyring.keepToken(server, token.trim());
    return true;
  }

  /** Nobody vouches for the server's certificate: whether it is the right one, only the user can know. */
  async #askTrust(
    server: string,
    { text, fingerprint }: { text: string; fingerprint?: string },
  ): Promise<boolean> {
    if (fingerprint === undefined) return false;
    const detail = [
      l10n.t("Compare this with what whoever runs the server sees there (SHA-256 of its certificate):"),
      fingerprint,
      l10n.t("If it differs, somebody stands between you and the server."),
    ].join("\n\n");
    if (!(await confirmLoudly(text, detail, l10n.t("Trust This Server")))) return false;
    await this.#options.people.trustCertificate(server, fingerprint);
    return true;
  }

  /** Undefined when none was given. */
  askName(server: string): Promise<string | undefined> {
    return askText({
      title: l10n.t("Join Fork Chat"),
      prompt: l10n.t("The name that others will see at {0}", server),
      placeholder: l10n.t("Your name"),
      value: this.proposedName(),
      password: false,
      validate: (value) => {
        const name = parseName(value);
        return name.ok ? null : nameErrorText(name.error.code, value);
      },
    });
  }

  /** The name of the settings, this window's last one, the last one used anywhere, or the system's user; or none. */
  proposedName(): string {
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
