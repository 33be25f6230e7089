// A server that forwards everything between its visitors and a real server: the challenge one way, the signed join the
// other, under any `Host`. A visitor that the real server admits this way has been impersonated.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";

export type Visit = {
  /** The status with which the real server refused the connection; undefined if it did not. */
  readonly status: number | undefined;
  /** Types of the real server's messages. */
  readonly received: readonly string[];
  /** Codes of its refusals. */
  readonly refused: readonly string[];
};

export class RogueServer {
  readonly #server: WebSocketServer;
  readonly #visits: Promise<Visit>[] = [];

  private constructor(
    server: WebSocketServer,
    realUrl: string,
    host: ((seen: string) => string) | undefined,
  ) {
    this.#server = server;
    server.on("connection", (visitor, request) => {
      const seen = request.headers.host ?? "";
      this.#visits.push(passOn(visitor, realUrl, host === undefined ? seen : host(seen)));
    });
  }

  /**
   * Listens and forwards to `realUrl`.
   * @param host returns the `Host` shown to the real server, given the visitor's; the same by default
   */
  static async start(
    realUrl: string,
    listen: { readonly host: string; readonly port?: number },
    host?: (seen: string) => string,
  ): Promise<RogueServer> {
    const server = new WebSocketServer({
      host: listen.host,
      port: listen.port ?? 0,
      perMessageDeflate: false,
    });
    await once(server, "listening");
    return new RogueServer(server, realUrl, host);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The results of the visits so far, once all of them have ended. */
  visits(): Promise<readonly Visit[]> {
    return Promise.all(this.#visits);
  }

  async stop(): Promise<void> {
    for (const visitor of this.#server.clients) visitor.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function passOn(visitor: WebSocket, realUrl: string, host: string): Promise<Visit> {
  const real = new WebSocket(realUrl, { headers: { Host: host }, perMessageDeflate: false });
  let status: number | undefined;
  const received: string[] = [];
  const refused: string[] = [];
  const early: string[] = [];
  visitor.on("error", () => undefined).on("close", () => real.close());
  visitor.on("message", (data: Buffer) => {
    if (real.readyState === WebSocket.OPEN) real.send(data.toString());
    else early.push(data.toString());
  });
  real.on("error", () => undefined).on("open", () => early.splice(0).forEach((text) => real.send(text)));
  real.on("unexpected-response", (_request, response) => {
    status = response.statusCode;
    real.terminate();
  });
  real.on("message", (data: Buffer) => {
    const message = JSON.parse(data.toString()) as { type: string; code?: string };
    received.push(message.type);
    if (message.type === "refused") refused.push(message.code ?? "");
    visitor.send(data.toString());
    if (message.type !== "challenge") visitor.close();
  });
  await new Promise((resolve) => real.once("close", resolve));
  visitor.close();
  return { status, received, refused };
}
