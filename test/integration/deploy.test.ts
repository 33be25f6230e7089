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

/** What makes each alert fire, and what is nearly that: the values of each series, minute by minute. */
const alarms: Readonly<Record<string, { fires: Series; silent: Series }>> = {
  ForkChatDown: { fires: { up: "0x30" }, silent: { up: "1x30" } },
  ForkChatNotReady: { fires: { forkchat_ready: "0x30" }, silent: { forkchat_ready: "1x30" } },
  ForkChatRestarts: {
    fires: { process_start_time_seconds: "1x8 2 2 3 3 4x30" },
    silent: { process_start_time_seconds: "1x8 2 2 3x30" },
  },
  ForkChatNearlyFull: {
    fires: { forkchat_connections: "95x30", forkchat_connections_max: "100x30" },
    silent: { forkchat_connections: "85x30", forkchat_connections_max: "100x30" },
  },
  ForkChatFull: {
    fires: { 'forkchat_requests_refused_total{status="503"}': "0x16 2x20" },
    silent: { 'forkchat_requests_refused_total{status="429"}': "0x16 2x20" },
  },
  ForkChatAddressFull: {
    fires: { 'forkchat_requests_refused_total{status="429"}': "0+1x30" },
    silent: { 'forkchat_requests_refused_total{status="429"}': "9x30" },
  },
  ForkChatHostRefused: {
    fires: { 'forkchat_requests_refused_total{status="421"}': "0+2x30" },
    silent: { 'forkchat_requests_refused_total{status="421"}': "0+0.5x30" },
  },
  ForkChatJoinsRefused: {
    fires: { 'forkchat_joins_refused_total{code="token-wrong"}': "0+100x30" },
    silent: { 'forkchat_joins_refused_total{code="name-lookalike"}': "0+100x30" },
  },
  ForkChatConnectionsLost: {
    fires: {
      'forkchat_disconnections_total{reason="lost"}': "0x16 40 80x20",
      'forkchat_disconnections_total{reason="silent"}': "0x16 40 80x20",
      forkchat_members: "200x16 100 40x20",
    },
    silent: {
      'forkchat_disconnections_total{reason="lost"}': "0+4x30",
      forkchat_members: "200x30",
    },
  },
  ForkChatSlowReaders: {
    fires: { 'forkchat_disconnections_total{reason="slow-reader"}': "0+5x30" },
    silent: { 'forkchat_disconnections_total{reason="slow-reader"}': "0+1x30" },
  },
  ForkChatEventLoopBusy: {
    fires: { forkchat_event_loop_busy_seconds_total: "0+57x30" },
    silent: { forkchat_event_loop_busy_seconds_total: "0+30x30" },
  },
  ForkChatEventLoopLate: {
    fires: {
      'forkchat_event_loop_lag_seconds_bucket{le="0.2"}': "0+90x30",
      'forkchat_event_loop_lag_seconds_bucket{le="0.5"}': "0+100x30",
      'forkchat_event_loop_lag_seconds_bucket{le="+Inf"}': "0+100x30",
    },
    silent: {
      'forkchat_event_loop_lag_seconds_bucket{le="0.2"}': "0+100x30",
      'forkchat_event_loop_lag_seconds_bucket{le="0.5"}': "0+100x30",
      'forkchat_event_loop_lag_seconds_bucket{le="+Inf"}': "0+100x30",
    },
  },
  ForkChatMemory: {
    fires: { process_resident_memory_bytes: "1600000000x30" },
    silent: { process_resident_memory_bytes: "1000000000x30" },
  },
  ForkChatRelayFull: {
    fires: { 'forkchat_relay_refused_total{status="503"}': "0x16 1x20" },
    silent: { 'forkchat_relay_refused_total{status="429"}': "0x16 1x20" },
  },
};

type Series = Readonly<Record<string, string>>;

/** A test for `promtool test rules`, as JSON, which is YAML: after 20 minutes, the alert fires or not. */
function alarmTest(alert: string, series: Series, count: number): object {
  return {
    interval: "1m",
    input_series: Object.entries(series).map(([name, values]) => ({
      series: name.replace(/\w$/u, "$&{}").replace("{", '{job="fork-chat",instance="a",').replace(",}", "}"),
      values,
    })),
    promql_expr_test: [
      {
        expr: `count(ALERTS{alertname="${alert}",alertstate="firing",severity=~".+",instance="a"})`,
        eval_time: "20m",
        exp_samples: count === 0 ? [] : [{ labels: "{}", value: count }],
      },
    ],
  };
}

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

    it("are alerts that fire when they should, and not just before", async () => {
      const text = await readFile("deploy/alerts.yaml", "utf8");
      const names = [...text.matchAll(/- alert: (\w+)/gu)].map(([, name = ""]) => name);
      assert.deepEqual(Object.keys(alarms), names);
      const tests = Object.entries(alarms).flatMap(([alert, { fires, silent }]) => [
        alarmTest(alert, fires, 1),
        alarmTest(alert, silent, 0),
      ]);
      const file = join(folder, "alarms.json");
      const rules = { rule_files: [resolve("deploy/alerts.yaml")], evaluation_interval: "1m", tests };
      await writeFile(file, JSON.stringify(rules));
      const { code, tail } = await runCommand("promtool", ["test", "rules", file]);
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
