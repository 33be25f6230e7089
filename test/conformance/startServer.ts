// Runs the server inside the test's own process, with times and bounds that the command line does not offer: what
// takes half a minute by the protocol's limits takes milliseconds here.
import { limits } from "../../protocol/limits.ts";
import { createServer, type RunningServer, type ServerOptions } from "../../server/createServer.ts";

export async function startServer(options: Partial<ServerOptions>): Promise<RunningServer> {
  const server = await createServer({
    host: "127.0.0.1",
    port: 0,
    allowedOrigins: new Set(),
    maxBacklog: limits.backlogBytes,
    framesPerSecond: limits.framesPerSecond,
    lobbyBytesPerSecond: limits.lobbyBytesPerSecond,
    clientsPerAddress: limits.clientsPerAddress,
    newcomerMessages: limits.newcomerMessages,
    historyBytes: limits.historyBytes,
    heldBytes: limits.heldBytes,
    clients: limits.clients,
    handshakeMs: limits.handshakeMs,
    heartbeatMs: limits.heartbeatMs,
    silenceMs: limits.silenceMs,
    accessToken: undefined,
    tls: undefined,
    names: undefined,
    relay: true,
    allowedHosts: new Set(),
    publicUrl: undefined,
    trustedProxies: new Set(),
    joinLobby: undefined,
    log: () => undefined,
    ...options,
  });
  if (!server.ok) throw new Error(server.error);
  const opened = await server.value.opened;
  if (!opened.ok) throw new Error(opened.error);
  return server.value;
}
