// This project's server without its rate limits per client, per address and for the lobby: otherwise the benchmark would
// measure the limits. Everything else is as shipped.
import { limits } from "../../protocol/limits.ts";
import { createLog } from "../../server/base/log.ts";
import { startServer } from "../../test/conformance/startServer.ts";

void startServer({
  framesPerSecond: 100_000,
  lobbyBytesPerSecond: 2 ** 30,
  clientsPerAddress: limits.clients,
  log: createLog({
    least: "info",
    write: (line) => process.stderr.write(line),
    wallTime: () => Date.now(),
    later: (ms, call) => void setTimeout(call, ms).unref(),
  }),
}).then(({ url }) => console.log(`listening on ${url}`));
