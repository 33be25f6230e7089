// The files in deploy/, checked by the programs that they are for: systemd, Prometheus and a real Caddy.
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { WebSocket } from "ws";
import { runCommand } from "../../scripts/runCommand.ts";
import { TestClient } from "../conformance/testClient.ts";
import { adminPort, askAdmin } from "../support/adminRequests.ts";
import { freePort } from "../support/freePort.ts";
import { ServerProcess } from "../support/serverProcess.ts";

async function isInstalled(program: string, ...args: string[]): Promise<boolean> {
  return runCommand(program, args).then(
    ({ code }) => code === 0,
    () => false,
  );
}

describe("deploy/", () => {
  let folder: string;
  const ends: (() => Promise<unknown>)[] = [];
  before(async () => (folder = await mkdtemp(join(tmpdir(), "fork-chat-deploy-"))));
  after(() => rm(folder, { recursive: true, force: true }));
  afterEach(async () => {
    await Promise.all(ends.splice(0).map((end) => end()));
  });

  describe("fork-chat.service (skipped on a machine without systemd-analyze)", () => {
    let unit: string;
    before(async function () {
      if (!(await isInstalled("systemd-analyze", "--version"))) this.skip();
      unit = join(folder, "fork-chat.service");
      const text = await readFile("deploy/fork-chat.service", "utf8");
      const here = text
        .replace("/usr/bin/node", process.execPath)
        .replace("/opt/fork-chat/server.cjs", resolve("dist/server.js"));
      await writeFile(unit, here);
    });

    it("is a valid unit", async () => {
      const { code, tail } = await runCommand("systemd-analyze", ["verify", "--man=no", unit]);
      assert.equal(code, 0, tail);
      assert.ok(!tail.includes("fork-chat.service"), tail);
    });

    it("leaves the service few rights", async () => {
      // In tenths of the exposure level, where an unprotected service has about 96.
      const threshold = ["security", "--offline=true", "--threshold=15", unit];
      const { code, tail } = await runCommand("systemd-analyze", threshold);
      assert.equal(code, 0, tail);
    });
  });

  describe("alerts.yaml and the metrics (skipped on a machine without promtool)", () => {
    before(async function () {
      if (!(await isInstalled("promtool", "--version"))) this.skip();
    });

    it("are rules that Prometheus accepts", async () => {
      const { code, tail } = await runCommand("promtool", ["check", "rules", "deploy/alerts.yaml"]);
      assert.equal(code, 0, tail);
    });

    it("are metrics that its linter has nothing to say about", async () => {
      const server = await ServerProcess.start("--admin", "0");
      ends.push(() => server.stop());
      const { text } = await askAdmin(await adminPort(server), "/metrics");
      const linter = spawn("promtool", ["check", "metrics"], { stdio: ["pipe", "pipe", "pipe"] });
      let said = "";
      for (const stream of [linter.stdout, linter.stderr]) {
        stream.setEncoding("utf8").on("data", (piece: string) => (said += piece));
      }
      linter.stdin.end(text);
      const [code] = (await once(linter, "close")) as [number];
      assert.deepEqual([code, said], [0, ""]);
    });
  });

  describe("the files for Caddy (skipped on a machine without Caddy)", () => {
    before(async function () {
      if (!(await isInstalled("caddy", "version"))) this.skip();
    });

    /** A Caddy with this file, without TLS, as the host name is that of this machine. */
    async function startCaddy(file: string, port: number, server: ServerProcess): Promise<void> {
      const caddy: ChildProcess = spawn(
        "caddy",
        ["run", "--config", `deploy/${file}`, "--adapter", "caddyfile"],
        {
          stdio: ["ignore", "ignore", "pipe"],
          env: {
            ...process.env,
            ...{ HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
            CADDY_ADMIN: `unix/${join(folder, "caddy.sock")}`,
            FORKCHAT_HOST: `http://localhost:${port}`,
            FORKCHAT_UPSTREAM: `127.0.0.1:${server.port}`,
          },
        },
      );
      const ended = once(caddy, "close");
      ends.push(() => {
        caddy.kill();
        return ended;
      });
      let log = "";
      caddy.stderr?.setEncoding("utf8").on("data", (piece: string) => (log += piece));
      while (!log.includes("serving initial configuration")) {
        const isOver = await Promise.race([
          once(caddy.stderr ?? caddy, "data").then(() => false),
          ended.then(() => true),
        ]);
        assert.ok(!isOver, log);
      }
    }

    for (const [file, path] of [
      ["Caddyfile", ""],
      ["Caddyfile-path", "/chat"],
    ] as const) {
      it(`let people join with ${file}, and reach the relay`, async () => {
        const port = await freePort();
        const url = `ws://localhost:${port}${path}`;
        const server = await ServerProcess.start("--public-url", url, "--trust-proxy", "127.0.0.1");
        ends.push(() => server.stop("SIGKILL"));
        await startCaddy(file, port, server);
        const anna = await TestClient.join(url, "anna");
        const bobby = await TestClient.join(url, "bobby");
        anna.send({ type: "say", id: "m-1", text: "hello" });
        assert.equal((await bobby.until("said")).text, "hello");
        const relay = new WebSocket(`${url}/relay`).on("error", () => undefined);
        const [, answer] = (await once(relay, "unexpected-response")) as [unknown, { statusCode: number }];
        assert.equal(answer.statusCode, 401);
      });
    }
  });
});
