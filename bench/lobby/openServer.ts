// This project's server without its rate limits per client, per address and for the lobby: otherwise the benchmark would
// measure the limits. Everything else is as shipped. It has the options for several servers with one lobby.
import { limits } from "../../protocol/limits.ts";
import { parseArguments } from "../../server/arguments.ts";
import { createLog } from "../../server/base/log.ts";
import { shareLobby } from "../../server/sharedLobby.ts";
import { startServer } from "../../test/conformance/startServer.ts";

const rates = { framesPerSecond: 100_000, lobbyBytesPerSecond: 2 ** 30 };
const log = createLog({
  least: "info",
  write: (line) => process.stderr.write(line),
  wallTime: () => Date.now(),
  later: (ms, call) => void setTimeout(call, ms).unref(),
});

async function main(): Promise<void> {
  const args = parseArguments(process.argv.slice(2));
  if (!args.ok || args.value.kind !== "serve") throw new Error("These are no options of a server.");
  const { historyBytes } = limits;
  const options = { ...args.value, accessToken: undefined, historyBytes, ...rates, log };
  const shared = shareLobby(args.value.cluster, options);
  if (!shared.ok) throw new Error(shared.error);
  const joinLobby = shared.value?.join;
  const { url } = await startServer({ ...rates, clientsPerAddress: limits.clients, joinLobby, log });
  console.log(`listening on ${url}`);
}

void main();
