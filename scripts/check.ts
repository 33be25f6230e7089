// `npm run check`: types, lint, format and the unit tests; what to run before each commit.
import { availableParallelism } from "node:os";
import { inLanes } from "./inLanes.ts";
import { LAYERS, runLayer } from "./layers.ts";
import { staticChecks } from "./staticChecks.ts";

async function testUnits(): Promise<string | undefined> {
  const unit = LAYERS.find(({ name }) => name === "unit");
  if (unit === undefined) throw new Error("There is no layer of unit tests");
  const { passed, failures } = await runLayer(unit);
  console.log(
    `check:   ${failures.length === 0 ? "✓" : "✗"} unit (${passed} passed, ${failures.length} failed)`,
  );
  return failures.length === 0 ? undefined : unit.name;
}

const [lint, types, ...others] = staticChecks;
const tasks = [lint, types, testUnits, ...others].filter((task) => task !== undefined);
const failed = await inLanes(availableParallelism(), tasks);
process.exitCode = failed.every((name) => name === undefined) ? 0 : 1;
