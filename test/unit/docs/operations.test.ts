// What deploy/ and docs/OPERATIONS.md say about metrics, alerts and options is what the server has.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import * as v from "valibot";
import { metricsText } from "../../../server/admin/metricsText.ts";
import { watchProcess } from "../../../server/admin/processMetrics.ts";
import { serverMetrics } from "../../../server/admin/serverMetrics.ts";
import { parseArguments } from "../../../server/arguments.ts";
import { createTally } from "../../../server/base/tally.ts";
import { readMetrics } from "../../support/metricsParser.ts";

const root = new URL("../../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

const numbers = {
  ...{ sockets: 0, connections: 0, members: 0, places: 1, backlogBytes: 0, logLagSeconds: 0 },
};
const metrics = readMetrics(
  metricsText([...serverMetrics({ ...numbers, isOpen: true, tally: createTally() }), ...watchProcess()()]),
);

/** Every name that a query can use, a histogram's with each suffix; with the values of each label. */
const series = new Map<string, Map<string, Set<string>>>();
for (const [name, { values }] of metrics) {
  for (const key of values.keys()) {
    const [, suffix = "", labels = ""] = /^([^{]*)\{?(.*?)\}?$/u.exec(key) ?? [];
    const known = series.get(name + suffix) ?? new Map<string, Set<string>>();
    for (const [, label = "", value = ""] of labels.matchAll(/(\w+)="([^"]*)"/gu)) {
      known.set(label, (known.get(label) ?? new Set()).add(value));
    }
    series.set(name + suffix, known);
  }
}

const Dashboard = v.object({
  panels: v.array(
    v.object({ title: v.string(), targets: v.optional(v.array(v.object({ expr: v.string() })), []) }),
  ),
  templating: v.object({ list: v.array(v.object({ definition: v.optional(v.string()) })) }),
});

/** Alerts by name. Each expression is on one line, or on those below `>-`. */
function alerts(): Map<string, string> {
  const rules = read("deploy/alerts.yaml").split("- alert: ").slice(1);
  return new Map(
    rules.map((rule) => {
      const [, expression = ""] = /^ +expr: (?:>-\n)?([^]*?)\n {8}(?:for|labels):/mu.exec(rule) ?? [];
      return [/^\w+/u.exec(rule)?.[0] ?? "", expression] as const;
    }),
  );
}

/** Prometheus adds these. */
const added = { metrics: ["up"], labels: ["job", "instance"] };

/** What a query names that does not exist. */
function unknownIn(query: string): string[] {
  const names = query.match(/\b(?:forkchat|process|nodejs)_\w+|\bup\b/gu) ?? [];
  const wrong = names.filter((name) => !series.has(name) && !added.metrics.includes(name));
  if (names.length === 0) wrong.push(query);
  for (const [, name = "", selector = ""] of query.matchAll(/(\w+)\{([^}]*)\}/gu)) {
    for (const [matcher, label = "", isPattern, value = ""] of selector.matchAll(/(\w+)=(~?)"([^"]*)"/gu)) {
      if (added.labels.includes(label)) continue;
      const known = series.get(name)?.get(label) ?? new Set();
      const values = isPattern === "~" ? value.split("|") : [value];
      if (!values.every((each) => known.has(each))) wrong.push(`${name}{${matcher}}`);
    }
  }
  for (const [, labels = ""] of query.matchAll(/\bby \(([^)]*)\)/gu)) {
    for (const label of labels.split(", ")) {
      const isKnown = names.some((name) => series.get(name)?.has(label) === true);
      if (!isKnown && !added.labels.includes(label)) wrong.push(`by ${label}`);
    }
  }
  return wrong;
}

