// `npm run check`: types, lint, imports, format and the unit tests. Run it before each commit.
import { LAYERS, runLayer } from "./layers.ts";
import { runStaticChecks } from "./staticChecks.ts";

async function main(): Promise<boolean> {
  const failed = await runStaticChecks();
  const unit = LAYERS.find(({ name }) => name === "unit");
  if (unit === undefined) throw new Error("There is no layer of unit tests");
  const { passed, failures } = await runLayer(unit);
  console.log(`  ${failures.length === 0 ? "✓" : "✗"} unit (${passed} passed, ${failures.length} failed)`);
  return failed.length === 0 && failures.length === 0;
}

process.exitCode = (await main()) ? 0 : 1;
