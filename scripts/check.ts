// `npm run check`: types, lint, imports, format and the unit tests; what to run before each commit.
import { availableParallelism } from "node:os";
import { inLanes } from "./inLanes.ts";
import { inFolders, LAYERS, runLayer, type Layer } from "./layers.ts";
import { staticChecks } from "./staticChecks.ts";

/** One for each folder of the unit tests, in a process of its own. */
function unitTests(): (() => Promise<string | undefined>)[] {
  const unit = LAYERS.find(({ name }) => name === "unit");
  if (unit === undefined) throw new Error("There is no layer of unit tests");
  return inFolders(unit).map((part) => () => testUnits(part));
}

async function testUnits(part: Layer): Promise<string | undefined> {
  const { passed, failures } = await runLayer(part);
  console.log(
    `check:   ${failures.length === 0 ? "✓" : "✗"} ${part.name} (${passed} passed, ${failures.length} failed)`,
  );
  return failures.length === 0 ? undefined : part.name;
}

// The longest first, so that the lanes end together.
const failed = await inLanes(availableParallelism(), [...unitTests(), ...staticChecks]);
process.exitCode = failed.every((name) => name === undefined) ? 0 : 1;
