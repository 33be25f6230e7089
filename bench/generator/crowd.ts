// All clients of the load generator at one server: lets them join, makes some of them write, and measures.
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { processSeconds } from "../lobby/procfs.ts";
import { Client, type Tally } from "./client.ts";
import { dialects, type Dialect } from "./dialects.ts";
import { LatencyLog, quantilesOf } from "./latencyLog.ts";
import { Meter } from "./meter.ts";
import { noCost, type Answer, type Server, type Task } from "./tasks.ts";

/** The time for all clients to join. An entrant that takes longer, or longer to go quiet, has no score. */
const OPEN_MS = 90_000;
const QUIET_MS = 30_000;

/** As the extension tries again: half to all of a delay that grows. */
const AGAIN_MS = { first: 500, longest: 8_000 };
const AGAIN_GROWTH = 1.6;

/** The numbers of the messages of several generators differ. */
const MESSAGES_PER_CLIENT = 10_000;

type Open = Extract<Task, { kind: "open" }>;
type Saturate = Extract<Task, { kind: "saturate" }>;
type Pace = Extract<Task, { kind: "pace" }>;

/** In which the type of a message stands. */
const LEFT_BYTES = 24;

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
  /** The number of the first client, and that of the next message. */
  #first = 0;
  #number = 0;

  constructor(server: Server) {
    this.#server = server;
    this.#dialect = dialects[server.dialect];
  }

  /** Resolves when all have joined. */
  async open({ clients: count, atOnce, first }: Open): Promise<Answer> {
    this.#first = first;
    this.#number = first * MESSAGES_PER_CLIENT;
    this.#dialect.prepare(first + count + 1);
    const meter = this.#meter();
    const fifths: number[] = [];
    let next = 0;
    let joined = 0;
    const comeIn = async (): Promise<void> => {
      while (next < count) {
        const client = new Client(first + next++, this.#dialect, this.#server.port, this.#tally);
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
    const confirmations = new LatencyLog();
    for (const client of this.#clients) {
      client.inspect = (bytes, at, length) => {
        if (this.#dialect.confirms(client.number, bytes, at, length)) {
          confirmations.arrived(this.#dialect.confirmed(bytes, at, length));
        } else latencies.arrived(this.#dialect.number(bytes, at, length));
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
        confirmations.begin();
      }
      const number = this.#number++;
      latencies.sent(number);
      confirmations.sent(number);
      speakers[turn % speakers.length]?.say(number);
    }
    const answer = (meter ?? this.#meter()).stop();
    await this.#quiet();
    for (const client of this.#clients) client.inspect = undefined;
    return {
      ...this.#checked(answer),
      latency: latencies.quantiles(),
      acknowledged: confirmations.quantiles(),
    };
  }

  async rest(ms: number): Promise<Answer> {
    const meter = this.#meter();
    let left = 0;
    for (const client of this.#clients) {
      client.inspect = (bytes, at) => {
        if (bytes.toString("latin1", at, at + LEFT_BYTES).includes('{"type":"left"')) left += 1;
      };
    }
    await delay(ms);
    for (const client of this.#clients) client.inspect = undefined;
    return { ...this.#checked(meter.stop()), left };
  }

  /** Each is disconnected once, and joins again at one of these ports. */
  async rejoin(ports: readonly number[]): Promise<Answer> {
    const start = performance.now();
    const own = processSeconds(process.pid);
    const back = new Float64Array(this.#clients.length);
    await Promise.all(
      this.#clients.map(async (client, n) => {
        await new Promise<void>((resolve) => (client.onEnd = resolve));
        this.#clients[n] = await this.#joinAgain(client.number, ports);
        back[n] = performance.now() - start;
      }),
    );
    return {
      ...{ ...noCost, seconds: (performance.now() - start) / 1000 },
      ...{ generatorSeconds: processSeconds(process.pid) - own, back: quantilesOf(back) },
    };
  }

  async #joinAgain(number: number, ports: readonly number[]): Promise<Client> {
    for (let attempt = 0; ; attempt++) {
      const most = Math.min(AGAIN_MS.longest, AGAIN_MS.first * AGAIN_GROWTH ** attempt);
      await delay(most * (0.5 + Math.random() / 2));
      const port = ports[(number + attempt) % ports.length] ?? this.#server.port;
      const client = new Client(number, this.#dialect, port, this.#tally);
      const isIn = await client.joined.then(
        () => true,
        () => false,
      );
      if (isIn) return client;
      client.end();
    }
  }

  /** One more, which does not read. */
  async stall(): Promise<Answer> {
    const meter = this.#meter();
    const client = new Client(
      this.#first + this.#clients.length,
      this.#dialect,
      this.#server.port,
      this.#tally,
    );
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

  close(): void {
    this.#staller?.end();
    for (const client of this.#clients) client.end();
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
