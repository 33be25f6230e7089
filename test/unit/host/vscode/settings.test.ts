// The settings' one schema: it is the manifest's, and whatever else is set counts as not set.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import * as v from "valibot";
import { parseSettings, settingKeys } from "../../../../extension/host/vscode/settingsSchema.ts";

const Manifest = v.object({
  contributes: v.object({
    configuration: v.object({
      properties: v.record(
        v.string(),
        v.object({
          type: v.string(),
          default: v.union([v.string(), v.number(), v.boolean()]),
          minimum: v.optional(v.number()),
          maximum: v.optional(v.number()),
          enum: v.optional(v.array(v.string())),
        }),
      ),
    }),
  }),
});
const { properties } = v.parse(
  Manifest,
  JSON.parse(readFileSync(new URL("../../../../package.json", import.meta.url), "utf8")),
).contributes.configuration;

const parse = (set: Readonly<Record<string, unknown>>) => parseSettings((key) => set[key]);
const defaults = parse({}).values;

describe("the settings", () => {
  it("match the manifest, with its defaults", () => {
    assert.deepEqual(settingKeys.map((key) => `forkchat.${key}`).sort(), Object.keys(properties).sort());
    for (const key of settingKeys) assert.equal(defaults[key], properties[`forkchat.${key}`]?.default, key);
  });

  for (const key of settingKeys) {
    const { type, minimum, maximum, enum: options } = properties[`forkchat.${key}`] ?? { type: "" };
    const wrong: unknown[] = [null, [], {}, ["true"], { value: 1 }];
    if (type !== "string" || options !== undefined) wrong.push("false", "10", "", "AUTO");
    if (type !== "boolean") wrong.push(true, false);
    if (type === "string" || type === "boolean") wrong.push(0, 1, 7.5);
    if (type === "integer") wrong.push(100.5);
    if (minimum !== undefined) wrong.push(minimum - 1, -Infinity, NaN);
    if (maximum !== undefined) wrong.push(maximum + 1);

    it(`${key} falls back to its default when its value is no valid ${type}, with one warning`, () => {
      for (const value of wrong) {
        const { values, wrong } = parse({ [key]: value });
        assert.deepEqual(values, defaults, JSON.stringify(value));
        assert.deepEqual(
          wrong.map((setting) => [setting.key, setting.value, setting.fallback]),
          [[key, value, defaults[key]]],
        );
        assert.match(wrong[0]?.expected ?? "", /^(text|true or|one of|a (whole )?number)/u);
      }
    });
  }

  it("keep valid values when others are invalid", () => {
    const { values, wrong } = parse({ name: " anna ", peerPort: "5", "history.days": 0, tellRead: null });
    assert.deepEqual(values, { ...defaults, name: "anna", "history.days": 0 });
    assert.deepEqual(
      wrong.map(({ key }) => key),
      ["peerPort", "tellRead"],
    );
  });

  it("never throw, whatever is set", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...settingKeys), fc.jsonValue()), (set) => {
        const { values, wrong } = parse(set);
        for (const key of settingKeys) assert.equal(typeof values[key], typeof defaults[key]);
        for (const { key } of wrong) assert.equal(values[key], defaults[key]);
      }),
    );
  });
});
