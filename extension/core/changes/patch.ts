// A change set as a patch that `git apply` accepts.
import type { ChangeSet, FileChange, Hunk, HunksOfText, WholeText } from "../../../protocol/changes.ts";
import { hunksOf, type FileText } from "./hunks.ts";
import { refusalsOf } from "./refusals.ts";

export type Patch = {
  readonly text: string;
  /** Binary files and those in other encodings, which a patch in UTF-8 cannot hold, and those that are never applied. */
  readonly leftOut: readonly string[];
};

export function patchOf(set: ChangeSet): Patch {
  const [parts, leftOut]: [string[], string[]] = [[], []];
  const refusals = refusalsOf(set, false);
  for (const file of set.files) {
    const { content } = file;
    const refusal = refusals.get(file.path) ?? "executable";
    // Git can make a file executable, and the patch says so.
    if (refusal !== "executable" || (content !== undefined && !isUtf8(content))) leftOut.push(file.path);
    else parts.push(headOf(file), content === undefined ? "" : bodyOf(file, content));
  }
  return { text: parts.join(""), leftOut };
}

type Content = NonNullable<FileChange["content"]>;
type TextContent = WholeText | HunksOfText;

function isUtf8(content: Content): content is TextContent {
  if (content.as === "binary") return false;
  const sides = content.as === "text" ? [content] : [content.was, content.is];
  return sides.every(({ encoding }) => encoding === "utf8");
}

function headOf(file: FileChange): string {
  const old = "oldPath" in file ? file.oldPath : file.path;
  const lines = [`diff --git ${quoted(`a/${old}`)} ${quoted(`b/${file.path}`)}`];
  if (file.kind === "added") lines.push(`new file mode ${file.isMode}`);
  else if (file.kind === "deleted") lines.push(`deleted file mode ${file.wasMode}`);
  else if (file.wasMode !== file.isMode) lines.push(`old mode ${file.wasMode}`, `new mode ${file.isMode}`);
  if (file.kind === "renamed") lines.push(`rename from ${quoted(old)}`, `rename to ${quoted(file.path)}`);
  return `${lines.join("\n")}\n`;
}

function bodyOf(file: FileChange, content: TextContent): string {
  const old = "oldPath" in file ? file.oldPath : file.path;
  const change = content.as === "hunks" ? content : wholeHunks(file.kind === "added", content);
  // An empty file has no lines to add.
  if (change === null) return "";
  const lines = [
    `--- ${file.kind === "added" ? "/dev/null" : named(`a/${old}`)}`,
    `+++ ${file.kind === "deleted" ? "/dev/null" : named(`b/${file.path}`)}`,
    ...change.hunks.map((hunk) => hunkText(hunk, change)),
  ];
  return `${lines.join("\n")}\n`;
}

function wholeHunks(isAdded: boolean, content: WholeText): HunksOfText | null {
  const none: FileText = { text: "", encoding: content.encoding, bom: false };
  return isAdded ? hunksOf(none, content) : hunksOf(content, none);
}

function hunkText(hunk: Hunk, { was, is }: HunksOfText): string {
  const [old, now] = [
    { at: hunk.was, count: 0 },
    { at: hunk.is, count: 0 },
  ];
  const lines: string[] = [];
  for (const line of hunk.body.split("\n")) {
    lines.push(line);
    if (!line.startsWith("+")) old.count += 1;
    if (!line.startsWith("-")) now.count += 1;
    const endsOld = !line.startsWith("+") && was.open && old.at + old.count === was.lines;
    const endsNow = !line.startsWith("-") && is.open && now.at + now.count === is.lines;
    if (endsOld || endsNow) lines.push("\\ No newline at end of file");
  }
  const range = ({ at, count }: { readonly at: number; readonly count: number }): string =>
    `${String(count === 0 ? at : at + 1)},${String(count)}`;
  return [`@@ -${range(old)} +${range(now)} @@`, ...lines].join("\n");
}

/** A name with a space ends in a tab, or git reads only its first word. */
function named(path: string): string {
  const name = quoted(path);
  return name === path && path.includes(" ") ? `${name}\t` : name;
}

/** A path holds no control characters: only these two have to be escaped. */
function quoted(path: string): string {
  return /["\\]/.test(path) ? `"${path.replaceAll(/["\\]/g, "\\$&")}"` : path;
}
