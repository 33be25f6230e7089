// An attacked window in its own process: joins a server as `victim`, accepts every fork, and reports its measurements.
// Bundled with the code of the measured commit.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Client } from "../../test/support/client.ts";

export type Felt = {
  /** The longest time in milliseconds that its thread was busy since the last report. */
  readonly busyMs: number;
  /** Messages of `talker` in its lobby. */
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
