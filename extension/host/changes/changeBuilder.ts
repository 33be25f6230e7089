// Builds the changes of a repository that are to be sent: from committed files, and from files as they are in editors.
import { randomBytes } from "node:crypto";
import { lstat } from "node:fs/promises";
import * as v from "valibot";
import * as vscode from "vscode";
import type { FileChange, FileMode } from "../../../protocol/changes.ts";
import { changeLimits } from "../../../protocol/changesPart.ts";
import type { Token } from "../../../protocol/fields.ts";
import { err, ok, type Result } from "../../../protocol/result.ts";
import { buildChanges, type FileSide } from "../../core/changes/buildChanges.ts";
import type { WantedChanges } from "../../core/changes/changesArgument.ts";
import { pairsOf, uncommittedPairs, type FilePair } from "../../core/changes/gitStatus.ts";
import { isLfsPointer } from "../../core/changes/lfsPointer.ts";
import type { OwnFile } from "../../core/changes/plan.ts";
import { isSameText, lineEndingOf, withLineEnding } from "../../core/changes/textLines.ts";
import { baseTag } from "../code/codeHashes.ts";
import { committedBytes } from "../code/gitFiles.ts";
import { contentOf } from "./fileContent.ts";
import {
  changesBetween,
  relativePath,
  repositoryAt,
  uncommittedChanges,
  type GitRepository,
} from "./gitApi.ts";
import { hasUnsavedCells } from "./notebooks.ts";
import { placeOf } from "./places.ts";

export type BuiltChanges = {
  readonly salt: Token;
  readonly files: readonly FileChange[];
  /** Texts before the change, by their path then. */
  readonly bases: ReadonlyMap<string, string>;
  readonly leftOut: readonly LeftOut[];
  /** There may be new files that cannot be read. */
  readonly lacksNew: boolean;
};

export type LeftOut = { readonly path: string; readonly why: WhyLeftOut };

/**
 * `late`: git does not have it, or does not get it in time; those after it are not tried. `lfs`: git has a pointer, but the file
 * here and the receiver's have the content. `notebook`: it has unsaved cells, whose form on disk only VS Code knows. `other`: a
 * link, a submodule, or a file that cannot be read or sent.
 */
export type WhyLeftOut = "conflict" | "late" | "lfs" | "notebook" | "other";

/** `unknown`: there is no such commit or branch; `remote`: in a remote window, commits cannot be read. */
export type BuildProblem = "noGit" | "unknown" | "remote" | "tooMany";

/** Both sides of each file: a commit, the index (""), or null for the file as it is. */
type Sides = {
  readonly pairs: readonly FilePair[];
  readonly was: string;
  readonly is: string | null;
  /** Paths of files whose merge conflicts are not resolved. */
  readonly conflicted: readonly string[];
  readonly lacksNew: boolean;
};

const SALT_BYTES = 16;

/** Changed files that are read, to choose from. */
export const MOST_PAIRS = 4 * changeLimits.files;

/** Git runs once or twice for each. */
const AT_ONCE = 8;

/** Of a partial clone, git fetches what it reads. */
const FETCH_MS = 30_000;

export async function changesIn(
  root: vscode.Uri,
  wanted: WantedChanges,
): Promise<Result<BuiltChanges, BuildProblem>> {
  const sides = await sidesOf(root, wanted);
  if (!sides.ok) return sides;
  const salt = randomBytes(SALT_BYTES).toString("base64url") as Token;
  const { pairs, conflicted, lacksNew } = sides.value;
  if (pairs.length > MOST_PAIRS) return err("tooMany");
  const files: FileChange[] = [];
  const leftOut = conflicted.map((path): LeftOut => ({ path, why: "conflict" }));
  const bases = new Map<string, string>();
  for (let i = 0; i < pairs.length; i += AT_ONCE) {
    const isLate = leftOut.some(({ why }) => why === "late");
    const some = pairs.slice(i, i + AT_ONCE);
    const read = await Promise.all(
      some.map(async (pair) => (isLate ? "late" : changeOf(root, pair, sides.value, salt, bases))),
    );
    for (const [k, change] of read.entries())
      if (typeof change === "string") leftOut.push({ path: some[k]?.is ?? some[k]?.was ?? "", why: change });
      else if (change !== null) files.push(change);
  }
  return ok({ salt, files, bases, leftOut, lacksNew });
}

async function sidesOf(root: vscode.Uri, wanted: WantedChanges): Promise<Result<Sides, BuildProblem>> {
  if (wanted.kind === "uncommitted" || wanted.kind === "staged") {
    const changes = await uncommittedChanges(root);
    if (changes === null) return err("noGit");
    const { staged, unstaged, conflicted, lacksNew } = changes;
    const rest = { was: "HEAD", conflicted };
    if (wanted.kind === "staged") return ok({ ...rest, pairs: pairsOf(staged), is: "", lacksNew: false });
    const edited = (await editedIn(root)).filter((path) => !conflicted.includes(path));
    return ok({ ...rest, pairs: uncommittedPairs(staged, unstaged, edited), is: null, lacksNew });
  }
  const repository = await repositoryAt(root);
  if (repository === null) return err("remote");
  try {
    const to = (await repository.getCommit(wanted.kind === "commit" ? wanted.commit : wanted.branch)).hash;
    const from =
      wanted.kind === "commit"
        ? (await repository.getCommit(to)).parents[0]
        : await repository.getMergeBase((await repository.getCommit(wanted.base)).hash, to);
    if (from === undefined) return err("unknown");
    const pairs = pairsOf(await changesBetween(repository, root, from, to));
    return ok({ pairs, was: from, is: to, conflicted: [], lacksNew: false });
  } catch {
    return err("unknown");
  }
}

