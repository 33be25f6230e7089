// A complete window without VS Code: the store, the effect runner and the real network.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { parseLine } from "../../extension/core/commands/commandLine.ts";
import type { TransfersEffect } from "../../extension/core/model/effects.ts";
import type { Question } from "../../extension/core/model/question.ts";
import type { Outcome } from "../../extension/core/model/outcome.ts";
import type { Answer } from "../../extension/core/model/events.ts";
import { restoreWindow } from "../../extension/core/saved/savedWindow.ts";
import type { PeerSession } from "../../extension/core/model/session.ts";
import { initialState, type State } from "../../extension/core/model/state.ts";
import { type CoreSettings, notifyOfAll } from "../../extension/core/model/settings.ts";
import type { KnownPeer } from "../../extension/core/model/person.ts";
import { slice } from "../../extension/core/model/transcript.ts";
import { ClosedWindows } from "../../extension/host/storage/closedWindows.ts";
import { EffectRunner } from "../../extension/host/store/effectRunner.ts";
import { History } from "../../extension/host/storage/history.ts";
import type { HistorySettings } from "../../extension/host/storage/historyBound.ts";
import { Keyring } from "../../extension/host/trust/keyring.ts";
import { PeopleBook } from "../../extension/host/trust/peopleBook.ts";
import { Store } from "../../extension/host/store/store.ts";
import { WindowMemory } from "../../extension/host/storage/windowMemory.ts";
import type { OnRequest } from "../../extension/host/transfers/sessionFiles.ts";
import { WindowTransfers } from "../../extension/host/transfers/windowTransfers.ts";
import type { BulkEvent } from "../../extension/core/model/transferPorts.ts";
import type { NetLog } from "../../extension/net/dial/netLog.ts";
import { createNetwork, type WindowNetwork } from "../../extension/net/network.ts";
import type { Address } from "../../protocol/fields.ts";
import type { Entry, SessionNumber } from "../../protocol/webview.ts";
import { PATIENCE_MS } from "./patience.ts";
import { mapMemory } from "./mapMemory.ts";
import { secretsOf } from "./secretsOf.ts";
import { noMemory } from "./noMemory.ts";

const silent: NetLog = { debug: () => undefined, info: () => undefined, warn: () => undefined };

export type ClientOptions = {
  readonly settings?: Partial<CoreSettings>;
  readonly peerHost?: string;
  /** The addresses that peers get instead of the listener's own: paths under the test's control. */
  readonly advertise?: (addresses: readonly Address[]) => readonly Address[];
  /** Where the journal and the secrets are saved; without it nothing outlives the client. */
  readonly folder?: string;
  /** How much history is saved in that folder. */
  readonly history?: Partial<HistorySettings>;
  /** The tokens of servers. */
  readonly tokens?: Readonly<Record<string, string>>;
  /** The secrets to use; by default the client's own. */
  readonly secrets?: Map<string, string>;
  readonly log?: NetLog;
  /** Hears first what comes over bulk links. */
  readonly onBulk?: (event: BulkEvent) => void;
  /** What connects it; by default this version's own network. */
  readonly network?: typeof createNetwork;
  /** Answers questions; without it they stay open. */
  readonly answer?: (question: Question) => Answer | undefined;
  /** What its messages bring besides files; without it, nothing. */
  readonly onRequest?: (client: Client, ...asked: Parameters<OnRequest>) => ReturnType<OnRequest>;
  /** Sends where its user is; without it nothing is sent. */
  readonly tellWhere?: (client: Client, session: SessionNumber, agreed: boolean) => void;
};

