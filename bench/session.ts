// The cost of a long conversation in the extension host, compared with a short one in the same run: opening the page on it,
// switching to it, typing in it, and one arriving message, with everything saved to disk.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { CoreEvent } from "../extension/core/model/events.ts";
import { restoreWindow, saveWindow } from "../extension/core/saved/savedWindow.ts";
import { LOBBY } from "../extension/core/model/session.ts";
import type { State } from "../extension/core/model/state.ts";
import { append, emptyTranscript } from "../extension/core/model/transcript.ts";
import { ClosedWindows } from "../extension/host/storage/closedWindows.ts";
import { History } from "../extension/host/storage/history.ts";
import { PageLink } from "../extension/host/panel/pageLink.ts";
import { Store } from "../extension/host/store/store.ts";
import { WindowMemory } from "../extension/host/storage/windowMemory.ts";
import { limits } from "../protocol/limits.ts";
import type { HostMessage } from "../protocol/webview.ts";
import { frame, withBobby } from "../test/support/core.ts";
import { printTargets, type Target } from "./lobby/report.ts";
import { medianOf } from "./quantiles.ts";

const SHORT = 100;
const LONG = 100_000;
const ROUNDS = 60;
/** How often a window comes back. */
const RETURNS = 9;
/** Doings in one round: a single one is too short for a clock. */
const TIMES = 20;

/** The window of a conversation in which so much was said, the page that shows it, and the folder that keeps it. */
class LongWindow {
  readonly store: Store;
  readonly #link: PageLink;
  readonly #folder: string;
  readonly #memory: WindowMemory;
  #history: History;
  #bytes = 0;
  #seq: number;

  constructor(messages: number, folder: string) {
    this.#seq = messages;
    this.#folder = folder;
    const begun = withMessages(messages);
    this.#history = this.#openHistory();
    this.#memory = new WindowMemory(this.#windows, "bench", { log: console });
    const keep = (before: State, after: State): boolean => {
      this.#history.changed(before, after);
      return this.#memory.changed(before, after);
    };
    this.store = new Store(
      begun,
      { now: Date.now, random: Math.random, unique: () => "u".repeat(22) },
      () => undefined,
      keep,
    );
    keep(withBobby, begun);
    this.#link = new PageLink(
      this.store,
      () => "0".repeat(32),
      (message) => this.#count(message),
    );
    this.#link.ready();
  }

  get #windows(): string {
    return join(this.#folder, "windows");
  }

  #openHistory(): History {
    return new History({
      folder: join(this.#folder, "history"),
      settings: { messages: limits.transcriptEntries, days: 30, forgetOnLeave: false },
      now: Date.now,
      dispatch: (event) => this.store.dispatch(event),
      onForgotten: () => undefined,
      closedWindows: new ClosedWindows(this.#windows),
      log: console,
    });
  }

  /** Milliseconds in which a reloaded window has its kept lines again. */
  comeBack(): number {
    const saved = saveWindow(this.store.state);
    if (saved === null) throw new Error("Nothing was saved");
    this.#history.close();
    const start = performance.now();
    this.#history = this.#openHistory();
    const state = this.#history.adopt(restoreWindow(saved, "bench"));
    const ms = performance.now() - start;
    const [had = 0, has = 0] = [this.store.state, state].map((each) => {
      const { start, end } = peerOf(each).transcript;
      return end - start;
    });
    // The file may still hold some that the session has let go.
    if (has < had) throw new Error(`${has} of ${had} lines were restored`);
    this.store.replace(state);
    return ms;
  }

  /** Characters that went to the page since the last call. */
  takeBytes(): number {
    const bytes = this.#bytes;
    this.#bytes = 0;
    return bytes;
  }

  open(): void {
    this.#link.ready();
  }

  async switchTo(): Promise<void> {
    this.store.dispatch({ type: "user/activate", session: LOBBY });
    await turn();
    this.store.dispatch({ type: "user/activate", session: peerOf(this.store.state).number });
    await turn();
  }

  async type(): Promise<void> {
    this.store.dispatch({
      type: "user/draft",
      session: peerOf(this.store.state).number,
      text: `half a ${this.#seq}`,
      about: null,
    });
    await turn();
  }

  async hear(): Promise<void> {
    this.#seq += 1;
    const step = frame("bobby", {
      type: "message",
      seq: this.#seq,
      at: Date.now(),
      text: "one more message of usual length",
    });
    const events: readonly CoreEvent[] = typeof step === "function" ? step(this.store.state) : [step];
    for (const event of events) this.store.dispatch(event);
    await turn();
  }

  close(): void {
    this.#history.close();
    this.#memory.close();
  }

  #count(message: HostMessage): void {
    this.#bytes += JSON.stringify(message).length;
  }
}

