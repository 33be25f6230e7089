// What a long conversation costs the extension host, against a short one in the same run: opening the page on it, switching
// to it, typing in it, one message that arrives. Run by main.ts.
import { performance } from "node:perf_hooks";
import type { CoreEvent } from "../extension/core/events.ts";
import { LOBBY } from "../extension/core/session.ts";
import type { State } from "../extension/core/state.ts";
import { append } from "../extension/core/transcript.ts";
import { PageLink } from "../extension/host/pageLink.ts";
import { Store } from "../extension/host/store.ts";
import type { HostMessage } from "../protocol/webview.ts";
import { frame, withBobby } from "../test/support/core.ts";
import { printTargets, type Target } from "./lobby/report.ts";
import { medianOf } from "./median.ts";

const SHORT = 100;
const LONG = 100_000;
const ROUNDS = 60;
/** Doings in one round: a single one is too short for a clock. */
const TIMES = 20;

/** The window of a conversation with so many messages, and the page that shows it. */
class LongWindow {
  readonly store: Store;
  readonly #link: PageLink;
  #bytes = 0;
  #seq: number;

  constructor(messages: number) {
    this.#seq = messages;
    this.store = new Store(
      withMessages(messages),
      { now: Date.now, random: Math.random, unique: () => "u".repeat(22) },
      () => undefined,
    );
    this.#link = new PageLink(
      this.store,
      () => "0".repeat(32),
      (message) => this.#count(message),
    );
    this.#link.ready();
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
      at: 1,
      text: "one more message of usual length",
    });
    const events: readonly CoreEvent[] = typeof step === "function" ? step(this.store.state) : [step];
    for (const event of events) this.store.dispatch(event);
    await turn();
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

/** `withBobby`, where bobby has said so much. */
function withMessages(count: number): State {
  const [lobby] = withBobby.sessions;
  const peer = peerOf(withBobby);
  let { transcript } = peer;
  for (let i = 0; i < count; i++) {
    transcript = append(transcript, {
      kind: "message",
      from: "bobby",
      own: false,
      at: 1,
      text: `message ${i} of usual length, as people write them`,
    });
  }
  return {
    ...withBobby,
    sessions: [lobby, { ...peer, transcript }],
    wires: withBobby.wires.map((wire) => ({ ...wire, received: count })),
  };
}

/** The page is told at the end of the turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Dearer by this much than in a short session would be dear. */
const AT_MOST = 1.25;

export async function run(): Promise<void> {
  const targets: Target[] = [];
  const [short, long] = [new LongWindow(SHORT), new LongWindow(LONG)];
  for (const [what, act] of [
    [
      "opening the page",
      (window) => {
        window.open();
        return Promise.resolve();
      },
    ],
    ["switching to it and back", async (window) => window.switchTo()],
    ["a key typed in it", async (window) => window.type()],
    ["a message that arrives", async (window) => window.hear()],
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
      what: `${what}, with ${LONG} messages in units of with ${SHORT}`,
      value: b / a,
      atMost: AT_MOST,
    });
    console.log(
      `${what.padEnd(26)} ${SHORT} messages ${(a * 1000).toFixed(0).padStart(6)} µs, ${LONG} messages ` +
        `${(b * 1000).toFixed(0).padStart(6)} µs: ${(b / a).toFixed(2)} x; to the page ${sizes.short.toFixed(0)} and ${sizes.long.toFixed(0)} characters`,
    );
  }
  printTargets(targets);
}
