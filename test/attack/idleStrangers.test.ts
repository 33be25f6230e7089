// People who connect to a server and never join.
import { once } from "node:events";
import type { Socket } from "node:net";
import { openRaw } from "../conformance/rawClient.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { HonestPair } from "./honestPair.ts";

const STRANGERS = 200;

describe("strangers who only connect", () => {
  let server: ServerProcess;
  const sockets: Socket[] = [];

  before(async () => {
    server = await ServerProcess.start();
  });

  after(async () => {
    for (const socket of sockets) socket.destroy();
    await server.stop();
  });

  it("cost two honest people no message", async () => {
    const pair = await HonestPair.meet(server.url);
    for (let n = 0; n < STRANGERS; n++) {
      const socket = await openRaw(server.url);
      sockets.push(socket);
      await once(socket, "data");
      if (n % 20 === 0) await pair.talk();
    }
    await pair.talk();
    await pair.leave();
  });
});
