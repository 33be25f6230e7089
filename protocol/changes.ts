// Changes of files as one side sends them to another: enough to review and apply them, whatever state the other's files are in.
import * as v from "valibot";
import { changeLimits } from "./changesPart.ts";
import { utf8Length } from "./codec.ts";
import { listOf, Text, Token } from "./fields.ts";
import { CodePath } from "./partFields.ts";

/** Unchanged lines around each change: as many as git shows. */
export const CONTEXT_LINES = 3;

/** A file's mode as git has it: a file, an executable one, a symbolic link, a submodule. */
export const FileMode = v.picklist(["100644", "100755", "120000", "160000"]);
export type FileMode = v.InferOutput<typeof FileMode>;

/** VS Code's id of an encoding, without what it says about the byte order mark. */
const Encoding = v.pipe(v.string(), v.regex(/^[a-z\d]{1,32}$/));

/** `mixed`: some lines end in LF and some in CRLF; `none`: the text has no line break. */
const LineEnding = v.picklist(["lf", "crlf", "mixed", "none"]);
export type LineEnding = v.InferOutput<typeof LineEnding>;

/** How a text is written to disk. */
const form = { encoding: Encoding, bom: v.boolean(), eol: LineEnding };

const LineCount = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(changeLimits.bytes));

/** One side of hunks. `open`: its last line has no line break. */
const HunkSide = v.object({ ...form, lines: LineCount, open: v.boolean() });
export type HunkSide = v.InferOutput<typeof HunkSide>;

/**
 * As in a unified diff: `body` holds lines that begin with a space (unchanged), `-` or `+`, separated by LF. A line that ends in
 * CRLF keeps its CR, and a byte order mark belongs to the first line. `was` and `is` are lines before the hunk, on both sides.
 */
const Hunk = v.object({ was: LineCount, is: LineCount, body: Text });
export type Hunk = v.InferOutput<typeof Hunk>;

/** The whole text of a new file or a deleted one, without its byte order mark. */
export const WholeText = v.object({ as: v.literal("text"), ...form, text: Text });
export type WholeText = v.InferOutput<typeof WholeText>;

const HunksOfFields = v.object({
  ...{ as: v.literal("hunks"), was: HunkSide, is: HunkSide },
  hunks: v.array(Hunk),
});
export const HunksOfText = v.pipe(HunksOfFields, v.check(areConsistent));
export type HunksOfText = v.InferOutput<typeof HunksOfText>;

const Base64 = v.pipe(
  v.string(),
  v.maxLength(changeLimits.bytes),
  v.check((text) => text.length % 4 === 0 && /^[A-Za-z\d+/]*={0,2}$/.test(text)),
);

/** A file that is no text on at least one side. */
const OneBinary = v.object({ as: v.literal("binary"), bytes: Base64 });
const TwoBinaries = v.object({ as: v.literal("binary"), was: Base64, is: Base64 });

const base = v.exactOptional(v.pipe(v.string(), v.regex(/^[\w-]{22}$/)));
const changed = v.exactOptional(v.variant("as", [HunksOfText, TwoBinaries]));

/** `base` identifies the file before the change to those who have it, like the tag of a code part. Its key is the set's `salt`. */
const FileChange = v.variant("kind", [
  v.object({
    ...{ kind: v.literal("modified"), path: CodePath, wasMode: FileMode, isMode: FileMode },
    ...{ base, content: changed },
  }),
  v.object({
    ...{ kind: v.literal("renamed"), path: CodePath, oldPath: CodePath, wasMode: FileMode, isMode: FileMode },
    ...{ base, content: changed },
  }),
  v.object({
    ...{ kind: v.literal("added"), path: CodePath, isMode: FileMode },
    content: v.variant("as", [WholeText, OneBinary]),
  }),
  v.object({
    ...{ kind: v.literal("deleted"), path: CodePath, wasMode: FileMode, base },
    content: v.variant("as", [WholeText, OneBinary]),
  }),
]);
export type FileChange = v.InferOutput<typeof FileChange>;

export const ChangeSet = v.pipe(
  v.object({ salt: Token, files: v.pipe(listOf(FileChange, changeLimits.files), v.minLength(1)) }),
  v.check(({ files }) => new Set(files.map(({ path }) => path)).size === files.length),
  v.check((set) => fits(set)),
);
export type ChangeSet = v.InferOutput<typeof ChangeSet>;

/** Files of a change set as they were before it. Paths are those before the change. */
export const BaseTexts = v.pipe(
  v.object({ files: listOf(v.object({ path: CodePath, text: Text }), changeLimits.files) }),
  v.check((texts) => fits(texts)),
);
export type BaseTexts = v.InferOutput<typeof BaseTexts>;

function fits(value: unknown): boolean {
  return utf8Length(JSON.stringify(value)) <= changeLimits.bytes;
}

/** Hunks follow each other without overlap, and fit the numbers of lines. There are none where only the encoding changes. */
function areConsistent({ was, is, hunks }: v.InferOutput<typeof HunksOfFields>): boolean {
  let [wasEnd, isEnd] = [0, 0];
  for (const hunk of hunks) {
    if (hunk.was < wasEnd || hunk.was - wasEnd !== hunk.is - isEnd) return false;
    let [removed, added, kept] = [0, 0, 0];
    for (const line of hunk.body.split("\n"))
      if (line.startsWith("-")) removed += 1;
      else if (line.startsWith("+")) added += 1;
      else if (line.startsWith(" ")) kept += 1;
      else return false;
    if (removed + added === 0) return false;
    wasEnd = hunk.was + kept + removed;
    isEnd = hunk.is + kept + added;
  }
  if (hunks.length === 0 && was.encoding === is.encoding) return false;
  return wasEnd <= was.lines && was.lines - wasEnd === is.lines - isEnd;
}
