// A place in a file as people and tools write it: `src/a.ts:12:5`, `File "a.py", line 3`, a frame of a stack trace.
import * as v from "valibot";
import { LineNumber } from "./part.ts";

/** As written in the message, and not trusted: the host only looks for it in open folders. */
export const FileReference = v.object({
  path: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
  /** Counted from 1. */
  line: v.exactOptional(LineNumber),
  column: v.exactOptional(LineNumber),
  /** The last line of several. */
  toLine: v.exactOptional(LineNumber),
  /** Folders that probably contain it, such as those of a Java package: `com/example`. */
  below: v.exactOptional(v.pipe(v.string(), v.maxLength(512))),
});
export type FileReference = v.InferOutput<typeof FileReference>;

/** A reference to lines, the last one included. */
export type WrittenLines = Required<Pick<FileReference, "path" | "line" | "toLine">>;
