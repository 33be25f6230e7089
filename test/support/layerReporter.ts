// Mocha's reporter for every layer, whether its files run one by one or two at once: one line per suite and per skipped
// test, failures in full at once, and the counts in a file for the run that adds them up.
import { reporters, type Runnable, type Runner, type Suite, type MochaOptions } from "mocha";
import { noteRunningTest, writeLayerResult, type LayerResult } from "../../scripts/layerResult.ts";

interface SuiteTally {
  tests: number;
  failures: number;
}

export class LayerReporter extends reporters.Base {
  readonly #failures: { title: string; reason: string }[] = [];
  readonly #tallies = new Map<string, SuiteTally>();
  #passed = 0;
  #skipped = 0;

  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    runner.on("test", (test) => noteRunningTest(test.titlePath().join(" › ")));
    runner.on("pass", (test) => {
      this.#passed += 1;
      this.#tally(test).tests += 1;
    });
    runner.on("pending", (test) => {
      this.#skipped += 1;
      console.log(`  - skipped: ${test.titlePath().join(" › ")}`);
    });
    runner.on("fail", (test, error: unknown) => this.#fail(test, error));
    runner.on("suite end", (suite) => this.#closeSuite(suite));
  }

  /** Mocha waits for this before it ends the process. */
  override done(failures: number, end?: (failures: number) => void): void {
    void writeLayerResult(this.#result()).finally(() => end?.(failures));
  }

  #result(): LayerResult {
    return { passed: this.#passed, skipped: this.#skipped, failures: this.#failures };
  }

  #fail(test: Runnable, error: unknown): void {
    const title = test.titlePath().join(" › ");
    const reason = describe(error);
    this.#failures.push({ title, reason });
    const tally = this.#tally(test);
    tally.tests += 1;
    tally.failures += 1;
    console.log(`  ✗ ${title}\n${indent(reason)}`);
  }

  #tally(test: Runnable): SuiteTally {
    const name = test.titlePath()[0] ?? "";
    const tally = this.#tallies.get(name) ?? { tests: 0, failures: 0 };
    this.#tallies.set(name, tally);
    return tally;
  }

  #closeSuite(suite: Suite): void {
    // For a file that ran in another process, only titles are known: a nested suite's full title is longer than its
    // own.
    if (suite.root || suite.fullTitle() !== suite.title) return;
    const tally = this.#tallies.get(suite.title);
    if (tally === undefined) return;
    this.#tallies.delete(suite.title);
    const mark = tally.failures === 0 ? "✓" : "✗";
    const failed = tally.failures === 0 ? "" : `, ${tally.failures} failed`;
    console.log(`  ${mark} ${suite.title} (${tally.tests}${failed})`);
  }
}

// Nothing is left to do. Unless it is told to exit, Node.js 20 sometimes never gets done with freeing what a process has used: it
// then calls libuv again and again in `Environment::CleanupHandles`.
process.once("beforeExit", () => process.exit());

export default LayerReporter;

/** An error, or its serialized form from another process. */
function describe(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  const { message = "", stack = message, cause } = error as Partial<Error>;
  return `${stack}${cause === undefined ? "" : `\nCaused by: ${describe(cause)}`}`;
}

function indent(text: string): string {
  return text.replace(/^/gm, "      ");
}
