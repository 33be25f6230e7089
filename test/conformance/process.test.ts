import assert from "node:assert/strict";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestClient } from "./testClient.ts";

describe("the server's process", () => {
  it("prints exactly one line when it listens, on the address and port it took", async () => {
    const server = await ServerProcess.start();
    await TestClient.join(server.url, "anna");
    const { stdout } = await server.stop();
    assert.match(stdout, /^listening on ws:\/\/127\.0\.0\.1:\d+\n$/);
  });

  it("puts an IPv6 address in brackets (skipped on a machine without ::1)", async function () {
    const server = new ServerProcess(["--port", "0", "--host", "::1"]);
    const listens = await Promise.race([server.listening().then(() => true), server.exit.then(() => false)]);
    // A machine without IPv6 says so.
    if (!listens) this.skip();
    assert.match(server.url, /^ws:\/\/\[::1\]:\d+$/);
    const client = await TestClient.join(server.url, "anna");
    assert.equal(client.joined.you.address, "::1");
    await server.stop();
  });

  it("announces its reach when it listens beyond loopback", async () => {
    const server = await ServerProcess.start("--host", "0.0.0.0", "--insecure");
    const client = new TestClient(`ws://127.0.0.1:${String(server.port)}`);
    assert.equal((await client.next("challenge")).reach, "network");
    await server.stop();
  });

  it("announces that others can reach it when a client came through a proxy", async () => {
    const server = await ServerProcess.start("--allow-host", "chat.example.org", "--allow-host", "[::1]:9");
    for (const [host, reach] of [
      [`localhost:${server.port}`, "loopback"],
      [`127.0.0.1:${server.port}`, "loopback"],
      ["[::1]:9", "loopback"],
      ["chat.example.org", "network"],
    ] as const) {
      const client = new TestClient(server.url, { headers: { Host: host } });
      assert.equal((await client.next("challenge")).reach, reach, host);
    }
    await server.stop();
  });

  it("also serves the path of its public URL, and requires the protection that URL needs", async () => {
    const server = await ServerProcess.start("--public-url", "wss://chat.example.org/team/");
    for (const path of ["/", "/team", "/team/", "/team?a=b"]) {
      const client = new TestClient(server.url + path);
      assert.equal((await client.next("challenge")).reach, "network", path);
    }
    await server.logged(/"event":"open-door"/);
    assert.equal(server.stderr.match(/"event":"open-door"/g)?.length, 1, "no token");
    await server.stop();
    const exit = await new ServerProcess(["--port", "0", "--public-url", "ws://chat.example.org"]).exit;
    assert.equal(exit.code, 2);
    assert.match(exit.stderr, /^Other machines can reach this server at chat\.example\.org\. .*--token-file/);
  });

  it("serves its public path in every spelling", async () => {
    const server = await ServerProcess.start("--public-url", "ws://localhost/a b/%7Eä");
    for (const path of ["/a%20b/~%C3%A4", "/a%20b/%7E%C3%A4/", "/%61%20b/%7e%c3%a4"]) {
      const client = new TestClient(server.url + path);
      await client.next("challenge");
    }
    await server.stop();
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`notifies clients and exits with code 0 on ${signal}`, async () => {
      const server = await ServerProcess.start();
      const anna = await TestClient.join(server.url, "anna");
      const waiting = new TestClient(server.url);
      await waiting.next("challenge");
      const exit = await server.stop(signal);
      assert.deepEqual([exit.code, exit.signal], [0, null]);
      assert.deepEqual(await anna.closed, { code: 1001, reason: "server is stopping" });
      assert.deepEqual(await waiting.closed, { code: 1001, reason: "server is stopping" });
    });
  }

  it("frees its port at once for the next server", async () => {
    const server = await ServerProcess.start();
    await TestClient.join(server.url, "anna");
    await server.stop();
    const next = await ServerProcess.start("--port", String(server.port));
    assert.equal(next.url, server.url);
    await next.stop();
  });

  it("exits even if a client does not answer the close", async () => {
    const server = await ServerProcess.start();
    const mute = await TestClient.join(server.url, "mute");
    mute.ws.pause();
    assert.equal((await server.stop()).code, 0);
    mute.ws.terminate();
  });

  it("accepts a second signal, with code 0 too", async () => {
    const server = await ServerProcess.start();
    const mute = await TestClient.join(server.url, "mute");
    mute.ws.pause();
    server.child.kill("SIGINT");
    await server.logged(/"stopping"/);
    assert.equal((await server.stop("SIGTERM")).code, 0);
    mute.ws.terminate();
  });

  it("says in one line that a port is in use, and exits with code 1", async () => {
    const server = await ServerProcess.start();
    const second = await new ServerProcess(["--port", String(server.port)]).exit;
    assert.equal(second.code, 1);
    assert.equal(second.stdout, "");
    assert.match(second.stderr, new RegExp(`^Port ${String(server.port)} is already in use.*\\n$`));
    await server.stop();
  });

  it("says in one line that it cannot listen at a host, and exits with code 1", async () => {
    const exit = await new ServerProcess(["--port", "0", "--host", "192.0.2.1", "--insecure"]).exit;
    assert.equal(exit.code, 1);
    assert.match(
      exit.stderr.split("\n").at(-2) ?? "",
      /^192\.0\.2\.1 is not an address of this machine\..*$/,
    );
  });

  for (const args of [
    ["--nonsense"],
    ["stray"],
    ["--port"],
    ["--port", "none"],
    ["--port", "65536"],
    ["--port=-1"],
    ["--host", ""],
    ["--allow-origin", ""],
    ["--max-backlog", "0"],
    ["--max-backlog", "1.5"],
    ["--messages-per-second", "0"],
    ["--clients-per-address", "many"],
  ]) {
    it(`answers ${args.join(" ")} with a sentence and code 2`, async () => {
      const exit = await new ServerProcess(args).exit;
      assert.equal(exit.code, 2);
      assert.equal(exit.stdout, "");
      assert.match(exit.stderr, /^.+\nFor all options: node server\.js --help\n$/s);
    });
  }

  it("prints its usage with every argument, and its version, to standard output", async () => {
    const help = await new ServerProcess(["--help"]).exit;
    assert.deepEqual([help.code, help.stderr], [0, ""]);
    for (const name of [
      "host",
      "port",
      "allow-origin",
      "max-backlog",
      "messages-per-second",
      "clients-per-address",
    ]) {
      assert.ok(help.stdout.includes(`--${name} `), name);
    }
    const version = await new ServerProcess(["--version"]).exit;
    assert.deepEqual([version.code, version.stderr], [0, ""]);
    assert.match(version.stdout, /^\d+\.\d+\.\d+\S*\n$/);
  });

  it("keeps running when no one reads its output anymore", async () => {
    const server = await ServerProcess.start("--history", "0");
    server.child.stdout?.destroy();
    server.child.stderr?.destroy();
    for (let n = 0; n < 20; n++) {
      const client = await TestClient.join(server.url, "anna");
      client.send({ type: "say", id: `m-${String(n)}`, text: "hello" });
      await client.next("ack");
      await client.close();
    }
    assert.equal((await server.stop()).code, 0);
  });

  it("accepts messages at the configured rate", async () => {
    const server = await ServerProcess.start("--messages-per-second", "1");
    const client = await TestClient.join(server.url, "anna");
    for (let n = 0; n < 10; n++) client.send({ type: "say", id: `m-${String(n)}`, text: "x" });
    assert.equal((await client.until("error")).code, "rate-limited");
    await server.stop();
  });
});
