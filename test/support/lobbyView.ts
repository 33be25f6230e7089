// The lobby as one client sees it, built only from what servers tell it, and what must hold for all clients together. For tests
// in which servers come and go.
import assert from "node:assert/strict";
import { limits } from "../../protocol/limits.ts";
import type { ServerMessage } from "../../protocol/rendezvous.ts";

/** So many messages the servers have at least, if these are short. */
const KEPT = limits.historyMessages - 1;

/** What all clients of one lobby have been told. */
export class LobbyTruth {
  /** By epoch: what each number stands for. */
  readonly #messages = new Map<string, Map<number, string>>();
  /** By epoch: the key that holds a name. */
  readonly #holders = new Map<string, Map<string, string>>();

  /** Those that anyone has joined. */
  get epochs(): readonly string[] {
    return [...this.#holders.keys()];
  }

  messages(epoch: string): ReadonlyMap<number, string> {
    return this.#messages.get(epoch) ?? new Map<number, string>();
  }

  told(epoch: string, seq: number, text: string): void {
    const known = ofEpoch(this.#messages, epoch);
    assert.equal(known.get(seq) ?? text, text, `number ${seq} means the same to all`);
    known.set(seq, text);
  }

  holds(epoch: string, name: string, pin: string): void {
    const known = ofEpoch(this.#holders, epoch);
    const key = name.toLowerCase();
    assert.equal(known.get(key) ?? pin, pin, `${name} has one key`);
    known.set(key, pin);
  }
}

function ofEpoch<K, T>(all: Map<string, Map<K, T>>, epoch: string): Map<K, T> {
  const found = all.get(epoch) ?? new Map<K, T>();
  all.set(epoch, found);
  return found;
}

export class LobbyView {
  name = "";
  resume = "";
  epoch = "";
  seen = 0;
  /** Whether this connection is a member's. */
  isIn = false;
  readonly users = new Map<string, string>();
  /** The numbers that this client's messages got in this epoch, by their IDs. */
  readonly said = new Map<string, number>();
  /** Those that were acknowledged in any epoch. */
  readonly acked = new Set<string>();
  /** Sent, and without an answer on any connection. */
  readonly pending = new Set<string>();
  /** How often it was told that others arrived and left. */
  comings = 0;
  /** When the last message was said that it was told of in this epoch; milliseconds since 1970. */
  #at = 0;
  readonly #pin: string;
  readonly #truth: LobbyTruth;
  /** Numbers that the servers no longer had when it came back. */
  #missing: { readonly from: number; readonly to: number } | undefined;
  #lastSeen: { epoch: string; seq: number } | undefined;

  constructor(pin: string, truth: LobbyTruth) {
    this.#pin = pin;
    this.#truth = truth;
  }

  textOf(id: string): string {
    return `${id} of ${this.#pin}`;
  }

  /** What it shows when it joins over a new connection. */
  joinDetails(): { resume?: string; lastSeen?: { epoch: string; seq: number } } {
    this.isIn = false;
    this.#lastSeen = this.name === "" ? undefined : { epoch: this.epoch, seq: this.seen };
    return this.#lastSeen === undefined ? {} : { resume: this.resume, lastSeen: this.#lastSeen };
  }

  /** Returns whether it has joined with this message: then what is pending has to be sent again. */
  hear(message: ServerMessage): boolean {
    switch (message.type) {
      case "joined":
        this.#joined(message);
        return true;
      case "said":
        assert.equal(message.seq, ++this.seen, "no number is left out, none comes twice");
        assert.ok(message.at >= this.#at, "time does not go back");
        this.#at = message.at;
        this.#truth.told(this.epoch, message.seq, message.text);
        // Its own message, from a connection that ended before the answer came.
        if (message.text === this.textOf(message.id)) this.#own(message.id, message.seq);
        return false;
      case "ack":
        if (!this.#isMissing(message.seq))
          assert.equal(message.seq, this.said.get(message.id) ?? ++this.seen, "a number is not given twice");
        this.#own(message.id, message.seq);
        this.acked.add(message.id);
        this.pending.delete(message.id);
        this.#truth.told(this.epoch, message.seq, this.textOf(message.id));
        return false;
      case "arrived":
        assert.ok(!this.users.has(message.name), `${message.name} arrives once`);
        this.users.set(message.name, "here");
        this.comings += 1;
        return false;
      case "presence":
        assert.ok(this.users.has(message.name), `${message.name} is here`);
        this.users.set(message.name, message.state);
        return false;
      case "left":
        assert.ok(this.users.delete(message.name), `${message.name} was here`);
        this.comings += 1;
        return false;
      default:
        return false;
    }
  }

  #isMissing(seq: number): boolean {
    return this.#missing !== undefined && seq >= this.#missing.from && seq <= this.#missing.to;
  }

  #own(id: string, seq: number): void {
    assert.equal(this.said.get(id) ?? seq, seq, `${id} has one number`);
    this.said.set(id, seq);
  }

  #joined({
    name,
    resume,
    epoch,
    seq,
    missed,
    gap,
    users,
  }: Extract<ServerMessage, { type: "joined" }>): void {
    const last = this.#lastSeen;
    this.#missing = undefined;
    if (last?.epoch === epoch) {
      if (gap) {
        assert.ok(seq - last.seq > KEPT, "nothing is missing that the servers have");
        this.#missing = { from: last.seq + 1, to: seq - missed };
      } else assert.equal(seq - missed, last.seq, "it goes on where it was");
      assert.equal(name, this.name, "it keeps its name");
    } else {
      assert.ok(last === undefined || gap, "it is told that the lobby has begun anew");
      this.said.clear();
      this.#at = 0;
    }
    [this.name, this.resume, this.epoch, this.isIn, this.seen] = [name, resume, epoch, true, seq - missed];
    this.#truth.holds(epoch, name, this.#pin);
    this.users.clear();
    for (const { name, state = "here" } of users) this.users.set(name, state);
    assert.ok(this.users.has(this.name));
  }
}
