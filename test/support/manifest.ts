// The manifest as English readers see it: with texts in place of keys.
import { readdirSync, readFileSync } from "node:fs";
import * as v from "valibot";

const root = new URL("../../", import.meta.url);
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, root), "utf8"));

/** The manifest's languages other than English, by VS Code's names. */
export const languages: readonly string[] = readdirSync(root)
  .flatMap((name) => /^package\.nls\.(.+)\.json$/.exec(name)?.[1] ?? [])
  .sort();

/** The manifest's texts by key, in one language; English by default. */
export function manifestTexts(language?: string): Readonly<Record<string, string>> {
  const file = language === undefined ? "package.nls.json" : `package.nls.${language}.json`;
  return v.parse(v.record(v.string(), v.string()), read(file));
}

/** As written, with `%key%` for each text. */
export const rawManifest = (): unknown => read("package.json");

export function englishManifest(): unknown {
  const texts = manifestTexts();
  const filled = (value: unknown): unknown => {
    if (typeof value === "string") return texts[/^%(.+)%$/.exec(value)?.[1] ?? ""] ?? value;
    if (Array.isArray(value)) return value.map(filled);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each)]));
  };
  return filled(rawManifest());
}
