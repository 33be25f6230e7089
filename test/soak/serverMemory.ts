// Loaded into the server's process before the server itself: tells on SIGUSR2 what it holds in memory, as a line of its log.
import { memoryUse } from "../support/memoryUse.ts";

process.on("SIGUSR2", () => {
  process.stderr.write(`${JSON.stringify({ memory: memoryUse() })}\n`);
});
