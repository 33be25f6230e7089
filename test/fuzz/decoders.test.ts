// The gate between the wires and what stands behind it, under broken messages of every kind: 100,000, or a million in the
// long mode. It never throws, lets nothing through that is not declared, and keeps nothing.
import assert from "node:assert/strict";
import { decode, validate, type DecodeError } from "../../protocol/codec.ts";
import { messageBounds } from "../../protocol/messageBounds.ts";
import type { Result } from "../../protocol/result.ts";
import { channels, type Schema } from "../support/messageSamples.ts";
import { memoryUse } from "../support/memoryUse.ts";
import { FRAMES, fuzz } from "./fuzz.ts";
import { Mutator } from "./mutator.ts";

const EACH = 2 * Math.ceil(FRAMES / channels.length / 2);

/** What the process may hold more after all of it: caches of the engine, no messages. */
const KEPT_BYTES = 8 * 1024 * 1024;

/** Between the page and its host, messages are objects, without the bounds of a wire. */
const PAGE_BOUNDS = { depth: Infinity, marks: Infinity, bytes: Infinity, long: [] };

for (const [channel, schema, samples] of channels) {
  const bounds = channel.endsWith("the page") ? PAGE_BOUNDS : messageBounds;
  const sound = Object.values(samples).flat();
  const declared = new Map(
    Object.entries(samples).map(([type, messages]) => [
      type,
      new Set(messages.flatMap((message) => pathsOf(message))),
    ]),
  );

  describe(`broken messages ${channel}`, () => {
    it("are derived from messages that contain every field", () => {
      for (const option of schema.options) {
        const type = option.entries.type.literal;
        for (const path of declaredPaths(option))
          assert.ok(declared.get(type)?.has(path), `no sample of ${type} has ${path}`);
      }
    });

    fuzz(`as text: nothing throws, nothing undeclared passes (${EACH / 2} frames)`, (seed) => {
      const mutator = new Mutator(seed, sound);
      const before = memoryUse().heapUsed;
      const seen = new Set<string>();
      for (let n = 0; n < EACH / 2; n++) {
        const text = mutator.frame();
        const result = decode(schema, text, bounds);
        seen.add(result.ok ? result.value.type : result.error.code);
        judge(result, text.length, () => text);
      }
      // Each way out was taken, or the frames were not broken as they should have been.
      assert.deepEqual(
        [...seen].sort(),
        ["bad-json", "bad-message", "unknown-type", ...[...declared.keys()].filter(isText)].sort(),
      );
      const kept = memoryUse().heapUsed - before;
      assert.ok(kept < KEPT_BYTES, `${kept} bytes are kept`);
    });

    fuzz(`as values: nothing throws, nothing undeclared passes (${EACH / 2} values)`, (seed) => {
      const mutator = new Mutator(seed, sound);
      for (let n = 0; n < EACH / 2; n++) {
        const value = mutator.brokenValue();
        judge(validate(schema, value), Infinity, () => String(n));
      }
    });
  });

  /** Bytes have no form in JSON: the page sends them as they are. */
  function isText(type: string): boolean {
    const values: unknown[] = samples[type]?.flatMap((message) => Object.values(message)) ?? [];
    return !values.some((value) => value instanceof Uint8Array);
  }

  /** What holds of every result. @param most characters and values that it may hold */
  function judge(
    result: Result<{ readonly type: string }, DecodeError>,
    most: number,
    what: () => string,
  ): void {
    if (!result.ok) {
      assert.deepEqual(Object.keys(result.error), ["code", "detail"]);
      assert.ok(result.error.detail.length < 300, result.error.detail);
      return;
    }
    const { value } = result;
    const known = declared.get(value.type);
    for (const path of pathsOf(value))
      assert.ok(known?.has(path), `${value.type}${path} is not declared: ${what()}`);
    assert.ok(weightOf(value) <= most, what());
    const again = validate<Schema>(schema, value);
    assert.ok(again.ok && same(again.value, value), `does not pass twice: ${what()}`);
  }
}

/** The fields that a schema declares, however deep, written as those of a value are. */
function declaredPaths(schema: unknown, path = ""): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const fields = "entries" in schema && typeof schema.entries === "object" ? schema.entries : null;
  const named = Object.entries(fields ?? {}).flatMap(([name, within]) => {
    const here = `${path}.${name}`;
    return [here, ...declaredPaths(within, here)];
  });
  return [
    ...named,
    ...("item" in schema ? [`${path}.*`, ...declaredPaths(schema.item, `${path}.*`)] : []),
    ...("wrapped" in schema ? declaredPaths(schema.wrapped, path) : []),
    ...("options" in schema && Array.isArray(schema.options)
      ? schema.options.flatMap((option) => declaredPaths(option, path))
      : []),
  ];
}

/** The fields within a value, as `.card.addresses.*.port`. Only plain objects and lists have any; bytes have none. */
function pathsOf(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return [];
  const isList = Array.isArray(value);
  assert.equal(
    Object.getPrototypeOf(value),
    isList ? Array.prototype : Object.prototype,
    `${path} is no plain value`,
  );
  assert.equal(Object.getOwnPropertySymbols(value).length, 0);
  return [
    ...new Set(
      Object.entries(value).flatMap(([name, within]) => {
        const here = `${path}.${isList ? "*" : name}`;
        return [here, ...pathsOf(within, here)];
      }),
    ),
  ];
}

/** At most what the text has that it was read from. */
function weightOf(value: unknown): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce<number>((sum, within) => sum + weightOf(within), 1);
}

/** Cheaper than assert's, and exact about numbers. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return Object.is(a, b);
  const [names, others] = [Object.keys(a), Object.keys(b)];
  return (
    names.length === others.length &&
    Object.entries(a).every(([name, value]) => Object.hasOwn(b, name) && same(value, Reflect.get(b, name)))
  );
}