/** Committed files with unsaved edits. Git's extension does not list them, and does not know ignored files from others. */
async function editedIn(root: vscode.Uri): Promise<string[]> {
  const paths: string[] = [];
  const { textDocuments, notebookDocuments } = vscode.workspace;
  for (const { isDirty, uri } of [...textDocuments, ...notebookDocuments]) {
    const path = isDirty ? relativePath(root, uri) : null;
    const bytes = path === null ? null : await committedBytes(uri, "HEAD");
    if (path !== null && bytes !== null && bytes !== "late" && bytes.length > 0) paths.push(path);
  }
  return paths;
}

/** Null without a difference. */
async function changeOf(
  root: vscode.Uri,
  pair: FilePair,
  refs: Sides,
  salt: Token,
  bases: Map<string, string>,
): Promise<FileChange | WhyLeftOut | null> {
  const was = pair.was === null ? null : await committed(root, pair.was, refs.was);
  if (typeof was === "string") return was;
  const read = refs.is === null ? current : (...at: [vscode.Uri, string]) => committed(...at, refs.is ?? "");
  const is = pair.is === null ? null : await read(root, pair.is);
  if (typeof is === "string") return is;
  const [old, now] = asBoth(was, is);
  const sides = { was: old, is: now === null || old === null ? now : withOwnLineEnding(now, old) };
  if (old !== null && "text" in old) bases.set(old.path, old.text);
  const tag = old !== null && "text" in old ? { base: baseTag(salt, old.text) } : {};
  const built = buildChanges(salt, [{ ...sides, ...tag }]);
  if (built.ok) return built.value.files[0] ?? null;
  return isSame(sides.was, sides.is) ? null : "other";
}

/** `mode` is null where it is not known. */
type ReadSide = {
  readonly path: string;
  readonly content: OwnFile;
  readonly bytes: Uint8Array;
  readonly mode: FileMode | null;
};

async function committed(root: vscode.Uri, path: string, ref: string): Promise<ReadSide | WhyLeftOut> {
  const uri = placeOf(root, path);
  const [repository, bytes] = [await repositoryAt(root), await committedBytes(uri, ref, FETCH_MS)];
  if (bytes === "late") return "late";
  if (bytes !== null && isLfsPointer(bytes)) return "lfs";
  const mode = repository === null ? null : await committedMode(repository, uri, ref);
  if (mode === "other" || mode === "late") return mode;
  return bytes === null ? "other" : { path, mode, bytes, content: await contentOf(bytes, uri) };
}

/** What the git extension throws for a file that is not there. */
const UnknownPath = v.looseObject({ gitErrorCode: v.literal("UnknownPath") });

/** Links, submodules, and a file that is not there are not read. Git cannot tell the size of what it does not have. */
async function committedMode(
  repository: GitRepository,
  uri: vscode.Uri,
  ref: string,
): Promise<FileMode | "late" | "other"> {
  try {
    const { mode } = await repository.getObjectDetails(ref, uri.fsPath);
    return mode === "100644" || mode === "100755" ? mode : "other";
  } catch (error) {
    return v.is(UnknownPath, error) ? "other" : "late";
  }
}

/** With unsaved edits, unless it is a notebook. */
async function current(root: vscode.Uri, path: string): Promise<ReadSide | WhyLeftOut> {
  const uri = placeOf(root, path);
  if (hasUnsavedCells(uri)) return "notebook";
  try {
    const { type, size } = await vscode.workspace.fs.stat(uri);
    if (type !== vscode.FileType.File || size > changeLimits.bytes) return "other";
    const bytes = await bytesNow(uri);
    return { path, mode: await ownMode(uri), bytes, content: await contentOf(bytes, uri) };
  } catch {
    return "other";
  }
}

async function bytesNow(uri: vscode.Uri): Promise<Uint8Array> {
  const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  if (document === undefined || !document.isDirty) return vscode.workspace.fs.readFile(uri);
  return vscode.workspace.encode(document.getText(), { encoding: document.encoding });
}

async function ownMode(uri: vscode.Uri): Promise<FileMode | null> {
  if (uri.scheme !== "file" || process.platform === "win32") return null;
  return ((await lstat(uri.fsPath)).mode & 0o100) === 0 ? "100644" : "100755";
}

/** A file that is text on one side only is sent as bytes. */
function asBoth(was: ReadSide | null, is: ReadSide | null): [FileSide | null, FileSide | null] {
  const isMixed = was !== null && is !== null && "text" in was.content !== "text" in is.content;
  const side = (one: ReadSide | null, other: ReadSide | null): FileSide | null => {
    if (one === null) return null;
    const content = isMixed ? { bytes: one.bytes } : one.content;
    return { path: one.path, mode: one.mode ?? other?.mode ?? "100644", ...content };
  };
  return [side(was, is), side(is, was)];
}

/** Git may change line endings when it writes a file. They count as changed only if nothing else was. */
function withOwnLineEnding(is: FileSide, was: FileSide): FileSide {
  if (!("text" in is) || !("text" in was) || isSameText(is.text, was.text)) return is;
  const own = lineEndingOf(was.text);
  return own === "mixed" || own === "none" ? is : { ...is, text: withLineEnding(is.text, own) };
}

function isSame(was: FileSide | null, is: FileSide | null): boolean {
  if (was === null || is === null || was.mode !== is.mode || was.path !== is.path) return false;
  return sameContent(was, is);
}

function sameContent(one: OwnFile, other: OwnFile): boolean {
  if ("text" in one) return "text" in other && one.text === other.text && one.bom === other.bom;
  return "bytes" in other && Buffer.compare(one.bytes, other.bytes) === 0;
}
