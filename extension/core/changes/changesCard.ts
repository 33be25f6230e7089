// What the page shows of a set of changes.
import type { ChangeSet } from "../../../protocol/changes.ts";
import type { CardFile, ChangesCard } from "../../../protocol/changesCard.ts";
import { countsOf } from "./counts.ts";
import { refusalsOf } from "./refusals.ts";
import { riskOf } from "./risks.ts";

/** With the warnings that the receiver gets. Names that only some systems allow are refused on the others. */
export function changesCard(set: ChangeSet, onWindows: boolean): ChangesCard {
  const refusals = refusalsOf(set, onWindows);
  const files = set.files.map((file): CardFile => {
    const oldPath = "oldPath" in file ? { oldPath: file.oldPath } : {};
    const risk = riskOf(file.path) ?? ("oldPath" in file ? riskOf(file.oldPath) : null);
    const warning = refusals.has(file.path) ? "refused" : risk;
    return { kind: file.kind, path: file.path, ...oldPath, lines: countsOf(file), warning };
  });
  const sum = (of: "added" | "removed"): number =>
    files.reduce((total, { lines }) => total + (lines?.[of] ?? 0), 0);
  return { files, added: sum("added"), removed: sum("removed") };
}
