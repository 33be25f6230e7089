// Static checks: types, lint, imports and format.
import { fileURLToPath } from "node:url";
import { printLines } from "./printLines.ts";
import { startProcess } from "./processTree.ts";

interface Check {
  readonly name: string;
  readonly args: readonly string[];
}

const modules = (path: string): string => fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));

/** The longest first. */
const CHECKS: readonly Check[] = [
  { name: "types", args: [modules("typescript/bin/tsc"), "-b"] },
  { name: "lint", args: [modules("oxlint/bin/oxlint")] },
  {
    name: "imports",
    args: [
      modules("dependency-cruiser/bin/dependency-cruise.mjs"),
      ...["--config", ".dependency-cruiser.js", "--output-type", "err-long"],
      ...["protocol", "extension", "server", "webview", "scripts", "test", "bench"],
    ],
  },
  {
    name: "format",
    args: [
      ...[modules("prettier/bin/prettier.cjs"), ".", "--check", "--log-level", "warn"],
      // Keyed by content, options and version, so cached results stay correct.
      ...["--cache", "--cache-strategy", "content", "--cache-location", ".cache/prettier"],
    ],
  },
];

/** One for each check: shows what it prints, and returns the name of one that failed. */
export const staticChecks: readonly (() => Promise<string | undefined>)[] = CHECKS.map(
  ({ name, args }) =>
    async () => {
      const { child, ended } = await startProcess(process.execPath, args, {
        stdio: ["ignore", "pipe", "pipe"],
      });
      printLines(child, "check");
      const passed = (await ended) === 0;
      console.log(`check:   ${passed ? "✓" : "✗"} ${name}`);
      return passed ? undefined : name;
    },
);
