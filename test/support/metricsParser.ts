// Reads the text format of Prometheus strictly: anything that a scraper could misread is an error.
import assert from "node:assert/strict";

export type ReadMetric = {
  readonly type: string;
  readonly help: string;
  /** By what follows the metric's name, as written: `{code="x"}`, or nothing. */
  readonly values: Map<string, number>;
};

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const SAMPLE = new RegExp(`^(${NAME})(\\{${LABEL}(?:,${LABEL})*\\})? (\\S+)$`, "u");

/** The metrics by name. Values of a histogram keep their suffix. */
export function readMetrics(text: string): Map<string, ReadMetric> {
  assert.ok(text.endsWith("\n"), "the last line has an end");
  const metrics = new Map<string, ReadMetric>();
  const lines = text.slice(0, -1).split("\n");
  let name = "";
  while (lines.length > 0) {
    const line = lines.shift() ?? "";
    const [, helped, help = ""] = new RegExp(`^# HELP (${NAME}) (.+)$`, "u").exec(line) ?? [];
    if (helped !== undefined) {
      const [, typed, type = ""] =
        new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`, "u").exec(lines.shift() ?? "") ?? [];
      assert.equal(typed, helped, "TYPE follows HELP");
      assert.ok(!metrics.has(helped), `${helped} is declared once`);
      assert.equal(type === "counter", helped.endsWith("_total"), `${helped} is named for its type`);
      metrics.set(helped, { type, help, values: new Map() });
      name = helped;
      continue;
    }
    const [, sample = "", labels = "", value = ""] = SAMPLE.exec(line) ?? [];
    const metric = metrics.get(name);
    assert.ok(metric !== undefined && sample !== "", `is no sample: ${line}`);
    const suffix = sample.slice(name.length);
    const suffixes = metric.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
    assert.ok(sample.startsWith(name) && suffixes.includes(suffix), `${sample} belongs to ${name}`);
    assert.ok(!metric.values.has(suffix + labels), `${sample}${labels} comes once`);
    assert.match(value, /^-?\d+(\.\d+)?(e[+-]?\d+)?$/u);
    metric.values.set(suffix + labels, Number(value));
  }
  for (const [key, { type, values }] of metrics) {
    assert.ok(values.size > 0, `${key} has a value`);
    if (type === "counter") for (const value of values.values()) assert.ok(value >= 0, key);
    if (type === "histogram") checkHistogram(key, values);
  }
  return metrics;
}

/** Buckets are cumulative, in the order of their bounds, and the last one has everything. */
function checkHistogram(name: string, values: ReadonlyMap<string, number>): void {
  const buckets = [...values].flatMap(([key, count]) => {
    const bound = /^_bucket\{le="([^"]*)"\}$/u.exec(key)?.[1];
    return bound === undefined ? [] : [{ bound: bound === "+Inf" ? Infinity : Number(bound), count }];
  });
  assert.ok(buckets.length > 1, name);
  for (const [n, { bound, count }] of buckets.entries()) {
    const before = buckets[n - 1] ?? { bound: -Infinity, count: 0 };
    assert.ok(bound > before.bound && count >= before.count, `${name} le="${String(bound)}"`);
  }
  assert.deepEqual(buckets.at(-1), { bound: Infinity, count: values.get("_count") });
}
