// What attacks cost the one who is attacked, as a table: bytes in and out, processor time, memory, and what honest people
// notice. Another file of attacks adds its list to `attacks`. Run by main.ts.
import { resolve } from "node:path";
import { buildServer, bundle } from "../lobby/programs.ts";
import { requireLinux } from "../lobby/pinned.ts";
import { keepResults } from "../lobby/report.ts";
import type { Options } from "../options.ts";
import type { Attack, Place, Row } from "./attack.ts";
import { attacksOfStrangers } from "./strangers.ts";

const attacks: readonly Attack[] = [...attacksOfStrangers];

export async function run({ server, attack: wanted }: Options): Promise<void> {
  requireLinux();
  const place: Place = {
    server: server === undefined ? await buildServer() : resolve(server),
    honest: await bundle("bench/attack/honest.ts"),
  };
  const rows: (Row & { readonly attack: string })[] = [];
  console.log(line(["attack", "kB in", "kB out", "factor", "ms CPU/kB", "MB grown", "honest p99 ms"]));
  for (const { name, measure } of attacks) {
    if (wanted !== undefined && !name.includes(wanted)) continue;
    const row = await measure(place);
    rows.push({ attack: name, ...row });
    console.log(line([name, ...cellsOf(row)]));
  }
  keepResults("attack", rows);
}

function cellsOf({ bytesIn, bytesOut, cpuMs, grownBytes, honestP99Ms }: Row): string[] {
  const kilobytesIn = bytesIn / 1000;
  return [
    shown(kilobytesIn, 0),
    shown(bytesOut / 1000, 0),
    shown(bytesOut / bytesIn, 1),
    shown(cpuMs / kilobytesIn, 3),
    shown(grownBytes / 1e6, 1),
    shown(honestP99Ms, 1),
  ];
}

function shown(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "–";
}

function line([name = "", ...cells]: readonly string[]): string {
  return [name.padEnd(56), ...cells.map((cell) => cell.padStart(14))].join("");
}
