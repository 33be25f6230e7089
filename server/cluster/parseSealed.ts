// Reads what servers with the same secret have written.
import * as v from "valibot";
import type { Seal } from "./seal.ts";

/** Undefined for anything that was not sealed for this place, or has another form. */
export function parseSealed<Schema extends v.GenericSchema>(
  schema: Schema,
  seal: Seal,
  place: string,
  value: string | undefined,
): v.InferOutput<Schema> | undefined {
  const text = value === undefined ? undefined : seal.open(place, value);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return parsed.success ? parsed.output : undefined;
}
