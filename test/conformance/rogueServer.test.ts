// A rogue server that passes its visitors' joins on to the real one: what they sign for it opens nothing there.
import assert from "node:assert/strict";
import { hostname, networkInterfaces } from "node:os";
import { RogueServer, type Visit } from "../support/rogueServer.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestClient } from "./testClient.ts";

const addresses = Object.values(networkInterfaces()).flatMap((infos) => infos ?? []);
/** An address of this machine that is not loopback's. */
const own = addresses.find(({ internal, family }) => !internal && family === "IPv4")?.address;
const hasIpv6Loopback = addresses.some(({ address }) => address === "::1");

describe("a join that was signed for a rogue server", () => {
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(() => Promise.all(ends.splice(0).map((end) => end())));

  async function startReal(...args: string[]): Promise<ServerProcess> {
    const server = await ServerProcess.start(...args);
    ends.push(() => server.stop("SIGKILL"));
    return server;
  }

  /** The victim dials the rogue at `dialled` (its port is the rogue's) and joins; returns what the rogue got of it. */
  async function visit(
    realUrl: string,
    listen: { host: string; port?: number },
    dialled: string,
    host?: (seen: string) => string,
  ): Promise<Visit> {
    const rogue = await RogueServer.start(realUrl, listen, host);
    ends.push(() => rogue.stop());
    const victim = new TestClient(`ws://${dialled}:${rogue.port}`);
    victim
      .next("challenge")
      .then(() => victim.sendJoin("anna"))
      .catch(() => undefined);
    await victim.closed;
    const [first] = await rogue.visits();
    assert.ok(first !== undefined);
    return first;
  }

  function assertWorthless({ received }: Visit): void {
    assert.ok(!received.includes("joined"), `the rogue has joined as its victim: ${received.join(", ")}`);
  }

  for (const dialled of ["127.0.0.1", "localhost"]) {
    it(`at another port of loopback (${dialled}) is invalid`, async () => {
      const real = await startReal();
      const result = await visit(real.url, { host: "127.0.0.1" }, dialled);
      assertWorthless(result);
      assert.equal(result.status, 421);
    });
  }

  it("at another address of loopback, with the same port, is invalid", async () => {
    const real = await startReal();
    assertWorthless(await visit(real.url, { host: "127.0.0.2", port: real.port }, "127.0.0.2"));
  });

  it("for localhost is invalid at a server on a third address of loopback", async () => {
    const real = await startReal("--host", "127.0.0.2");
    const result = await visit(real.url, { host: "127.0.0.1", port: real.port }, "localhost");
    assertWorthless(result);
    assert.equal(result.status, 421);
  });

  for (const name of [hostname(), `${hostname()}.local`]) {
    it(`for the machine's name is invalid, because the name may resolve to the rogue's address (${name})`, async () => {
      const real = await startReal();
      const host = `${name}:${real.port}`.toLowerCase();
      const result = await visit(real.url, { host: "127.0.1.1", port: real.port }, "127.0.1.1", () => host);
      assertWorthless(result);
      assert.equal(result.status, 421);
      await real.logged(new RegExp(`--allow-host ${host.replaceAll(".", "\\.")}`));
    });
  }

  describe("for localhost (skipped on a machine without ::1)", () => {
    before(function () {
      if (!hasIpv6Loopback) this.skip();
    });

    for (const [at, other] of [
      ["127.0.0.1", "::1"],
      ["0.0.0.0", "::1"],
      ["::1", "127.0.0.1"],
      ["::", "127.0.0.1"],
    ] as const) {
      it(`cannot be obtained at the other loopback address while the server is at ${at}: it has both`, async () => {
        const real = await startReal("--host", at, "--insecure");
        await assert.rejects(RogueServer.start(real.url, { host: other, port: real.port }), /EADDRINUSE/);
        for (const dialled of [`localhost:${real.port}`, `127.0.0.1:${real.port}`, `[::1]:${real.port}`]) {
          const client = new TestClient(`ws://${dialled}`);
          await client.next("challenge");
          client.sendJoin(`anna${dialled.length}`);
          await client.next("joined");
          await client.close();
        }
      });

      it(`cannot be obtained at the other loopback address before the server is at ${at}: it does not start`, async () => {
        const rogue = await RogueServer.start("ws://127.0.0.1:9", { host: other });
        ends.push(() => rogue.stop());
        const real = new ServerProcess(["--host", at, "--port", String(rogue.port), "--insecure"]);
        ends.push(() => real.stop("SIGKILL"));
        const { code, stderr } = await real.exit;
        assert.equal(code, 1);
        assert.match(stderr, /^Port \d+ is already in use \([^ ]+\)\. Stop the other program/m);
      });
    }
  });

  it("at a server whose Host the rogue shows instead is invalid", async () => {
    const real = await startReal();
    const result = await visit(real.url, { host: "127.0.0.1" }, "127.0.0.1", () => new URL(real.url).host);
    assertWorthless(result);
    assert.deepEqual(result.refused, ["signature"]);
  });

  it("is invalid when the rogue omits the port", async () => {
    const real = await startReal();
    assertWorthless(await visit(real.url, { host: "127.0.0.1" }, "127.0.0.1", () => "127.0.0.1"));
  });

  it("is invalid where a name is allowed without a port, and the rogue uses another port", async () => {
    const real = await startReal("--allow-host", "localhost");
    assertWorthless(await visit(real.url, { host: "127.0.0.1" }, "localhost"));
    assertWorthless(await visit(real.url, { host: "127.0.0.1" }, "localhost", () => "localhost"));
  });

  it("is invalid behind a proxy that replaces the Host with the server's own", async () => {
    const real = await startReal("--public-url", "wss://chat.example.org");
    // What such a proxy makes of the rogue's request; the victim dials what looks like a server of its own.
    const { host } = new URL(real.url);
    const client = new TestClient(real.url, { headers: { Host: host } });
    const { nonce } = await client.next("challenge");
    client.sendJoin("anna", client.key.proof(host, nonce, "anna"));
    assert.equal((await client.next("refused")).code, "signature");
    client.sendJoin("anna", client.key.proof("chat.example.org", nonce, "anna"));
    await client.next("joined");
  });

  describe("on the network (skipped on a machine without one)", () => {
    before(function () {
      if (own === undefined) this.skip();
    });

    it("on the victim's own machine, at the same port, is invalid", async () => {
      const real = await startReal("--host", own ?? "", "--insecure");
      for (const dialled of ["127.0.0.1", "localhost"]) {
        const result = await visit(real.url, { host: "127.0.0.1", port: real.port }, dialled);
        assertWorthless(result);
        assert.equal(result.status, 421);
        await Promise.all(ends.splice(1).map((end) => end()));
      }
    });

    it("at the real server's address and another port is invalid", async () => {
      const real = await startReal("--host", "0.0.0.0", "--insecure");
      const result = await visit(`ws://${own}:${real.port}`, { host: own ?? "" }, own ?? "");
      assertWorthless(result);
      assert.equal(result.status, 421);
    });

    it("at an address that both machines have, such as a bridge's, is invalid", async () => {
      const real = await startReal("--host", "0.0.0.0", "--insecure");
      // The rogue's own way to the server leads to another address than the one that its victim has dialled.
      const host = `${own}:${real.port}`;
      const client = new TestClient(`ws://127.0.0.1:${real.port}`, { headers: { Host: host } });
      assert.equal((await client.closed).code, 1006);
    });
  });

  it("is valid where the server was told that its clients dial that host", async () => {
    const forwarded = "localhost:8080";
    const real = await startReal("--allow-host", forwarded);
    const client = new TestClient(real.url, { headers: { Host: forwarded } });
    const { nonce } = await client.next("challenge");
    client.sendJoin("anna", client.key.proof(forwarded, nonce, "anna"));
    await client.next("joined");
  });

  it("is answered and logged with the option to start the server with", async () => {
    const real = await startReal();
    const client = new TestClient(real.url, { headers: { Host: "localhost:8080" } });
    client.ws.once("unexpected-response", (_request, response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => client.ws.emit("text", text));
    });
    const text = await new Promise((resolve) => client.ws.once("text", resolve));
    assert.match(String(text), /start it with --allow-host localhost:8080\. /);
    await real.logged(/"host":"localhost:8080","hint":"[^"]*--allow-host localhost:8080\. [^"]*"/);
  });
});
