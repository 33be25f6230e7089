// The manifest's texts: all of them by key, in every language, with what has to stay as it is.
import assert from "node:assert/strict";
import { languages, manifestTexts, rawManifest } from "../../support/manifest.ts";

/** Fields that people read, wherever they stand. */
const READ = new Set([
  ...["title", "category", "description", "markdownDescription", "enumDescriptions", "altText"],
  ...["markdownEnumDescriptions", "patternErrorMessage", "contents", "label", "name", "shortTitle"],
]);
/** The product's name, and what names the manifest itself. */
const PLAIN = new Set(["Fork Chat", "fork-chat"]);

const english = manifestTexts();
const used = new Set<string>();
const plain: string[] = [];

function look(value: unknown, field: string): void {
  if (typeof value === "string") {
    const key = /^%(.+)%$/.exec(value)?.[1];
    if (key !== undefined) used.add(key);
    else if (READ.has(field) && !PLAIN.has(value)) plain.push(`${field}: ${value}`);
  } else if (Array.isArray(value)) {
    for (const each of value) look(each, field);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, each] of Object.entries(value)) look(each, key);
  }
}

look(rawManifest(), "");

/** What is not to be translated: links of commands, what is typed, names of settings. */
const fixed = (text: string): string[] =>
  (text.match(/\]\(command:[^)]+\)|`[^`]+`|\\fork\b|wss?:\/\/\S+/g) ?? []).sort();

describe("the manifest's texts", () => {
  it("all have a key", () => {
    assert.deepEqual(plain, []);
  });

  it("exist for each key, and for no other", () => {
    assert.deepEqual([...used].sort(), Object.keys(english).sort());
  });

  for (const language of languages) {
    it(`are fully translated, and keep links, settings and commands (${language})`, () => {
      const texts = manifestTexts(language);
      assert.deepEqual(Object.keys(texts).sort(), Object.keys(english).sort());
      for (const [key, text] of Object.entries(texts)) {
        assert.notEqual(text.trim(), "", key);
        assert.deepEqual(fixed(text), fixed(english[key] ?? ""), key);
      }
    });

    it(`name commands like the palette (${language})`, () => {
      const texts = manifestTexts(language);
      const named = new Set(
        Object.entries(texts).flatMap(([key, title]) =>
          key.startsWith("command.") ? [`${texts["command.category"] ?? ""}: ${title}`] : [],
        ),
      );
      for (const [key, text] of Object.entries(texts)) {
        for (const [, command = ""] of text.matchAll(/\*\*([^*]+)\*\*/g)) {
          assert.ok(named.has(command), `${key}: ${command}`);
        }
      }
    });
  }
});
