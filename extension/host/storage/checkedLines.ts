// Files of lines with a checksum each, which shows whether a line is torn.
import { createHash } from "node:crypto";
import * as v from "valibot";

/** Characters of a line's checksum. */
const CHECK = 8;

/** A record as a line, including its line break. */
export function lineOf(record: unknown): string {
  const json = JSON.stringify(record);
  return `${checkOf(json)} ${json}\n`;
}

/** The record of a line without its line break; null if it is damaged, or of another kind. */
export function parseLine<S extends v.GenericSchema>(
  schema: S,
  line: string | undefined,
): v.InferOutput<S> | null {
  const json = line?.slice(CHECK + 1) ?? "";
  if (line?.slice(0, CHECK + 1) !== `${checkOf(json)} `) return null;
  try {
    const result = v.safeParse(schema, JSON.parse(json));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** A file's lines, without a byte order mark or carriage returns added by an editor. */
export function textLines(text: string): string[] {
  const lines = text.replace(/^\uFEFF/u, "").split(/\r\n|[\r\n]/u);
  return lines.map((line) => line.trimEnd());
}

function checkOf(json: string): string {
  return createHash("sha256").update(json).digest("hex").slice(0, CHECK);
}
