// What private sessions and the lobby promise when things happen at once, or the server dies again and again.
import assert from "node:assert/strict";
import { Client } from "../support/client.ts";
import { reachedAt, ServerProcess } from "../support/serverProcess.ts";
import { TcpProxy } from "../support/tcpProxy.ts";

describe("sessions between real windows' hosts", () => {
  let server: ServerProcess;
  let anna: Client;
  let bobby: Client;
  /** Anna's way to the server. */
  let proxy: TcpProxy;

  beforeEach(async () => {
    proxy = await TcpProxy.to(() => server.port);
    server = await ServerProcess.start(...reachedAt(proxy.port));
    [anna, bobby] = [new Client(), new Client()];
    await anna.join("anna", proxy.url);
    await bobby.join("bobby", server.url);
    await anna.until("both", (state) => state.users.length === 2);
  });

  afterEach(async () => {
    await Promise.all([anna.close(), bobby.close()]);
    await proxy.close();
    await server.stop();
  });

  it("crossed forks become one session, active on both sides", async () => {
    const outcomes = await Promise.all([anna.type("\\fork bobby"), bobby.type("\\fork anna")]);
    assert.deepEqual(outcomes, [{ ok: true }, { ok: true }]);
    assert.deepEqual([anna.state.sessions.length, bobby.state.sessions.length], [2, 2]);
    assert.deepEqual([anna.state.active, bobby.state.active], [1, 1]);
    assert.equal(anna.peer("bobby")?.sid, bobby.peer("anna")?.sid);
    assert.deepEqual([anna.peer("bobby")?.role, bobby.peer("anna")?.role].sort(), ["A", "B"]);
  });

  it("a thousand messages both ways arrive in order, once, while the server is killed five times", async () => {
    await anna.run("\\fork bobby");
    await bobby.until("the session", (state) => state.sessions.length === 2);
    await bobby.run("\\switch anna");
    const { port } = server;
    for (let i = 0; i < 500; i++) {
      assert.ok((await anna.type(`a${i}`)).ok);
      assert.ok((await bobby.type(`b${i}`)).ok);
      if (i % 100 === 50) {
        await server.stop("SIGKILL");
        server = await ServerProcess.start("--port", String(port), ...reachedAt(proxy.port));
      }
    }
    const count = (client: Client, peer: string): number => client.messages(peer).length;
    await anna.until("all messages", () => count(anna, "bobby") === 1000);
    await bobby.until("all messages", () => count(bobby, "anna") === 1000);
    const expected = (prefix: string): string[] => Array.from({ length: 500 }, (_, i) => `${prefix}${i}`);
    for (const [client, peer] of [
      [anna, "bobby"],
      [bobby, "anna"],
    ] as const) {
      const lines = client.messages(peer);
      assert.deepEqual(
        lines.filter((line) => line.startsWith("anna: ")),
        expected("anna: a"),
      );
      assert.deepEqual(
        lines.filter((line) => line.startsWith("bobby: ")),
        expected("bobby: b"),
      );
    }
    await anna.until("both online again", ({ connection, users }) => {
      return connection.status === "online" && users.join() === "anna,bobby";
    });
    assert.equal(anna.state.sessions.length, 2);
  });

  it("lobby messages sent while a link was down appear after reconnecting, in the same order for everyone", async () => {
    await anna.type("before");
    await bobby.untilShown("lobby", "anna: before");
    proxy.cut();
    await anna.until("offline", (state) => state.connection.status === "offline");
    await bobby.type("meanwhile");
    await anna.untilShown("lobby", "bobby: meanwhile");
    await anna.type("after");
    await bobby.untilShown("lobby", "anna: after");
    const expected = ["anna: before", "bobby: meanwhile", "anna: after"];
    await anna.until("confirmed", (state) => state.sessions[0].pending.length === 0);
    assert.deepEqual(anna.messages("lobby"), expected);
    assert.deepEqual(bobby.messages("lobby"), expected);
    assert.equal(anna.state.me?.name, "anna");
  });

  it("session numbers are never reused: a session after one that was left gets the next", async () => {
    for (const number of [1, 2, 3]) {
      assert.ok((await anna.run("\\fork bobby")).ok);
      assert.equal(anna.peer("bobby")?.number, number);
      await bobby.until("the session", (state) => state.sessions.length === 2);
      await anna.run("\\leave");
      await bobby.until("its end", (state) => state.sessions.length === 1);
    }
  });
});
