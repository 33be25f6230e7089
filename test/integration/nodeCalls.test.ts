// Errands between servers, over real sockets: what one server does not take is lost, and no other server waits for it.
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { createServer, type Socket } from "node:net";
import * as v from "valibot";
import { Errand } from "../../protocol/cluster.ts";
import { NodeCalls } from "../../server/cluster/nodeCalls.ts";
import { listenForNodes } from "../../server/cluster/nodeListener.ts";
import { freePort } from "../support/freePort.ts";
import { TestKey } from "../support/testKey.ts";

/** As many as may wait for one server. */
const MOST_WAITING = 1_024;

const key = Buffer.alloc(32, 7);
const { pin } = new TestKey();

function errand(n: number): Errand {
  const message = { type: "tunnel", sid: "s".repeat(22), from: "anna", pin, ticket: "t".repeat(38) };
  return v.parse(Errand, { type: "tell", key: `bobby${n}`, connection: 1, message });
}

describe("errands between servers", () => {
  const closers: (() => unknown)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  /** A server that takes connections, and never answers. */
  async function silent(): Promise<string> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
    });
    const port = await freePort();
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    closers.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return `127.0.0.1:${port}`;
  }

  it("are lost beyond so many that wait for one server, and others get theirs", async () => {
    const came = new EventEmitter();
    const place = `127.0.0.1:${await freePort()}`;
    const listener = await listenForNodes(place, {
      ...{ key, connections: 100, relay: () => assert.fail("there is no relay") },
      asked: (asked) => came.emit("errand", asked.key),
    });
    assert.ok(listener.ok);
    closers.push(() => listener.value.stop());
    const lost = new Map<unknown, number>();
    const changed = new EventEmitter();
    const calls = new NodeCalls(key, (level, event, fields) => {
      assert.deepEqual([level, event], ["warn", "errand-lost"]);
      lost.set(fields?.["reason"], (lost.get(fields?.["reason"]) ?? 0) + 1);
      changed.emit("lost");
    });
    closers.push(() => calls.stop());
    const deaf = await silent();
    for (let n = 0; n < MOST_WAITING; n++) calls.ask(deaf, errand(n));
    assert.deepEqual([...lost], []);
    for (let n = 0; n < 3; n++) calls.ask(deaf, errand(n));
    assert.deepEqual([...lost], [["too many are waiting", 3]]);
    const arrival = once(came, "errand");
    calls.ask(place, errand(1));
    assert.deepEqual(await arrival, ["bobby1"]);
    // Those that got no answer make room.
    while ((lost.get("no answer in time") ?? 0) < MOST_WAITING) await once(changed, "lost");
    calls.ask(deaf, errand(0));
    assert.equal(lost.get("too many are waiting"), 3);
  });
});
