// Which repositories the open folders are in and have in them, and of which ones they are clones: read from their files, without
// running git or asking anyone.
import { realpath } from "node:fs/promises";
import * as vscode from "vscode";
import { isPartialClone } from "../../core/code/partialClone.ts";
import { remotesIn } from "../../core/code/permalink.ts";

/** Folders above an open one that are looked at. */
const MOST_ABOVE = 32;

/** Folders in an open one that are looked at. */
const MOST_IN = 500;

/** A longer configuration is not read. */
const MOST_BYTES = 256 * 1024;

export type Clone = {
  readonly root: vscode.Uri;
  /** The name of the remote. */
  readonly remote: string;
};

/** The open folders' repositories that have a remote like this; see `remoteKey`. */
export async function clonesOf(repository: string): Promise<Clone[]> {
  const roots = await Promise.all(
    (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => repositoryOf(uri)),
  );
  const unique = new Map(roots.filter((root) => root !== null).map((root) => [root.toString(), root]));
  const checked = await Promise.all(
    [...unique.values()].map(async (root) => {
      const remote = remotesIn((await configOf(root)) ?? "").find(({ key }) => key === repository);
      return remote === undefined ? null : { root, remote: remote.name };
    }),
  );
  return checked.filter((clone) => clone !== null);
}

/**
 * Whether all that git reads of a file's repository is here. Of a partial clone, it may fetch what it reads, and ask for a
 * password. Nothing that the git extension offers prevents that.
 */
export async function isComplete(file: vscode.Uri): Promise<boolean> {
  try {
    const real = file.scheme === "file" ? vscode.Uri.file(await realpath(file.fsPath)) : file;
    const root = await repositoryOf(vscode.Uri.joinPath(real, ".."));
    const config = root === null ? null : await configOf(root);
    return config !== null && !isPartialClone(config);
  } catch {
    return false;
  }
}

/** The root of the repository that a folder is in. */
export async function repositoryOf(folder: vscode.Uri): Promise<vscode.Uri | null> {
  let at = folder;
  for (let i = 0; i < MOST_ABOVE; i += 1) {
    if (await isRoot(at)) return at;
    const above = vscode.Uri.joinPath(at, "..");
    if (above.path === at.path) return null;
    at = above;
  }
  return null;
}

/** The repositories among the folders in a folder. */
export async function repositoriesIn(folder: vscode.Uri): Promise<vscode.Uri[]> {
  const names = (await entriesIn(folder)).flatMap(([name, type]) =>
    type === vscode.FileType.Directory ? [name] : [],
  );
  const uris = names.slice(0, MOST_IN).map((name) => vscode.Uri.joinPath(folder, name));
  const checked = await Promise.all(uris.map(async (uri) => ((await isRoot(uri)) ? uri : null)));
  return checked.filter((uri) => uri !== null);
}

async function isRoot(folder: vscode.Uri): Promise<boolean> {
  return (await typeOf(vscode.Uri.joinPath(folder, ".git"))) !== null;
}

async function entriesIn(folder: vscode.Uri): Promise<readonly [string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return [];
  }
}

async function configOf(root: vscode.Uri): Promise<string | null> {
  const git = vscode.Uri.joinPath(root, ".git");
  const type = await typeOf(git);
  if (type === null) return null;
  if ((type & vscode.FileType.Directory) !== 0) return read(vscode.Uri.joinPath(git, "config"));
  // A worktree or a submodule: the file says where its folder is, and that where the common one is.
  const [, to] = /^gitdir: ?(.+)$/m.exec((await read(git)) ?? "") ?? [];
  if (to === undefined) return null;
  const folder = resolved(root, to.trim());
  if (folder === null) return null;
  const common = (await read(vscode.Uri.joinPath(folder, "commondir")))?.trim();
  const shared = common === undefined ? folder : resolved(folder, common);
  return shared === null ? null : read(vscode.Uri.joinPath(shared, "config"));
}

/** Null for a path on another machine: reading it would connect to it. */
function resolved(from: vscode.Uri, path: string): vscode.Uri | null {
  const slashed = path.replaceAll("\\", "/");
  if (slashed.startsWith("//")) return null;
  if (slashed.startsWith("/")) return from.with({ path: slashed });
  return /^[A-Za-z]:\//.test(slashed)
    ? from.with({ path: `/${slashed}` })
    : vscode.Uri.joinPath(from, slashed);
}

async function typeOf(uri: vscode.Uri): Promise<vscode.FileType | null> {
  try {
    return (await vscode.workspace.fs.stat(uri)).type;
  } catch {
    return null;
  }
}

async function read(uri: vscode.Uri): Promise<string | null> {
  try {
    if ((await vscode.workspace.fs.stat(uri)).size > MOST_BYTES) return null;
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return null;
  }
}
