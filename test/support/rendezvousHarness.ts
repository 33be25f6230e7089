// The server's rendezvous without sockets, clock or randomness: its clients collect frames in lists.
import assert from "node:assert/strict";
import * as v from "valibot";
import { Epoch, SessionId, Token } from "../../protocol/fields.ts";
import { limits, PROTOCOL_VERSION } from "../../protocol/limits.ts";
import { ClientMessage, ServerMessage } from "../../protocol/rendezvous.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import { createTally } from "../../server/base/tally.ts";
import { Outbox, Outlet } from "../../server/fanOut/outbox.ts";
import { connectionNumbers } from "../../server/hall/connectionNumbers.ts";
import { localLog } from "../../server/hall/lobbyLog.ts";
import type { Client } from "../../server/names/client.ts";
import type { HeldName } from "../../server/names/heldNames.ts";
import { Rendezvous } from "../../server/lobby/rendezvous.ts";
import type { RendezvousDependencies } from "../../server/lobby/rendezvousDependencies.ts";
import { TestKey } from "./testKey.ts";

/** A client without a socket, whose frames are shorter than 64 KiB. */
export class FakeClient extends Outlet implements Client {
  readonly address: string;
  readonly host = "127.0.0.1:43210";
  readonly dialled = [this.host];
  readonly nonce = v.parse(Token, "nonce-of-this-connection");
  readonly key: TestKey;
  backlog = 0;
  open = true;
  member: Client["member"] = undefined;
  /** Received frames that were not taken yet. */
  received: ServerMessage[] = [];
  /** Errors with the id of the failed request, refusals, and the close code. */
  readonly failures: { code: string; id: string | undefined }[] = [];
  readonly #outbox: Outbox;
  /** What it has sent while it was not being read; undefined while it is. */
  #unread: (() => void)[] | undefined;

  constructor(outbox: Outbox, key: TestKey, address: string) {
    super();
    this.address = address;
    this.#outbox = outbox;
    this.key = key;
  }

  /** Takes the received frames. */
  take(): ServerMessage[] {
    return this.received.splice(0);
  }

  write(chunks: readonly Buffer[]): void {
    let rest = Buffer.concat(chunks);
    while (rest.length > 0) {
      const [length, offset] = rest[1] === 126 ? [rest.readUInt16BE(2), 4] : [rest[1] ?? 0, 2];
      const payload = rest.subarray(offset, offset + length).toString();
      this.received.push(v.parse(ServerMessage, JSON.parse(payload)));
      rest = rest.subarray(offset + length);
    }
  }

  get isPaused(): boolean {
    return this.#unread !== undefined;
  }

  pause(): void {
    this.#unread ??= [];
  }

  resume(): void {
    const unread = this.#unread ?? [];
    this.#unread = undefined;
    for (const read of unread) this.read(read);
  }

  /** Reads a sent message once reading resumes. */
  read(read: () => void): void {
    if (this.#unread === undefined) read();
    else this.#unread.push(read);
  }

  overflow(): void {
    assert.fail("nothing is left unread here");
  }

  joined(): void {
    assert.ok(this.member !== undefined);
  }

  mustRead(): void {
    // This harness reads everything.
  }

  fail(code: ErrorCode, details: { id?: string } = {}): void {
    this.failures.push({ code, id: details.id });
  }

  refuse(code: string): void {
    this.failures.push({ code, id: undefined });
  }

  close(code: number): void {
    this.#outbox.end(this);
    this.open = false;
    this.failures.push({ code: String(code), id: undefined });
  }
}

export class RendezvousHarness {
  readonly outbox = new Outbox(limits.backlogBytes, () => undefined);
  readonly rendezvous: Rendezvous;
  /** The milliseconds after which it has asked to be woken. */
  readonly wakes: number[] = [];
  now = 1_000;
  /** The names that it keeps for absent people. */
  held: HeldName[] = [];
  #ids = 0;
  readonly #timers = new Set<{ readonly at: number; readonly call: () => void }>();

  /** @param name of one server among several, for IDs that the others do not make */
  constructor(change: Partial<RendezvousDependencies> = {}, name = "") {
    const nextId = (): string => `id-${String(++this.#ids).padStart(22, "0")}${name}`;
    const wallTime = (): number => 1_790_000_000_000 + this.now;
    this.rendezvous = new Rendezvous({
      epoch: v.parse(Epoch, "epoch-one"),
      reach: "loopback",
      framesPerSecond: limits.framesPerSecond,
      lobbyBytesPerSecond: limits.lobbyBytesPerSecond,
      clients: limits.clients,
      newcomerMessages: limits.newcomerMessages,
      historyBytes: limits.historyBytes,
      relay: false,
      accessToken: undefined,
      heldNames: [],
      heldNamesChanged: (_change, all) => (this.held = all(wallTime()).map(({ name }) => name)),
      openLobbyLog: localLog(wallTime),
      outbox: this.outbox,
      log: () => undefined,
      tally: createTally(),
      now: () => this.now,
      wallTime,
      newSessionId: () => v.parse(SessionId, nextId()),
      newConnection: connectionNumbers(),
      newToken: () => v.parse(Token, nextId()),
      newTicket: () => v.parse(Token, nextId()),
      others: undefined,
      resumeSecret: Buffer.alloc(32),
      nextTurn: (turn) => turn(),
      wake: (ms) => this.wakes.push(ms),
      later: (ms, call) => {
        const timer = { at: this.now + ms, call };
        this.#timers.add(timer);
        return () => this.#timers.delete(timer);
      },
      ...change,
    });
  }

  /** Connects and asks to join, with a new key by default. */
  join(
    name: string,
    details: { resume?: string; lastSeen?: { epoch: string; seq: number }; token?: string } = {},
    key = new TestKey(),
    address = "127.0.0.1",
  ): FakeClient {
    const client = new FakeClient(this.outbox, key, address);
    this.rendezvous.connected(client);
    const proof = key.proof(client.host, client.nonce, name);
    this.send(client, { type: "join", v: PROTOCOL_VERSION, name, ...proof, ...details });
    return client;
  }

  /** Passes a message to the rendezvous, and its answers to the clients. */
  send(client: FakeClient, message: v.InferInput<typeof ClientMessage>): void {
    const bytes = Buffer.byteLength(JSON.stringify(message));
    client.read(() => this.rendezvous.received(client, v.parse(ClientMessage, message), bytes));
    this.outbox.flush();
  }

  disconnect(client: FakeClient, reason: "quit" | "closed" | "lost"): void {
    if (client.open) this.outbox.end(client);
    client.open = false;
    this.rendezvous.disconnected(client, reason);
    this.outbox.flush();
  }

  /** Lets time pass and wakes the rendezvous. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.at - b.at);
      if (next === undefined || next.at > end) break;
      this.#timers.delete(next);
      this.now = Math.max(this.now, next.at);
      next.call();
    }
    this.now = end;
    this.rendezvous.expire();
    this.outbox.flush();
  }
}
