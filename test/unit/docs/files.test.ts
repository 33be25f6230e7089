// What holds for each file of the product: one subject, and a header that says what the module is for.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const files = ["protocol", "extension", "server", "webview"].flatMap((zone) =>
  readdirSync(`${ROOT}${zone}`, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${zone}/${name}`),
);

/** The comment that a file begins with, as one line. */
function headerOf(text: string): string {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("//"));
  return lines
    .slice(0, end)
    .map((line) => line.slice(2).trim())
    .join(" ");
}

const withFault = (isFaulty: (text: string) => boolean): string[] =>
  files.filter((file) => isFaulty(readFileSync(`${ROOT}${file}`, "utf8")));

describe("each product file", () => {
  it("has at most 300 lines", () => {
    assert.ok(files.length > 300);
    assert.deepEqual(
      withFault((text) => text.trimEnd().split("\n").length > 300),
      [],
    );
  });

  it("begins with its purpose, without a list of its callers", () => {
    const callers =
      /\b(?:used|made|called|owned|rendered|provided)(?: only)? (?:by|from) (?:the |its )?[a-z]/iu;
    const isFaulty = (text: string): boolean => headerOf(text) === "" || callers.test(headerOf(text));
    assert.deepEqual(withFault(isFaulty), []);
  });
});
