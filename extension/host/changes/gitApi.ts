// What VS Code's git extension says of repositories. Its commands also answer in a remote window; its exports do not.
import * as vscode from "vscode";
import * as v from "valibot";
import type { GitChange } from "../../core/changes/gitStatus.ts";

const Reported = v.object({
  uri: v.string(),
  originalUri: v.string(),
  renameUri: v.nullish(v.string()),
  status: v.string(),
});
const Group = v.array(Reported);
const State = v.object({ mergeChanges: Group, indexChanges: Group, workingTreeChanges: Group });

export type UncommittedChanges = {
  readonly staged: readonly GitChange[];
  /** With new files. */
  readonly unstaged: readonly GitChange[];
  /** Paths of files whose merge conflicts are not resolved. */
  readonly conflicted: readonly string[];
  /** New files cannot be read: in a remote window, git's extension reports them only among the others. */
  readonly lacksNew: boolean;
};

/** Milliseconds that the git extension may take to find the repositories of the open folders. */
const PATIENCE_MS = 10_000;

/** The roots of open repositories. Null without git, and in Restricted Mode. */
export async function openRepositories(): Promise<readonly vscode.Uri[] | null> {
  await untilFound();
  try {
    const roots = await vscode.commands.executeCommand("git.api.getRepositories");
    return v.parse(v.array(v.string()), roots).map((root) => vscode.Uri.parse(root, true));
  } catch {
    return null;
  }
}

export async function uncommittedChanges(root: vscode.Uri): Promise<UncommittedChanges | null> {
  const repository = await repositoryAt(root);
  // What was saved a moment ago is not known by itself.
  await repository?.status();
  const state = await vscode.commands.executeCommand("git.api.getRepositoryState", root.toString());
  if (!v.is(State, state)) return null;
  const changes = (reported: readonly v.InferOutput<typeof Reported>[]): GitChange[] =>
    reported.flatMap(({ uri, originalUri, renameUri, status }) => {
      const path = relativePath(root, vscode.Uri.parse(renameUri ?? uri, true));
      const oldPath = relativePath(root, vscode.Uri.parse(originalUri, true));
      return path === null || oldPath === null ? [] : [{ status, path, oldPath }];
    });
  const untracked = vscode.workspace.getConfiguration("git", root).get("untrackedChanges");
  const isSeparate = untracked === "separate";
  const separate = isSeparate ? changesOf(root, repository?.state.untrackedChanges ?? []) : [];
  return {
    staged: changes(state.indexChanges),
    unstaged: [...changes(state.workingTreeChanges), ...separate],
    conflicted: changes(state.mergeChanges).map(({ path }) => path),
    lacksNew: isSeparate && repository === null,
  };
}

/** Null for a file elsewhere. */
export function relativePath(root: vscode.Uri, { scheme, authority, path }: vscode.Uri): string | null {
  const above = root.path.endsWith("/") ? root.path : `${root.path}/`;
  const isInside = scheme === root.scheme && authority === root.authority && path.startsWith(above);
  return isInside ? path.slice(above.length) : null;
}

/** The part of the git extension's API that commits and new files are read with. */
export type GitRepository = {
  diffBetween(one: string, other: string): Promise<readonly ApiChange[]>;
  getCommit(ref: string): Promise<{ readonly hash: string; readonly parents: readonly string[] }>;
  getMergeBase(one: string, other: string): Promise<string | undefined>;
  getObjectDetails(ref: string, path: string): Promise<{ readonly mode: string }>;
  /** Looks for changes anew. */
  status(): Promise<void>;
  /** Files are in the list only with the setting `git.untrackedChanges: "separate"`. */
  readonly state: { readonly untrackedChanges: readonly ApiChange[] };
};
type ApiChange = {
  readonly uri: vscode.Uri;
  readonly originalUri: vscode.Uri;
  readonly renameUri: vscode.Uri | undefined;
  readonly status: number;
};

const METHODS = ["diffBetween", "getCommit", "getMergeBase", "getObjectDetails", "status"] as const;
const Repository = v.custom<GitRepository>(
  (value) =>
    typeof value === "object" &&
    value !== null &&
    METHODS.every((name) => typeof Reflect.get(value, name) === "function"),
);
type Api = {
  readonly state: "uninitialized" | "initialized";
  readonly onDidChangeState: vscode.Event<unknown>;
  getRepository(uri: vscode.Uri): unknown;
};
type Exports = { getAPI(version: 1): Api };
const Exports = v.custom<Exports>(
  (value) => typeof value === "object" && value !== null && "getAPI" in value,
);

/** Null in a remote window, or if the git extension has another API. */
export async function repositoryAt(root: vscode.Uri): Promise<GitRepository | null> {
  const repository = (await exportedApi())?.getRepository(root);
  return v.is(Repository, repository) ? repository : null;
}

async function exportedApi(): Promise<Api | null> {
  try {
    const exported = await vscode.extensions.getExtension<unknown>("vscode.git")?.activate();
    return v.is(Exports, exported) ? exported.getAPI(1) : null;
  } catch {
    return null;
  }
}

/** Right after its start the git extension knows of no repository. In a remote window, nothing tells when it does. */
async function untilFound(): Promise<void> {
  const api = await exportedApi();
  if (api?.state !== "uninitialized") return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      subscription.dispose();
      resolve();
    };
    const timer = setTimeout(done, PATIENCE_MS);
    const subscription = api.onDidChangeState(done);
  });
}

/** The names of these kinds of changes, which the API has as numbers. */
const STATUS: Readonly<Record<number, string>> = {
  ...{ 0: "INDEX_MODIFIED", 1: "INDEX_ADDED", 2: "INDEX_DELETED", 3: "INDEX_RENAMED", 4: "INDEX_COPIED" },
  ...{ 5: "MODIFIED", 6: "DELETED", 7: "UNTRACKED", 11: "TYPE_CHANGED" },
};

export async function changesBetween(
  repository: GitRepository,
  root: vscode.Uri,
  from: string,
  to: string,
): Promise<GitChange[]> {
  return changesOf(root, await repository.diffBetween(from, to));
}

function changesOf(root: vscode.Uri, changes: readonly ApiChange[]): GitChange[] {
  return changes.flatMap(({ uri, originalUri, renameUri, status }) => {
    const [path, oldPath] = [relativePath(root, renameUri ?? uri), relativePath(root, originalUri)];
    const name = STATUS[status];
    return path === null || oldPath === null || name === undefined ? [] : [{ status: name, path, oldPath }];
  });
}
