// Interactive joining: which name, which server, and what to offer if there is no server.
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Outcome } from "../../core/model/outcome.ts";
import {
  isSameServer,
  readServerUrl,
  type ServerUrlProblem,
  tidyServerUrl,
  unspecifiedHost,
} from "../../core/model/serverAddress.ts";
import { LOBBY } from "../../core/model/session.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { showFailure } from "../vscode/failures.ts";
import type { Keyring } from "../trust/keyring.ts";
import { showError, showInfo, showWarning } from "../vscode/notify.ts";
import { askName, askToken, askTrust } from "./joinQuestions.ts";
import { OwnName } from "./ownName.ts";
import type { Panel } from "../panel/panel.ts";
import type { PeopleBook } from "../trust/peopleBook.ts";
import type { Probe, ServerTerminal } from "./serverTerminal.ts";
import { mixedUp, offerInstead, offerOther, wrongUrlText } from "./serverUrlHelp.ts";
import { readSettings, setServerUrl } from "../vscode/settings.ts";
import type { Store } from "../store/store.ts";

const START = l10n.t("Start Server");

type Options = {
  readonly store: Pick<Store, "state" | "dispatch" | "request">;
  readonly panel: Pick<Panel, "reveal">;
  readonly server: Pick<ServerTerminal, "start" | "stop">;
  readonly context: Pick<vscode.ExtensionContext, "workspaceState" | "globalState" | "globalStorageUri">;
  readonly keyring: Pick<Keyring, "token" | "keepToken">;
  readonly people: Pick<PeopleBook, "at" | "trustCertificate">;
  readonly probe: Probe;
};

type Given = { readonly name?: string; readonly server?: string; readonly keep?: boolean };

