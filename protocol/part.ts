// What a message is about, beside its text: lines of a file, a problem, a test, a file that is offered, changes of files. The text
// holds the same in a form that anyone can read, and a part that is not well-formed is dropped: its text is shown.
import * as v from "valibot";
import { FilePart } from "./bulk.ts";
import { ChangesPart } from "./changesPart.ts";
import { utf8Length } from "./codec.ts";
import { Token } from "./fields.ts";
import { limits } from "./limits.ts";
import { CodePath, TextOffset } from "./partFields.ts";

/** Lines of one side's file at most: no editor opens a longer one as text. */
export const LineNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(50_000_000));

/** Lines of a file, counted from 1, the last one included. */
const range = { from: LineNumber, to: LineNumber };
export const LineRange = v.pipe(
  v.object(range),
  v.check(({ from, to }) => from <= to),
);
export type LineRange = v.InferOutput<typeof LineRange>;

/** VS Code's id of a language. */
const LanguageId = v.pipe(v.string(), v.regex(/^[\w+#.-]{1,40}$/));

/** Hashes of up to eight lines, four hexadecimal digits each (see docs/PROTOCOL.md, "Lines and their hashes"). */
const LineHashes = v.pipe(v.string(), v.regex(/^(?:[\da-f]{4}){0,8}$/));

/** 16 bytes, base64url. */
const Tag = v.pipe(v.string(), v.regex(/^[\w-]{22}$/));

const codeFields = {
  at: TextOffset,
  path: CodePath,
  /** In the author's file as it is on their screen. */
  range: LineRange,
  language: v.exactOptional(LanguageId),
  /** Makes the hashes of one message worthless for another. */
  salt: Token,
  /** Of the lines before, from top to bottom, and of those after. */
  before: LineHashes,
  after: LineHashes,
  /** The committed file that the author's file comes from, and the same lines in it. */
  base: v.exactOptional(
    v.pipe(
      v.object({ tag: Tag, ...range }),
      v.check(({ from, to }) => from <= to),
    ),
  ),
  /** The author's file holds what the committed one does not. */
  unsaved: v.exactOptional(v.literal(true)),
};

/** One line of at most so many characters. */
const ShortLine = (most: number) =>
  v.pipe(v.string(), v.maxLength(most), v.regex(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]*$/u));

/** Parts that bring lines of a file. */
export const CodePart = v.variant("kind", [
  v.object({ kind: v.literal("code"), ...codeFields }),
  v.object({
    kind: v.literal("problem"),
    ...codeFields,
    severity: v.picklist(["error", "warning", "info", "hint"]),
    source: v.exactOptional(ShortLine(80)),
    code: v.exactOptional(ShortLine(80)),
  }),
]);
export type CodePart = v.InferOutput<typeof CodePart>;

/** The result of a test that failed. */
const TestPart = v.object({
  kind: v.literal("test"),
  at: TextOffset,
  name: ShortLine(300),
  /** The line of the test, where it is known. */
  path: v.exactOptional(CodePath),
  line: v.exactOptional(LineNumber),
});

/** What a command printed in a terminal. */
const OutputPart = v.object({
  kind: v.literal("output"),
  at: TextOffset,
  command: v.exactOptional(ShortLine(300)),
  exitCode: v.exactOptional(v.pipe(v.number(), v.safeInteger())),
});

/** Parts whose readable form stands in the text (see codeText.ts). */
export const QuotingPart = v.variant("kind", [...CodePart.options, TestPart, OutputPart]);
export type QuotingPart = v.InferOutput<typeof QuotingPart>;

const KnownLobbyPart = v.variant("kind", [
  QuotingPart,
  /** In a reply to a message with code: a line of that code, counted from 1. */
  v.object({ kind: v.literal("note"), line: LineNumber }),
]);
export type LobbyPart = v.InferOutput<typeof KnownLobbyPart>;

/** In private sessions also files, and changes of files. */
const KnownPart = v.variant("kind", [...KnownLobbyPart.options, FilePart, ChangesPart]);
export type Part = v.InferOutput<typeof KnownPart>;

/** A part of an unknown kind, or an invalid one, is treated as absent. */
function partOf<T>(schema: v.GenericSchema<unknown, T>) {
  return v.pipe(
    v.unknown(),
    v.transform((given): T | undefined => {
      const part = v.safeParse(schema, given);
      if (!part.success) return undefined;
      return utf8Length(JSON.stringify(part.output)) <= limits.partBytes ? part.output : undefined;
    }),
  );
}

export const LobbyPart = partOf<LobbyPart>(KnownLobbyPart);
export const Part = partOf<Part>(KnownPart);

/** Whether a part's readable form is a Markdown block (see codeText.ts). */
export function isQuoting(part: Part): part is QuotingPart {
  return part.kind !== "note" && part.kind !== "file" && part.kind !== "changes";
}
