// One home that several machines or containers share: even if they mistake each other for themselves, each line that a window
// has kept is there in the end, once.
import assert from "node:assert/strict";
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { enter, fork, KeptConversations } from "../support/keptConversations.ts";
import type { Machine } from "../support/machineOfOwn.ts";
import { pauseProcess, resumeProcess } from "../support/pausedProcess.ts";

const path = (name: string): string => fileURLToPath(new URL(`../support/${name}`, import.meta.url));

const LONG = process.env["FORKCHAT_LONG"] !== undefined;
const HOUR_MS = 3_600_000;
const here: Machine = { pid: 57, host: "dev", boot: "b1", container: 4_026_532_201, started: 900 };

/** Where the programs of a window are, each as one file: so they start faster. */
let programs = "";
const program = (name: string): string => join(programs, `${name}.mjs`);

/** A window on a machine of its own. */
class Keeper {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor(folder: string, machine: Machine) {
    const args = ["--import", program("machineOfOwn"), program("historyKeeper"), folder];
    this.child = spawn(process.execPath, args, {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, MACHINE: JSON.stringify(machine) },
    });
    this.#lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** What it says next has to be this. */
  async says(line: string): Promise<this> {
    const { value } = (await this.#lines.next()) as { value: unknown };
    assert.equal(value, line);
    return this;
  }

  /** Keeps these messages, one after the other. */
  async keeps(...lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      this.child.stdin.write(`${line}\n`);
      await this.says(line);
    }
  }

  async closes(): Promise<void> {
    this.child.stdin.write("\n");
    await this.says("closed");
  }

  async dies(): Promise<void> {
    const exit = once(this.child, "exit");
    if (this.child.kill("SIGKILL")) await exit;
  }
}

describe("windows of several machines in one home", () => {
  const kept = new KeptConversations();
  const keepers: Keeper[] = [];
  const keeper = (machine: Machine): Keeper => {
    const made = new Keeper(kept.folder, machine);
    keepers.push(made);
    return made;
  };
  before(async () => {
    programs = mkdtempSync(join(tmpdir(), "fork-chat-keeper-"));
    await build({
      entryPoints: [path("historyKeeper.ts"), path("machineOfOwn.ts")],
      outdir: programs,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      platform: "node",
      format: "esm",
      // Some packages in it are CommonJS.
      banner: {
        js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
      },
      logLevel: "error",
    });
  });
  after(() => rmSync(programs, { recursive: true, force: true }));
  afterEach(() => Promise.all(keepers.splice(0).map((each) => each.dies())));

  /** Each of these words is there once, for a window that comes later. */
  function areThere(...words: readonly string[]): void {
    const found = kept
      .window()
      .take(...enter(), ...fork())
      .messages(1);
    assert.deepEqual(found.sort(), words.map((word) => `bobby: ${word}`).sort());
  }
  const age = (ms: number): void => {
    const at = (Date.now() - ms) / 1000;
    for (const file of kept.files()) utimesSync(file, at, at);
  };

  const alike: Machine = { ...here, boot: "", container: 0, started: 0 };
  const some: readonly (readonly [string, Machine, Machine?])[] = [
    ["that seem to be one process", here],
    ["that cannot be told apart but by their process ids", { ...alike, pid: 58 }, alike],
    ["whose machine was started anew, with its clock ahead", { ...here, boot: "b2", ahead: 5 * HOUR_MS }],
    [
      "with one process id in two containers, one clock behind",
      { ...here, container: 4_026_532_202, ahead: -5 * HOUR_MS },
    ],
  ];
  const more: typeof some = [
    ["with one process id, and another start of it", { ...here, started: 901 }],
    ["with one process id, on systems that say nothing else", alike, alike],
    ["with one process id and host name, since another start of the machine", { ...here, boot: "b2" }],
    ["with one process id, in two containers", { ...here, container: 4_026_532_202 }],
    ["with other process ids, where neither sees the other's", { ...here, pid: 58 }],
  ];
  for (const [what, second, first = here] of LONG ? [...some, ...more] : some) {
    for (const numbered of LONG ? [true, false] : [false]) {
      const where = numbered ? "" : ", where files have no lasting numbers";
      it(`lose nothing ${what}${where}`, async () => {
        const one = keeper({ ...first, numbered });
        await (await one.says("ready")).keeps("a1", "a2");
        const two = keeper({ ...second, numbered });
        await (await two.says("ready")).keeps("b1");
        await one.keeps("a3");
        await two.keeps("b2");
        await Promise.all([one.closes(), two.dies()]);
        age(HOUR_MS);
        areThere("a1", "a2", "a3", "b1", "b2");
      });
    }

    it(`lose nothing ${what}, when one receives a message while the other reads its file`, async () => {
      const one = keeper(first);
      await (await one.says("ready")).keeps("a1");
      const two = keeper({ ...second, pauses: true });
      await two.says("read");
      await one.keeps("a2");
      await one.dies();
      two.child.stdin.write("!");
      await (await two.says("ready")).keeps("b1");
      await two.closes();
      areThere("a1", "a2", "b1");
    });

    it(`lose nothing ${what}, when one resumes after minutes of being stopped`, async () => {
      const one = keeper(first);
      await (await one.says("ready")).keeps("a1");
      await pauseProcess(one.child);
      age(10 * 60_000);
      const two = keeper(second);
      await (await two.says("ready")).keeps("b1");
      await two.closes();
      const three = keeper({ ...second, pid: 99 });
      await (await three.says("ready")).keeps("c1");
      resumeProcess(one.child);
      await one.keeps("a2");
      await three.closes();
      await one.closes();
      areThere("a1", "a2", "b1", "c1");
    });
  }
});
