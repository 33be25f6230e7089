// Which lines of a text were changed, found by `diff` within a bound.
import { diffArrays } from "diff";

/** Lines of the base that lines of the other side replace. */
export type LineChange = {
  readonly base: number;
  readonly baseLines: number;
  readonly side: number;
  readonly sideLines: number;
};

/** Comparisons of lines that are left. When there are none, whatever was not yet compared counts as changed as a whole. */
export type Steps = { left: number };

/** About a second of work: for a whole set of changes. */
const STEPS = 200_000_000;

/** Inserted and deleted lines of one text. */
const MOST_EDITS = 2_000;

/** The time that edits take grows with their square: each counts as many steps for every other one. */
const STEPS_OF_EDIT = 10;

export function newSteps(): Steps {
  return { left: STEPS };
}

/** In order, with at least one unchanged line between two of them. */
export function lineChanges(base: readonly string[], side: readonly string[], steps: Steps): LineChange[] {
  const start = sameAtStart(base, side);
  const end = sameAtEnd(base, side, Math.min(base.length, side.length) - start);
  const [old, now] = [base.slice(start, base.length - end), side.slice(start, side.length - end)];
  steps.left -= start + end;
  if (old.length === 0 && now.length === 0) return [];
  const lines = old.length + now.length;
  const costOf = (edits: number): number => edits * (lines + STEPS_OF_EDIT * edits);
  const half = Math.max(0, steps.left) / 2;
  const most = Math.min(MOST_EDITS, Math.floor(Math.min(half / lines, Math.sqrt(half / STEPS_OF_EDIT))));
  const parts = diffArrays(old, now, { maxEditLength: most });
  const changes: LineChange[] = [];
  let [at, to, edits] = [start, start, 0];
  let [baseLines, sideLines] = [0, 0];
  const add = (): void => {
    const change = { base: at - baseLines, baseLines, side: to - sideLines, sideLines };
    if (baseLines + sideLines > 0) changes.push(change);
    edits += baseLines + sideLines;
    [baseLines, sideLines] = [0, 0];
  };
  const whole = [
    { count: old.length, removed: true, added: false },
    { count: now.length, removed: false, added: true },
  ];
  for (const { count, removed, added } of parts ?? whole) {
    if (!removed && !added) add();
    if (!added) at += count;
    if (!removed) to += count;
    if (removed) baseLines += count;
    if (added) sideLines += count;
  }
  add();
  steps.left -= costOf(parts === undefined ? most : edits);
  return changes;
}

function sameAtStart(base: readonly string[], side: readonly string[]): number {
  let same = 0;
  while (same < base.length && same < side.length && base[same] === side[same]) same += 1;
  return same;
}

function sameAtEnd(base: readonly string[], side: readonly string[], most: number): number {
  let same = 0;
  while (same < most && base[base.length - 1 - same] === side[side.length - 1 - same]) same += 1;
  return same;
}
