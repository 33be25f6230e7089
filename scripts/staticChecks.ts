// Static checks: types, lint, imports and format.
import { fileURLToPath } from "node:url";
import { printLines } from "./printLines.ts";
import { startProcess } from "./processTree.ts";

interface Check {
  readonly name: string;
  readonly args: readonly string[];
}

const modules = (path: string): string => fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));

const CHECKS: readonly Check[] = [
  { name: "types", args: [modules("typescript/bin/tsc"), "-b"] },
  { name: "lint", args: [modules("eslint/bin/eslint.js"), ".", "--max-warnings", "0"] },
  {
    name: "imports",
    args: [
      modules("dependency-cruiser/bin/dependency-cruise.mjs"),
      ...["--config", ".dependency-cruiser.js", "--output-type", "err-long"],
      ...["protocol", "extension", "server", "webview", "scripts", "test", "bench"],
    ],
  },
  { name: "format", args: [modules("prettier/bin/prettier.cjs"), ".", "--check", "--log-level", "warn"] },
];

/** Runs all checks in sequence and shows their output. Returns the names of failed ones. */
export async function runStaticChecks(): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, args } of CHECKS) {
    const { child, ended } = await startProcess(process.execPath, args, {
      stdio: ["ignore", "pipe", "pipe"],
    });
    printLines(child, "check");
    const passed = (await ended) === 0;
    console.log(`check:   ${passed ? "✓" : "✗"} ${name}`);
    if (!passed) failed.push(name);
  }
  return failed;
}
