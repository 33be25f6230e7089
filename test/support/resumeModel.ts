// Two cores with a private session, and an arbitrarily bad network between them: frames are lost, duplicated and
// swapped, links are cut, half-open or dialed from both sides at once, either window is killed and restored from what
// it has saved, or has lost its numbers. The caller decides every step; nothing happens by itself.
import { fixedId, joined, pins, type Side } from "./resumeCast.ts";
import type { Effect } from "../../extension/core/model/effects.ts";
import type { CoreEvent } from "../../extension/core/model/events.ts";
import type { TimerKey } from "../../extension/core/model/timers.ts";
import type { SavedWindow } from "../../extension/core/saved/savedWindow.ts";
import type { PeerSession } from "../../extension/core/model/session.ts";
import type { State } from "../../extension/core/model/state.ts";
import type { Boot, SessionId } from "../../protocol/fields.ts";
import { ResumeLinks } from "./resumeLinks.ts";

/** The modules of a core, so that a faulty one can replace it. */
export type CoreModule = {
  readonly initialState: (instance: string) => State;
  readonly update: (state: State, event: never) => { state: State; effects: readonly Effect[] };
  readonly saveWindow: (state: State) => SavedWindow | null;
  readonly restoreWindow: (saved: SavedWindow, instance: string) => State;
  readonly changesBetween: (before: State, after: State) => unknown;
  readonly applyChange: (saved: SavedWindow, change: never) => SavedWindow;
};

const SID = "session-of-the-model" as SessionId;
const other = (side: Side): Side => (side === 0 ? 1 : 0);

export class ResumeModel {
  readonly said: [string[], string[]] = [[], []];
  /** What each has received, over all its lives, in order. */
  readonly heard: [string[], string[]] = [[], []];
  readonly timers: [Set<TimerKey>, Set<TimerKey>] = [new Set(), new Set()];
  readonly links = new ResumeLinks((side, event) => this.dispatch(side, event));
  lostMemories = 0;
  readonly #core: CoreModule;
  readonly #states: [State, State];
  readonly #kept: [SavedWindow | null, SavedWindow | null] = [null, null];
  #ids = 0;
  #edits = 0;
  #now = 1_000_000;
  #random: () => number;

  constructor(core: CoreModule, random: () => number) {
    this.#core = core;
    this.#random = random;
    this.#states = [core.initialState("w0"), core.initialState("w1")];
    for (const side of [0, 1] as const) this.#join(side);
    for (const side of [0, 1] as const) this.dispatch(side, joined(side));
    this.dispatch(0, { type: "user/command", request: 1, command: { name: "fork", argument: "bobby" } });
    this.#introduce();
  }

  state(side: Side): State {
    return this.#states[side];
  }

  session(side: Side): PeerSession | undefined {
    const [, ...peers] = this.#states[side].sessions;
    return peers.find(({ sid }) => sid === SID);
  }

