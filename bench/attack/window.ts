// A window that is attacked, in a process of its own: joins a server as `victim`, accepts every fork, and tells when it is asked
// what it felt. It is bundled with the code of the commit that is measured.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Client } from "../../test/support/client.ts";

export type Felt = {
  /** The longest that its thread was busy with one thing since it was last asked, in milliseconds. */
  readonly busyMs: number;
  /** Messages of a person named `talker` that its lobby holds. */
  readonly words: number;
};

const STEP_MS = 5;

async function main(): Promise<void> {
  const [url = ""] = process.argv.slice(2);
  const delay = monitorEventLoopDelay({ resolution: STEP_MS });
  const client = new Client();
  await client.join("victim", url);
  delay.enable();
  process.on("message", () => {
    const felt: Felt = {
      busyMs: delay.max / 1e6 - STEP_MS,
      words: client.messages("lobby").filter((line) => line.startsWith("talker: ")).length,
    };
    delay.reset();
    process.send?.(felt);
  });
  process.send?.("ready");
}

void main();
