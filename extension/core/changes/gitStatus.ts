// What git says of the files in a repository, as each file's path before and after all of it.

/** A change as git's extension reports it. Its names for kinds of changes are git's. */
export type GitChange = { readonly status: string; readonly path: string; readonly oldPath: string };

/** Null on the side where the file is not there. */
export type FilePair = { readonly was: string | null; readonly is: string | null };

/** Of one list: what is staged, or what one commit changed. Conflicts and ignored files are left out. */
export function pairsOf(changes: readonly GitChange[]): FilePair[] {
  return changes.flatMap(({ status, path, oldPath }): FilePair[] => {
    switch (status) {
      case "INDEX_MODIFIED":
      case "MODIFIED":
      case "TYPE_CHANGED":
        return [{ was: path, is: path }];
      case "INDEX_ADDED":
      case "UNTRACKED":
      case "INTENT_TO_ADD":
      case "INDEX_COPIED":
        return [{ was: null, is: path }];
      case "INDEX_DELETED":
      case "DELETED":
        return [{ was: path, is: null }];
      case "INDEX_RENAMED":
      case "INTENT_TO_RENAME":
        return [{ was: oldPath, is: path }];
      default:
        return [];
    }
  });
}

/**
 * From the last commit to the files as they are: what is not staged follows on what is.
 * @param edited paths of files with unsaved edits, which git does not know of
 */
export function uncommittedPairs(
  staged: readonly GitChange[],
  unstaged: readonly GitChange[],
  edited: readonly string[],
): FilePair[] {
  /** By the path after the change. */
  const origins = new Map<string, string | null>();
  const deleted = new Set<string>();
  const follow = ({ was, is }: FilePair): void => {
    const origin = was === null ? null : origins.has(was) ? (origins.get(was) ?? null) : was;
    if (was !== null && was !== is) {
      origins.delete(was);
      if (origin !== null) deleted.add(origin);
    }
    if (is === null) return;
    // A file that was deleted, and is there again.
    const first = origin ?? (deleted.has(is) ? is : null);
    if (first !== null) deleted.delete(first);
    origins.set(is, first);
  };
  for (const pair of [...pairsOf(staged), ...pairsOf(unstaged)]) follow(pair);
  for (const path of edited) follow({ was: path, is: path });
  return [
    ...[...origins].map(([is, was]) => ({ was, is })),
    ...[...deleted].map((was) => ({ was, is: null })),
  ];
}
