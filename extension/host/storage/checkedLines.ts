// Files of lines that each bear their own check, so that what a crash cut off is told from what is whole.
import { createHash } from "node:crypto";
import * as v from "valibot";

/** Characters of a line's check: enough to tell a torn line from a whole one. */
const CHECK = 8;

/** A record as a line, its line break included. */
export function lineOf(record: unknown): string {
  const json = JSON.stringify(record);
  return `${checkOf(json)} ${json}\n`;
}

/** The record of a line without its line break; null when it is not whole, or not of this kind. */
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

/** A file's lines, without the marks that an editor or another system has put to them. */
export function textLines(text: string): string[] {
  const lines = text.replace(/^\uFEFF/u, "").split(/\r\n|[\r\n]/u);
  return lines.map((line) => line.trimEnd());
}

function checkOf(json: string): string {
  return createHash("sha256").update(json).digest("hex").slice(0, CHECK);
}
