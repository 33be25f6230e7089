// One person as VS Code's global state holds them, and what is left of a damaged record. A block is never lost while it can be
// read in any form, and nobody becomes known by a key that cannot be read.
import * as v from "valibot";
import { Pin } from "../../../protocol/fields.ts";
import { nameKey } from "../../../protocol/names.ts";
import type { KnownPeer } from "../../core/model/person.ts";

const Person = v.object({
  name: v.string(),
  pin: v.nullable(Pin),
  verified: v.boolean(),
  blocked: v.boolean(),
  unproven: v.exactOptional(v.literal(true)),
  at: v.number(),
});

/** Each field counts for itself. Anything in the place of `blocked` but a clear `false` means that they are blocked. */
const Remains = v.object({
  name: v.fallback(v.string(), ""),
  pin: v.fallback(v.nullable(Pin), null),
  verified: v.fallback(v.boolean(), false),
  blocked: v.fallback(v.optional(v.boolean(), false), true),
  unproven: v.optional(v.unknown()),
  at: v.fallback(v.number(), 0),
});

/** What a text that is no JSON any more still says. */
const BLOCKED = /"blocked"\s*:(?!\s*false\b)/u;
const PIN = /"pin"\s*:\s*"([\w-]{43})"/u;

/** `person` is null where nothing in the record is of use; `name` is the one it is kept under. */
export type FoundPerson = {
  readonly name: string;
  readonly person: KnownPeer | null;
  readonly isDamaged: boolean;
};

/** @param name the key of the name that the record is kept under */
export function readPerson(value: unknown, name: string): FoundPerson {
  const whole = v.safeParse(Person, value);
  if (whole.success) return { name: whole.output.name, person: whole.output, isDamaged: false };
  if (value === undefined) return { name, person: null, isDamaged: false };
  const remains = v.safeParse(Remains, typeof value === "string" ? fieldsIn(value) : value);
  if (!remains.success) return { name, person: null, isDamaged: true };
  const { unproven, ...output } = remains.output;
  const person: KnownPeer = {
    ...output,
    name: nameKey(output.name) === name ? output.name : name,
    ...(unproven === undefined ? {} : { unproven: true }),
  };
  const isOfUse = person.blocked || person.pin !== null;
  return { name: person.name, person: isOfUse ? person : null, isDamaged: true };
}

function fieldsIn(text: string): { pin?: string; blocked: boolean } {
  const pin = PIN.exec(text)?.[1];
  return { blocked: BLOCKED.test(text), ...(pin === undefined ? {} : { pin }) };
}
