// Two windows' cores, a server and the links between them, all simulated: what one side sends waits in a queue
// until the test delivers it. Order holds within a connection, never between connections.
import assert from "node:assert/strict";
import type { CoreEvent } from "../../extension/core/events.ts";
import type { Effect } from "../../extension/core/effects.ts";
import type { PeerEnd } from "../../extension/core/ports.ts";
import { initialState, type State } from "../../extension/core/state.ts";
import { update } from "../../extension/core/update.ts";
import type { Epoch, MessageId, SessionId } from "../../protocol/fields.ts";
import type { ClientMessage, ServerMessage } from "../../protocol/rendezvous.ts";
import { CARD, DROPPED, EPOCH, joined, NOW, open, OTHER_EPOCH, sid } from "./core.ts";

export type Side = 0 | 1;
const names = ["anna", "bobby"] as const;
const other = (side: Side): Side => (side === 0 ? 1 : 0);

type Told = Extract<ServerMessage, { type: "said" }>;
type Fork = { readonly id: MessageId; readonly sid: SessionId; readonly caller: Side };

export class Simulation {
  readonly states: [State, State] = [initialState("a"), initialState("b")];
  /** Whether the server was ever started anew: then the lobby may have gaps. */
  restarted = false;
  readonly #queues = new Map<string, (() => void)[]>();
  readonly #timers: [Set<string>, Set<string>] = [new Set(), new Set()];
  readonly #connections: [number | null, number | null] = [null, null];
  readonly #online: [boolean, boolean] = [false, false];
  #up = true;
  #epoch: Epoch = EPOCH;
  #told: Told[] = [];
  #forks: Fork[] = [];
  #sessions = 0;
  #request = 0;
  /** Sessions whose callee lets a connection in; and each side's end of each link. */
  readonly #admitted = new Set<string>();
  readonly #ends = new Map<string, "dialling" | "open">();

  dispatch(side: Side, event: CoreEvent): void {
    const { state, effects } = update(this.states[side], { ...event, at: NOW, random: 0.5 });
    this.states[side] = state;
    for (const effect of effects) this.#perform(side, effect);
  }

