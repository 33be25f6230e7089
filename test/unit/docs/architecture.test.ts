// The pictures of the rooms in docs/ARCHITECTURE.md show the imports that are there.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { cruise, type ICruiseResult } from "dependency-cruiser";

const ARCHITECTURE = readFileSync(new URL("../../../docs/ARCHITECTURE.md", import.meta.url), "utf8");

const ZONES = ["extension/core", "extension/host", "extension/net", "server", "webview"];

type Arrow = readonly [from: string, to: string];

/** The arrows of the picture below a zone's heading. */
function drawn(zone: string): string[] {
  const section = ARCHITECTURE.split(/^### /m).find((part) => part.startsWith(`\`${zone}\`\n`)) ?? "";
  const [, picture = ""] = /```mermaid\n([^]*?)```/.exec(section) ?? [];
  return [...picture.matchAll(/^\s*(\w+) --> (.+)$/gm)]
    .flatMap(([, from = "", to = ""]) => to.split(" & ").map((each) => `${from} --> ${each.trim()}`))
    .sort();
}

/** The arrows between rooms, without those that others imply. */
function real(zone: string, { modules }: ICruiseResult): string[] {
  const roomOf = (path: string): string | undefined =>
    path.startsWith(`${zone}/`) ? /^([^/]+)\//.exec(path.slice(zone.length + 1))?.[1] : undefined;
  const arrows = new Map<string, Set<string>>();
  for (const { source, dependencies } of modules) {
    const from = roomOf(source);
    if (from === undefined) continue;
    for (const { resolved } of dependencies) {
      const to = roomOf(resolved);
      if (to === undefined || to === from || to === "css") continue;
      arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
    }
  }
  const reaches = (from: string, to: string): boolean =>
    [...(arrows.get(from) ?? [])].some((next) => next === to || reaches(next, to));
  const isImplied = ([from, to]: Arrow): boolean =>
    [...(arrows.get(from) ?? [])].some((next) => next !== to && reaches(next, to));
  return [...arrows]
    .flatMap(([from, targets]) => [...targets].map((to): Arrow => [from, to]))
    .filter((arrow) => !isImplied(arrow))
    .map(([from, to]) => `${from} --> ${to}`)
    .sort();
}

describe("the diagrams of the architecture", () => {
  let cruised: ICruiseResult;
  before(async () => {
    const { output } = await cruise(ZONES, { tsPreCompilationDeps: true, doNotFollow: "node_modules" });
    cruised = output as ICruiseResult;
  });

  for (const zone of ZONES) {
    it(`show how the rooms of ${zone} depend on each other`, () => {
      assert.deepEqual(drawn(zone), real(zone, cruised));
    });
  }
});
