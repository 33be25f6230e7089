// What the card of changes shows of each file: what became of it, and what to look out for.
import type { ListedChange } from "./changesPart.ts";
import { pathFault } from "./fileNames.ts";
import { riskOf, type Risk } from "./risks.ts";

/** A kind of file that can run code, or that a file is not applied because of its name. */
export type CardWarning = Risk | "refused";

export function warningOf({ path, oldPath }: Pick<ListedChange, "path" | "oldPath">): CardWarning | null {
  const paths = [path, ...(oldPath === undefined ? [] : [oldPath])];
  if (paths.some((each) => pathFault(each, false) !== null)) return "refused";
  return paths.map(riskOf).find((risk) => risk !== null) ?? null;
}
