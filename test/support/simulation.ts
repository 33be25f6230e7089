// Two windows' cores, a server and the links between them, all simulated: what one side sends waits in a queue until
// the test delivers it. Order is kept within a connection, but not between connections.
import assert from "node:assert/strict";
import type { CoreEvent } from "../../extension/core/model/events.ts";
import { openForks } from "../../extension/core/forks/openForks.ts";
import type { Effect } from "../../extension/core/model/effects.ts";
import type { JoinRequest } from "../../extension/core/model/ports.ts";
import { initialState, type State } from "../../extension/core/model/state.ts";
import { update } from "../../extension/core/update.ts";
import type { Card, Epoch, MessageId, Pin, SessionId } from "../../protocol/fields.ts";
import { lobbyBody } from "../../protocol/messageContent.ts";
import type { ClientMessage, ServerMessage } from "../../protocol/rendezvous.ts";
import { DROPPED, EPOCH, joined, NOW, open, OTHER_EPOCH, OWN_CARD, pin, sid } from "./core.ts";
import { ResumeLinks } from "./resumeLinks.ts";

export type Side = 0 | 1;
const names = ["anna", "bobby"] as const;
const other = (side: Side): Side => (side === 0 ? 1 : 0);

type Told = Extract<ServerMessage, { type: "said" }>;
type Fork = { readonly id: MessageId; readonly sid: SessionId; readonly caller: Side; readonly card: Card };