export class JoinFlow {
  readonly #options: Options;
  readonly ownName: OwnName;
  /** The open question for a name, and the join that follows its answer. */
  #byHand:
    | { readonly key: string; readonly focus: () => void; readonly joined: Promise<Outcome | undefined> }
    | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.ownName = new OwnName(options.context);
  }

  /**
   * “Chat: Join as…”: asks for what was not given. Resolves when joined, refused, or canceled (undefined). With `keep`,
   * the setting is updated after a successful join, and not before, because the next start uses it.
   */
  async join(given: Given): Promise<Outcome | undefined> {
    const { store, panel } = this.#options;
    const raw = given.server ?? readSettings().serverUrl;
    if (store.state.me !== null) panel.reveal();
    const url = readServerUrl(raw);
    if (!url.ok) return this.#wrongUrl(given, raw, url.error);
    const server = url.value;
    const name = given.name ?? store.state.me?.name;
    return name === undefined ? this.#joinByHand(given, raw, server) : this.#joinAs(name, given, raw, server);
  }

  /** Asks for the name first. While the same question is open, focuses it instead of asking again. */
  #joinByHand(given: Given, raw: string, server: string): Promise<Outcome | undefined> {
    const key = JSON.stringify([given, server]);
    if (this.#byHand?.key === key) {
      this.#byHand.focus();
      return this.#byHand.joined;
    }
    const { answer, focus } = askName(this.ownName, server);
    const join = async (): Promise<Outcome | undefined> => {
      const name = await answer;
      if (this.#byHand === byHand) this.#byHand = undefined;
      return name === undefined ? undefined : this.#joinAs(name, given, raw, server);
    };
    const byHand = { key, focus, joined: join() };
    this.#byHand = byHand;
    return byHand.joined;
  }

  async #joinAs(name: string, given: Given, raw: string, server: string): Promise<Outcome | undefined> {
    const { store, panel, people, keyring } = this.#options;
    if (store.state.me === null) store.dispatch({ type: "people/loaded", people: people.at(server) });
    // An earlier version saved its token under this spelling of the URL.
    if (raw !== server) await keyring.token(raw);
    const outcome = await store.request((request) => ({ type: "user/join", request, name, server }));
    const wanted = { ...given, name };
    if (outcome.ok) {
      panel.reveal();
      await this.ownName.remember(name);
      if (given.keep === true) await setServerUrl(server);
    } else if (outcome.code === "token-needed") {
      return (await askToken(keyring, server, outcome.text)) ? this.join(wanted) : outcome;
    } else if (outcome.code === "untrusted-server") {
      return (await askTrust(people, server, outcome)) ? this.join(wanted) : outcome;
    } else if (outcome.code === "unreachable" || outcome.code === "no-server") {
      showFailure(this.#help(wanted, raw, outcome));
    } else {
      logFailure(showWarning(outcome.text));
    }
    return outcome;
  }

  /** Reported before anything is asked for. */
  #wrongUrl(given: Given, raw: string, problem: ServerUrlProblem): Outcome {
    const isSetting = given.server === undefined;
    const text = wrongUrlText(raw, problem, isSetting);
    const join = async (server: string | undefined): Promise<void> => {
      if (server !== undefined) await this.join({ ...given, server, keep: isSetting || given.keep === true });
    };
    showFailure(offerInstead(text, problem, isSetting).then(join));
    return { ok: false, code: "server-url", text };
  }

  /** No server responds there. */
  async #help(
    wanted: Given,
    raw: string,
    { code, text }: { readonly code: string; readonly text: string },
  ): Promise<void> {
    const other = await mixedUp(raw, this.#options.probe);
    if (other !== undefined) {
      const keep = wanted.server === undefined || wanted.keep === true;
      if (await offerOther(tidyServerUrl(raw), other)) await this.join({ ...wanted, server: other, keep });
    } else if (code === "unreachable") {
      const unspecified = unspecifiedHost(raw);
      const hint =
        unspecified === undefined
          ? ""
          : ` ${l10n.t("{0} refers to this machine. To reach another one, use its name or address.", unspecified)}`;
      await this.#offerServer(wanted, raw, text + hint);
    } else logFailure(showWarning(text));
  }

  /** “Chat: Start Server”. Resolves when it is listening, or has failed. */
  async startServer(): Promise<boolean> {
    const url = readSettings().serverUrl;
    const read = readServerUrl(url);
    if (!read.ok) {
      const text = wrongUrlText(url, read.error, true);
      const start = async (instead: string | undefined): Promise<void> => {
        if (instead === undefined) return;
        await setServerUrl(instead);
        await this.startServer();
      };
      showFailure(offerInstead(text, read.error, true).then(start));
      return false;
    }
    const result = await this.#options.server.start(url, () => this.#protect(url));
    if (!result.ok) {
      logFailure(showError(result.error));
      return false;
    }
    // A window that waits for this very server reconnects at once.
    const { me } = this.#options.store.state;
    if (me !== null && isSameServer(me.server, url))
      this.#options.store.dispatch({ type: "timer", key: "reconnect" });
    const text =
      result.value === "running"
        ? l10n.t("A Fork Chat server is already running at {0}.", url)
        : l10n.t("The Fork Chat server is listening at {0}.", url);
    showFailure(this.#offerJoin(text));
    return true;
  }

  /** Restarts this window's server at another address, and joins it there. Returns false after reporting a failure. */
  async moveServer(to: string): Promise<boolean> {
    const { store, server } = this.#options;
    const { me } = store.state;
    await this.#announceMove(to);
    server.stop();
    const started = await server.start(to, () => this.#token(to));
    if (!started.ok) {
      logFailure(showError(started.error));
      return false;
    }
    return me === null || this.changeTo(to, me.identity);
  }

  /** Announces the move in the lobby; the user's draft there stays. */
  async #announceMove(to: string): Promise<void> {
    const { store } = this.#options;
    const { users, connection, active, sessions } = store.state;
    if (connection.status !== "online" || users.length < 2) return;
    const [{ draft: text, draftAbout: about }] = sessions;
    await store.request((request) => ({
      ...{ type: "user/submit", request, session: LOBBY },
      text: l10n.t("The server is moving to {0}. Join again there.", to),
    }));
    store.dispatch({ type: "user/draft", session: LOBBY, text, about });
    store.dispatch({ type: "user/activate", session: active });
  }

  /** Leaves the lobby and joins another server's, like `join`. Returns false after reporting a failure. */
  async changeTo(server: string, name: string, keep = false): Promise<boolean> {
    const quit = await this.#options.store.request((request) => ({
      type: "user/command",
      request,
      command: { name: "quit", argument: "" },
    }));
    // Messages are still waiting, and the user is being asked about them.
    if (!quit.ok && quit.code === "unsent-messages") return false;
    return (await this.join({ name, server, keep }))?.ok === true;
  }

  /** A server that other machines can reach requires its token, which its owner can share. */
  async #protect(url: string): Promise<string[]> {
    const args = await this.#token(url);
    showFailure(this.#offerToken(url));
    return args;
  }

  /** The arguments for a server that requires a token; the token is created if there is none. */
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
    const text = l10n.t(
      "Others need the server's token to join {0}. You can copy it and send it to them.",
      url,
    );
    const choice = await showInfo(text, l10n.t("Copy Token"));
    const token = await this.#options.keyring.token(url);
    if (choice !== undefined && token !== undefined) await vscode.env.clipboard.writeText(token);
  }

  async #offerJoin(text: string): Promise<void> {
    const joined = this.#options.store.state.me !== null;
    const choice = await showInfo(text, ...(joined ? [] : [l10n.t("Join as…")]));
    if (choice !== undefined) await this.join({});
  }

  async #offerServer(wanted: Given, server: string, text: string): Promise<void> {
    const choice = await showWarning(text, START, l10n.t("Try Again"));
    if (choice === undefined) return;
    if (choice === START) {
      const started = await this.#options.server.start(server, () => this.#protect(server));
      if (!started.ok) {
        logFailure(showError(started.error));
        return;
      }
    }
    await this.join(wanted);
  }

  /** Undefined if canceled. */
  askName(server: string): Promise<string | undefined> {
    return askName(this.ownName, server).answer;
  }
}
