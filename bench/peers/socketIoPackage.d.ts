// The part of Socket.IO that its peer uses. The package is installed only when the benchmark runs.
declare module "socket.io" {
  import type { Server as HttpServer } from "node:http";

  interface Emitter {
    on(event: "said", listener: (text: string) => void): void;
  }

  export class Server {
    constructor(http: HttpServer, options: { transports: readonly string[]; serveClient: boolean });
    on(event: "connection", listener: (socket: Emitter) => void): void;
    emit(event: "said", text: string): void;
  }
}
