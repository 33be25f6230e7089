// A client made of a bare `ws` and the schemas of the wire, which awaits frames. For the conformance tests.
import assert from "node:assert/strict";
import * as v from "valibot";
import { WebSocket, type ClientOptions } from "ws";
import { PROTOCOL_VERSION } from "../../protocol/limits.ts";
import { ServerMessage } from "../../protocol/rendezvous.ts";
import { TestKey } from "../support/testKey.ts";

type Message<T extends ServerMessage["type"]> = Extract<ServerMessage, { type: T }>;
export type Closed = { readonly code: number; readonly reason: string };

export class TestClient {
  readonly ws: WebSocket;
  readonly key: TestKey;
  readonly closed: Promise<Closed>;
  /** Frames that have not been awaited yet. */
  readonly #received: ServerMessage[] = [];
  #arrival: (() => void) | undefined;
  #ended: Closed | undefined;
  #nonce = "";
  readonly #host: string;

  constructor(url: string, options: ClientOptions = {}, key = new TestKey()) {
    this.key = key;
    this.#host = new URL(url).host;
    this.ws = new WebSocket(url, { perMessageDeflate: false, ...options });
    this.ws.on("error", () => undefined);
    this.ws.on("message", (data: Buffer, isBinary) => {
      assert.equal(isBinary, false);
      const message = v.parse(ServerMessage, JSON.parse(data.toString("utf8")));
      if (message.type === "challenge") this.#nonce = message.nonce;
      this.#received.push(message);
      this.#arrival?.();
    });
    this.closed = new Promise((resolve) => {
      this.ws.once("close", (code, reason) => {
        this.#ended = { code, reason: reason.toString("utf8") };
        resolve(this.#ended);
        this.#arrival?.();
      });
    });
  }

  /** Connects and joins; `name` becomes what the server gave. */
  static async join(
    url: string,
    name: string,
    details: object = {},
    key?: TestKey,
    options?: ClientOptions,
  ): Promise<TestClient & { joined: Message<"joined"> }> {
    const client = new TestClient(url, options, key);
    await client.next("challenge");
    client.sendJoin(name, details);
    return Object.assign(client, { joined: await client.next("joined") });
  }

  /** The next frame, which has to be of this type. */
  async next<T extends ServerMessage["type"]>(type: T): Promise<Message<T>> {
    const message = await this.#take();
    assert.ok(isOf(message, type), `expected ${type}, received ${JSON.stringify(message)}`);
    return message;
  }

  /** The next frame of this type; others before it are passed over. */
  async until<T extends ServerMessage["type"]>(
    type: T,
    matches: (message: Message<T>) => boolean = () => true,
  ): Promise<Message<T>> {
    for (;;) {
      const message = await this.#take();
      if (isOf(message, type) && matches(message)) return message;
    }
  }

  /** The next frame of one of these types; others before it are passed over. */
  async oneOf<T extends ServerMessage["type"]>(...types: readonly T[]): Promise<Message<T>> {
    for (;;) {
      const message = await this.#take();
      if (types.some((type) => isOf(message, type))) return message as Message<T>;
    }
  }

  /** What came before the answer to a request that is sent now: everything the server had to say so far. */
  async settled(): Promise<ServerMessage[]> {
    this.send({ type: "users" });
    const before: ServerMessage[] = [];
    for (;;) {
      const message = await this.#take();
      if (message.type === "users") return before;
      before.push(message);
    }
  }

  /** Asks to join, with the right proof; `details` may replace any part of it. */
  sendJoin(name: string, details: object = {}): void {
    this.send(this.joinFor(name, details));
  }

  joinFor(name: string, details: object = {}): object {
    const proof = this.key.proof(this.#host, this.#nonce, name);
    return { type: "join", v: PROTOCOL_VERSION, name, ...proof, ...details };
  }

  /** A string goes out as it is, anything else as JSON. */
  send(message: string | Buffer | object): void {
    this.ws.send(typeof message === "string" || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  close(code = 1000): Promise<Closed> {
    this.ws.close(code);
    return this.closed;
  }

  async #take(): Promise<ServerMessage> {
    for (;;) {
      const message = this.#received.shift();
      if (message !== undefined) return message;
      if (this.#ended !== undefined) assert.fail(`closed with ${JSON.stringify(this.#ended)}`);
      await new Promise<void>((resolve) => (this.#arrival = resolve));
    }
  }
}

function isOf<T extends ServerMessage["type"]>(message: ServerMessage, type: T): message is Message<T> {
  return message.type === type;
}