export class Simulation {
  readonly states: [State, State] = [initialState("a"), initialState("b")];
  /** Whether the server was restarted, so that the lobby may have gaps. */
  restarted = false;
  readonly #queues = new Map<string, (() => void)[]>();
  /** When each fires, in milliseconds since the start. */
  readonly #timers: [Map<string, number>, Map<string, number>] = [
    new Map<string, number>(),
    new Map<string, number>(),
  ];
  #elapsed = 0;
  readonly #connections: [number | null, number | null] = [null, null];
  readonly #online: [boolean, boolean] = [false, false];
  #up = true;
  #epoch: Epoch = EPOCH;
  #told: Told[] = [];
  #forks: Fork[] = [];
  #sessions = 0;
  #request = 0;
  readonly #links = new ResumeLinks((side, event) => this.dispatch(side, event));
  readonly #expected: [readonly Pin[], readonly Pin[]] = [[], []];
  #unique = 0;

  dispatch(side: Side, event: CoreEvent): void {
    const { state, effects } = update(this.states[side], {
      ...event,
      at: NOW + this.#elapsed,
      random: 0.5,
      unique: `unique-${String(++this.#unique).padStart(15, "0")}`,
    });
    this.states[side] = state;
    for (const effect of effects) this.#perform(side, effect);
  }

  join(side: Side): void {
    this.dispatch(side, { type: "user/join", request: ++this.#request, name: names[side], server: "ws://x" });
  }

  /** Types a line in the window's active session. */
  type(side: Side, text: string): void {
    const session = this.states[side].active;
    this.dispatch(side, { type: "user/submit", request: ++this.#request, session, text });
  }

  /** Cancels this window's unanswered forks. */
  cancelForks(side: Side): void {
    for (const { id } of openForks(this.states[side])) this.dispatch(side, { type: "user/cancelFork", id });
  }

  /** Delivers the first item of one of the queues, or completes a dial. */
  deliver(choice: number): boolean {
    const deliveries = [
      ...[...this.#queues.keys()].map((key) => () => this.#deliverFrom(key)),
      ...this.#links.dials.map((dial) => () => this.#links.connect(dial, true)),
      ...this.#links.links.flatMap((link) =>
        ([0, 1] as const)
          .filter((side) => link.queues[side].length > 0)
          .map((side) => () => this.#links.deliver(link, side)),
      ),
    ];
    const delivery = deliveries[choice % Math.max(1, deliveries.length)];
    delivery?.();
    this.#links.forget();
    return delivery !== undefined;
  }

  #deliverFrom(key: string): void {
    const queue = this.#queues.get(key) ?? [];
    const first = queue.shift();
    if (queue.length === 0) this.#queues.delete(key);
    first?.();
  }

  /** A connection to the server is cut; what was in flight is lost. */
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

  /** A window's next timer fires. */
  fire(side: Side): void {
    const next = this.#next(side);
    if (next === undefined) return;
    const [key, at] = next;
    this.#elapsed = Math.max(this.#elapsed, at);
    this.#timers[side].delete(key);
    this.dispatch(side, { type: "timer", key: key as "reconnect" });
  }

  #next(side: Side): [string, number] | undefined {
    return [...this.#timers[side]].sort(([, a], [, b]) => a - b)[0];
  }

  /** Lets everything settle: the server is up, everything is delivered, timers fire. */
  settle(): void {
    this.revive();
    for (let round = 0; round < 10_000; round++) {
      if (this.deliver(round)) continue;
      const [anna, bobby] = [this.#next(0), this.#next(1)];
      if (anna === undefined && bobby === undefined) return;
      this.fire((anna?.[1] ?? Infinity) <= (bobby?.[1] ?? Infinity) ? 0 : 1);
    }
    assert.fail("the windows never come to rest");
  }

  #later(key: string, run: () => void): void {
    this.#queues.set(key, [...(this.#queues.get(key) ?? []), run]);
  }

  #perform(side: Side, effect: Effect): void {
    if (effect.type === "schedule") this.#timers[side].set(effect.key, this.#elapsed + effect.ms);
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
      case "join": {
        const [connection, request] = effect.args;
        if (this.#connections[side] !== connection) return;
        return this.#later(`up ${side}`, () => this.#join(side, request));
      }
      case "listen":
        return this.#later(`own ${side}`, () =>
          this.dispatch(side, { type: "listener/ready", port: 50_001, addresses: OWN_CARD.addresses }),
        );
      case "expect":
        this.#expected[side] = effect.args[0];
        return;
      case "dial": {
        const [link, target] = effect.args;
        const isExpected = (): boolean => this.#expected[other(side)].includes(pin(names[side]));
        return this.#links.dial(side, link, pin(names[side]), target.pin, isExpected);
      }
      case "sendLink":
        return this.#links.send(side, ...effect.args);
      case "closeLink":
        return this.#links.close(side, ...effect.args);
      case "stopListening":
      case "meetAtRelay":
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

  #join(side: Side, message: JoinRequest): void {
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
  }

  #serve(side: Side, message: ClientMessage): void {
    switch (message.type) {
      case "say": {
        const { id } = message;
        const former = this.#told.find((told) => told.id === id);
        const said: Told = former ?? {
          type: "said",
          seq: this.#told.length + 1,
          at: NOW,
          from: names[side],
          id,
          ...lobbyBody(message),
        };
        this.#tell(side, { type: "ack", id, seq: said.seq, at: NOW });
        if (former !== undefined) return;
        this.#told.push(said);
        return this.#tell(other(side), said);
      }
      case "fork":
        return this.#fork(side, message.id, message.card);
      case "accept": {
        const fork = this.#answer(message.sid);
        if (fork !== undefined) this.#introduce(fork, message.card);
        return;
      }
      case "decline": {
        const fork = this.#answer(message.sid);
        if (fork === undefined) return;
        const { reason } = message;
        return this.#tell(fork.caller, { type: "declined", id: fork.id, to: names[side], reason });
      }
      case "withdraw": {
        const fork = this.#forks.find(({ id, caller }) => id === message.id && caller === side);
        if (fork === undefined) return;
        const { sid, id } = fork;
        this.#answer(sid);
        this.#tell(other(side), { type: "withdrawn", sid });
        return this.#tell(side, { type: "declined", id, to: names[other(side)], reason: "withdrawn" });
      }
      case "reach": {
        const { id, sid, card } = message;
        if (!this.#online[other(side)]) {
          return this.#tell(side, { type: "error", code: "unknown-user", text: "Nobody.", id });
        }
        this.#tell(other(side), { type: "reach", sid, from: names[side], pin: pin(names[side]), card });
        return this.#tell(side, { type: "reaching", id, sid });
      }
      // It has no relay.
      case "tunnel":
      case "users":
      case "presence":
      case "join":
        return;
    }
  }

  #fork(side: Side, id: MessageId, card: Card): void {
    if (!this.#online[other(side)]) {
      return this.#tell(side, { type: "error", code: "unknown-user", text: "Nobody.", id });
    }
    const crossed = this.#forks.find((fork) => fork.caller !== side);
    if (crossed !== undefined) {
      this.#answer(crossed.sid);
      return this.#introduce(crossed, card, id);
    }
    const session = sid(`n${++this.#sessions}`);
    this.#forks.push({ id, sid: session, caller: side, card });
    const from = names[side];
    this.#tell(other(side), { type: "invite", sid: session, from, pin: pin(from), expiresMs: 60_000 });
  }

  #introduce({ id, sid, caller, card }: Fork, calleeCard: Card, calleeId?: MessageId): void {
    const callee = other(caller);
    const about = (side: Side, card: Card) => ({ name: names[side], pin: pin(names[side]), card });
    this.#tell(caller, { type: "introduction", sid, role: "A", peer: about(callee, calleeCard), id });
    this.#tell(callee, {
      type: "introduction",
      sid,
      role: "B",
      peer: about(caller, card),
      ...(calleeId === undefined ? {} : { id: calleeId }),
    });
  }

  #answer(session: SessionId): Fork | undefined {
    const fork = this.#forks.find((candidate) => candidate.sid === session);
    this.#forks = this.#forks.filter((candidate) => candidate !== fork);
    return fork;
  }
}