describe("the queries of dashboard and alerts", () => {
  it("are found wrong by these tests when they name what does not exist", () => {
    for (const query of [
      "forkchat_typo",
      "forkchat_event_loop_lag_seconds",
      'forkchat_joins_total{kind="old"}',
      'forkchat_joins_total{kind=~"new|old"}',
      'forkchat_members{kind="new"}',
      "sum by (code) (forkchat_joins_total)",
      "1",
    ]) {
      assert.notDeepEqual(unknownIn(query), [], query);
    }
    assert.deepEqual(unknownIn('sum by (kind, job) (forkchat_joins_total{kind=~"new|resumed"})'), []);
  });

  it("name metrics and labels that exist", () => {
    const { panels, templating } = v.parse(Dashboard, JSON.parse(read("deploy/grafana-dashboard.json")));
    const shown = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const variables = templating.list.flatMap(({ definition }) => definition ?? []);
    const alarms = [...alerts().values()];
    assert.ok(shown.length > 20 && variables.length === 2 && alarms.length > 10);
    assert.deepEqual([...shown, ...variables, ...alarms].flatMap(unknownIn), []);
  });

  it("show every metric", () => {
    const all = read("deploy/grafana-dashboard.json");
    assert.deepEqual(
      [...metrics.keys()].filter((name) => !all.includes(name)),
      [],
    );
  });
});

describe("docs/OPERATIONS.md", () => {
  const document = read("docs/OPERATIONS.md");
  const rowsOf = (title: string): string[] => {
    const section = document.split(/^#{2,3} /mu).find((part) => part.startsWith(`${title}\n`)) ?? "";
    return [...section.matchAll(/^\| `([\w-]+)`/gmu)].map(([, name = ""]) => name);
  };

  it("explains each metric, and no other", () => {
    assert.deepEqual(rowsOf("Metrics").sort(), [...metrics.keys()].sort());
  });

  it("explains each alert, in the order of deploy/alerts.yaml", () => {
    assert.deepEqual(rowsOf("Alerts"), [...alerts().keys()]);
  });

  it("explains each reason for the end of a connection", () => {
    const reasons = Object.keys(createTally().ended);
    assert.deepEqual(rowsOf("Reasons of `forkchat_disconnections_total`"), reasons);
  });

  it("explains each event of the log", () => {
    const files = readdirSync(new URL("server", root), { recursive: true, encoding: "utf8" });
    const code = files.filter((file) => file.endsWith(".ts")).map((file) => read(`server/${file}`));
    const events = [...code.join("\n").matchAll(/log\([^)]*?"(?:info|warn|error)", "([a-z-]+)"/gu)].map(
      ([, event = ""]) => event,
    );
    assert.ok(events.length > 10);
    const { text = "" } = /^## The log\n(?<text>[^]*?)^## /mu.exec(document)?.groups ?? {};
    for (const event of events) assert.ok(text.includes(`\`${event}\``), event);
  });
});

describe("the options in deploy/", () => {
  for (const [file, args] of [
    [
      "fork-chat.service",
      /^ExecStart=\S+ \S+ (.*) \$FORKCHAT_OPTIONS$/mu.exec(read("deploy/fork-chat.service"))?.[1]?.split(" "),
    ],
    ["Containerfile", JSON.parse(/^CMD (.*)$/mu.exec(read("deploy/Containerfile"))?.[1] ?? "") as string[]],
    [
      "compose.yaml",
      [...read("deploy/compose.yaml").matchAll(/^ {6}- (--\S+=.*)$/gmu)].map(([, option = ""]) =>
        option.replace(/\$\{\w+:[^}]*\}/u, "chat.example.org"),
      ),
    ],
    ["compose.cluster.yaml", clusterOptions()],
  ] as const) {
    it(`are valid: ${file}`, () => {
      assert.ok(args !== undefined && args.length > 4);
      const parsed = parseArguments(args);
      assert.ok(parsed.ok && parsed.value.kind === "serve", JSON.stringify(parsed));
      assert.ok(parsed.value.admin !== undefined && parsed.value.tokenFile !== undefined);
      assert.ok((parsed.value.dataFolder ?? parsed.value.cluster) !== undefined);
    });
  }
});

/** Those of the first server. */
function clusterOptions(): string[] {
  const text = read("deploy/compose.cluster.yaml");
  const shared = [...text.matchAll(/^ {2}- (--\S+=.*)$/gmu)].map(([, option = ""]) =>
    option.replace(/\$\{\w+:[^}]*\}/u, "chat.example.org"),
  );
  const own = /^ {4}entrypoint: \[\S+ \S+ (.*)\]$/mu.exec(text)?.[1]?.split(", ") ?? [];
  return [...own, ...shared];
}
