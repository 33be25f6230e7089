// What the metrics say, and that they can be read.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { LagHistogram } from "../../../../server/admin/eventLoopLag.ts";
import { metric, metricsText } from "../../../../server/admin/metricsText.ts";
import { watchProcess } from "../../../../server/admin/processMetrics.ts";
import { serverMetrics } from "../../../../server/admin/serverMetrics.ts";
import { count, createTally } from "../../../../server/base/tally.ts";
import { readMetrics } from "../../../support/metricsParser.ts";

const reading = {
  isOpen: true,
  ...{ sockets: 1, connections: 2, members: 3, places: 4, backlogBytes: 5, logLagSeconds: 0.25 },
};

describe("the text of metrics", () => {
  it("has help, type and a line for each value", () => {
    assert.equal(
      metricsText([metric("a_total", "How many.", { x: 1, y: 2.5e-7 }, "code"), metric("b", "Now.", 3)]),
      '# HELP a_total How many.\n# TYPE a_total counter\na_total{code="x"} 1\na_total{code="y"} 2.5e-7\n' +
        "# HELP b Now.\n# TYPE b gauge\nb 3\n",
    );
  });

  it("escapes quotes, backslashes and line feeds in labels", () => {
    const text = metricsText([metric("b", "Now.", { 'say "hi"\\\n': 1 }, "what")]);
    assert.ok(text.endsWith('\nb{what="say \\"hi\\"\\\\\\n"} 1\n'), text);
    readMetrics(text);
  });

  it("is read strictly by these tests", () => {
    const good = '# HELP a Now.\n# TYPE a gauge\na{x="1"} 1\n';
    readMetrics(good);
    for (const bad of [
      good.slice(0, -1),
      `${good}a{x="1"} 2\n`,
      `${good}${good}`,
      `${good}b 1\n`,
      good.replace(" 1\n", " NaN\n"),
      good.replace('"1"', '"\\x"'),
      good.replace('"1"', "1"),
      good.replace("gauge", "counter"),
      good.replace("# HELP a Now.\n", ""),
      '# HELP h Now.\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n',
    ]) {
      assert.throws(() => readMetrics(bad), bad);
    }
  });
});

describe("the event loop's lag", () => {
  it("counts each delay in all buckets from its bound up", () => {
    const lag = new LagHistogram();
    for (const seconds of [0, 0.002, 0.0021, 0.7, 60]) lag.record(seconds);
    const values = new Map(
      lag.samples().map(({ suffix = "", labels, value }) => [suffix + (labels?.["le"] ?? ""), value]),
    );
    assert.deepEqual(
      ["_bucket0.002", "_bucket0.005", "_bucket0.5", "_bucket1", "_bucket5", "_bucket+Inf", "_count"].map(
        (key) => values.get(key),
      ),
      [2, 3, 3, 4, 4, 5, 5],
    );
    assert.equal(values.get("_sum"), 60.7041);
  });
});

describe("the server's metrics", () => {
  it("can be read, and show every value that is held or counted", () => {
    const tally = createTally();
    const text = metricsText([...serverMetrics({ ...reading, tally }), ...watchProcess()()]);
    const metrics = readMetrics(text);
    const valueOf = (name: string): number | undefined => metrics.get(name)?.values.get("");
    assert.deepEqual(
      [
        "ready",
        "sockets",
        "connections",
        "members",
        "connections_max",
        "backlog_bytes",
        "log_lag_seconds",
      ].map((name) => valueOf(`forkchat_${name}`)),
      [1, 1, 2, 3, 4, 5, 0.25],
    );
    assert.ok((valueOf("process_resident_memory_bytes") ?? 0) > 1e6);
    assert.match(text, /^forkchat_build_info\{version="\d[^"]*",node="v\d[^"]*"\} 1$/mu);
  });

  it("show each number of the tally", () => {
    const before = metricsText(serverMetrics({ ...reading, tally: createTally() }));
    for (const [key, value] of Object.entries(createTally())) {
      for (const part of typeof value === "number" ? [undefined] : Object.keys(value)) {
        const tally = createTally();
        if (part === undefined) Object.assign(tally, { [key]: 1 });
        else Object.assign(tally[key as "ended"], { [part]: 1 });
        assert.notEqual(metricsText(serverMetrics({ ...reading, tally })), before, `${key} ${part ?? ""}`);
      }
    }
  });

  it("show a status that is new", () => {
    const tally = createTally();
    count(tally.refusedRequests, 431);
    const metrics = readMetrics(metricsText(serverMetrics({ ...reading, tally })));
    assert.equal(metrics.get("forkchat_requests_refused_total")?.values.get('{status="431"}'), 1);
  });
});

describe("the tally", () => {
  it("is counted at one place each; a refusal's status where each refusal is decided", () => {
    const files = readdirSync("server", { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".ts"),
    );
    const code = files.map((file) => readFileSync(`server/${file}`, "utf8")).join("\n");
    for (const key of Object.keys(createTally())) {
      const increments = code.match(
        new RegExp(`(tally\\.${key}(\\[[^\\]]*(\\][^\\]]*)?\\])? \\+= )|(count\\(\\S*tally\\.${key},)`, "gu"),
      );
      const expected = { refusedRequests: 3, refusedRelays: 2 }[key] ?? 1;
      assert.equal(increments?.length, expected, key);
    }
  });
});