export class Client {
  readonly store: Store;
  /** All notifications shown. */
  readonly notifications: string[] = [];
  /** All questions asked. */
  readonly questions: Question[] = [];
  /** VS Code's, in memory. */
  readonly #globalState = new Map<string, unknown>();
  /** Remembered people, by server and name. */
  readonly people = new PeopleBook(mapMemory(() => this.#globalState));
  readonly #options: ClientOptions;
  readonly #runner: EffectRunner;
  readonly #network: WindowNetwork;
  /** The files of a client with a folder. */
  readonly transfers: WindowTransfers | undefined;
  readonly #memory: WindowMemory | undefined;
  readonly #history: History | undefined;

  constructor(options: ClientOptions = {}) {
    this.#options = options;
    const { advertise, folder, log = silent } = options;
    const keyring = new Keyring(secretsOf(options), noMemory, log);
    this.#memory =
      folder === undefined
        ? undefined
        : new WindowMemory(join(folder, "windows"), WINDOW, {
            log,
            onFailure: (failure) => this.store.dispatch({ type: "storage/failed", failure }),
            onRecovery: () => this.store.dispatch({ type: "storage/recovered" }),
          });
    this.#history =
      folder === undefined
        ? undefined
        : new History({
            folder: join(folder, "history"),
            settings: { messages: 10_000, days: 30, forgetOnLeave: false, ...options.history },
            now: Date.now,
            dispatch: (event) => this.store.dispatch(event),
            onForgotten: () => this.#memory?.compact(),
            closedWindows: new ClosedWindows(join(folder, "windows")),
            log,
          });
    this.#network = (options.network ?? createNetwork)({
      emit: (event) =>
        this.store.dispatch(
          event.type === "listener/ready" && advertise !== undefined
            ? { ...event, addresses: advertise(event.addresses) }
            : event,
        ),
      emitBulk: (event) => {
        options.onBulk?.(event);
        this.transfers?.bulk(event);
      },
      settings: () => ({ peerHost: options.peerHost ?? "", peerPort: 0 }),
      credentials: {
        key: (identity) => keyring.key(identity),
        token: (server) => Promise.resolve(options.tokens?.[server]),
        certificate: (server) => this.people.certificate(server),
      },
      log,
    });
    const windowEffects = {
      notify: (text: string) => void this.notifications.push(text),
      ask: (question: Question) => this.#ask(question),
      remember: (server: string, peer: KnownPeer) => this.people.remember(server, peer),
      forget: (server: string, name: string) => this.people.forget(server, name),
      attachLines: () => undefined,
      transfers: ({ call, args }: TransfersEffect) => {
        if (this.transfers === undefined) return;
        const method = this.transfers[call].bind(this.transfers) as (...args: readonly unknown[]) => void;
        method(...args);
      },
      offerFile: () => undefined,
      sendChanges: () => undefined,
      tellWhere: (session: SessionNumber, agreed: boolean) => options.tellWhere?.(this, session, agreed),
      trim: (number: SessionNumber) => {
        const session = this.store.state.sessions.find((each) => each.number === number);
        if (session !== undefined) this.#history?.trim(session);
        this.#memory?.rewriteSoon();
      },
    };
    this.#runner = new EffectRunner(this.#network, windowEffects, (key) =>
      this.store.dispatch({ type: "timer", key }),
    );
    this.store = new Store(
      { ...initialState(randomBytes(6).toString("hex")), visible: true },
      { now: Date.now, random: Math.random, unique: () => randomBytes(16).toString("base64url") },
      (effect) => {
        if (effect.type !== "settle") this.#runner.run(effect);
      },
      (before, after) => {
        this.#history?.changed(before, after);
        return this.#memory?.changed(before, after) ?? true;
      },
    );
    this.transfers =
      folder === undefined
        ? undefined
        : new WindowTransfers({
            folder: join(folder, "transfers"),
            bulk: this.#network.bulk,
            onRequest: (...asked) => options.onRequest?.(this, ...asked) ?? null,
            unaskedFolder: () => null,
            delivered: () => undefined,
            show: (transfer) => this.store.dispatch({ type: "transfer/changed", transfer }),
            report: (error) => log.warn(String(error)),
          });
    this.store.onChange((before, after) => {
      if (before.sessions !== after.sessions) this.transfers?.watch(after);
    });
    this.#tellSettings(options.settings ?? {});
  }

  /** Continues where a client with the same folder has ended. */
  async begin(): Promise<void> {
    const saved = await this.#memory?.recall(WINDOW);
    if (saved == null) return;
    const restored = restoreWindow(saved, randomBytes(6).toString("hex"));
    this.store.replace({ ...(this.#history?.adopt(restored) ?? restored), visible: true });
    this.#tellSettings(this.#options.settings ?? {});
    this.store.dispatch({ type: "window/restored" });
  }

  /** Changes settings like its user would. */
  set(settings: Partial<CoreSettings>): void {
    this.#tellSettings({ ...this.state.settings, ...settings });
  }

  answer(question: Question, answer: Answer): void {
    this.store.dispatch({ type: "user/answer", question: question.id, answer });
  }

  #ask(question: Question): void {
    this.questions.push(question);
    const answer = this.#options.answer?.(question);
    if (answer !== undefined) this.answer(question, answer);
  }

  #tellSettings(settings: Partial<CoreSettings>): void {
    const { acceptForks = "always", connection = "auto", tellRead = true, tellWhere = "ask" } = settings;
    this.store.dispatch({
      type: "settings/changed",
      settings: { acceptForks, connection, tellRead, tellWhere, notify: notifyOfAll },
    });
  }

  get state(): State {
    return this.store.state;
  }

  join(name: string, server: string): Promise<Outcome> {
    this.store.dispatch({ type: "people/loaded", people: this.people.at(server) });
    return this.store.request((request) => ({ type: "user/join", request, name, server }));
  }

  /** Types a line into the active session's composer. */
  type(text: string): Promise<Outcome> {
    const session = this.state.active;
    return this.store.request((request) => ({ type: "user/submit", request, session, text }));
  }

  /** Runs a command as the palette does. */
  run(line: string): Promise<Outcome> {
    const parsed = parseLine(line);
    if (!parsed.ok || parsed.value.type !== "command") throw new Error(`${line} is no command`);
    const { command } = parsed.value;
    return this.store.request((request) => ({ type: "user/command", request, command }));
  }

  peer(name: string): PeerSession | undefined {
    const [, ...peers] = this.state.sessions;
    return peers.find((session) => session.peer === name);
  }

  /** All lines of a session, messages as `name: text`, notices as they are. */
  lines(session: string): string[] {
    return this.entries(session).map((entry) =>
      entry.kind === "message" ? `${entry.from}: ${entry.text}` : entry.text,
    );
  }

  entries(session: string): Entry[] {
    const found = session === "lobby" ? this.state.sessions[0] : this.peer(session);
    return found === undefined ? [] : slice(found.transcript, 0, found.transcript.end).entries;
  }

  messages(session: string): string[] {
    return this.entries(session).flatMap((entry) =>
      entry.kind === "message" ? [`${entry.from}: ${entry.text}`] : [],
    );
  }

  /** Resolves as soon as the condition holds; fails with a summary of the state if it does not in time. */
  until(what: string, condition: (state: State) => boolean): Promise<void> {
    if (condition(this.state)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        subscription.dispose();
        reject(new Error(`Waited in vain for: ${what}\n${this.lines("lobby").join("\n")}`));
      }, PATIENCE_MS);
      const subscription = this.store.onChange((_before, after) => {
        if (!condition(after)) return;
        clearTimeout(timer);
        subscription.dispose();
        resolve();
      });
    });
  }

  /** Resolves when a session shows a line containing the text. */
  untilShown(session: string, text: string): Promise<void> {
    return this.until(`“${text}” in ${session}`, () =>
      this.lines(session).some((line) => line.includes(text)),
    );
  }

  /** The window closes properly. */
  async close(): Promise<void> {
    this.#history?.close();
    this.#memory?.close();
    this.#runner.dispose();
    await this.#network.dispose();
  }
}

/** The only window saved in a folder. */
const WINDOW = "window";