  join(side: Side): void {
    this.dispatch(side, { type: "user/join", request: ++this.#request, name: names[side], server: "ws://x" });
  }

  /** Types a line where the window is now. */
  type(side: Side, text: string): void {
    const session = this.states[side].active;
    this.dispatch(side, { type: "user/submit", request: ++this.#request, session, text });
  }

  /** Delivers the first of what waits in one of the queues. */
  deliver(choice: number): boolean {
    const keys = [...this.#queues.keys()];
    const key = keys[choice % Math.max(1, keys.length)];
    if (key === undefined) return false;
    const queue = this.#queues.get(key) ?? [];
    const first = queue.shift();
    if (queue.length === 0) this.#queues.delete(key);
    first?.();
    return true;
  }

  /** A connection to the server is cut; what was on its way is lost. */
  cut(side: Side): void {
    const connection = this.#connections[side];
    if (connection === null) return;
    this.#drop(side);
    this.dispatch(side, { type: "rendezvous/closed", connection, cause: DROPPED });
  }

  kill(): void {
    this.#up = false;
    this.restarted = true;
    this.cut(0);
    this.cut(1);
    this.#forks = [];
    this.#told = [];
    this.#epoch = this.#epoch === EPOCH ? OTHER_EPOCH : EPOCH;
  }

  revive(): void {
    this.#up = true;
  }

  fire(side: Side): void {
    const [key] = this.#timers[side];
    if (key === undefined) return;
    this.#timers[side].delete(key);
    this.dispatch(side, { type: "timer", key: key as "reconnect" });
  }

  /** Lets everything come to rest: the server is there, all is delivered, timers run out. */
  settle(): void {
    this.revive();
    for (let round = 0; round < 10_000; round++) {
      if (this.deliver(round)) continue;
      if (this.#timers[0].size + this.#timers[1].size === 0) return;
      this.fire(this.#timers[0].size > 0 ? 0 : 1);
    }
    assert.fail("the windows never come to rest");
  }

  #later(key: string, run: () => void): void {
    this.#queues.set(key, [...(this.#queues.get(key) ?? []), run]);
  }

  #perform(side: Side, effect: Effect): void {
    if (effect.type === "schedule") this.#timers[side].add(effect.key);
    if (effect.type === "cancel") this.#timers[side].delete(effect.key);
    if (effect.type !== "network") return;
    switch (effect.call) {
      case "connect":
        return this.#connect(side, effect.args[0]);
      case "send": {
        const [connection, message] = effect.args;
        if (this.#connections[side] !== connection) return;
        return this.#later(`up ${side}`, () => this.#serve(side, message));
      }
      case "disconnect":
        if (this.#connections[side] === effect.args[0]) this.#drop(side);
        return;
      case "accept": {
        const [connection, session] = effect.args;
        this.#admitted.add(session);
        return this.#perform(side, {
          type: "network",
          call: "send",
          args: [connection, { type: "accept", sid: session, card: CARD }],
        });
      }
      case "dial":
        return this.#dial(side, effect.args[0]);
      case "sendPeer": {
        const [session, frame] = effect.args;
        if (this.#ends.get(`${session} ${side}`) !== "open") return;
        return this.#toPeer(side, session, { type: "peer/frame", sid: session, frame });
      }
      case "closePeer":
        return this.#hangUp(side, ...effect.args);
      case "rejectPeer":
        return assert.fail("no honest window breaks the protocol");
      case "listen":
      case "stopListening":
        return;
    }
  }

  #connect(side: Side, connection: number): void {
    this.#connections[side] = connection;
    this.#later(`down ${side}`, () => {
      if (this.#up) return this.dispatch(side, open(connection));
      this.#drop(side);
      const cause = { kind: "unreachable", text: "nothing listens there" } as const;
      this.dispatch(side, { type: "rendezvous/closed", connection, cause });
    });
  }

  #drop(side: Side): void {
    this.#queues.delete(`up ${side}`);
    this.#queues.delete(`down ${side}`);
    this.#connections[side] = null;
    const gone = this.#forks.filter((fork) => fork.caller !== side);
    this.#forks = [];
    if (!this.#online[side]) return;
    this.#online[side] = false;
    this.#tell(other(side), { type: "left", name: names[side], reason: "lost" });
    for (const { id } of gone) {
      this.#tell(other(side), { type: "declined", id, to: names[side], reason: "gone" });
    }
  }

  #tell(side: Side, message: Exclude<ServerMessage, { type: "challenge" }>): void {
    const connection = this.#connections[side];
    if (!this.#online[side] || connection === null) return;
    this.#later(`down ${side}`, () => {
      this.dispatch(side, { type: "rendezvous/message", connection, message });
    });
  }

  #serve(side: Side, message: ClientMessage): void {
    switch (message.type) {
      case "join": {
        this.#online[side] = true;
        const users = names.filter((_, i) => this.#online[i === 0 ? 0 : 1]).map((name) => ({ name }));
        const seq = this.#told.length;
        const known = message.lastSeen?.epoch === this.#epoch ? message.lastSeen.seq : seq;
        const gap = message.lastSeen !== undefined && message.lastSeen.epoch !== this.#epoch;
        const missed = this.#told.slice(known);
        const greeting = joined(names[side], { epoch: this.#epoch, seq, missed: missed.length, gap, users });
        this.#tell(side, greeting);
        for (const said of missed) this.#tell(side, said);
        this.#tell(other(side), { type: "arrived", name: names[side] });
        return;
      }
      case "say": {
        const { id, text } = message;
        const former = this.#told.find((told) => told.id === id);
        const said: Told = former ?? {
          type: "said",
          seq: this.#told.length + 1,
          at: NOW,
          from: names[side],
          id,
          text,
        };
        this.#tell(side, { type: "ack", id, seq: said.seq, at: NOW });
        if (former !== undefined) return;
        this.#told.push(said);
        return this.#tell(other(side), said);
      }
      case "fork":
        return this.#fork(side, message.id);
      case "accept": {
        const fork = this.#answer(message.sid);
        if (fork === undefined) return;
        const { id, sid: session, caller } = fork;
        return this.#tell(caller, {
          type: "introduction",
          id,
          sid: session,
          to: names[side],
          card: message.card,
        });
      }
      case "decline": {
        const fork = this.#answer(message.sid);
        if (fork === undefined) return;
        const { reason } = message;
        return this.#tell(fork.caller, { type: "declined", id: fork.id, to: names[side], reason });
      }
      case "users":
        return;
    }
  }

  #fork(side: Side, id: MessageId): void {
    const to = names[other(side)];
    if (!this.#online[other(side)]) {
      return this.#tell(side, { type: "error", code: "unknown-user", text: "Nobody.", id });
    }
    const crossed = this.#forks.find((fork) => fork.caller !== side);
    if (crossed !== undefined) return this.#tell(side, { type: "crossed", id, sid: crossed.sid, to });
    const session = sid(`n${++this.#sessions}`);
    this.#forks.push({ id, sid: session, caller: side });
    this.#tell(other(side), { type: "invite", sid: session, from: names[side], expiresMs: 15_000 });
  }

  #answer(session: SessionId): Fork | undefined {
    const fork = this.#forks.find((candidate) => candidate.sid === session);
    this.#forks = this.#forks.filter((candidate) => candidate !== fork);
    return fork;
  }

  #dial(side: Side, session: SessionId): void {
    const callee = other(side);
    this.#ends.set(`${session} ${side}`, "dialling");
    this.#later(`link ${session} ${callee}`, () => {
      if (!this.#ends.has(`${session} ${side}`)) return;
      const admitted = this.#admitted.delete(session);
      // Both hellos: the listener's end is open first, the dialler's when the answer has come.
      if (admitted) this.#ends.set(`${session} ${callee}`, "open");
      this.#later(`link ${session} ${side}`, () => {
        if (!this.#ends.has(`${session} ${side}`)) return;
        if (admitted) this.#ends.set(`${session} ${side}`, "open");
        else this.#ends.delete(`${session} ${side}`);
        this.dispatch(
          side,
          admitted
            ? { type: "peer/opened", sid: session }
            : { type: "peer/failed", sid: session, text: "refused" },
        );
      });
      if (admitted) this.dispatch(callee, { type: "peer/opened", sid: session });
    });
  }

  #toPeer(side: Side, session: SessionId, event: CoreEvent): void {
    const peer = other(side);
    this.#later(`link ${session} ${peer}`, () => {
      if (this.#ends.has(`${session} ${peer}`)) this.dispatch(peer, event);
    });
  }

  #hangUp(side: Side, session: SessionId, end: PeerEnd): void {
    this.#admitted.delete(session);
    if (!this.#ends.delete(`${session} ${side}`)) return;
    const peer = other(side);
    this.#later(`link ${session} ${peer}`, () => {
      if (this.#ends.delete(`${session} ${peer}`))
        this.dispatch(peer, { type: "peer/closed", sid: session, end });
    });
  }
}