function peerOf(state: State): Extract<State["sessions"][number], { kind: "peer" }> {
  const [, peer] = state.sessions;
  if (peer === undefined) throw new Error("There is no private session");
  return peer;
}

/** `withBobby` after this many messages of bobby, of which the session holds the newest. */
function withMessages(count: number): State {
  const [lobby] = withBobby.sessions;
  const peer = peerOf(withBobby);
  let transcript = emptyTranscript;
  for (let i = 0; i < count; i++) {
    transcript = append(transcript, {
      kind: "message",
      from: "bobby",
      own: false,
      at: Date.now(),
      text: `message ${i} of usual length, as people write them`,
    });
  }
  return {
    ...withBobby,
    sessions: [lobby, { ...peer, transcript }],
    channels: withBobby.channels.map((wire) => ({ ...wire, received: count })),
  };
}

/** The page gets the changes at the end of the turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Dearer by this much than in a short session would be dear. */
const AT_MOST = 1.25;

export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "fork-chat-bench-"));
  const windows = [
    new LongWindow(SHORT, join(folder, "short")),
    new LongWindow(LONG, join(folder, "long")),
  ] as const;
  try {
    await measure(...windows);
  } finally {
    for (const window of windows) window.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(short: LongWindow, long: LongWindow): Promise<void> {
  const targets: Target[] = [];
  const { start, end } = peerOf(long.store.state).transcript;
  console.log(`Of ${LONG} messages the session holds the last ${end - start}, in memory and on the disk.`);
  for (const [what, act] of [
    [
      "opening the page",
      (window) => {
        window.open();
        return Promise.resolve();
      },
    ],
    ["switching to it and back", async (window) => window.switchTo()],
    ["typing a key in it", async (window) => window.type()],
    ["receiving a message", async (window) => window.hear()],
  ] as const satisfies readonly (readonly [string, (window: LongWindow) => Promise<void>])[]) {
    const times = { short: [] as number[], long: [] as number[] };
    const sizes = { short: 0, long: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      for (const [name, window] of [
        ["short", short],
        ["long", long],
      ] as const) {
        window.takeBytes();
        const start = performance.now();
        for (let i = 0; i < TIMES; i++) await act(window);
        times[name].push((performance.now() - start) / TIMES);
        sizes[name] = window.takeBytes() / TIMES;
      }
    }
    const [a, b] = [medianOf(times.short), medianOf(times.long)];
    targets.push({
      what: `${what}, with ${LONG} messages compared with ${SHORT}`,
      value: b / a,
      atMost: AT_MOST,
    });
    console.log(
      `${what.padEnd(26)} ${SHORT} messages ${(a * 1000).toFixed(0).padStart(6)} µs, ${LONG} messages ` +
        `${(b * 1000).toFixed(0).padStart(6)} µs: ${(b / a).toFixed(2)} x; to the page ${sizes.short.toFixed(0)} and ${sizes.long.toFixed(0)} characters`,
    );
  }
  const returns = { short: [] as number[], long: [] as number[] };
  for (let round = 0; round < RETURNS; round++) {
    returns.short.push(short.comeBack());
    returns.long.push(long.comeBack());
  }
  console.log(
    `restoring a window          ${medianOf(returns.short).toFixed(1)} ms and ${medianOf(returns.long).toFixed(1)} ms ` +
      "to read its lines (once; grows with the saved history, which is bounded)",
  );
  printTargets(targets);
}
