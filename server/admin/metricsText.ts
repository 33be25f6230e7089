// Metrics in the text format of Prometheus, version 0.0.4.

export type Sample = {
  /** What follows the metric's name: `_sum`, `_count` and `_bucket` of a histogram. */
  readonly suffix?: "_sum" | "_count" | "_bucket";
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
};

export type Metric = {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** A sentence in one line, without backslashes. */
  readonly help: string;
  readonly samples: readonly Sample[];
};

/** A gauge, or a counter if its name says so: one number, or one for each value of the label. */
export function metric(
  name: string,
  help: string,
  value: number | Readonly<Record<string, number>>,
  label = "",
): Metric {
  const samples =
    typeof value === "number"
      ? [{ value }]
      : Object.entries(value).map(([key, count]) => ({ labels: { [label]: key }, value: count }));
  return { name, type: name.endsWith("_total") ? "counter" : "gauge", help, samples };
}

export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export function metricsText(metrics: readonly Metric[]): string {
  return metrics.map(metricText).join("");
}

function metricText({ name, type, help, samples }: Metric): string {
  const lines = samples.map(
    ({ suffix = "", labels, value }) => `${name}${suffix}${labelsText(labels)} ${String(value)}\n`,
  );
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

/** JSON escapes quotes, backslashes and line feeds as Prometheus does. The values contain no other control characters. */
function labelsText(labels: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}