  dispatch(side: Side, event: CoreEvent): void {
    const before = this.#states[side];
    this.#now += 1;
    const stamped = { ...event, at: this.#now, random: this.#random(), unique: fixedId(++this.#ids) };
    const { state, effects } = this.#core.update(before, stamped as never);
    this.#states[side] = state;
    this.#keep(side, before, state);
    this.#listen(side, before, state);
    for (const effect of effects) this.#run(side, effect);
  }

  /** Sends the next message; returns false if the window rejects it. */
  say(side: Side): boolean {
    const session = this.session(side);
    if (session === undefined || session.link === "ended") return false;
    const text = `${side}:${this.said[side].length + 1}`;
    const before = session.pending.length;
    this.dispatch(side, { type: "user/submit", request: 1, session: session.number, text });
    if ((this.session(side)?.pending.length ?? 0) <= before) return false;
    this.said[side].push(text);
    return true;
  }

  /** Edits one of the side's messages, if any is acknowledged. */
  edit(side: Side, choice: number): void {
    const session = this.session(side);
    if (session === undefined || session.link === "ended") return;
    const { start, chunks } = session.transcript;
    const own = chunks
      .flat()
      .flatMap((entry, i) => (entry.kind === "message" && entry.own ? [{ entry, index: start + i }] : []));
    const message = own[choice % Math.max(1, own.length)];
    if (message === undefined) return;
    const about = { kind: "edit", index: message.index } as const;
    const text = `${message.entry.text}, edited ${++this.#edits}`;
    this.dispatch(side, { type: "user/submit", request: 1, session: session.number, text, about });
  }

  /** A side's messages in their current form, in its own window or in the other's. */
  standing(side: Side, at: Side): string[] {
    const lines = this.session(at)?.transcript.chunks.flat() ?? [];
    return lines.flatMap((entry) =>
      entry.kind === "message" && entry.own === (side === at) ? [entry.text] : [],
    );
  }

  fire(side: Side, key: TimerKey): void {
    if (this.timers[side].delete(key)) this.dispatch(side, { type: "timer", key });
  }

  /** The window is killed and restored; with `forgetting`, without its numbers, as from an old copy of its memory. */
  restart(side: Side, forgetting = false): void {
    const kept = this.#kept[side];
    if (kept === null) return;
    this.timers[side].clear();
    this.links.die(side);
    let state = this.#core.restoreWindow(kept, `w${side}`);
    if (forgetting) {
      this.lostMemories += 1;
      const boot = fixedId(++this.#ids) as Boot;
      const [lobby, ...peers] = state.sessions;
      state = {
        ...state,
        channels: state.channels.map((channel) => ({ ...channel, boot, sent: 0, received: 0 })),
        // The user has to resend what it had not sent for certain.
        sessions: [
          lobby,
          ...peers.map((peer) => ({
            ...peer,
            pending: peer.pending.map((message) => ({
              ...message,
              id: `old.${message.id}`,
              status: "failed" as const,
            })),
          })),
        ],
      };
    }
    this.#states[side] = state;
    this.#kept[side] = this.#core.saveWindow(state);
    this.dispatch(side, { type: "window/restored" });
    this.dispatch(side, {
      type: "listener/ready",
      port: 4000 + side,
      addresses: [{ host: "10.0.0.1", port: 4000 + side }],
    });
  }

  /** Lets everything possible happen, without another fault, until nothing is left to do. */
  settle(): void {
    for (let round = 0; round < 400; round++) {
      this.links.settle();
      if (this.isQuiet()) return;
      for (const side of [0, 1] as const) {
        for (const key of [...this.timers[side]]) this.fire(side, key);
      }
      // Silent hangs are eventually detected by silence timeouts.
      if (round % 20 === 19) this.links.silence();
    }
  }

  /** Both have the same link, and nothing is waiting. */
  isQuiet(): boolean {
    const [a, b] = [this.#states[0].channels[0]?.link, this.#states[1].channels[0]?.link];
    if (a == null || b == null || !this.links.areEnds(a.id, b.id) || this.links.isBusy) return false;
    return ([0, 1] as const).every((side) => this.waiting(side).length === 0);
  }

  /** A side's unacknowledged messages that are still being sent. */
  waiting(side: Side): string[] {
    return (this.session(side)?.pending ?? [])
      .filter(({ status }) => status === "sending")
      .map(({ text }) => text);
  }

  /** Messages that a side was told are unacknowledged. */
  doubted(side: Side): string[] {
    return (this.session(side)?.pending ?? [])
      .filter(({ status }) => status === "failed")
      .map(({ text }) => text);
  }

  #join(side: Side): void {
    const name = side === 0 ? "anna" : "bobby";
    this.dispatch(side, { type: "user/join", request: 1, name, server: "ws://127.0.0.1:1" });
    this.dispatch(side, {
      type: "rendezvous/opened",
      connection: this.#connection(side),
      challenge: {
        type: "challenge",
        v: 2,
        nonce: fixedId(0) as never,
        epoch: "epoch-of-model" as never,
        reach: "network",
        relay: false,
        token: false,
        limits: { frameBytes: 102_400, textBytes: 16_384, framesPerSecond: 50 },
      },
      overLoopback: false,
      server: "10.0.0.9",
    });
    const addresses = [{ host: "10.0.0.1", port: 4000 + side }];
    this.dispatch(side, { type: "listener/ready", port: 4000 + side, addresses });
  }

  #connection(side: Side): number {
    const { connection } = this.#states[side];
    return "id" in connection ? connection.id : 0;
  }

  /** The server's part: an invitation, its acceptance, the introduction of both. */
  #introduce(): void {
    const [anna, bobby] = pins;
    const card = (side: Side) => ({ addresses: [{ host: "10.0.0.1", port: 4000 + side }] });
    const tell = (side: Side, message: Extract<CoreEvent, { type: "rendezvous/message" }>["message"]): void =>
      this.dispatch(side, { type: "rendezvous/message", connection: this.#connection(side), message });
    const id = this.#states[0].forks[0]?.id;
    if (id === undefined) throw new Error("Anna has not forked");
    tell(1, { type: "invite", sid: SID, from: "anna", pin: anna, expiresMs: 60_000 });
    tell(1, { type: "introduction", sid: SID, role: "B", peer: { name: "anna", pin: anna, card: card(0) } });
    tell(0, {
      type: "introduction",
      sid: SID,
      role: "A",
      peer: { name: "bobby", pin: bobby, card: card(1) },
      id,
    });
    this.settle();
    if (!this.isQuiet()) throw new Error("The session of the model did not open");
    // From here on the two are on their own.
    for (const side of [0, 1] as const) {
      this.dispatch(side, {
        type: "rendezvous/closed",
        connection: this.#connection(side),
        cause: { kind: "dropped", text: "the server is gone" },
      });
      this.timers[side].delete("reconnect");
    }
  }

  #run(side: Side, effect: Effect): void {
    if (effect.type === "schedule" && effect.key !== "reconnect") this.timers[side].add(effect.key);
    else if (effect.type === "cancel") this.timers[side].delete(effect.key);
    else if (effect.type === "network" && effect.call === "dial") {
      this.links.dial(side, effect.args[0], pins[side], pins[other(side)], () =>
        this.#states[other(side)].expected.includes(pins[side]),
      );
    } else if (effect.type === "network" && effect.call === "sendLink") {
      this.links.send(side, effect.args[0], effect.args[1]);
    } else if (effect.type === "network" && effect.call === "closeLink") {
      this.links.close(side, effect.args[0], effect.args[1]);
    }
  }

  /** Like the journal: before a change has effects. */
  #keep(side: Side, before: State, after: State): void {
    const kept = this.#kept[side];
    if (kept === null) {
      this.#kept[side] = this.#core.saveWindow(after);
      return;
    }
    const change = this.#core.changesBetween(before, after);
    if (change !== null) this.#kept[side] = this.#core.applyChange(kept, change as never);
  }

  #listen(side: Side, before: State, after: State): void {
    const linesOf = (state: State): string[] =>
      state.sessions
        .flatMap((session) =>
          session.kind === "peer" && session.sid === SID ? session.transcript.chunks.flat() : [],
        )
        .flatMap((entry) => (entry.kind === "message" && !entry.own ? [entry.text] : []));
    if (before.sessions === after.sessions) return;
    this.heard[side].push(...linesOf(after).slice(linesOf(before).length));
  }
}
