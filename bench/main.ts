// `npm run bench [PART…]`: runs the named measurements, or all of them, one after the other.
import { run as fork } from "./fork.ts";
import { run as panel } from "./panel.ts";
import { run as session } from "./session.ts";

const parts: Record<string, () => Promise<void>> = { fork, panel, session };

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`No such part: ${unknown.join(", ")}. There are: ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}
for (const [name, run] of Object.entries(parts)) {
  if (names.length > 0 && !names.includes(name)) continue;
  console.log(`\n== ${name}`);
  await run();
}
