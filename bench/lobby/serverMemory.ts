// The memory of a server written in Node, as the server reports it after a garbage collection.
import { once } from "node:events";
import * as v from "valibot";
import { MemoryUse } from "../../test/support/memoryUse.ts";
import type { Running } from "./entrants.ts";
import { bundle } from "./programs.ts";

const TELL_MS = 30_000;
const Line = v.pipe(v.string(), v.parseJson(), v.object({ memory: MemoryUse }));

/** To be loaded by Node before the program, so that it can be asked. */
export function memoryTeller(): Promise<string> {
  return bundle("test/soak/serverMemory.ts");
}

export async function memoryOf({ child }: Running): Promise<MemoryUse> {
  const { stderr } = child;
  if (stderr === null) throw new Error("The server's log is not read");
  const late = AbortSignal.timeout(TELL_MS);
  child.kill("SIGUSR2");
  for (let log = ""; ;) {
    const [chunk] = (await once(stderr, "data", { signal: late })) as [Buffer];
    log += chunk.toString("utf8");
    const line = /^\{"memory":.*\}$/m.exec(log)?.[0];
    if (line !== undefined) return v.parse(Line, line).memory;
  }
}
