// The budget of time that all messages share: what is read at once, what waits, and in which order.
import assert from "node:assert/strict";
import type { Entry } from "../../../../protocol/webview.ts";
import { append, chunksOf, prepend, type Chunks } from "../../../../webview/store/chunks.ts";
import { Readings } from "../../../../webview/markdown/readings.ts";
import { newTexts } from "../../../../webview/log/readAhead.ts";
import { whenIdle } from "../../../../webview/base/whenIdle.ts";

/** Of reading one text. */
const COST_MS = 10;

class Page {
  now = 0;
  readonly read: string[] = [];
  readonly known = new Map<string, string>();
  readonly #timers: { readonly at: number; readonly act: () => void }[] = [];
  #idle: (() => void)[] = [];
  readonly readings = new Readings<string>({
    now: () => this.now,
    whenIdle: (act) => void this.#idle.push(act),
    after: (ms, act) => void this.#timers.push({ at: this.now + ms, act }),
    known: (text) => (text === "plain" ? null : this.known.get(text)),
    read: (text) => {
      if (!this.known.has(text)) {
        this.now += COST_MS;
        this.read.push(text);
        this.known.set(text, text.toUpperCase());
      }
      return this.known.get(text) ?? null;
    },
    showMs: () => 2,
  });

  get isIdleAwaited(): boolean {
    return this.#idle.length > 0;
  }

  /** Lets what waits for an idle page go on, once. */
  idle(): void {
    const all = this.#idle;
    this.#idle = [];
    for (const act of all) act();
  }

  pass(ms: number): void {
    this.now += ms;
    for (const timer of this.#timers.splice(0)) {
      if (timer.at <= this.now) timer.act();
      else this.#timers.push(timer);
    }
  }
}

describe("the texts that are parsed first", () => {
  const says = (text: string, rest: object = {}): Entry => ({
    ...{ kind: "message", from: "bobby", own: false, at: 0, text },
    ...rest,
  });
  const texts = (chunks: Chunks, former: Chunks | null) => newTexts(chunks, former, () => false);

  it("are the newest of those that were not there before", () => {
    const first = chunksOf(10, [says("a"), says("b"), says("gone", { retracted: true }), says("c")]);
    assert.deepEqual(texts(first, null), ["c", "b", "a"]);
    assert.deepEqual(texts(append(first, [says("d"), says("e")]), first), ["e", "d"]);
    assert.deepEqual(texts(prepend(first, [says("y"), says("z")]), first), ["z", "y"]);
    assert.deepEqual(texts(first, first), []);
    assert.equal(
      texts(
        chunksOf(
          0,
          Array.from({ length: 100 }, () => says("x")),
        ),
        null,
      ).length,
      40,
    );
  });

  it("are only as long as their visible part", () => {
    const long = chunksOf(0, [says("x".repeat(9_000))]);
    assert.equal(texts(long, null)[0]?.length, 4_000);
    assert.equal(newTexts(long, null, () => true)[0]?.length, 9_000);
  });
});

describe("the time budget for parsing", () => {
  const many = Array.from({ length: 20 }, (_, n) => `text ${n}`);

  it("is shared by everything that arrives at once, and costs nothing for text without Markdown", () => {
    const page = new Page();
    const shown = many.map((text) => page.readings.get(text));
    assert.deepEqual(shown.slice(0, 4), ["TEXT 0", "TEXT 1", "TEXT 2", undefined]);
    assert.equal(shown.filter((reading) => reading !== undefined).length, page.read.length);
    assert.equal(page.read.length, 3);
    for (const text of many) page.known.set(text, text);
    page.pass(1000);
    assert.equal(many.filter((text) => page.readings.get(text) !== undefined).length, 12);
    assert.equal(page.readings.get("plain"), null);
  });

  it("is spent on what is seen first, even if that is rendered last", () => {
    const page = new Page();
    page.readings.ahead(["new", "old", "older", "oldest"]);
    const shown = ["oldest", "older", "old", "new"].map((text) => page.readings.get(text));
    assert.deepEqual(shown, [undefined, "OLDER", "OLD", "NEW"]);
    assert.deepEqual(page.read, ["new", "old", "older"]);
  });

  it("refills at a share of the time that passes", () => {
    const page = new Page();
    for (const text of many) page.readings.get(text);
    assert.equal(page.readings.get("next"), undefined);
    page.pass(20);
    assert.equal(page.readings.get("next"), "NEXT");
    assert.equal(page.readings.get("another"), undefined);
    page.pass(1000);
    assert.equal(page.readings.get("another"), "ANOTHER");
  });

  it("is taken from an idle page for what waits, newest first, with an equally long pause after each", () => {
    const page = new Page();
    const shown: string[] = [];
    for (const text of ["a", "b", "c"])
      page.readings.later(text, (reading) => {
        shown.push(reading ?? "");
        return true;
      });
    assert.deepEqual(shown, []);
    page.idle();
    assert.deepEqual(shown, ["C"]);
    assert.equal(page.isIdleAwaited, false);
    page.pass(COST_MS - 1);
    assert.equal(page.isIdleAwaited, false);
    page.pass(1);
    page.idle();
    page.pass(COST_MS);
    page.idle();
    assert.deepEqual(shown, ["C", "B", "A"]);
    page.pass(COST_MS);
    assert.equal(page.isIdleAwaited, false);
  });

  it("is not spent on what is no longer waited for", () => {
    const page = new Page();
    const stop = page.readings.later("a", () => true);
    page.readings.later("b", () => true);
    stop();
    for (let n = 0; n < 3; n++) {
      page.idle();
      page.pass(COST_MS);
    }
    assert.deepEqual(page.read, ["b"]);
  });

  it("renders a postponed text again", () => {
    const page = new Page();
    let tries = 0;
    page.readings.later("a", () => {
      tries += 1;
      return tries > 1;
    });
    page.idle();
    page.pass(COST_MS);
    assert.equal(page.isIdleAwaited, false);
    page.pass(500);
    page.idle();
    assert.equal(tries, 2);
    page.pass(1000);
    assert.equal(page.isIdleAwaited, false);
  });
});

describe("idle work", () => {
  it("also runs in environments without requestIdleCallback, such as Safari and Node.js", async () => {
    assert.equal("requestIdleCallback" in globalThis, false);
    await new Promise<void>((resolve) => whenIdle(resolve));
  });
});
