// The one schema of the settings: types, bounds and defaults, and a sentence about each. An invalid value counts as not set.
// Pure.
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import { limits } from "../../../protocol/limits.ts";

const text = (fallback: string) =>
  v.optional(
    v.pipe(
      v.string(() => l10n.t("text in quotation marks")),
      v.trim(),
    ),
    fallback,
  );
const yesNo = (fallback: boolean) =>
  v.optional(
    v.boolean(() => l10n.t("true or false, without quotation marks")),
    fallback,
  );
const oneOf = <const Options extends readonly [string, ...string[]]>(
  options: Options,
  fallback: NoInfer<Options[number]>,
) =>
  v.optional(
    v.picklist(options, () => l10n.t("one of {0}", options.join(", "))),
    fallback,
  );
const between = (min: number, max: number, fallback: number) => {
  const expected = (): string => l10n.t("a number from {0} to {1}", min, max);
  return v.optional(
    v.pipe(v.number(expected), v.finite(expected), v.minValue(min, expected), v.maxValue(max, expected)),
    fallback,
  );
};
const wholeBetween = (min: number, max: number, fallback: number) => {
  const expected = (): string => l10n.t("a whole number from {0} to {1}", min, max);
  return v.optional(
    v.pipe(v.number(expected), v.safeInteger(expected), v.minValue(min, expected), v.maxValue(max, expected)),
    fallback,
  );
};

/** Keyed by the part after `forkchat.`. */
const SettingsSchema = v.object({
  serverUrl: text("ws://127.0.0.1:43210"),
  name: text(""),
  peerHost: text(""),
  peerPort: wholeBetween(0, 65_535, 0),
  location: oneOf(["editor", "panel"], "editor"),
  awayAfterMinutes: between(0, 1440, 10),
  "notify.mentions": yesNo(true),
  "notify.privateMessages": yesNo(true),
  "notify.forks": yesNo(true),
  tellRead: yesNo(true),
  tellWhere: oneOf(["ask", "verified", "never"], "ask"),
  acceptForks: oneOf(["always", "known", "ask", "never"], "always"),
  connection: oneOf(["auto", "direct", "relay"], "auto"),
  notesInEditor: yesNo(true),
  autoAcceptPictures: yesNo(true),
  "history.messages": wholeBetween(100, limits.transcriptEntries, limits.transcriptEntries),
  "history.days": between(0, 3650, 30),
  "history.forgetOnLeave": yesNo(false),
});
export type SettingValues = v.InferOutput<typeof SettingsSchema>;
export type SettingKey = keyof SettingValues;
export const settingKeys = Object.keys(SettingsSchema.entries) as SettingKey[];

/** An invalid value. */
export type WrongSetting = {
  readonly key: SettingKey;
  readonly value: unknown;
  /** What it has to be, in words. */
  readonly expected: string;
  /** The value used instead. */
  readonly fallback: SettingValues[SettingKey];
};

/** @param read returns the configured value of a key, of any type; undefined if there is none */
export function parseSettings(read: (key: SettingKey) => unknown): {
  readonly values: SettingValues;
  readonly wrong: readonly WrongSetting[];
} {
  const raw = Object.fromEntries(settingKeys.map((key) => [key, read(key)]));
  const result = v.safeParse(SettingsSchema, raw);
  if (result.success) return { values: result.output, wrong: [] };
  const expected = new Map<SettingKey, string>();
  for (const { path, message } of result.issues) {
    const key = settingKeys.find((candidate) => candidate === path?.[0].key);
    if (key !== undefined && !expected.has(key)) expected.set(key, message);
  }
  const values = v.parse(
    SettingsSchema,
    Object.fromEntries(settingKeys.filter((key) => !expected.has(key)).map((key) => [key, raw[key]])),
  );
  const wrong = [...expected].map(([key, expected]): WrongSetting => {
    return { key, value: raw[key], expected, fallback: values[key] };
  });
  return { values, wrong };
}
