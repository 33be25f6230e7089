// Binds the server's listeners. A server on one of the two loopback addresses takes its port on both. Otherwise another user
// of the machine could listen on the second one, and `localhost` would lead to either.
import type { Server as HttpServer } from "node:http";
import { Server as HttpsServer } from "node:https";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { err, ok, type Result } from "../../protocol/result.ts";
import { listenErrorText, type ListenOptions } from "./listenErrorText.ts";

/** The other address that `localhost` may mean. `::` covers both. */
const OTHER_LOOPBACK: ReadonlyMap<string, string> = new Map([
  ["127.0.0.1", "::1"],
  ["0.0.0.0", "::1"],
  ["::1", "127.0.0.1"],
]);

/** TCP connections that may wait to be accepted: a whole school that reconnects at once. */
const ACCEPT_BACKLOG = 4096;

/** Attempts to find a port that is free on both loopback addresses. */
const PORT_ATTEMPTS = 20;

export type Listening = {
  readonly address: string;
  readonly port: number;
  /** Stops listening. Resolves once all connections have ended. */
  readonly close: () => Promise<void>;
};

type Place = { readonly host: string; readonly port: number };

/**
 * The error is a sentence.
 * @param options those that name the place, for the error
 */
export async function listen(
  http: HttpServer | HttpsServer,
  { host, port }: Place,
  options?: ListenOptions,
): Promise<Result<Listening, string>> {
  for (let attempt = 1; ; attempt++) {
    const error = await bind(http, { host, port });
    if (error !== undefined) return err(listenErrorText(error, host, port, options));
    const bound = http.address();
    if (bound === null || typeof bound === "string") return err(`Cannot listen on ${host}.`);
    const other = OTHER_LOOPBACK.get(bound.address);
    if (other === undefined) return ok({ ...bound, close: () => closeAll([http]) });
    const twin = createTwin(http);
    const failed = await bind(twin, { host: other, port: bound.port });
    if (failed === undefined) return ok({ ...bound, close: () => closeAll([http, twin]) });
    if (isMissingAddress(failed)) return ok({ ...bound, close: () => closeAll([http]) });
    await closeAll([http]);
    if (port !== 0 || attempt === PORT_ATTEMPTS) {
      return err(listenErrorText(failed, other, bound.port, options));
    }
  }
}

/** A second listener that hands its connections to the first one, so that all limits count both. */
function createTwin(http: HttpServer | HttpsServer): Server {
  // The same socket options as Node's own listeners for this kind of server.
  const twin = createTcpServer({ noDelay: true, allowHalfOpen: !(http instanceof HttpsServer) });
  return twin.on("connection", (socket: Socket) => http.emit("connection", socket));
}

/** Resolves with the error, if there is one. */
function bind(server: Server, place: Place): Promise<Error | undefined> {
  return new Promise((resolve) => {
    server.once("error", resolve);
    server.listen({ ...place, backlog: ACCEPT_BACKLOG }, () => {
      server.off("error", resolve);
      resolve(undefined);
    });
  });
}

/** Whether the machine lacks this address, so that no one can listen on it. */
function isMissingAddress(error: Error): boolean {
  return "code" in error && (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT");
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
}
