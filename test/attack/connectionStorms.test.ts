// Strangers who connect and leave as often as they can. They are not refused for it, since that would lock out their neighbors.
// Instead, the server handles only so many of them in one turn of its event loop, before it serves others.
import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { connect } from "node:net";
import type { RunningServer } from "../../server/createServer.ts";
import { openRaw, readUntil } from "../conformance/rawClient.ts";
import { startServer } from "../conformance/startServer.ts";
import { HonestPair } from "./honestPair.ts";

const CONNECTIONS = 300;
const ATTACKER = "127.0.43.1";

/** The server listens on both loopback addresses; between two looks there is the rest of one turn and the beginning of the next. */
const MOST = 2 * 2;
const ACCEPTED = "net.server.socket";

describe("a storm of connections", () => {
  let server: RunningServer;
  let accepted = 0;
  let ofTurn = 0;
  let most = 0;
  let isOver = false;
  const count = (): void => {
    accepted += 1;
    ofTurn += 1;
    most = Math.max(most, ofTurn);
  };
  const look = (): void => {
    ofTurn = 0;
    if (!isOver) setImmediate(look);
  };

  before(async () => {
    server = await startServer({});
    subscribe(ACCEPTED, count);
    look();
  });
  after(async () => {
    isOver = true;
    unsubscribe(ACCEPTED, count);
    await server.stop();
  });

  it("is dealt with a few in each turn, and cuts no word of two honest people at the same address", async () => {
    const pair = await HonestPair.meet(server.url, { localAddress: ATTACKER });
    accepted = 0;
    const port = Number(new URL(server.url).port);
    const storm = Array.from({ length: CONNECTIONS }, () => {
      const socket = connect({ host: "127.0.0.1", port, localAddress: ATTACKER });
      socket.on("error", () => undefined).once("connect", () => socket.resetAndDestroy());
      return new Promise((resolve) => socket.once("close", resolve));
    });
    await pair.talk();
    await Promise.all(storm);
    await pair.talk();
    // A neighbor still gets in.
    const neighbor = await openRaw(server.url, { localAddress: ATTACKER });
    await readUntil(neighbor, "challenge");
    neighbor.destroy();
    await pair.leave();
    assert.ok(accepted > CONNECTIONS / 2, `${accepted} were accepted`);
    assert.ok(most <= MOST, `${most} of ${accepted} were accepted in one turn`);
  });
});
