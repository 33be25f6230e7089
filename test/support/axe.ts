// Accessibility violations that axe-core finds in a page: one in a browser, or a webview of a real window.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Frame, Page } from "playwright-core";
import * as v from "valibot";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const Found = v.object({
  violations: v.array(
    v.object({ id: v.string(), nodes: v.array(v.object({ html: v.string(), failureSummary: v.string() })) }),
  ),
  passes: v.array(v.unknown()),
});

/**
 * A list of completions is scrolled from its field, which keeps the focus and refers to the list. axe recognizes that
 * for an input, which can have the role of a combobox; a multi-line field cannot.
 */
const SCROLLED_FROM_ELSEWHERE = `axe.configure({
  rules: [{ id: "scrollable-region-focusable", selector: "*:not(select, textarea, [role=listbox])" }],
})`;

let source: Promise<string> | undefined;

/** The document's violations as readable lines; empty if there are none. */
export async function violations(document: Page | Frame): Promise<string[]> {
  if (!(await document.evaluate("'axe' in window"))) {
    source ??= readFile(AXE, "utf8");
    await document.evaluate(await source);
    await document.evaluate(SCROLLED_FROM_ELSEWHERE);
  }
  const found = v.parse(Found, await document.evaluate("axe.run(document, { iframes: false })"));
  assert.notEqual(found.passes.length, 0, "axe has looked at nothing");
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.failureSummary} ${node.html}`),
  );
}
