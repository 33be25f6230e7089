// All clients of the load generator at one server: lets them join, makes some of them write, and measures.
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Client, type Tally } from "./client.ts";
import { dialects, type Dialect } from "./dialects.ts";
import { LatencyLog } from "./latencyLog.ts";
import { Meter } from "./meter.ts";
import type { Answer, Server, Task } from "./tasks.ts";

/** The time for all clients to join. An entrant that takes longer, or longer to go quiet, has no score. */
const OPEN_MS = 90_000;
const QUIET_MS = 30_000;

type Saturate = Extract<Task, { kind: "saturate" }>;
type Pace = Extract<Task, { kind: "pace" }>;

export class Crowd {
  readonly #server: Server;
  readonly #dialect: Dialect;
  readonly #tally: Tally = { delivered: 0 };
  readonly #clients: Client[] = [];
  #staller: Client | undefined;
  /** How often the client that does not read was disconnected. */
  #cutOff = 0;
  /** Clients that were disconnected although they read. */
  #lost = 0;
  #number = 0;

  constructor(server: Server) {
    this.#server = server;
    this.#dialect = dialects[server.dialect];
  }

  /** Resolves when all have joined. */
  async open(count: number, atOnce: number): Promise<Answer> {
    this.#dialect.prepare(count + 1);
    const meter = this.#meter();
    const fifths: number[] = [];
    let next = 0;
    let joined = 0;
    const comeIn = async (): Promise<void> => {
      while (next < count) {
        const client = new Client(next++, this.#dialect, this.#server.port, this.#tally);
        this.#clients.push(client);
        await client.joined;
        client.onEnd = () => (this.#lost += 1);
        joined += 1;
        if (joined % Math.ceil(count / 5) === 0 || joined === count) fifths.push(meter.serverSeconds());
      }
    };
    const all = Promise.all(Array.from({ length: Math.min(count, atOnce) }, comeIn));
    // A later rejection is expected.
    all.catch(() => undefined);
    const late = AbortSignal.timeout(OPEN_MS);
    await Promise.race([all, once(late, "abort")]);
    if (joined < count) throw new Error(`Only ${joined} of ${count} clients joined within ${OPEN_MS} ms`);
    return { ...meter.stop(), fifths };
  }

  async saturate({ authors, inFlight, warmMs, ms }: Saturate): Promise<Answer> {
    let speaking = true;
    const stop = this.#authors(authors).map((author) => {
      let confirmed = 0;
      author.inspect = (bytes, at, length) => {
        if (this.#dialect.confirms(author.number, bytes, at, length)) confirmed += 1;
      };
      const speak = (count: number): void => {
        author.socket.cork();
        for (let i = 0; i < count; i++) author.say(this.#number++);
        author.socket.uncork();
      };
      author.afterRead = () => {
        const count = confirmed;
        confirmed = 0;
        if (speaking && count > 0) speak(count);
      };
      speak(inFlight);
      return () => {
        author.inspect = undefined;
        author.afterRead = undefined;
      };
    });
    await delay(warmMs);
    const meter = this.#meter();
    await delay(ms);
    const answer = this.#checked(meter.stop());
    speaking = false;
    await this.#quiet();
    for (const end of stop) end();
    return answer;
  }

  async pace({ authors, perSecond, warmMs, ms }: Pace): Promise<Answer> {
    const speakers = this.#authors(authors);
    const latencies = new LatencyLog();
    for (const client of this.#clients) {
      client.inspect = (bytes, at, length) => {
        if (this.#dialect.confirms(client.number, bytes, at, length)) return;
        latencies.arrived(this.#dialect.number(bytes, at, length));
      };
    }
    const start = performance.now();
    const measureFrom = start + warmMs;
    const end = measureFrom + ms;
    let meter: Meter | undefined;
    for (let due = start, turn = 0; due < end; turn++) {
      due += (-Math.log(1 - Math.random()) * 1000) / perSecond;
      const wait = due - performance.now();
      if (wait > 0) await delay(wait);
      if (meter === undefined && performance.now() >= measureFrom) {
        meter = this.#meter();
        latencies.begin();
      }
      const number = this.#number++;
      latencies.sent(number);
      speakers[turn % speakers.length]?.say(number);
    }
    const answer = (meter ?? this.#meter()).stop();
    await this.#quiet();
    for (const client of this.#clients) client.inspect = undefined;
    return { ...this.#checked(answer), latency: latencies.quantiles() };
  }

  async rest(ms: number): Promise<Answer> {
    const meter = this.#meter();
    await delay(ms);
    return this.#checked(meter.stop());
  }

  /** One more, which does not read. */
  async stall(): Promise<Answer> {
    const meter = this.#meter();
    const client = new Client(this.#clients.length, this.#dialect, this.#server.port, this.#tally);
    this.#staller = client;
    await client.joined;
    client.socket.pause();
    client.onEnd = () => {
      this.#cutOff += 1;
      this.stall().catch(() => undefined);
    };
    return { ...meter.stop(), cutOff: this.#cutOff };
  }

  unstall(): Answer {
    const meter = this.#meter();
    this.#staller?.end();
    this.#staller = undefined;
    return { ...meter.stop(), cutOff: this.#cutOff };
  }

  close(): Answer {
    const meter = this.#meter();
    this.#staller?.end();
    for (const client of this.#clients) client.end();
    return meter.stop();
  }

  /** Spread evenly over the joined clients, so that the order in which a server writes does not matter. */
  #authors(count: number): Client[] {
    const step = this.#clients.length / count;
    return this.#clients
      .filter((_, n) => Math.floor(n / step) !== Math.floor((n - 1) / step))
      .slice(0, count);
  }

  /** Resolves when nothing has come for a moment. */
  async #quiet(): Promise<void> {
    const end = performance.now() + QUIET_MS;
    for (let before = -1; before !== this.#tally.delivered;) {
      if (performance.now() > end) throw new Error(`The server was still busy after ${QUIET_MS} ms`);
      before = this.#tally.delivered;
      await delay(200);
    }
  }

  #checked(answer: Answer): Answer {
    if (this.#lost > 0) throw new Error(`The server disconnected ${this.#lost} clients that read`);
    return { ...answer, cutOff: this.#cutOff };
  }

  #meter(): Meter {
    return new Meter(this.#server.pid, this.#tally);
  }
}
