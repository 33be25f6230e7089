// What a message says of the changes that it brings, before any of them is fetched.
import type { ChangeSet, FileChange } from "../../../protocol/changes.ts";
import { warningOf } from "../../../protocol/changesCard.ts";
import {
  changeLimits,
  type ChangesBody,
  type ChangesPart,
  type ListedChange,
} from "../../../protocol/changesPart.ts";
import { utf8Length } from "../../../protocol/codec.ts";
import { limits } from "../../../protocol/limits.ts";
import { countsOf } from "./counts.ts";

type Summary = Pick<ChangesPart, "files" | "added" | "removed" | "list">;

/** Digits that the offset in the text can take. */
const OFFSET = limits.textBytes;

/** A part for a message. It lists as many files as have room, those with a warning first. */
export function partOf(set: ChangeSet, bodies: ChangesBody & Pick<ChangesPart, "bases">): ChangesPart {
  const { list, ...rest } = summaryOf(set);
  const part = (shown: number): ChangesPart => ({
    ...{ kind: "changes", at: OFFSET, ...bodies, ...rest, list: list.slice(0, shown) },
  });
  let shown = Math.min(list.length, changeLimits.listed);
  while (shown > 0 && utf8Length(JSON.stringify(part(shown))) > limits.partBytes) shown -= 1;
  return { ...part(shown), at: 0 };
}

function summaryOf({ files }: ChangeSet): Summary {
  const all = files.map(listed);
  const sum = (of: "added" | "removed"): number =>
    all.reduce((total, { lines }) => total + (lines?.[of] ?? 0), 0);
  const isRisky = (file: ListedChange): boolean => warningOf(file) !== null;
  const list = [...all.filter(isRisky), ...all.filter((file) => !isRisky(file))];
  return { files: all.length, added: sum("added"), removed: sum("removed"), list };
}

/** Whether a set is what its message says. */
export function isAsListed(set: ChangeSet, part: Summary): boolean {
  const { files, added, removed, list } = summaryOf(set);
  if (files !== part.files || added !== part.added || removed !== part.removed) return false;
  const known = new Map(list.map((file) => [file.path, file]));
  return part.list.every((file) => JSON.stringify(ordered(file)) === JSON.stringify(known.get(file.path)));
}

function listed(file: FileChange): ListedChange {
  const lines = countsOf(file);
  return ordered({
    ...{ kind: file.kind, path: file.path },
    ...("oldPath" in file ? { oldPath: file.oldPath } : {}),
    ...(lines === null ? {} : { lines }),
  });
}

/** With its fields in one order. */
function ordered({ kind, path, oldPath, lines }: ListedChange): ListedChange {
  return {
    ...{ kind, path },
    ...(oldPath === undefined ? {} : { oldPath }),
    ...(lines === undefined ? {} : { lines: { added: lines.added, removed: lines.removed } }),
  };
}
