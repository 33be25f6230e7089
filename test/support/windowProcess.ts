// Controls a window that runs as a separate process.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import * as v from "valibot";
import { runtimeOptions } from "../../scripts/runtimeOptions.ts";
import { MemoryUse } from "./memoryUse.ts";
import { PATIENCE_MS } from "./patience.ts";
import { windowBundle } from "./windowBundle.ts";

export type WindowStart = {
  readonly folder?: string;
  readonly connection?: "auto" | "direct" | "relay";
  readonly peerHost?: string;
  readonly advertise?: number;
  /** Keeps a record of what it does with files (see `recorded`), which costs time for each piece. */
  readonly record?: true;
};

const Answer = v.object({ id: v.optional(v.number()), result: v.optional(v.unknown()) });

const WindowState = v.object({
  /** Versions of the program's components, such as `node` and `openssl`. */
  versions: v.record(v.string(), v.string()),
  me: v.nullable(v.object({ name: v.string() })),
  status: v.string(),
  users: v.array(v.string()),
  active: v.number(),
  port: v.nullable(v.number()),
  addresses: v.array(v.object({ host: v.string(), port: v.number() })),
  wires: v.array(
    v.object({
      sid: v.string(),
      peer: v.string(),
      /** The peer's addresses. */
      addresses: v.array(v.object({ host: v.string(), port: v.number() })),
      link: v.nullable(
        v.object({ path: v.picklist(["direct", "relayed"]), dialler: v.picklist(["me", "peer"]) }),
      ),
      /** The number of the latest connection. */
      n: v.number(),
      attempt: v.number(),
      failure: v.nullable(v.string()),
    }),
  ),
  files: v.array(v.object({ way: v.picklist(["in", "out"]), bytes: v.number(), phase: v.string() })),
  sessions: v.array(
    v.object({
      number: v.number(),
      peer: v.string(),
      link: v.string(),
      /** Messages from the peer. */
      heard: v.number(),
      pending: v.array(v.object({ text: v.string(), status: v.string() })),
    }),
  ),
});
export type WindowState = v.InferOutput<typeof WindowState>;

const Outcome = v.object({ ok: v.boolean(), code: v.optional(v.string()), text: v.optional(v.string()) });
export type Outcome = v.InferOutput<typeof Outcome>;
const Lines = v.array(v.string());

/** Milliseconds between two polls of another process, which sends no events. */
const LOOK_MS = 25;

export class WindowProcess {
  readonly child: ChildProcess;
  readonly exit: Promise<unknown>;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #next = 1;
  #errors = "";

  private constructor(child: ChildProcess) {
    this.child = child;
    this.exit = once(child, "close");
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#errors += text));
  }

  /**
   * @param within words that go before the program, such as `ip netns exec NAME`
   * @param runtime the words that run its program; this Node when absent
   */
  static async start(
    start: WindowStart = {},
    within: readonly string[] = [],
    runtime: readonly string[] = [process.execPath, ...runtimeOptions],
  ): Promise<WindowProcess> {
    const { file } = await windowBundle();
    const [command, ...args] = [...within, ...runtime, file, JSON.stringify(start)];
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    const window = new WindowProcess(child);
    const lines = createInterface({ input: child.stdout });
    const ready = once(lines, "line");
    await Promise.race([
      ready,
      window.exit.then(() => {
        throw new Error(`The window ended: ${window.#errors}`);
      }),
    ]);
    lines.on("line", (line) => {
      const { id, result } = v.parse(Answer, JSON.parse(line));
      if (id === undefined) return;
      window.#waiting.get(id)?.(result);
      window.#waiting.delete(id);
    });
    return window;
  }

  async join(name: string, server: string): Promise<Outcome> {
    return v.parse(Outcome, await this.#ask({ do: "join", name, server }));
  }

  async type(text: string): Promise<Outcome> {
    return v.parse(Outcome, await this.#ask({ do: "type", text }));
  }

  async run(line: string): Promise<Outcome> {
    return v.parse(Outcome, await this.#ask({ do: "run", line }));
  }

  async messages(session: string): Promise<string[]> {
    return v.parse(Lines, await this.#ask({ do: "messages", session }));
  }

  async lines(session: string): Promise<string[]> {
    return v.parse(Lines, await this.#ask({ do: "lines", session }));
  }

  /** Offers a file to a peer. */
  async offer(peer: string, path: string): Promise<void> {
    await this.#ask({ do: "offer", peer, path });
  }

  /** Takes the file that a peer has offered last. */
  async accept(peer: string, folder: string): Promise<void> {
    await this.#ask({ do: "accept", peer, folder });
  }

  /** Milliseconds until each of so many messages was acknowledged; null: until `stopMessageTimes`. */
  async messageTimes(peer: string, count: number | null): Promise<number[]> {
    return v.parse(v.array(v.number()), await this.#ask({ do: "messageTimes", peer, count }));
  }

  async stopMessageTimes(): Promise<void> {
    await this.#ask({ do: "stopMessageTimes" });
  }

  /** Full garbage collections since it was asked first. */
  async collections(): Promise<number> {
    return v.parse(v.number(), await this.#ask({ do: "collections" }));
  }

  async memory(): Promise<MemoryUse> {
    return v.parse(MemoryUse, await this.#ask({ do: "memory" }));
  }

  async state(): Promise<WindowState> {
    return v.parse(WindowState, await this.#ask({ do: "state" }));
  }

  /** Resolves when the condition holds; fails with the last state when it does not in time. */
  async until(what: string, holds: (state: WindowState) => boolean, ms = PATIENCE_MS): Promise<WindowState> {
    const deadline = Date.now() + ms;
    for (;;) {
      const state = await this.state();
      if (holds(state)) return state;
      if (Date.now() > deadline)
        throw new Error(`Waited in vain for: ${what}\n${JSON.stringify(state, undefined, 1)}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Resolves when a session shows exactly this line. */
  async untilLine(session: string, line: string): Promise<void> {
    while (!(await this.lines(session)).includes(line))
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    await Promise.race([this.#ask({ do: "close" }), this.exit]);
    await this.exit;
  }

  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.exit;
  }

  #ask(request: Readonly<Record<string, unknown>>): Promise<unknown> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.child.stdin?.write(`${JSON.stringify({ id, ...request })}\n`);
    });
  }
}
