// A client of a lobby that several servers share: a bare `ws` that finds another server by itself, shows what it has seen, and
// sends again what has no answer. It checks everything that it is told.
import * as v from "valibot";
import { WebSocket } from "ws";
import { PROTOCOL_VERSION } from "../../protocol/limits.ts";
import { ServerMessage } from "../../protocol/rendezvous.ts";
import { LobbyView, type LobbyTruth } from "./lobbyView.ts";
import { TestKey } from "./testKey.ts";

/** A server that is silent for so long is left for another. */
const SILENCE_MS = 3_000;

/** Before it tries the next server, at random. */
const AGAIN_MS = 200;

const CHECK_MS = 250;

export type LobbyClientOptions = {
  readonly name: string;
  /** Of all servers. */
  readonly urls: readonly string[];
  readonly truth: LobbyTruth;
  readonly random: () => number;
  /** It is back after so many milliseconds. @param server where it was before */
  readonly onBack?: (ms: number, server: number) => void;
  /** @param sentAt when the message was said first */
  readonly onAck?: (sentAt: number) => void;
};

export class LobbyClient {
  readonly key = new TestKey();
  readonly view: LobbyView;
  readonly name: string;
  /** What was wrong, if anything. */
  readonly failures: unknown[] = [];
  /** How often it has joined. */
  joins = 0;
  readonly #options: LobbyClientOptions;
  readonly #sentAt = new Map<string, number>();
  #server: number;
  #ws: WebSocket | undefined;
  #nonce = "";
  #heard = 0;
  #awaySince: number | undefined;
  #lastServer: number;
  #ids = 0;
  #isClosed = false;
  #again: NodeJS.Timeout | undefined;
  readonly #check: NodeJS.Timeout;

  constructor(options: LobbyClientOptions) {
    this.#options = options;
    this.name = options.name;
    this.view = new LobbyView(this.key.pin, options.truth);
    this.#server = Math.floor(options.random() * options.urls.length);
    this.#lastServer = this.#server;
    this.#check = setInterval(() => this.#leaveIfSilent(), CHECK_MS);
    this.#connect();
  }

  /** The server where it is, or tries to be. */
  get server(): number {
    return this.#server;
  }

  say(): void {
    if (!this.view.isIn) return;
    const id = `m-${++this.#ids}`;
    this.view.pending.add(id);
    this.#sentAt.set(id, performance.now());
    this.#send(id);
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#check);
    clearTimeout(this.#again);
    this.#ws?.terminate();
  }

  #connect(): void {
    const { urls } = this.#options;
    const ws = new WebSocket(urls[this.#server] ?? "", { perMessageDeflate: false });
    const details = this.view.joinDetails();
    this.#ws = ws;
    this.#heard = performance.now();
    ws.on("error", () => undefined);
    ws.on("ping", () => (this.#heard = performance.now()));
    ws.on("message", (data: Buffer) => {
      if (this.#ws !== ws) return;
      this.#heard = performance.now();
      try {
        this.#read(v.parse(ServerMessage, JSON.parse(data.toString("utf8"))), details);
      } catch (error) {
        this.failures.push(error);
      }
    });
    ws.once("close", () => {
      if (this.#ws === ws) this.#tryNext();
    });
  }

  #read(message: ServerMessage, details: object): void {
    if (message.type === "challenge") {
      this.#nonce = message.nonce;
      this.#join(details);
    } else if (message.type === "refused" || message.type === "error") {
      const { type, code, retryMs } = message;
      if (code !== "rate-limited")
        this.failures.push(new Error(`${this.name}: ${type} ${code} ${message.text}`));
      const id = message.type === "error" ? message.id : undefined;
      if (id === undefined) this.#ws?.close();
      else setTimeout(() => this.view.pending.has(id) && this.#send(id), retryMs ?? 0).unref();
    } else {
      if (message.type === "ack") this.#acked(message.id);
      if (this.view.hear(message)) this.#joined();
    }
  }

  #acked(id: string): void {
    const sentAt = this.#sentAt.get(id);
    this.#sentAt.delete(id);
    if (sentAt !== undefined) this.#options.onAck?.(sentAt);
  }

  #join(details: object): void {
    const host = new URL(this.#options.urls[this.#server] ?? "").host;
    const name = this.view.name === "" ? this.name : this.view.name;
    const proof = this.key.proof(host, this.#nonce, name);
    this.#ws?.send(JSON.stringify({ type: "join", v: PROTOCOL_VERSION, name, ...proof, ...details }));
  }

  #joined(): void {
    this.joins += 1;
    if (this.#awaySince !== undefined)
      this.#options.onBack?.(performance.now() - this.#awaySince, this.#lastServer);
    this.#awaySince = undefined;
    for (const id of this.view.pending) this.#send(id);
  }

  #send(id: string): void {
    if (this.#ws?.readyState !== WebSocket.OPEN || !this.view.isIn) return;
    this.#ws.send(JSON.stringify({ type: "say", id, text: this.view.textOf(id) }));
  }

  #leaveIfSilent(): void {
    if (performance.now() - this.#heard < SILENCE_MS) return;
    const { pending, isIn } = this.view;
    this.#heard = performance.now();
    // A quiet lobby is no silence: only who waits for an answer leaves.
    if (!isIn || pending.size > 0) this.#ws?.terminate();
  }

  #tryNext(): void {
    if (this.#isClosed) return;
    if (this.view.isIn) {
      this.#awaySince = performance.now();
      this.#lastServer = this.#server;
    }
    this.view.isIn = false;
    const { random, urls } = this.#options;
    this.#server = (this.#server + 1 + Math.floor(random() * (urls.length - 1))) % urls.length;
    this.#again = setTimeout(() => this.#connect(), random() * AGAIN_MS);
  }
}
