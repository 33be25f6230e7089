// Prints what attacks cost their victim, as a Markdown table: bytes in and out, CPU, memory, the effect on honest people, and
// the outcome. With `--before COMMIT`, compares that commit with this tree. New files of attacks add their list to `attacks`.
import { requireLinux } from "../lobby/pinned.ts";
import { keepResults } from "../lobby/report.ts";
import type { Options } from "../options.ts";
import type { Attack, Row } from "./attack.ts";
import { buildOf, currentBuild } from "./builds.ts";
import { attacksOfMembers } from "./members.ts";
import { attacksOnTables } from "./sharedTables.ts";
import { attacksByNumber } from "./storms.ts";
import { attacksOfStrangers } from "./strangers.ts";
import { attacksOnWindows } from "./windows.ts";

const attacks: readonly Attack[] = [
  ...attacksOfStrangers,
  ...attacksOfMembers,
  ...attacksOnTables,
  ...attacksByNumber,
  ...attacksOnWindows,
];

const HEAD = ["attack", "kB in", "kB out", "factor", "ms CPU/kB", "MB grown", "honest p99 ms", "outcome"];

export async function run({ before, attack: wanted }: Options): Promise<void> {
  requireLinux();
  const builds = [...(before === undefined ? [] : [await buildOf(before)]), await currentBuild()];
  const results: { readonly attack: string; readonly rows: readonly Row[] }[] = [];
  console.log(line(HEAD));
  console.log(line(HEAD.map(() => "---")));
  for (const { name, measure } of attacks) {
    if (wanted !== undefined && !name.includes(wanted)) continue;
    const rows: Row[] = [];
    for (const build of builds) rows.push(await measure(build));
    results.push({ attack: name, rows });
    console.log(line([name, ...cellsOf(rows)]));
  }
  console.log("For messages that are slow to render: npm run bench slowTexts");
  keepResults("attack", results);
}

/** Each attack with its former cost, if measured, and its cost now. */
function cellsOf(rows: readonly Row[]): string[] {
  const cells = (show: (row: Row) => string): string => {
    const shown = rows.map(show);
    return shown.every((text) => text === shown[0]) ? (shown[0] ?? "") : shown.join(" → ");
  };
  return [
    cells(({ bytesIn }) => number(bytesIn / 1000, 0)),
    cells(({ bytesOut }) => number(bytesOut / 1000, 0)),
    cells(({ bytesIn, bytesOut }) => number(bytesOut / bytesIn, 1)),
    cells(({ bytesIn, cpuMs }) => number(cpuMs / (bytesIn / 1000), 3)),
    cells(({ grownBytes }) => number(grownBytes / 1e6, 1)),
    cells(({ honestP99Ms }) => (honestP99Ms === Infinity ? "lost" : number(honestP99Ms, 1))),
    cells(({ outcome }) => outcome),
  ];
}

function number(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "–";
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
