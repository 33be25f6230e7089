// A lobby as the Bun manual shows it: all clients subscribe to a topic, and the server publishes. Run by Bun.

type BunSocket = { subscribe(topic: string): void };

declare const Bun: {
  serve(options: {
    hostname: string;
    port: number;
    fetch(request: unknown, server: { upgrade(request: unknown): boolean }): undefined;
    websocket: { open(ws: BunSocket): void; message(ws: BunSocket, text: string): void };
  }): { readonly port: number; publish(topic: string, text: string): void };
};

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: (request, upgrader) => {
    upgrader.upgrade(request);
    return undefined;
  },
  websocket: {
    open: (ws) => ws.subscribe("lobby"),
    message: (_, text) => server.publish("lobby", text),
  },
});
console.log(`listening on ws://127.0.0.1:${server.port}`);
