// Two honest people who talk while a server is attacked, in their own process, so that the attacker's load does not count.
// Prints "ready", talks until told to end, and answers with the delays of their messages.
import { setTimeout as sleep } from "node:timers/promises";
import { TestClient } from "../../test/conformance/testClient.ts";

export type Heard = { readonly messages: number; readonly p99Ms: number };

/** Milliseconds between two messages: below the server's rate for one person. */
const PAUSE_MS = 25;

/** Milliseconds after which a message counts as lost. */
const PATIENCE_MS = 30_000;

async function main(): Promise<void> {
  const [url = ""] = process.argv.slice(2);
  const options = { localAddress: "127.0.0.1", rejectUnauthorized: false };
  const anna = await TestClient.join(url, "anna", {}, undefined, options);
  const bobby = await TestClient.join(url, "bobby", {}, undefined, options);
  const ending = new AbortController();
  process.once("message", () => ending.abort());
  process.send?.("ready");
  const delays: number[] = [];
  for (let n = 0; !ending.signal.aborted; n++) {
    const start = performance.now();
    anna.send({ type: "say", id: `honest-${n}`, text: `word ${n}` });
    const late = setTimeout(() => {
      throw new Error(`message ${n} did not arrive`);
    }, PATIENCE_MS);
    await bobby.until("said", ({ from }) => from === "anna");
    clearTimeout(late);
    delays.push(performance.now() - start);
    await sleep(PAUSE_MS);
  }
  delays.sort((a, b) => a - b);
  const p99Ms = delays[Math.floor(delays.length * 0.99)] ?? Number.NaN;
  const heard: Heard = { messages: delays.length, p99Ms };
  process.send?.(heard);
  anna.ws.terminate();
  bobby.ws.terminate();
  process.disconnect();
}

void main();
